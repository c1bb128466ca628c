"""The rollout's figures, reckoned by hand: plan against what happened, as known on the as-of date."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.dbt.county import SCHOOL, County, day
from tests.dbt.warehouse import build, land, rows

AS_OF = day(20)
OTHER = "1002"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    county = County()
    # The other school came to county 02 from county 01 in 2018.
    county.rows["school"].append(
        {
            "school_id": OTHER,
            "valid_from": date(2015, 1, 1),
            "valid_to": date(2017, 12, 31),
            "county_number": "01",
            "name": "Fjellheim",
            "owner": "county",
        }
    )
    county.rows["school"].append(
        {**county.rows["school"][-1], "valid_from": date(2018, 1, 1), "valid_to": None, "county_number": "02"}
    )
    _milestones(county)
    _support(county)
    _training(county)
    _county_systems(county)
    _groups(county)
    home = tmp_path_factory.mktemp("rollout")
    land(home, county.tables, AS_OF)
    build(
        home,
        AS_OF,
        select="+milestone +adoption +support +support_age +training +readiness +role +integration "
        "+migration +acceptance +position_plan",
    )
    return home


def _milestones(county: County) -> None:
    for school, name, planned, actual in (
        ("*", "adoption", date(2018, 8, 1), date(2018, 8, 20)),
        (SCHOOL, "pilot", date(2018, 1, 1), date(2018, 1, 15)),
        ("*", "legacy_closed", date(2018, 9, 1), None),
        ("*", "full_operation", AS_OF + timedelta(days=9), None),
        # What happened after the as-of date is not known on it.
        (OTHER, "guardian_access", date(2018, 9, 1), AS_OF + timedelta(days=1)),
    ):
        county.rows["milestone"].append(
            {
                "county_number": "02",
                "school_id": school,
                "milestone": name,
                "planned_on": planned,
                "actual_on": actual,
            }
        )
    # Of the county the school has left: it was planned while the school lay there.
    county.rows["milestone"].append(
        {
            "county_number": "01",
            "school_id": "*",
            "milestone": "merger",
            "planned_on": date(2017, 12, 31),
            "actual_on": date(2017, 12, 31),
        }
    )


def _support(county: County) -> None:
    for number, (opened, closed, repeats) in enumerate(
        ((0, 3, None), (1, None, None), (7, None, "case-1"), (21, None, None))
    ):
        county.rows["support_case"].append(
            {
                "case_id": f"case-{number}",
                "school_id": SCHOOL,
                "kind": "error",
                "area": "absence",
                "severity": "high",
                "opened_at": f"{day(opened)}T08:00:00Z",
                "closed_at": f"{day(closed)}T08:00:00Z" if closed is not None else None,
                "duplicate_of": repeats,
            }
        )


def _training(county: County) -> None:
    for number, (completed, rating) in enumerate(((day(2), 4), (day(9), 5), (None, None), (day(21), 1))):
        county.rows["training"].append(
            {
                "training_id": f"t{number}",
                "staff_key": f"staff{number}",
                "school_id": SCHOOL,
                "format": "video",
                "topic": "Føre fravær",
                "completed_on": completed,
                "due_on": day(5),
                "rating": rating,
            }
        )
    county.rows["role_assignment"] += [
        {"school_id": SCHOOL, "role": "super_user", "staff_key": "a", "valid_from": day(0)},
        {
            "school_id": OTHER,
            "role": "super_user",
            "staff_key": "b",
            "valid_from": day(0),
            "valid_to": day(9),
        },
    ]


def _county_systems(county: County) -> None:
    for started, finished, outcome in ((0, 0, "ok"), (18, 18, "failed"), (19, None, "ok"), (21, 21, "ok")):
        county.rows["integration_run"].append(
            {
                "integration": "payroll",
                "county_number": "02",
                "started_at": f"{day(started)}T03:00:00Z",
                "finished_at": f"{day(finished)}T03:10:00Z" if finished is not None else None,
                "outcome": outcome,
                "records": 100 + started,
            }
        )
    for check, legacy, new, explained, checked in (
        ("a", 10, 8, None, day(0)),
        ("b", 10, 9, True, day(3)),
        ("c", 10, 10, None, day(21)),
    ):
        county.rows["migration_check"].append(
            {
                "check_id": check,
                "county_number": "02",
                "object": "students",
                "legacy_count": legacy,
                "new_count": new,
                "explained": explained,
                "checked_on": checked,
            }
        )
    county.rows["release"] += [
        {"release": "1.0", "supplier_date": day(0), "accepted_on": day(4)},
        {"release": "1.1", "supplier_date": day(5), "accepted_on": day(21)},
    ]
    for test, result in (("t1", "passed"), ("t2", "failed"), ("t3", "not_run")):
        county.rows["acceptance_test"].append(
            {
                "test_id": test,
                "release": "1.1",
                "requirement": "R1",
                "area": "absence",
                "result": result,
                "run_on": None if result == "not_run" else day(6),
            }
        )
    for year, plan, teaching in (("2017-18", "planned", 500), ("2018-19", "planned", 520)):
        county.rows["staff_position"].append(
            {
                "school_id": OTHER,
                "school_year": year,
                "position_id": "1",
                "plan": plan,
                "role": "teacher",
                "teaching_hours": teaching,
                "pedagogical_hours": 700,
                "administrative_hours": 100,
            }
        )


def _groups(county: County) -> None:
    """Two subjects, each with a group; one group has no teacher, one student is late for one of them."""
    for code in ("mat", "nor"):
        county.subject(code, 10)
        county.group(f"g-{code}", code)
        for number in range(3):
            county.lesson(f"g-{code}", number)
    county.rows["lesson_teacher"].append({"lesson_id": "g-mat-0", "teacher_key": "t"})
    for student, first in (("in_time", 0), ("late", 4)):
        county.student(student, "mat", "nor")
        county.member(student, "g-mat")
        county.member(student, "g-nor", first)


def test_milestones_stand_against_their_plan(home: Path) -> None:
    found = rows(home, "select school_id, milestone, days_late, state from marts.milestone order by all")
    assert found == [
        (SCHOOL, "adoption", 19, "reached_late"),
        (SCHOOL, "full_operation", None, "ahead"),
        (SCHOOL, "legacy_closed", (AS_OF - date(2018, 9, 1)).days, "overdue"),
        (SCHOOL, "pilot", 14, "reached_late"),
        (OTHER, "adoption", 19, "reached_late"),
        (OTHER, "full_operation", None, "ahead"),
        (OTHER, "guardian_access", (AS_OF - date(2018, 9, 1)).days, "overdue"),
        (OTHER, "legacy_closed", (AS_OF - date(2018, 9, 1)).days, "overdue"),
        (OTHER, "merger", 0, "reached"),
    ]


def test_a_pilot_adopts_when_the_pilot_began(home: Path) -> None:
    found = rows(
        home, "select school_id, is_pilot, adopted_month, days_late from marts.adoption order by all"
    )
    assert found == [(SCHOOL, True, date(2018, 1, 1), 14), (OTHER, False, date(2018, 8, 1), 19)]


def test_cases_are_open_until_they_are_closed(home: Path) -> None:
    found = rows(
        home, "select week_start, opened, closed, duplicates, open_at_end from marts.support order by all"
    )
    assert found == [(day(0), 2, 1, 0, 1), (day(5), 1, 0, 1, 2)]
    aged = rows(
        home, "select age_band, open_cases, duplicates, oldest_days from marts.support_age order by all"
    )
    assert aged == [("month", 2, 1, (AS_OF - day(1)).days)]


def test_training_is_overdue_where_it_is_not_completed(home: Path) -> None:
    found = rows(
        home,
        "select trainings, completed, overdue, completed_late, ratings, rating_sum from marts.training",
    )
    assert found == [(4, 2, 2, 1, 2, 9)]


def test_a_school_is_ready_where_groups_have_teachers_and_students_their_subjects(home: Path) -> None:
    found = rows(
        home,
        "select first_day, groups_on_first_day, groups_with_lessons, groups_with_teacher, students,"
        " students_ready from marts.readiness",
    )
    assert found == [(day(0), 2, 2, 1, 2, 1)]


def test_a_role_nobody_holds_is_vacant(home: Path) -> None:
    found = rows(
        home,
        "select school_id, people, is_filled, vacant_since from marts.role where role = 'super_user'"
        " order by all",
    )
    assert found == [(SCHOOL, 1, True, None), (OTHER, 0, False, day(9) + timedelta(days=1))]


def test_a_run_that_never_ended_has_failed(home: Path) -> None:
    found = rows(
        home,
        "select runs, recent_runs, recent_failures, last_outcome, last_ok_on, last_ok_records"
        " from marts.integration",
    )
    assert found == [(3, 3, 2, "unfinished", day(0), 100)]


def test_the_latest_count_before_the_date_stands(home: Path) -> None:
    found = rows(home, "select checked_on, difference, state, checks from marts.migration")
    assert found == [(day(3), -1, "explained", 2)]


def test_a_release_is_not_accepted_before_its_day(home: Path) -> None:
    found = rows(
        home,
        "select release, area, accepted_on, days_to_acceptance, tests, passed, failed, not_run"
        " from marts.acceptance order by all",
    )
    assert found == [
        ("1.0", "", day(4), 4, 0, 0, 0, 0),
        ("1.1", "absence", None, (AS_OF - day(5)).days, 3, 1, 1, 1),
    ]


def test_positions_before_and_after_the_school_adopted(home: Path) -> None:
    found = rows(
        home,
        "select school_year, is_after_adoption, positions, teaching_hours from marts.position_plan"
        " order by all",
    )
    assert found == [("2017-18", False, 1, 500), ("2018-19", True, 1, 520)]
