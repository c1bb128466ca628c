"""Enrolments, memberships of groups and the subjects they bring.

OneRoster has no enrolment (elevforhold) of its own: it is one student at one school in one school year,
known by the ids of the user and the organisation and the year, so that a later delta names the same one.
Where the export carries the administration system's own id in `metadata.elevforholdId`, that is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from ingest.school_year import school_year_of
from ingest.sources.oneroster.calendar import Calendar
from ingest.sources.oneroster.forms import ENROLMENT_ID
from ingest.sources.oneroster.people import STUDENT, Role, Users
from ingest.sources.oneroster.rows import Rows
from ingest.sources.oneroster.schools import Schools
from ingest.sources.oneroster.subjects import ClassRecord
from ingest.sources.output import schema

_DAY = timedelta(days=1)
_PLACED = {"source_file": pl.String, "source_row": pl.Int64}
_MEMBER = {
    **_PLACED,
    **dict.fromkeys(("enrolment_id", "group_id"), pl.String),
    **dict.fromkeys(("start_date", "end_date"), pl.Date),
}


def enrolment_id(user: str, org: str, year: str) -> str:
    return f"{user}.{org}.{year}"


@dataclass
class _Seen:
    """What the class enrolments tell of students: their years at a school, and their enrolments' own ids."""

    years: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    ids: dict[tuple[str, str, str], str] = field(default_factory=dict)
    subjects: dict[tuple[str, str], tuple[str, int, date]] = field(default_factory=dict)


