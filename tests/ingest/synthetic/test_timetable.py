"""A timetable that a school could live by."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

import pytest

from ingest.synthetic import groups, timetable
from ingest.synthetic.calendar import delivery_dates, easter, school_year
from ingest.synthetic.model import World
from ingest.synthetic.programme import Curriculum
from ingest.synthetic.schools import county


@pytest.fixture(scope="module", params=[0, 2, 9], ids=["90 minutes", "45 minutes", "60 minutes"])
def planned(request: pytest.FixtureRequest) -> tuple[World, timetable.Planned]:
    school = county(12, 1)[request.param]
    world = World(
        school,
        school_year("2025-26", school.autumn_week),
        Curriculum("2025-26"),
        random.Random(request.param),
    )
    groups.populate(world, [])
    return world, timetable.schedule(world)


def test_no_student_is_in_two_places_at_once(planned: tuple[World, timetable.Planned]) -> None:
    world, _ = planned
    for enrolment in world.enrolments[::7]:
        lessons = {
            id(lesson): lesson for membership in enrolment.memberships for lesson in membership.group.lessons
        }
        in_order = sorted(lessons.values(), key=lambda lesson: (lesson.day, lesson.start))
        for before, after in pairwise(in_order):
            assert before.day < after.day or before.end <= after.start


def test_an_ordinary_plan_holds_the_required_minutes_and_little_more(
    planned: tuple[World, timetable.Planned],
) -> None:
    world, plan = planned
    short = {
        id(group) for kind in (timetable.PLANNED_SHORT, timetable.GAP) for group in plan.kind.get(kind, [])
    }
    for group in world.groups:
        if id(group) not in short and group.exists:
            taken = group.subjects[:1] if group.subjects[0].startswith("FSP") else group.subjects
            required = sum(world.curriculum.minutes(code) for code in taken)
            minutes = sum(lesson.minutes for lesson in group.lessons)
            # The last lesson may be longer than what was missing.
            largest = 1 + world.school.plan_margin + timetable.MARGIN_BEYOND_USUAL
            assert required <= minutes <= required * largest + 90


def test_lessons_stand_on_teaching_days_only(planned: tuple[World, timetable.Planned]) -> None:
    world, _ = planned
    assert {lesson.day for lesson in world.lessons} <= set(world.year.teaching_days)


def test_the_school_year_has_about_190_days() -> None:
    assert len(school_year("2025-26", 40).teaching_days) == 189
    assert date(2025, 9, 29).toordinal() not in school_year("2025-26", 40).teaching_days
    assert date(2025, 10, 6).toordinal() not in school_year("2025-26", 41).teaching_days


@pytest.mark.parametrize(
    ("year", "day"), [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5))]
)
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day


def test_the_default_deliveries_are_four_mondays() -> None:
    assert [day.isoformat() for day in delivery_dates(["2025-26"], 4)] == [
        "2025-10-06",
        "2025-12-01",
        "2026-01-26",
        "2026-03-02",
    ]


def test_an_earlier_year_is_delivered_once_closed() -> None:
    assert [day.isoformat() for day in delivery_dates(["2024-25", "2025-26"], 1)] == [
        "2025-06-30",
        "2026-03-02",
    ]
