"""The one way into the published figures: a reader bound to who is looking.

Every method adds the row scope of the role inside the SQL and hides what is too small to show before anything
leaves it. No page or query holds a connection, so none can forget either.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from dashboard.access.answers import Answers, Decided, Place, Row, kept
from dashboard.access.measures import Measures
from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.access.shown import Asked, by_shown, cover, finished, hidden_together
from dashboard.access.tables import (
    BY_SUBJECT,
    LESSON_FIGURES,
    LINE_OF_COUNTIES,
    OF_A_DELIVERY,
    OF_ALL_COUNTIES,
    OF_THE_PROJECT,
    REFERENCE,
)
from scenario.change import Applied, Change
from scenario.opened import opened

__all__ = ("Reader", "Row")

SCHOOL_KEYS = ("county_number", "school_id")
EVERYBODY = Viewer(Role.OWNER, "everybody")
DETAIL = (
    " left join marts.student_subject_detail as detail"
    " using (school_year, school_id, student_key, subject_code)"
)


class Reader:
    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        viewer: Viewer,
        threshold: int,
        answers: Answers | None = None,
    ) -> None:
        self._cursor = cursor
        self.viewer = viewer
        self.threshold = threshold
        self.answers = answers or Answers()

    def seen_by(self, viewer: Viewer) -> "Reader":
        """The same publication for somebody else."""
        return Reader(self._cursor, viewer, self.threshold, self.answers)

    @kept
    def aggregate(
        self,
        table: str,
        measures: Measures,
        *,
        group: Sequence[str] = (),
        where: str = "true",
        order: str = "",
        largest: Sequence[str] = (),
        adds_up_within: Sequence[str] | None = None,
        sums_add_up: bool = False,
        county: str | None = None,
        **params: Any,
    ) -> list[Row]:
        """Counts of students by group, scoped and suppressed.

        What is hidden is decided for whole schools and counties, whoever looks. Where the rows are something
        else, `adds_up_within` says which of them have a total that is shown somewhere: those alike in these
        columns; `sums_add_up`, that only their sums have, because a student is in several rows.
        `order` knows the group and facts; by figures about students rows are put in order as they are shown,
        `largest` first: a place among others would tell what is hidden.
        """
        scope, bound = self._scope(table)
        if county is not None:
            scope, bound = f"{scope} and county_number = $of_county", {**bound, "of_county": county}
        asked = Asked(table, measures, tuple(group), where, {**bound, **params})
        rows = self._counted(asked, asked.group, scope, order)
        if self.viewer.role is not Role.PRINCIPAL:
            self._suppress(asked, rows, scope, adds_up_within, sums_add_up)
        return by_shown(finished(rows, measures), largest)

    @kept
    def published(
        self, table: str, measures: Measures, *, group: Sequence[str], where: str = "true", **params: Any
    ) -> list[Row]:
        """All counties side by side: whole counties only, for those who follow whole counties."""
        if self.viewer.role in (Role.PRINCIPAL, Role.TEACHER):
            raise RefusedError("with the own school known, a county's figure would tell of the others")
        if not set(group) <= {"county_number", "school_year", "as_of_date"}:
            raise ValueError("published figures are whole counties")
        asked = Asked(table, measures, tuple(group), where, params)
        rows = self._counted(asked, asked.group, "true", ", ".join(group))
        self._suppress(asked, rows, "true", None, sums_add_up=False)
        return finished(rows, measures)

    def students(
        self,
        sql: str,
        table: str,
        *,
        where: str = "true",
        order: str,
        with_detail: bool = False,
        **params: Any,
    ) -> list[Row]:
        """One row per student, with the pseudonym as `student_key`, for those who may see students.

        `with_detail`: the columns of student_subject_detail stand beside those of a table of its grain.
        """
        if not self.viewer.sees_students:
            raise RefusedError(f"the role {self.viewer.role} sees no single student")
        scope, bound = self._scope(table)
        if self.viewer.role is Role.TEACHER:
            key = "school_id, student_key" + (", subject_code" if table in BY_SUBJECT else "")
            # The school is named once more, so that only its rows are read.
            scope += f""" and ({key}) in (
                select ({key}) from marts.student_subject_detail
                where {scope} and list_has_any(string_split(group_ids, '|'), $scope_groups))"""
            bound["scope_groups"] = list(self.viewer.group_ids)
        return self._fetch(
            f"select {sql} from (select * from marts.{table} where {scope}) rows"
            f"{DETAIL if with_detail else ''} where {where} order by {order}",
            {**bound, **params},
        )

    @kept
    def lessons(
        self,
        table: str,
        figures: Mapping[str, str],
        *,
        group: Sequence[str] = (),
        where: str = "true",
        order: str = "1",
        grouped: bool = True,
        **params: Any,
    ) -> list[Row]:
        """Figures about lessons, deliveries and the project. No column about students can be reached.

        Not `grouped`: `group` names columns of single rows.
        """
        scope, bound = self._scope(table)
        about_students = ", ".join(sorted(LESSON_FIGURES[table]))
        columns = f"* exclude ({about_students})" if about_students else "*"
        select = ", ".join([*group, *(f"{sql} as {name}" for name, sql in figures.items())])
        by = f"group by {', '.join(group)}" if group and grouped else ""
        return self._fetch(
            f"select {select}"
            f" from (select {columns} from marts.{table} where {scope}) rows"
            f" where {where} {by} order by {order}",
            {**bound, **params},
        )

    @contextmanager
    def scenario(self, school: str, change: Change) -> Iterator[tuple["Reader", Applied]]:
        """The same scope on what a change would make of a school, while the block lasts.

        For those who see students: to others no counts could be shown, since changes asked about one after
        the other would tell who is in them.
        """
        viewer = self.viewer
        in_scope = self.reference("school", where="school_id = $school", school=school)
        if not viewer.sees_students or not in_scope:
            raise RefusedError(f"the role {viewer.role} asks no such question about the school")
        if viewer.role is Role.TEACHER and change.group_id not in viewer.group_ids:
            raise RefusedError("a teacher asks about the own groups")
        found = self._cursor.execute(
            "select path from duckdb_databases() where database_name = current_database()"
        ).fetchall()
        with opened(Path(found[0][0]), school) as held, held.after(change) as (cursor, applied):
            # With answers of its own: what the publication said does not hold here.
            yield Reader(cursor, viewer, self.threshold, Answers()), applied

    def reference(self, table: str, *, where: str = "true", order: str = "1", **params: Any) -> list[Row]:
        """Names and dates of schools, counties and subjects; no figures. All but schools are everybody's."""
        if table not in REFERENCE:
            raise ValueError(f"{table} is not a reference table")
        reader = self if table == "school" else self.seen_by(EVERYBODY)
        return reader._named(table, where=where, order=order, **params)

    @kept
    def _named(self, table: str, *, where: str, order: str, **params: Any) -> list[Row]:
        scope, bound = self._scope(table) if table == "school" else ("true", {})
        return self._fetch(
            f"select * from marts.{table} where {scope} and ({where}) order by {order}", {**bound, **params}
        )

    def _scope(self, table: str) -> tuple[str, dict[str, Any]]:
        viewer = self.viewer
        if table == "batch_file":
            scope, bound = self._scope("batch")
            return f"batch_id in (select batch_id from marts.batch where {scope})", bound
        if table in OF_THE_PROJECT | OF_ALL_COUNTIES and viewer.role in (Role.PRINCIPAL, Role.TEACHER):
            raise RefusedError("the project is followed for whole counties")
        if table in OF_A_DELIVERY and viewer.role is not Role.OWNER:
            return self._own_counties()
        return ("true", {}) if table in OF_ALL_COUNTIES else self._scope_of_role(table)

    def _scope_of_role(self, table: str) -> tuple[str, dict[str, Any]]:
        viewer = self.viewer
        match viewer.role:
            case Role.DIRECTOR | Role.ANALYST:
                return self._own_counties()
            case Role.PRINCIPAL | Role.TEACHER:
                return "list_contains($scope_schools, school_id)", {"scope_schools": list(viewer.school_ids)}
            case Role.OWNER:
                if table.startswith(("group_", "recovery", "student_")):
                    raise RefusedError("the project owner sees whole schools only")
                return "true", {}

    def _own_counties(self) -> tuple[str, dict[str, Any]]:
        line = self._line_of_counties(self.viewer.county_number)
        return self._in_counties([row["county_number"] for row in line])

    def _in_counties(self, counties: Sequence[str]) -> tuple[str, dict[str, Any]]:
        return "list_contains($scope_counties, county_number)", {"scope_counties": list(counties)}

    @kept
    def _line_of_counties(self, county: str | None) -> list[Row]:
        return self._fetch(LINE_OF_COUNTIES, {"scope_county": county})

    def _counted(self, asked: Asked, group: Sequence[str], scope: str, order: str = "") -> list[Row]:
        measures = asked.measures
        summed = {name: figure.sql for name, figure in measures.sums.items()}
        figures = {**measures.counted, **summed, **measures.facts}
        select = ", ".join([*group, *(f"{sql} as {name}" for name, sql in figures.items())])
        columns = ", ".join(["*", *(f"{sql} as {name}" for name, sql in measures.derived.items())])
        rows = self._fetch(
            f"select {select} from"
            f" (select {columns} from marts.{asked.table} where {scope} and ({asked.where})) rows"
            + (f" group by {', '.join(group)}" if group else "")
            + (f" order by {order}" if order else ""),
            asked.params,
        )
        return [row for row in rows if row["students"]]

    def _suppress(
        self,
        asked: Asked,
        rows: list[Row],
        scope: str,
        adds_up_within: Sequence[str] | None,
        sums_add_up: bool,
    ) -> None:
        """Hide in each row what is hidden of any school or county that it sums."""
        if adds_up_within is not None or sums_add_up:
            parts = hidden_together(rows, asked, adds_up_within, sums_add_up, self.threshold)
            for row, names in zip(rows, parts, strict=True):
                cover(row, names, self.threshold)
            return
        names_of = self._hidden_of_places(asked, scope)
        for row in rows:
            cover(row, names_of.get(tuple(row[name] for name in asked.group), set()), self.threshold)

    def _hidden_of_places(self, asked: Asked, scope: str) -> Mapping[Place, set[str]]:
        """By the columns asked for, what is hidden of any school or county."""
        teaches, schools = self.viewer.role is Role.TEACHER, self.viewer.school_ids
        of_schools = "school_id" in asked.group or teaches
        extra = [name for name in asked.group if name not in SCHOOL_KEYS]
        keys = [*(SCHOOL_KEYS if of_schools else SCHOOL_KEYS[:1]), *extra]
        within = [*SCHOOL_KEYS[:1], *extra] if of_schools else None
        if teaches:
            # The figures of all schools of a county decide about each other.
            scope, bound = self._in_counties(self._counties_of(schools))
            asked = replace(asked, params={**asked.params, **bound})
        found: dict[Place, set[str]] = {}
        for place, names in self._decided(asked, keys, within, scope).items():
            row = dict(zip(keys, place, strict=True))
            if not teaches or row["school_id"] in schools:
                found.setdefault(tuple(row[name] for name in asked.group), set()).update(names)
        return found

    def _decided(
        self, asked: Asked, keys: Sequence[str], within: Sequence[str] | None, scope: str
    ) -> Decided:
        """The places of which something is hidden. The same for all who ask it of the same counties."""
        params = {name: value for name, value in asked.params.items() if name != "scope_schools"}
        question = repr((asked.table, asked.measures, keys, asked.where, scope, params, self.threshold))

        def decide() -> Decided:
            # In one order, so that what covers what is the same whoever asks.
            fine = self._counted(asked, keys, scope, ", ".join(keys))
            parts = hidden_together(fine, asked, within, False, self.threshold)
            return {
                tuple(row[name] for name in keys): frozenset(names)
                for row, names in zip(fine, parts, strict=True)
                if names
            }

        return self.answers.decided(question, decide)

    def _counties_of(self, schools: Sequence[str]) -> list[str]:
        own = {row["school_id"]: row["county_number"] for row in self.reference("school")}
        counties = sorted({own[school] for school in schools if school in own})
        lines = [self._line_of_counties(county) for county in counties]
        return sorted({row["county_number"] for line in lines for row in line})

    def _fetch(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        used = {name: value for name, value in params.items() if f"${name}" in sql}
        cursor = self._cursor.execute(sql, used)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