class Enrolments:
    """Reads enrollments.csv once, then writes what follows from it."""

    def __init__(
        self, rows: Rows, users: Users, schools: Schools, calendar: Calendar, classes: dict[str, ClassRecord]
    ) -> None:
        self._rows = rows
        self._users = users
        self._schools = schools
        self._calendar = calendar
        self._classes = classes
        self._seen = _Seen()
        for user_id, user in users.by_id.items():
            for role in user.roles:
                if role.enrolment_id and role.first:
                    self._seen.ids[user_id, role.org, school_year_of(role.first)] = role.enrolment_id

    def read(self) -> None:
        """Memberships batch by batch; then enrolments and subject enrolments, one of each kind."""
        others = 0
        for batch in self._rows.all("enrollments"):
            dated = self._rows.dated(batch, "enrollments", {"beginDate": "first", "endDate": "after"})
            students = dated.filter(pl.col("role").str.to_lowercase() == STUDENT)
            others += dated.height - students.height
            self._memberships(students)
        if others:
            self._rows.outputs.unread["enrollments.csv: rows of others than students"] += others
        self._add_enrolments()
        self._delete_enrolments()
        self._add_subjects()

    def _memberships(self, batch: pl.DataFrame) -> None:
        found: list[tuple[object, ...]] = []
        gone: list[tuple[object, ...]] = []
        undated: list[dict[str, Any]] = []
        for one in batch.iter_rows(named=True):
            row = self._membership(one)
            if row is None:
                undated.append(one)
            elif row and one["deleted"]:
                gone.append(row)
            elif row:
                found.append(row)
        output = self._rows.outputs.of("group_membership")
        output.add("group_membership", pl.DataFrame(found, schema=_MEMBER, orient="row"))
        output.delete("group_membership", pl.DataFrame(gone, schema=_MEMBER, orient="row"))
        rejected = pl.DataFrame(undated, schema=batch.schema)
        rule = "has a beginDate, or a class of classes.csv with a session"
        self._rows.outputs.reject(rejected, "enrollments", "beginDate", rule)

    def _membership(self, one: dict[str, Any]) -> tuple[object, ...] | None:
        """One membership; empty for a homeroom, None where nothing says when it begins."""
        known = self._classes.get(one["classSourcedId"] or "")
        session = known.session if known else None
        first = one["first"] or (session.first if session else None)
        if first is None:
            return None
        year = session.year if session else school_year_of(first)
        last = one["after"] - _DAY if one["after"] else (session.last if session else None)
        user = one["userSourcedId"] or ""
        org = self._home(user, one["schoolSourcedId"] or (known.org if known else ""))
        enrolment = self._enrolment(user, org, year, one[ENROLMENT_ID])
        if known and not known.taught:
            return ()
        where = (one["source_file"], one["source_row"])
        if known and not one["deleted"]:
            self._remember_subjects(enrolment, known, where[1], first)
        return (*where, enrolment, one["classSourcedId"], first, last)

    def _home(self, user: str, org: str) -> str:
        """The school of the class, unless the student is only a guest there."""
        known = self._users.by_id.get(user)
        orgs = [role.org for role in known.roles if role.role == STUDENT] if known else []
        return org if org in orgs or not orgs else orgs[0]

    def _enrolment(self, user: str, org: str, year: str, own: str | None) -> str:
        self._seen.years.setdefault((user, org), set()).add(year)
        key = (user, org, year)
        if own:
            self._seen.ids[key] = own
        return self._seen.ids.get(key) or enrolment_id(*key)

    def _remember_subjects(self, enrolment: str, known: ClassRecord, row: int, first: date) -> None:
        for code in known.subjects:
            before = self._seen.subjects.get((enrolment, code))
            if before is None or first < before[2]:
                file = self._rows.package.members["enrollments"].name
                self._seen.subjects[enrolment, code] = (file, row, first)

    def _add_enrolments(self) -> None:
        columns = {**schema("enrolment"), "school_link": pl.String()}
        made: list[dict[str, object]] = []
        for user_id, user in self._users.by_id.items():
            periods = [
                (role, year)
                for role in user.roles
                if role.role == STUDENT
                for year in self._years(user_id, role)
            ]
            # The level is the one the user has now.
            newest = max((year for _, year in periods), default="")
            made += [
                self._row(user_id, user.key, user.level if year == newest else None, role, year)
                for role, year in periods
            ]
        output = self._rows.outputs.of("enrolment")
        frame = pl.DataFrame(made, schema=columns)
        rule = "its organisation is a school of orgs.csv with a school number"
        frame = output.require("enrolment", frame, "school_id", rule, "school_link")
        output.add("enrolment", frame)

    def _years(self, user_id: str, role: Role) -> list[str]:
        years = set(self._seen.years.get((user_id, role.org), ()))
        if role.first:
            last = role.last or role.first
            years = {year for year in years if school_year_of(role.first) <= year <= school_year_of(last)}
            years.add(school_year_of(role.first))
        return sorted(years) or [self._calendar.current]

    def _row(self, user_id: str, key: str, level: str | None, role: Role, year: str) -> dict[str, object]:
        begins, ends = self._calendar.period(year)
        first = role.first if role.first and school_year_of(role.first) == year else begins
        last = role.last if role.last and school_year_of(role.last) == year else ends
        ids = (user_id, role.org, year)
        return {
            "source_file": role.file,
            "source_row": role.row,
            "enrolment_id": self._seen.ids.get(ids) or enrolment_id(*ids),
            "student_key": key,
            "school_id": self._schools.numbers.get(role.org),
            "school_link": role.org,
            "school_year": year,
            "level": level,
            "category": "full_time",
            "start_date": first,
            "end_date": last,
            "main_school": role.main is not False,
        }

    def _delete_enrolments(self) -> None:
        """Users and roles that a delta deletes take the enrolment of their year with them."""
        gone = []
        for user_id, role in self._users.gone:
            year = school_year_of(role.first) if role.first else self._calendar.current
            own = role.enrolment_id or enrolment_id(user_id, role.org, year)
            gone.append((role.file, role.row, own))
        columns = {**_PLACED, "enrolment_id": pl.String}
        self._rows.outputs.of("enrolment").delete(
            "enrolment", pl.DataFrame(gone, schema=columns, orient="row")
        )

    def _add_subjects(self) -> None:
        """A student takes the subjects of their classes.

        The standard cannot say that a subject is dropped, and a gap between two classes must not look like
        it: the subject is taken until the enrolment ends.
        """
        seen = self._seen.subjects
        frame = pl.DataFrame(
            {
                "source_file": [file for file, _, _ in seen.values()],
                "source_row": [row for _, row, _ in seen.values()],
                "enrolment_id": [enrolment for enrolment, _ in seen],
                "subject_code": [code for _, code in seen],
                "start_date": [first for _, _, first in seen.values()],
            },
            schema={**_PLACED, "enrolment_id": pl.String, "subject_code": pl.String, "start_date": pl.Date},
        )
        self._rows.outputs.of("subject_enrolment").add(
            "subject_enrolment", frame.with_columns(pl.lit("E").alias("subject_status"))
        )
