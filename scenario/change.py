"""What can be asked: a change to the landed rows that lie ahead, and why some changes cannot be made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

LOCAL_DAY = "timezone('Europe/Oslo', starts_at)::date"
MOST_LESSONS, MOST_MINUTES, MOST_WEEKS = 60, 480, 40


@dataclass(frozen=True)
class AddLessons:
    """Lessons more for a group, one a day on the days it is taught."""

    group_id: str
    first: date
    lessons: int
    minutes: int | None = None
    """Of each; None for as long as the group's lessons mostly are."""


@dataclass(frozen=True)
class TeacherAway:
    """The group's lessons fall for some weeks, except the first few, which a substitute gives."""

    group_id: str
    first: date
    weeks: int
    covered: int = 0
    every_group: bool = False
    """Whether the same teacher's lessons for other groups fall too, where nobody leads them as well."""


@dataclass(frozen=True)
class MoveMembers:
    """The members of a group belong to another group from a date on."""

    group_id: str
    first: date
    to_group_id: str


Change = AddLessons | TeacherAway | MoveMembers


class ImpossibleError(Exception):
    """A change that cannot be asked about; `kind` says why."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


@dataclass(frozen=True)
class Frame:
    """Within what a change must lie."""

    school_id: str
    as_of: date
    last_day: date


@dataclass(frozen=True)
class Applied:
    """What the change came to in landed rows."""

    lessons: int = 0
    cancelled: int = 0
    groups: int = 1
    students: int = 0


def apply(connection: duckdb.DuckDBPyConnection, change: Change, frame: Frame) -> Applied:
    """Change the staged rows of a school."""
    if change.first <= frame.as_of:
        raise ImpossibleError("past", day=frame.as_of)
    if change.first > frame.last_day:
        raise ImpossibleError("after", day=frame.last_day)
    _require_group(connection, change.group_id, frame)
    match change:
        case AddLessons():
            return _add(connection, change, frame)
        case TeacherAway():
            return _fall(connection, change)
        case MoveMembers():
            return _move(connection, change, frame)


def usual_minutes(connection: duckdb.DuckDBPyConnection, group_id: str) -> int | None:
    """How long the group's lessons mostly are."""
    found = connection.execute(
        "SELECT (date_diff('second', starts_at, ends_at) // 60)::integer AS minutes FROM staging.stg_lesson "
        "JOIN staging.stg_lesson_group USING (lesson_id) WHERE group_id = ? AND replaces_lesson_id IS NULL "
        "GROUP BY ALL ORDER BY count(*) DESC, minutes DESC LIMIT 1",
        [group_id],
    ).fetchall()
    return int(found[0][0]) if found else None


def _require_group(connection: duckdb.DuckDBPyConnection, group_id: str, frame: Frame) -> None:
    found = connection.execute(
        "SELECT 1 FROM staging.stg_teaching_group WHERE group_id = ? AND school_id = ?",
        [group_id, frame.school_id],
    ).fetchall()
    if not found:
        raise ImpossibleError("no_group")


def _add(connection: duckdb.DuckDBPyConnection, change: AddLessons, frame: Frame) -> Applied:
    minutes = usual_minutes(connection, change.group_id) if change.minutes is None else change.minutes
    if minutes is None:
        raise ImpossibleError("no_lessons")
    if not (0 < change.lessons <= MOST_LESSONS and 0 < minutes <= MOST_MINUTES):
        raise ImpossibleError("number")
    days = _days(connection, change, "group_id = $group") or _days(connection, change, "true")
    if not days:
        raise ImpossibleError("after", day=frame.last_day)
    for number in range(change.lessons):
        lesson_id, day = f"what-if-{number}", days[number % len(days)]
        connection.execute(
            "INSERT INTO staging.stg_lesson BY NAME SELECT $id AS lesson_id, $school AS school_id, "
            "timezone('Europe/Oslo', $day::date + INTERVAL 12 HOUR) AS starts_at, "
            "timezone('Europe/Oslo', $day::date + INTERVAL 12 HOUR) + to_minutes($minutes) AS ends_at, "
            "'timetabled' AS status",
            {"id": lesson_id, "school": frame.school_id, "day": day, "minutes": minutes},
        )
        connection.execute(
            "INSERT INTO staging.stg_lesson_group BY NAME SELECT ? AS lesson_id, ? AS group_id",
            [lesson_id, change.group_id],
        )
    return Applied(lessons=change.lessons)


