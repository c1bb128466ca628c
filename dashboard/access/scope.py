"""The one way into the published figures: a reader bound to who is looking.

Every method adds the row scope of the role inside the SQL and hides what is too small to show before anything
leaves it. No page or query holds a connection, so none can forget either.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from dashboard.access.answers import Answers, kept
from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.access.suppression import Hidden, Reason, Sums, hidden_counts, hidden_sums
from scenario.change import Applied, Change
from scenario.opened import opened

Row = dict[str, Any]

REFERENCE = frozenset(
    {"publication", "closed_year", "county", "school", "subject", "programme_area", "curriculum_rule_used"}
)
WITHOUT_COUNTY = frozenset({"student_subject_detail"})
OF_A_DELIVERY = frozenset({"batch", "batch_file", "quarantine", "forecast_backtest"})
"""Tables about a county's deliveries as a whole: everybody in the county sees them."""
OF_ALL_COUNTIES = frozenset(
    {"acceptance", "attribution", "attribution_summary", "standardisation", "work_process"}
)
"""What the counties have in common: the supplier's releases, the register of work, comparisons of schools."""
OF_THE_PROJECT = frozenset(
    {
        "adoption",
        "milestone",
        "training",
        "support",
        "support_age",
        "role",
        "integration",
        "migration",
        "position_plan",
        "rollout_school",
        "benefit",
        "benefit_total",
        "benefit_plan",
        "measurement_due",
        "process_volume",
        "work_process_time",
        "sampling_plan",
        "measuring_cost",
        "training_effect",
    }
)
"""Rollout and benefits, without a student: for those who answer for the county as a whole."""
BY_SUBJECT = frozenset(
    {
        "student_subject_coverage",
        "student_subject_detail",
        "student_absence",
        "student_change",
        "student_correction",
        "absence_limit",
        "student_what_if",
    }
)
"""Of these a teacher sees the rows of the subjects taught in the own groups."""
LESSON_FIGURES: Mapping[str, frozenset[str]] = {
    "school_subject_week": frozenset({"student_lost_minutes"}),
    "group_week": frozenset({"members"}),
    "school_day_loss": frozenset(),
    "loss_concentration": frozenset(),
    "data_quality": frozenset({"example"}),
    "batch": frozenset(),
    "batch_file": frozenset(),
    "quarantine": frozenset(),
    "forecast_backtest": frozenset(),
    **dict.fromkeys(OF_THE_PROJECT | OF_ALL_COUNTIES, frozenset[str]()),
}
"""Tables about lessons and data, not students, each with the columns that are about students after all."""

OWN_COUNTIES = """county_number in (
    with recursive line(county_number) as (
        select $scope_county
        union
        select county.county_number
        from marts.county
        join line
          on list_contains(string_split(coalesce(county.successor_numbers, ''), ';'), line.county_number)
    )
    select county_number from line)"""
"""A merged county sees its predecessors' history."""


@dataclass(frozen=True)
class Sum:
    """A sum over students, shown only when the count it rests on is."""

    sql: str
    of: str = "students"


