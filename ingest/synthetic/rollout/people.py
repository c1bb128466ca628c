"""Training, roles and support cases of the rollout's schools."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from ingest.synthetic.rollout.counties import RolloutSchool
from ingest.synthetic.rollout.planted import CLASSROOM_EFFECT

Row = dict[str, Any]
TOPICS = ("Føre fravær", "Timeplan og vikar", "Vurdering og karakterer")
ROLES = ("super_user", "school_admin", "timetabler", "exam_officer")
AREAS = ("timetable", "absence", "grades", "exam", "groups", "payroll", "access")
KINDS = ("error", "error", "error", "question", "question", "improvement")
SEVERITIES = ("critical", "high", "medium", "medium", "low")
# Schools that began in August 2020: every other was in the classroom in March, the rest in August.
_WAVE = date(2020, 8, 17)
_EARLY_COURSE, _LATE_COURSE, _WEBINAR = date(2021, 3, 8), date(2021, 8, 23), date(2022, 3, 7)
_TRAINED = 6
_FEWER_AFTER = 12
"""Months after which a school has about a third of the cases it had at the start."""


def trainings(schools: Sequence[RolloutSchool], seed: int, until: date) -> list[Row]:
    """Some never complete theirs, and some do after the day it was due."""
    rows: list[Row] = []
    for place, school in enumerate(schools):
        dice = random.Random(f"{seed}:training:{school.school_id}")
        for format_, day in _courses(school, place):
            for person in range(_TRAINED):
                completed = day + timedelta(days=dice.randrange(12))
                is_done = dice.random() < 0.93 and completed <= until
                rows.append(
                    {
                        "staff_key": _staff(school, person),
                        "school_id": school.school_id,
                        "format": format_,
                        "topic": TOPICS[person % len(TOPICS)],
                        "due_on": day + timedelta(days=14),
                        "completed_on": completed if is_done else None,
                        "rating": _rating(format_, dice) if is_done and dice.random() < 0.8 else None,
                    }
                )
    return rows


def _courses(school: RolloutSchool, place: int) -> Iterator[tuple[str, date]]:
    start = school.adopted_on or school.planned_on
    yield "video", start - timedelta(days=10)
    if start == _WAVE:
        is_early = trained_early(school)
        yield "classroom", _EARLY_COURSE if is_early else _LATE_COURSE
        if is_early:
            yield "webinar", _WEBINAR
    else:
        yield ("classroom", "webinar")[place % 2], start - timedelta(days=30)


def trained_early(school: RolloutSchool) -> bool:
    """Whether a school that began in August 2020 was in the classroom half a year before the others."""
    return int(school.school_id) % 2 == 0


def _rating(format_: str, dice: random.Random) -> int:
    middle = {"video": 3, "webinar": 3, "classroom": 4}[format_]
    return min(5, max(1, middle + dice.choice((-1, 0, 0, 1))))


def _staff(school: RolloutSchool, person: int) -> str:
    return f"{school.school_id[2:]}{person:02d}"


def roles(schools: Sequence[RolloutSchool], seed: int, until: date) -> list[Row]:
    """Every school fills the roles before it begins; some lose one again."""
    rows: list[Row] = []
    for school in schools:
        dice = random.Random(f"{seed}:roles:{school.school_id}")
        begins = (school.adopted_on or school.planned_on) - timedelta(days=45)
        for person, role in enumerate(ROLES):
            is_vacant = dice.random() < 0.08
            leaves = begins + timedelta(days=dice.randrange(120, 400))
            valid_to = leaves if leaves <= until and dice.random() < 0.2 else None
            if is_vacant or begins > until:
                continue
            rows.append(_role(school, role, person, begins, valid_to))
            if valid_to and dice.random() < 0.7:
                follows = valid_to + timedelta(days=dice.randrange(1, 60))
                if follows <= until:
                    rows.append(_role(school, role, person + 10, follows, None))
    return rows


def _role(school: RolloutSchool, role: str, person: int, since: date, until: date | None) -> Row:
    return {
        "school_id": school.school_id,
        "role": role,
        "staff_key": _staff(school, person),
        "valid_from": since,
        "valid_to": until,
    }


def support_cases(schools: Sequence[RolloutSchool], seed: int, until: date) -> list[Row]:
    """Many at first, then fewer; some repeat an earlier one, and some are never solved."""
    rows: list[Row] = []
    for school in schools:
        if school.adopted_on is None:
            continue
        dice = random.Random(f"{seed}:support:{school.school_id}")
        own: list[Row] = []
        for number, opened in enumerate(_openings(school, school.adopted_on, until, dice), start=1):
            own.append(_case(f"S-{school.school_id}-{number:04d}", opened, until, own, dice))
        rows += own
    return rows


def _openings(school: RolloutSchool, adopted: date, until: date, dice: random.Random) -> Iterator[datetime]:
    """Months of the first two years, July left out."""
    for number in range(24):
        first = (adopted.replace(day=1) + timedelta(days=31 * number)).replace(day=1)
        expected = _expected(school, adopted, first, number)
        # A whole number about the expected one, as counts scatter.
        for _ in range(sum(dice.random() < expected / 40 for _ in range(40))):
            day = first + timedelta(days=dice.randrange(28))
            if adopted <= day <= until:
                yield datetime(day.year, day.month, day.day, dice.randrange(7, 16), dice.randrange(60))  # noqa: DTZ001 - local


def _expected(school: RolloutSchool, adopted: date, month: date, number: int) -> float:
    if month.month == 7:
        return 0.0
    if adopted != _WAVE:
        return 9 / (1 + number / 4)
    course = _EARLY_COURSE if trained_early(school) else _LATE_COURSE
    usual = 12 / (1 + number / _FEWER_AFTER)
    return usual * (CLASSROOM_EFFECT if month > course else 1.0)


def _case(case_id: str, opened: datetime, until: date, earlier: list[Row], dice: random.Random) -> Row:
    kind = dice.choice(KINDS)
    days = round(dice.lognormvariate(1.8, 1.1)) + (60 if kind == "improvement" else 0)
    closed = opened + timedelta(days=days, minutes=dice.randrange(30, 90))
    repeats = dice.choice(earlier)["case_id"] if earlier and dice.random() < 0.12 else None
    is_closed = closed.date() <= until and dice.random() > (0.15 if kind == "improvement" else 0.01)
    return {
        "case_id": case_id,
        "school_id": case_id.split("-")[1],
        "kind": kind,
        "area": dice.choice(AREAS),
        "severity": dice.choice(SEVERITIES),
        "opened_at": opened,
        "closed_at": closed if is_closed else None,
        "duplicate_of": repeats,
    }
