"""What moved a figure between two builds, cause by cause, and that the causes sum to the change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.dbt.county import County, day
from tests.dbt.warehouse import build, land, rows

FIRST, SECOND, THIRD = day(5), day(12), day(18)
LESSONS = 20


def county() -> County:
    """A subject of twenty hours, a lesson a day, in two groups."""
    found = County()
    found.subject("mat", LESSONS)
    for group in ("g", "h"):
        found.group(group, "mat")
    return found


def lessons(found: County, group: str, as_of: int, *, cancelled: frozenset[int] = frozenset()) -> None:
    for number in range(LESSONS):
        status = "cancelled" if number in cancelled else "held" if number <= as_of else "timetabled"
        found.lesson(group, number, status=status)


def earlier() -> County:
    found = county()
    for name in ("calm", "late", "moved", "exempt", "leaver"):
        found.student(name, "mat")
        found.member(name, "g")
    lessons(found, "g", 5, cancelled=frozenset({3}))
    lessons(found, "h", 5)
    found.absence("calm", "g", 1, "X")
    return found


def later() -> County:
    """A week on: day 2 was cancelled after all, day 8 as well, and day 9 is taught once more on day 21."""
    found = county()
    for name in ("calm", "late", "moved", "exempt", "newcomer"):
        found.student(name, "mat")
        found.member(name, "h" if name == "moved" else "g")
    lessons(found, "g", 12, cancelled=frozenset({2, 3, 8}))
    lessons(found, "h", 12)
    found.lesson("g", 21, status="timetabled", replaces_lesson_id="g-8")
    found.absence("calm", "g", 1, "X")
    found.absence("late", "g", 4, "!")
    found.absence("late", "g", 10, "D")
    found.rows["decision"].append(
        {
            "decision_id": "d",
            "enrolment_id": "exempt",
            "subject_code": "mat",
            "kind": "exempt",
            "decided_on": day(9),
            "valid_from": day(9),
        }
    )
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("changes")
    for tables, as_of in ((earlier(), FIRST), (later(), SECOND), (later(), THIRD)):
        land(place, tables.tables, as_of)
        build(place, as_of, select="+coverage_change +coverage_history +change_since")
    return place


def told(home: Path, student: str, figure: str, to_date: Any = SECOND) -> dict[str, int]:
    found = rows(
        home,
        "select cause, minutes from marts.student_change "
        f"where student_key = '{student}' and figure = '{figure}' and to_date = date '{to_date}'",
    )
    return dict(found)


def test_lessons_cancelled_since_then_are_told_from_those_registered_late(home: Path) -> None:
    causes = told(home, "calm", "offered")
    assert (causes["late_registration"], causes["cancelled"], causes["made_up"]) == (-60, -60, 60)


def test_an_absence_registered_later_is_told_from_a_new_one(home: Path) -> None:
    causes = told(home, "late", "attended")
    assert (causes["absence_registered_later"], causes["absent"]) == (-60, -60)
    assert told(home, "late", "missing")["absence_registered_later"] == 60


def test_a_change_of_group_and_a_decision_are_the_causes_they_are(home: Path) -> None:
    assert set(told(home, "moved", "offered")) == {"membership_changed", "time_passed"}
    assert set(told(home, "exempt", "missing")) == {"decision"}
    assert sum(told(home, "exempt", "missing").values()) < 0


def test_who_comes_and_who_leaves_moves_the_school_by_the_whole_row(home: Path) -> None:
    assert set(told(home, "newcomer", "offered")) == {"student_came"}
    assert set(told(home, "leaver", "offered")) == {"student_left"}


def test_steps_sum_to_what_changed_since_any_earlier_date(home: Path) -> None:
    """Missing minutes of the school, kept by each build by itself, moved by the sum of their causes."""
    known = dict(rows(home, "select as_of_date, missing_minutes from marts.coverage_history"))
    since = dict(
        rows(
            home,
            "select from_date, sum(minutes) from marts.coverage_change where figure = 'missing' group by 1",
        )
    )
    assert since == {first: known[THIRD] - known[first] for first in (FIRST, SECOND)}
    assert {row[0] for row in rows(home, "select distinct from_date from marts.change_since")} == {
        FIRST,
        SECOND,
    }


def test_a_trend_shows_what_was_known_then_and_looking_back_changes_nothing(home: Path) -> None:
    """The same date again replaces its rows; on the other basis it stands beside them and tells no change."""
    known = "select basis, as_of_date, students from marts.coverage_history order by all"
    before, told_before = rows(home, known), rows(home, "select * from marts.student_change order by all")
    assert before == [("known_then", as_of, 5) for as_of in (FIRST, SECOND, THIRD)]
    for basis in ("known_then", "recomputed"):
        build(home, THIRD, select="student_subject_status+ school_coverage_history+", basis=basis)
    assert rows(home, known) == [*before, ("recomputed", THIRD, 5)]
    assert rows(home, "select * from marts.student_change order by all") == told_before
