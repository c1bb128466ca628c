"""School years, as FINT's code list names and dates them."""

from __future__ import annotations

from datetime import date

from ingest.school_year import school_year, school_year_period
from ingest.sources.fint.codes import CodeList
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.times import local_date


class SchoolYears:
    """The school year a link names, and the days it runs."""

    def __init__(self, dump: Dump) -> None:
        self._codes = CodeList(dump, "skolear")
        self._found: dict[str, str | None] = {}
        self._periods: dict[str, tuple[date, date]] = {}
        for entry in self._codes.entries:
            year = next((y for y in map(school_year, (entry.code or "", entry.system_id.value)) if y), None)
            start = local_date(entry.period.start) if entry.period else None
            end = local_date(entry.period.end) if entry.period else None
            if year and start and end:
                self._periods[year] = (start, end)

    def of_link(self, href: str | None) -> str | None:
        if href is None:
            return None
        if href not in self._found:
            words = map(school_year, self._codes.words(href))
            self._found[href] = next((year for year in words if year), None)
        return self._found[href]

    def period(self, year: str) -> tuple[date, date]:
        return self._periods.get(year) or school_year_period(year)
