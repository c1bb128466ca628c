"""School years, as FINT's code list names and dates them."""

from __future__ import annotations

from datetime import date

from ingest.school_year import school_year, school_year_period
from ingest.sources.fint.codes import CodeList, Meaning
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.relations import Relation
from ingest.sources.fint.times import local_date


class SchoolYears:
    """The school year a link names, and the days it runs."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._codes = CodeList(dump, "skolear")
        self._periods: dict[str, tuple[date, date]] = {}
        for entry in self._codes.entries:
            year = next((y for y in map(school_year, (entry.code or "", entry.system_id or "")) if y), None)
            start, end = local_date(entry.start), local_date(entry.end)
            if year and start and end:
                self._periods[year] = (start, end)

    def relation(self, resource: str) -> Relation[str]:
        """The resource's links to school years, as `2025-26`."""
        return _Year(self._dump, resource, "skolear", self._codes)

    def period(self, year: str) -> tuple[date, date]:
        return self._periods.get(year) or school_year_period(year)


class _Year(Meaning):
    def lookup(self, href: str) -> str | None:
        return next((year for year in map(school_year, self._codes.words(href)) if year), None)
