"""The recovery list, the absence limit and the day a shortfall was known, on a county reckoned by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.dbt.county import County, day
from tests.dbt.warehouse import build, land, rows

AS_OF = day(50)
LESSONS = 10
Rows = Callable[[str], list[tuple[Any, ...]]]


def _lessons_to_lift(county: County) -> None:
    """The timetable has exactly what is required, so every diverted hour is missing."""
    missing = {"rec1": [1, 1, 1, 1, 2, 3, 3, 3, 3, 3], "rec2": [1, 1, 2, 2]}
    county.subject("rec", LESSONS)
    for group_id, hours in missing.items():
        county.group(group_id, "rec")
        for number in range(LESSONS):
            county.lesson(group_id, number)
        for turn, lost in enumerate(hours):
            name = f"{group_id}-s{turn}"
            county.student(name, "rec")
            county.member(name, group_id)
            for number in range(lost):
                county.absence(name, group_id, number + 3, "!")


def _absence_at_the_limit(county: County) -> None:
    county.subject("abs", LESSONS)
    county.group("abs1", "abs")
    for number in range(LESSONS):
        county.lesson("abs1", number)
    for name, minutes, code, category in [
        ("clear", 29, "X", "full_time"),
        ("near", 30, "M", "full_time"),
        ("at", 60, "X", "full_time"),
        ("over", 61, "X", "full_time"),
        ("documented", 120, "D", "full_time"),
        ("adult", 120, "X", "adult"),
    ]:
        county.student(name, "abs", category=category)
        county.member(name, "abs1")
        county.absence(name, "abs1", 0, code, min(minutes, 60))
        if minutes > 60:
            county.absence(name, "abs1", 1, code, minutes - 60)
    county.rows["absence_warning"].append(
        {"warning_id": "w1", "enrolment_id": "near", "subject_code": "abs", "sent_on": day(9), "percent": 5}
    )


def _shortfalls(county: County) -> None:
    """An hour of slack, cancelled on days 3 and 7."""
    county.subject("kno", LESSONS - 1)
    county.subject("pla", LESSONS + 5)
    county.group("kno1", "kno")
    county.group("pla1", "pla")
    for number in range(LESSONS):
        county.lesson("kno1", number, status="cancelled" if number in (3, 7) else "held", cause="sickness")
        county.lesson("pla1", number + 2)
    county.student("whole", "kno", "pla")
    county.member("whole", "kno1")
    county.member("whole", "pla1")
    county.student("late", "kno")
    county.member("late", "kno1", first=5)
    county.student("away", "kno")
    county.member("away", "kno1")
    county.absence("away", "kno1", 4, "!")
    county.student("nowhere", "kno")


def _spread(county: County) -> None:
    """Three schools lose four, three and one of the hours of a subject."""
    county.subject("spr", LESSONS)
    for school_id, lost in (("2001", 3), ("2002", 4), ("2003", 1)):
        county.rows["school"].append({**county.rows["school"][0], "school_id": school_id, "name": school_id})
        county.group(f"spr{school_id}", "spr")
        county.rows["teaching_group"][-1]["school_id"] = school_id
        for number in range(LESSONS):
            status = "cancelled" if number < lost else "held"
            county.lesson(f"spr{school_id}", number, status=status, school_id=school_id)
        county.student(f"spr-{school_id}", "spr")
        county.member(f"spr-{school_id}", f"spr{school_id}")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    home = tmp_path_factory.mktemp("marts")
    county = County()
    for situation in (_lessons_to_lift, _absence_at_the_limit, _shortfalls, _spread):
        situation(county)
    land(home, county.tables, AS_OF)
    build(
        home,
        AS_OF,
        select="+recovery +absence_limit +student_subject_detail +loss_cause +group_forecast"
        " +loss_concentration +school_day_loss",
    )
    return lambda sql: rows(home, sql)


def test_lessons_are_added_where_each_lifts_most(found: Rows) -> None:
    assert found(
        "select group_id, lessons_to_add, minutes_to_add, students_missing, students_lifted,"
        " student_minutes_recovered, minutes_per_lesson_added, rank_in_school"
        " from marts.recovery where subject_code = 'rec' order by group_id"
    ) == [
        # Four students per lesson by one lesson; two lessons would lift 5, three 10: fewer for each.
        ("rec1", 1, 60, 10, 4, 600, 600.0, 1),
        # One and two lessons lift two students each: of equals the number that lifts more.
        ("rec2", 2, 120, 4, 4, 360, 180.0, 2),
    ]


def test_the_fewest_schools_that_hold_half_of_what_is_lost(found: Rows) -> None:
    assert found(
        "select lost_minutes, schools, schools_holding_half, held_minutes, school_ids"
        " from marts.loss_concentration where subject_code = 'spr'"
    ) == [(480, 3, 1, 240, "2002")]


def test_a_day_counts_its_lessons_once(found: Rows) -> None:
    assert found(
        "select lesson_date, scheduled_minutes, lost_minutes from marts.school_day_loss"
        " where school_id = '2002' and lesson_date between "
        f"'{day(3)}' and '{day(4)}' order by 1"
    ) == [(day(3), 60, 60), (day(4), 60, 0)]


def test_exactly_the_limit_is_not_over_it(found: Rows) -> None:
    status = {
        name: (counted, percent, judged, warned, due)
        for name, counted, percent, judged, warned, due in found(
            "select student_key, counted_minutes, percent::double, status, warned_on, warning_due"
            " from marts.absence_limit where subject_code = 'abs' and period = 'year'"
        )
    }
    assert status == {
        "clear": (29, 4.83, "clear", None, False),
        "near": (30, 5.0, "warn", day(9), False),
        "at": (60, 10.0, "warn", None, True),
        "over": (61, 10.17, "over", None, True),
        "documented": (0, 0.0, "clear", None, False),
        "adult": (120, 20.0, "clear", None, False),
    }


def test_spring_is_not_told_before_it_begins(found: Rows) -> None:
    periods = found("select distinct period, is_comparable from marts.absence_limit")
    assert sorted(periods) == [("autumn", True), ("year", True)]


def test_a_shortfall_is_known_when_the_slack_is_used_up(found: Rows) -> None:
    known = {
        (name, subject): (when, cause)
        for name, subject, when, cause in found(
            "select student_key, subject_code, known_from, shortfall_cause from marts.student_subject_detail"
            " where subject_code in ('kno', 'pla')"
        )
    }
    assert known == {
        ("whole", "kno"): (day(7), "cancelled"),
        ("whole", "pla"): (day(0), "not_scheduled"),
        ("late", "kno"): (day(5), "outside_membership"),
        ("away", "kno"): (day(4), "cancelled"),
        ("nowhere", "kno"): (day(0), "not_assigned"),
    }


def test_each_lost_minute_has_one_cause(found: Rows) -> None:
    assert found(
        "select cause, cancellation_cause, student_minutes, students from marts.loss_cause"
        " where subject_code = 'kno' order by cause"
    ) == [
        ("cancelled", "sickness", 60 * 5, 3),
        ("diverted", None, 60, 1),
        ("not_assigned", None, 540, 1),
        ("outside_membership", None, 300, 1),
    ]
