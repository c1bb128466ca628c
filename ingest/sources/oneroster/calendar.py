"""School years, from the academic sessions (school years, semesters, terms)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.local_time import OSLO
from ingest.school_year import school_year_of, school_year_period
from ingest.sources.oneroster.rows import Rows

_DAY = timedelta(days=1)
SCHOOL_YEAR = "schoolyear"


@dataclass(frozen=True)
class Session:
    """One academic session; both days are included, where the file's end date is not."""

    year: str
    first: date
    last: date


class Calendar:
    """The sessions by id, and the days each school year runs."""

    def __init__(self, rows: Rows, extracted_at: datetime) -> None:
        self._sessions: dict[str, Session] = {}
        self._years: dict[str, Session] = {}
        for batch in rows.active("academicSessions"):
            dated = rows.dated(batch, "academicSessions", {"startDate": "first", "endDate": "after"})
            orderly = dated["after"] > dated["first"]
            undated = dated.filter(~orderly.fill_null(value=False))
            rows.outputs.reject(undated, "academicSessions", "endDate", "is after startDate", show=True)
            found = dated.filter(orderly).select("sourcedId", "type", "first", "after")
            for key, kind, first, after in found.iter_rows():
                # The days say it; in schoolYear some write the year's first half, and some its last.
                session = Session(school_year_of(first + (after - first) / 2), first, after - _DAY)
                self._sessions[key] = session
                if str(kind or "").casefold() == SCHOOL_YEAR:
                    self._years[session.year] = session
        self._today = extracted_at.astimezone(OSLO).date()

    @property
    def current(self) -> str:
        """The school year the package was extracted in; the last it knows where that is unknown."""
        year = school_year_of(self._today)
        known = {session.year for session in self._sessions.values()}
        return year if not known or year in known else max(known)

    def of_terms(self, ids: list[str]) -> Session | None:
        """The stretch that a class's terms span together."""
        found = [self._sessions[key] for key in ids if key in self._sessions]
        if not found:
            return None
        last = max(found, key=lambda session: session.last)
        return Session(last.year, min(session.first for session in found), last.last)

    def period(self, year: str) -> tuple[date, date]:
        session = self._years.get(year)
        return (session.first, session.last) if session else school_year_period(year)
