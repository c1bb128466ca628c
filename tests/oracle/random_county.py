"""Small random counties that mix every situation of the rules, densely: seeded, and clean to the contract."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.oracle.dice import HOURS, LAST_YEAR, SUBJECTS, YEAR, Dice, Landing, Row, days, utc
from tests.oracle.lessons import MINUTE, OSLO
from tests.oracle.random_students import add_students

SCHOOLS = ["1001", "1002", "1003"]
PATTERNS = ["*", "ST*", "STUSP1*", "STUSP1----", "STUSP1----*", "STUSP2*", "IDIDR1----"]
SLOT_LISTS = ["NOR", "MAT|ENG", "FSP*", "REA*|GEO", "KRO|REA1", "ORAL|GEO", "GEO", "XYZ|REA*", "NOR|MAT|REA2"]
COVERS = [*[None] * 6, "own", "substitute", "substitute", "merged", "supervised", "self_study"]
CLOCK = [(8, 0), (8, 0), (9, 0), (10, 0), (10, 30), (12, 0), (0, 30), (2, 30), (23, 30)]


def random_county(
    seed: int, as_of: date, *, students: int = 5, null_areas: bool = False, bare_slots: bool = True
) -> Landing:
    """One county around an as-of date, in landing form.

    `null_areas` says whether an enrolment may lack a programme area, `bare_slots` whether a slot may
    hold for any programme area: with both, the county cannot be built together with others.
    """
    dice = Dice(seed, as_of)
    tables: Landing = {"school": [_school(school) for school in SCHOOLS]}
    tables["subject"] = [{"subject_code": subject, "name": subject, "kind": None} for subject in SUBJECTS]
    tables["curriculum_hours"] = _curriculum_hours(dice)
    tables["curriculum_slot"] = _curriculum_slots(dice, PATTERNS if bare_slots else PATTERNS[1:])
    _add_groups(dice, tables, students + 2)
    _add_lessons(dice, tables, 6 * students)
    add_students(dice, tables, students, SCHOOLS, null_areas=null_areas)
    return tables


def _school(school_id: str) -> Row:
    return {
        "school_id": school_id,
        "valid_from": "2018-01-01",
        "valid_to": None,
        "county_number": "02",
        "name": f"Skole {school_id}",
        "organisation_number": None,
        "owner": "county",
    }


def _validity(dice: Dice) -> Row:
    first = dice.one(["2016-17", *[LAST_YEAR] * 3, *[YEAR] * 3, "2019-20"])
    return {
        "valid_from_year": first,
        "valid_to_year": dice.maybe(0.15, max(first, dice.one([LAST_YEAR, YEAR]))),
    }


def _curriculum_hours(dice: Dice) -> list[Row]:
    """XYZ has no rows, ORAL is an assessment code, and now and then others are."""
    rows: dict[Any, Row] = {}
    for subject in SUBJECTS[:-1]:
        for _ in range(dice.one([1, 2, 2, 3])):
            pattern = dice.one(["*", "*", *PATTERNS])
            row = {"subject_code": subject, "programme_area_code": pattern} | _validity(dice)
            row["hours"] = "0" if subject == "ORAL" or dice.chance(0.03) else dice.one(HOURS)
            rows[subject, pattern, row["valid_from_year"]] = row
    return list(rows.values())


def _curriculum_slots(dice: Dice, patterns: list[str]) -> list[Row]:
    rows: dict[Any, Row] = {}
    for _ in range(dice.number(0, 12)):
        code, pattern = f"{dice.number(1, 6)}0-krav", dice.one(patterns)
        row = {"programme_area_code": pattern, "level": None, "slot_code": code, "name": code} | _validity(
            dice
        )
        row |= {"hours": dice.one(["0", *HOURS, "6"]), "subjects": dice.one(SLOT_LISTS)}
        rows[pattern, code, row["valid_from_year"]] = row
    return list(rows.values())


def _add_groups(dice: Dice, tables: Landing, count: int) -> None:
    tables["teaching_group"], tables["teaching_group_subject"] = [], []
    for group_id in dice.ids("g", count):
        group = {"group_id": group_id, "school_id": dice.one(SCHOOLS), "name": group_id}
        group["school_year"] = LAST_YEAR if dice.chance(0.1) else YEAR
        tables["teaching_group"].append(group)
        subjects = dice.some(SUBJECTS, 0, 2) if dice.chance(0.5) else dice.some(SUBJECTS, 2, 4)
        tables["teaching_group_subject"] += [{"group_id": group_id, "subject_code": s} for s in subjects]


def _add_lessons(dice: Dice, tables: Landing, count: int) -> None:
    groups = [group["group_id"] for group in tables["teaching_group"]]
    lesson_days = dice.some([dice.as_of + days(day) for day in range(-9, 7)], 7, 7)
    ids = dice.ids("l", count)
    tables["lesson"], tables["lesson_group"], tables["lesson_subject"] = [], [], []
    for lesson_id in ids:
        starts = _start(dice, lesson_days)
        length = dice.one([45, 45, 60, 60, 90, 50, 61, 7, 240]) * MINUTE
        length += timedelta(seconds=dice.one([0, 0, 0, 0, 0, 0, 0, 30]))
        replaced = dice.one([other for other in [*ids, "gone"] if other != lesson_id])
        tables["lesson"].append(
            {
                "lesson_id": lesson_id,
                "school_id": dice.one(SCHOOLS),
                "starts_at": utc(starts),
                "ends_at": utc(starts + length),
                "status": dice.one(["held", "held", "held", "timetabled", "cancelled"]),
                "cover": dice.one(COVERS),
                "replaces_lesson_id": dice.maybe(0.15, replaced),
                "subject_code": dice.maybe(0.15, dice.one(SUBJECTS)),
                "cause": None,
            }
        )
        served = dice.some(groups, 0 if dice.chance(0.03) else 1, dice.one([1, 1, 2, 3]))
        tables["lesson_group"] += [{"lesson_id": lesson_id, "group_id": group} for group in served]
        if dice.chance(0.15):
            tables["lesson_subject"] += _shares(dice, lesson_id, length // MINUTE)


def _start(dice: Dice, lesson_days: list[date]) -> datetime:
    """Mostly on a few days around the as-of date, some around local midnight; a few far away."""
    day = dice.day(-60, 60) if dice.chance(0.06) else dice.one(lesson_days)
    hour, minute = dice.one(CLOCK)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO).astimezone(UTC)


def _shares(dice: Dice, lesson_id: str, minutes: int) -> list[dict[str, Any]]:
    rows = []
    for subject in dice.some(SUBJECTS, 1, 3):
        declared = min(minutes, dice.one([0, minutes // 3, minutes // 2, minutes]))
        minutes -= declared
        rows.append({"lesson_id": lesson_id, "subject_code": subject, "minutes": declared})
    return rows
