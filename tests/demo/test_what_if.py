"""What a change would come to at the schools of the invented county, for those who may ask."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.access.scope import Reader
from dashboard.queries import what_if
from scenario.change import AddLessons, ImpossibleError, MoveMembers, TeacherAway
from scenario.school import ANSWERS, School
from tests.demo.county import DemoCounty

Ask = Callable[..., what_if.Answer]
MEASURES = 8


@pytest.fixture(scope="module")
def file(demo_county: DemoCounty) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(demo_county.published), read_only=True)


@pytest.fixture(scope="module")
def as_of(file: duckdb.DuckDBPyConnection) -> date:
    found: date = file.execute("SELECT as_of_date FROM marts.publication").fetchall()[0][0]
    return found


@pytest.fixture(scope="module")
def measures(file: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The recovery list of the largest school."""
    rows = file.execute(
        "SELECT school_year, school_id, group_id, subject_code, lessons_to_add, students_lifted "
        "FROM marts.recovery WHERE lessons_to_add <= 20 AND school_id = "
        "(SELECT mode(school_id) FROM marts.student_coverage) ORDER BY group_id, subject_code"
    )
    names = [column[0] for column in rows.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


@pytest.fixture
def ask(file: duckdb.DuckDBPyConnection, measures: list[dict[str, Any]]) -> Ask:
    """Ask as somebody, of the largest school unless of another."""
    year, own = measures[0]["school_year"], measures[0]["school_id"]

    def asked(role: Role, change: Any, *, schools: tuple[str, ...] = (own,), **of: Any) -> what_if.Answer:
        viewer = Viewer(role, "test", "99", schools, of.get("groups", ()))
        return what_if.answer(Reader(file.cursor(), viewer, 10), year, own, change)

    return asked


def test_every_school_gives_its_published_rows_back(
    demo_county: DemoCounty, file: duckdb.DuckDBPyConnection
) -> None:
    schools = file.execute("SELECT DISTINCT school_id FROM marts.student_coverage ORDER BY 1").fetchall()
    for (school_id,) in schools:
        with School(demo_county.published, school_id).after(None) as (connection, _):
            for name in ANSWERS:
                columns = ", ".join(
                    row[0] for row in connection.execute(f"DESCRIBE before.{name}").fetchall()
                )
                was, now = (
                    sorted(connection.execute(f"SELECT {columns} FROM {schema}.{name}").fetchall(), key=str)
                    for schema in ("before", "marts")
                )
                assert was
                assert was == now, (school_id, name)


def test_the_lessons_a_measure_proposes_lift_as_many_students_as_it_says(
    ask: Ask, measures: list[dict[str, Any]], as_of: date
) -> None:
    for measure in random.Random(6).sample(measures, MEASURES):
        change = AddLessons(measure["group_id"], as_of + timedelta(days=1), measure["lessons_to_add"])
        found = ask(Role.PRINCIPAL, change)
        lifted = [
            row
            for row in found.moved
            if row["subject_code"] == measure["subject_code"]
            and row["status_before"] in ("short", "at_risk")
            and row["status"] in what_if.REACHING
        ]
        assert len(lifted) == measure["students_lifted"], measure


def test_who_sees_no_students_asks_nothing_and_nobody_asks_of_another_school(
    ask: Ask, measures: list[dict[str, Any]], as_of: date
) -> None:
    change = AddLessons(measures[0]["group_id"], as_of + timedelta(days=1), 3)
    for role in (Role.DIRECTOR, Role.OWNER):
        with pytest.raises(RefusedError):
            ask(role, change)
    with pytest.raises(RefusedError):
        ask(Role.PRINCIPAL, change, schools=("990005",))
    with pytest.raises(RefusedError):
        ask(Role.TEACHER, change, groups=(measures[-1]["group_id"],))


def test_a_teacher_sees_the_students_of_the_own_groups_alone(
    ask: Ask, measures: list[dict[str, Any]], as_of: date, file: duckdb.DuckDBPyConnection
) -> None:
    own = max(measures, key=lambda row: row["students_lifted"])["group_id"]
    change = AddLessons(own, as_of + timedelta(days=1), 20)
    found = ask(Role.TEACHER, change, groups=(own,))
    members = file.execute(
        "SELECT student_key, subject_code FROM marts.student_subject_detail "
        "WHERE list_contains(string_split(group_ids, '|'), ?)",
        [own],
    ).fetchall()
    assert found.moved
    assert {(row["student_key"], row["subject_code"]) for row in found.moved} <= set(members)
    assert found.after["students"] == len({student for student, _ in members})


def test_what_cannot_be_asked_says_why_and_leaves_the_school_as_it_was(
    ask: Ask, measures: list[dict[str, Any]], as_of: date
) -> None:
    group, tomorrow = measures[0]["group_id"], as_of + timedelta(days=1)
    asked = {
        AddLessons(group, as_of, 3): "past",
        AddLessons(group, as_of + timedelta(days=400), 3): "after",
        AddLessons("nowhere", tomorrow, 3): "no_group",
        AddLessons(group, tomorrow, 0): "number",
        MoveMembers(group, tomorrow, group): "same_group",
        MoveMembers(group, tomorrow, "nowhere"): "no_group",
        TeacherAway(group, tomorrow, 0): "number",
    }
    before = ask(Role.PRINCIPAL, AddLessons(group, tomorrow, 1)).before
    for change, why in asked.items():
        with pytest.raises(ImpossibleError) as said:
            ask(Role.PRINCIPAL, change)
        assert said.value.kind == why
    assert ask(Role.PRINCIPAL, AddLessons(group, tomorrow, 1)).before == before