@dataclass(frozen=True)
class Measures:
    """What an aggregate yields. `parts` are counts that add up to `students`; `subtotals` are counts that
    others of them add up to, each with the names of those others."""

    students: str = "sum(students)::bigint"
    derived: Mapping[str, str] = field(default_factory=dict)
    """Columns worked out row by row, within the scope and the filter, before anything is summed."""
    parts: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)
    subtotals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sums: Mapping[str, Sum] = field(default_factory=dict)
    sum_totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Sums over the students of the row that others of them add up to."""
    ratios: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    """Figures about lessons and timetables that say nothing about a student."""


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
        limit: int | None = None,
        adds_up_within: Sequence[str] | None = None,
        **params: Any,
    ) -> list[Row]:
        """Counts of students by group, scoped and suppressed.

        `adds_up_within`: the rows alike in these columns add up to a total that is shown somewhere too.
        """
        scope, bound = self._scope(table)
        rows = self._counted(
            table, measures, group, f"{scope} and ({where})", order=order, params={**bound, **params}
        )
        if self.viewer.role is not Role.PRINCIPAL:
            self._hide(rows, measures, adds_up_within)
        return _with_ratios(rows, measures)[:limit]

    @kept
    def published(
        self, table: str, measures: Measures, *, group: Sequence[str], where: str = "true", **params: Any
    ) -> list[Row]:
        """All counties side by side: what any role may see, whole counties only."""
        if not set(group) <= {"county_number", "school_year", "as_of_date"}:
            raise ValueError("published figures are whole counties")
        rows = self._counted(table, measures, group, where, order=", ".join(group), params=params)
        self._hide(rows, measures, [name for name in group if name != "county_number"])
        return _with_ratios(rows, measures)

    def students(self, sql: str, table: str, *, where: str = "true", order: str, **params: Any) -> list[Row]:
        """One row per student, with the pseudonym as `student_key`, for those who may see students."""
        if not self.viewer.sees_students:
            raise RefusedError(f"the role {self.viewer.role} sees no single student")
        scope, bound = self._scope(table)
        if self.viewer.role is Role.TEACHER:
            key = "school_id, student_key" + (", subject_code" if table in BY_SUBJECT else "")
            scope += f""" and ({key}) in (
                select ({key}) from marts.student_subject_detail
                where list_has_any(string_split(group_ids, '|'), $scope_groups))"""
            bound["scope_groups"] = list(self.viewer.group_ids)
        return self._fetch(
            f"select {sql} from (select * from marts.{table} where {scope}) rows"
            f" where {where} order by {order}",
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

    @kept
    def reference(self, table: str, *, where: str = "true", order: str = "1", **params: Any) -> list[Row]:
        """Names and dates of schools, counties and subjects; no figures."""
        if table not in REFERENCE:
            raise ValueError(f"{table} is not a reference table")
        scope, bound = self._scope(table) if table == "school" else ("true", {})
        return self._fetch(
            f"select * from marts.{table} where {scope} and ({where}) order by {order}", {**bound, **params}
        )

    def _scope(self, table: str) -> tuple[str, dict[str, Any]]:
        if table in WITHOUT_COUNTY:
            scope, bound = self._scope("school")
            return f"school_id in (select school_id from marts.school where {scope})", bound
        viewer = self.viewer
        if table == "batch_file":
            scope, bound = self._scope("batch")
            return f"batch_id in (select batch_id from marts.batch where {scope})", bound
        if table in OF_THE_PROJECT | OF_ALL_COUNTIES and viewer.role in (Role.PRINCIPAL, Role.TEACHER):
            raise RefusedError("the project is followed for whole counties")
        if table in OF_A_DELIVERY and viewer.role is not Role.OWNER:
            return OWN_COUNTIES, {"scope_county": viewer.county_number}
        return ("true", {}) if table in OF_ALL_COUNTIES else self._scope_of_role(table)

    def _scope_of_role(self, table: str) -> tuple[str, dict[str, Any]]:
        viewer = self.viewer
        match viewer.role:
            case Role.DIRECTOR | Role.ANALYST:
                return OWN_COUNTIES, {"scope_county": viewer.county_number}
            case Role.PRINCIPAL | Role.TEACHER:
                return "list_contains($scope_schools, school_id)", {"scope_schools": list(viewer.school_ids)}
            case Role.OWNER:
                if table.startswith(("group_", "recovery", "student_")):
                    raise RefusedError("the project owner sees whole schools only")
                return "true", {}

    def _counted(
        self,
        table: str,
        measures: Measures,
        group: Sequence[str],
        where: str,
        *,
        order: str,
        params: Mapping[str, Any],
    ) -> list[Row]:
        summed = {name: figure.sql for name, figure in measures.sums.items()}
        counted = {"students": measures.students, **measures.parts, **measures.counts}
        figures = {**counted, **summed, **measures.facts}
        select = ", ".join([*group, *(f"{sql} as {name}" for name, sql in figures.items())])
        columns = ", ".join(["*", *(f"{sql} as {name}" for name, sql in measures.derived.items())])
        rows = self._fetch(
            f"select {select} from (select {columns} from marts.{table} where {where}) rows"
            + (f" group by {', '.join(group)}" if group else "")
            + (f" order by {order}" if order else ""),
            params,
        )
        return [row for row in rows if row["students"]]

    def _hide(self, rows: list[Row], measures: Measures, adds_up_within: Sequence[str] | None) -> None:
        others = [name for name in measures.counts if name not in measures.subtotals]
        sums = Sums("students", list(measures.parts), measures.subtotals, others)
        counts = [{name: int(row[name] or 0) for name in sums.names} for row in rows]
        adding_up = _together(rows, adds_up_within)
        hidden = hidden_counts(counts, sums, adding_up=adding_up, threshold=self.threshold)
        bases = {figure.of for figure in measures.sums.values()}
        totals = {
            name: [measures.sums[part].of for part in parts] for name, parts in measures.sum_totals.items()
        }
        without = hidden_sums(
            counts, bases, "students", adding_up=adding_up, totals=totals, threshold=self.threshold
        )
        for i, row in enumerate(rows):
            for name, figure in measures.sums.items():
                if (i, name if name in totals else figure.of) in without:
                    row[name] = Hidden(Reason.BASIS, self.threshold)
            for name in sums.names:
                if (i, name) in hidden:
                    row[name] = Hidden(hidden[i, name], self.threshold)

    def _fetch(self, sql: str, params: Mapping[str, Any]) -> list[Row]:
        used = {name: value for name, value in params.items() if f"${name}" in sql}
        cursor = self._cursor.execute(sql, used)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _together(rows: list[Row], within: Sequence[str] | None) -> list[list[int]]:
    """The places of the rows that are alike in the given columns; none where no total is shown."""
    if within is None:
        return []
    places: dict[tuple[Any, ...], list[int]] = {}
    for i, row in enumerate(rows):
        places.setdefault(tuple(row[name] for name in within), []).append(i)
    return list(places.values())


def _with_ratios(rows: list[Row], measures: Measures) -> list[Row]:
    for row in rows:
        for name, (part, whole) in measures.ratios.items():
            row[name] = _ratio(row[part], row[whole])
    return rows


def _ratio(part: Any, whole: Any) -> float | Hidden | None:
    for figure in (part, whole):
        if isinstance(figure, Hidden):
            return Hidden(Reason.BASIS, figure.threshold)
    return float(part) / float(whole) if part is not None and whole else None
