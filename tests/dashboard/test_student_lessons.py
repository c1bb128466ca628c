"""The lessons behind each step of a student's waterfall."""

from datetime import UTC, date, datetime
from typing import Any

from dashboard.access.scope import Row
from dashboard.queries.student_lessons import STEPS, behind

NEVER = date(9999, 12, 31)


def lesson(key: str, day: str, **more: Any) -> Row:
    found = date.fromisoformat(day)
    return {
        "lesson_id": key,
        "lesson_date": found,
        "starts_at": datetime(found.year, found.month, found.day, 7, 15, tzinfo=UTC),
        "minutes": 90,
        "status": "held",
        "cover": None,
        "cause": None,
        "replaces_lesson_id": None,
        "subject_code": None,
        "is_cancelled": False,
        "is_ahead": False,
        "is_assumed": False,
        **more,
    }


def span(group: str, start: str, lessons: list[Row], end: date = NEVER) -> Row:
    return {
        "group_id": group,
        "group_name": group,
        "start_date": date.fromisoformat(start),
        "end_date": end,
        "lessons": lessons,
    }


def steps(spans: list[Row], *, exams: tuple[Row, ...] = (), diverted: tuple[str, ...] = ()) -> dict[str, Any]:
    found = behind(spans, "MAT1019", exams, diverted)
    return {name: [lesson.lesson_id for lesson in found[name]] for name in STEPS if found[name]}


def test_each_lesson_stands_in_its_step() -> None:
    lessons = [
        lesson("held", "2025-09-01"),
        lesson("away", "2025-09-02"),
        lesson("cancelled", "2025-09-03", is_cancelled=True),
        lesson("replacement", "2025-09-04", replaces_lesson_id="cancelled"),
        lesson("replacement-cancelled", "2025-09-05", replaces_lesson_id="held", is_cancelled=True),
        lesson("ahead", "2026-05-01", is_ahead=True),
        lesson("ahead-cancelled", "2026-05-02", is_ahead=True, is_cancelled=True),
    ]
    assert steps([span("A", "2025-08-18", lessons)], diverted=("away",)) == {
        "offered": ["held", "away", "replacement"],
        "diverted": ["away"],
        "cancelled": ["cancelled", "ahead-cancelled"],
        "made_up": ["replacement"],
        "remaining": ["ahead"],
    }


def test_a_lesson_cancelled_on_an_exam_day_counts_as_given() -> None:
    exam = {"start_date": date(2025, 12, 2), "end_date": date(2025, 12, 2)}
    past = lesson("past", "2025-12-02", is_cancelled=True)
    other = lesson("other", "2025-12-03", is_cancelled=True)
    found = behind([span("A", "2025-08-18", [past, other])], "MAT1019", [exam], ())
    assert [lesson.lesson_id for lesson in found["offered"]] == ["past"]
    assert found["offered"][0].is_exam
    assert [lesson.lesson_id for lesson in found["cancelled"]] == ["other"]


def test_before_joining_the_lessons_of_the_group_joined_next_are_outside() -> None:
    first = span("A", "2025-10-01", [lesson("a", "2025-09-01"), lesson("a2", "2025-10-02")])
    later = span("B", "2026-01-01", [lesson("b", "2025-09-01"), lesson("b2", "2026-01-02")])
    assert steps([first, later]) == {"outside_membership": ["a"], "offered": ["a2", "b2"]}


def test_after_leaving_the_lessons_of_the_group_left_last_are_outside() -> None:
    early = span("A", "2025-08-18", [lesson("a", "2025-12-01")], date(2025, 10, 1))
    last = span("B", "2025-08-18", [lesson("b", "2025-12-01")], date(2025, 11, 1))
    assert steps([early, last]) == {"outside_membership": ["b"]}


def test_replacements_before_joining_are_not_outside() -> None:
    extra = lesson("extra", "2025-09-01", replaces_lesson_id="x")
    assert steps([span("A", "2025-10-01", [extra])]) == {}


def test_a_change_of_group_without_a_gap_loses_and_doubles_nothing() -> None:
    shared = lesson("shared", "2025-09-30")
    first = span("A", "2025-08-18", [shared, lesson("a", "2025-10-05")], date(2025, 10, 1))
    second = span("B", "2025-10-02", [shared, lesson("b", "2025-10-05")])
    assert steps([first, second]) == {"offered": ["shared", "b"]}


def test_a_lesson_that_names_another_subject_is_not_behind_this_one() -> None:
    assert steps([span("A", "2025-08-18", [lesson("other", "2025-09-01", subject_code="NOR1260")])]) == {}