def _days(connection: duckdb.DuckDBPyConnection, change: AddLessons, where: str) -> list[date]:
    """The days from the first on with lessons."""
    given = {"first": change.first} | ({"group": change.group_id} if "$group" in where else {})
    rows = connection.execute(
        f"SELECT DISTINCT {LOCAL_DAY} AS day FROM staging.stg_lesson JOIN staging.stg_lesson_group "
        f"USING (lesson_id) JOIN own_group USING (group_id) WHERE day >= $first AND {where} ORDER BY 1",
        given,
    ).fetchall()
    return [day for (day,) in rows]


def _fall(connection: duckdb.DuckDBPyConnection, change: TeacherAway) -> Applied:
    if not 0 < change.weeks <= MOST_WEEKS or change.covered < 0:
        raise ImpossibleError("number")
    last = change.first + timedelta(weeks=change.weeks, days=-1)
    connection.execute(
        f"""
        CREATE TEMP TABLE falling AS
        SELECT lesson_id, starts_at, list(group_id) AS group_ids
        FROM staging.stg_lesson JOIN staging.stg_lesson_group USING (lesson_id)
        WHERE {LOCAL_DAY} BETWEEN $first AND $last AND status <> 'cancelled'
            AND coalesce(cover, 'own') NOT IN ('supervised', 'self_study', 'substitute')
        GROUP BY ALL
        """,
        {"first": change.first, "last": last},
    )
    try:
        return _falling(connection, change)
    finally:
        connection.execute("DROP TABLE falling")


def _falling(connection: duckdb.DuckDBPyConnection, change: TeacherAway) -> Applied:
    chosen = "list_contains(group_ids, $group)"
    if change.every_group:
        # Of several who lead the group's lessons the one who leads most; who is meant never leaves the query.
        chosen += """ OR lesson_id IN (
            SELECT lesson_id FROM lesson_leader GROUP BY lesson_id
            HAVING count(DISTINCT leader_no) = 1 AND any_value(leader_no) = (
                SELECT leader_no FROM lesson_leader JOIN falling USING (lesson_id)
                WHERE list_contains(group_ids, $group)
                GROUP BY leader_no ORDER BY count(*) DESC, leader_no LIMIT 1))"""
    rows = connection.execute(
        f"SELECT lesson_id, group_ids FROM falling WHERE {chosen} ORDER BY starts_at, lesson_id",
        {"group": change.group_id},
    ).fetchall()
    if not any(change.group_id in groups for _, groups in rows):
        raise ImpossibleError("no_lessons")
    lessons = [lesson for lesson, _ in rows]
    covered, cancelled = lessons[: change.covered], lessons[change.covered :]
    connection.execute(
        "UPDATE staging.stg_lesson SET cover = 'substitute' WHERE list_contains(?::varchar[], lesson_id)",
        [covered],
    )
    connection.execute(
        "UPDATE staging.stg_lesson SET status = 'cancelled' WHERE list_contains(?::varchar[], lesson_id)",
        [cancelled],
    )
    groups = {group for _, listed in rows for group in listed}
    return Applied(lessons=len(lessons), cancelled=len(cancelled), groups=len(groups))


def _move(connection: duckdb.DuckDBPyConnection, change: MoveMembers, frame: Frame) -> Applied:
    if change.to_group_id == change.group_id:
        raise ImpossibleError("same_group")
    _require_group(connection, change.to_group_id, frame)
    bound = {"group": change.group_id, "to": change.to_group_id, "first": change.first}
    still = "group_id = $group AND coalesce(end_date, DATE '9999-12-31') >= $first"
    connection.execute(
        f"""
        CREATE TEMP TABLE moved AS
        SELECT enrolment_id, $to AS group_id, greatest(start_date, $first) AS start_date, end_date
        FROM staging.stg_group_membership WHERE {still}
        """,
        bound,
    )
    try:
        found = connection.execute(
            "SELECT count(DISTINCT student_no) FROM moved "
            "JOIN coverage.entitled_enrolment USING (enrolment_id) WHERE school_id = ?",
            [frame.school_id],
        ).fetchall()
        if not found[0][0]:
            raise ImpossibleError("no_members")
        within = {name: bound[name] for name in ("group", "first")}
        connection.execute(
            f"DELETE FROM staging.stg_group_membership WHERE {still} AND start_date >= $first", within
        )
        connection.execute(
            f"UPDATE staging.stg_group_membership SET end_date = $first::date - 1 WHERE {still}", within
        )
        connection.execute("INSERT INTO staging.stg_group_membership BY NAME FROM moved")
        return Applied(students=int(found[0][0]))
    finally:
        connection.execute("DROP TABLE moved")
