"""Time samples, volumes, plans and positions of the rollout's schools."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from ingest.sources.workbook.forms import work_processes
from ingest.synthetic.rollout.counties import RolloutSchool
from ingest.synthetic.rollout.planted import (
    ABSENT,
    BY_CODE,
    CASE_SPREAD,
    POSITION_SHARES,
    PROCESSES,
    TREND_BEFORE,
    Measured,
    Process,
    true_hours,
    true_minutes,
)

Row = dict[str, Any]
HOURS = 1687.5
POSITIONS = ("teacher", "teacher", "teacher", "leader", "secretary")
HALF_YEARS = [date(year, month, 1) for year in range(2018, 2023) for month in (2, 9)]
POSITION_YEARS = range(2017, 2023)
FULL_CASES = 10
_NEW_SINCE_ADOPTION = timedelta(days=120)
_DRIFTS_UNTIL = date(2021, 1, 1)


def register() -> list[Row]:
    """The processes the counties follow, as the shipped register words them."""
    shipped = {seed.process_code: seed for seed in work_processes()}
    return [
        {name: getattr(shipped[process.code], name) for name in shipped[process.code].__struct_fields__}
        | {"owner": process.owner}
        for process in PROCESSES
    ]


def time_samples(schools: Sequence[RolloutSchool], seed: int, until: date) -> list[Row]:
    """Few, skewed, and alike within a school."""
    return [
        sample
        for process in PROCESSES
        for place, school in enumerate(schools)
        for sample in _samples(process, school, place, seed)
        if sample["sampled_on"] <= until
    ]


def _samples(process: Process, school: RolloutSchool, place: int, seed: int) -> Iterator[Row]:
    dice = random.Random(f"{seed}:samples:{process.code}:{school.school_id}")
    for day in _days(process, school, place):
        phase = "follow_up" if school.adopted(day) else "baseline"
        minutes = true_minutes(process.code, school.school_id, phase, seed) - _drift(process, school, day)
        # New work cannot be timed before it is there; that removed work is gone can be seen.
        if process.before == 0 and phase == "baseline":
            continue
        cases = dice.randint(4, FULL_CASES)
        mean = sum(dice.lognormvariate(-(CASE_SPREAD**2) / 2, CASE_SPREAD) for _ in range(cases)) / cases
        yield {
            "process_code": process.code,
            "school_id": school.school_id,
            "sampled_on": day + timedelta(days=dice.randrange(28)),
            "phase": phase,
            "minutes_per_case": max(0.01, round(minutes * mean, 2)) if minutes else 0,
            "cases": cases,
            "method": "timed" if dice.random() < 0.8 else "diary",
        }


def _days(process: Process, school: RolloutSchool, place: int) -> list[date]:
    """When a school takes its samples: few schools, few days, but for what is followed every half-year."""
    adopted = school.adopted_on or school.planned_on
    before = [adopted - timedelta(days=300), adopted - timedelta(days=150)]
    after = [adopted + timedelta(days=100), adopted + timedelta(days=190)]
    if process.measured is Measured.HALF_YEARLY and not school.has_extracts:
        return [*HALF_YEARS, *([date(2025, 9, 1)] if place % 3 == 0 else [])]
    # Half of the schools take part, and every process is spread over others of them.
    if process.measured is Measured.NOT or (place + len(process.code)) % 2:
        return []
    if school.county_number in process.unmeasured_in:
        return before if process.measured is Measured.BEFORE_ONLY else [*before, after[0]]
    recent = date(2025, 9, 1) if adopted < date(2025, 1, 1) else date(2026, 2, 1)
    return [*before, *after, recent]


def _drift(process: Process, school: RolloutSchool, day: date) -> float:
    early = school.adopted_on is not None and school.adopted_on < _DRIFTS_UNTIL
    if not process.drift or not early or school.has_extracts:
        return 0.0
    half_years = (min(day, _DRIFTS_UNTIL) - HALF_YEARS[0]).days / 182.6
    return process.drift * max(0.0, half_years)


def volumes(schools: Sequence[RolloutSchool], seed: int, until: date) -> list[Row]:
    """Cases of each month in which there were some, from half a year before the school adopts."""
    rows = []
    for process in PROCESSES:
        for school in schools:
            dice = random.Random(f"{seed}:volume:{process.code}:{school.school_id}")
            size = dice.uniform(0.7, 1.3)
            for month in _months((school.adopted_on or school.planned_on) - timedelta(days=182), until):
                # New work has no cases before it exists.
                is_new = process.before == 0 and not school.adopted(month)
                if month.month in process.months and not is_new:
                    cases = round(process.months[month.month] * size * dice.uniform(0.85, 1.15))
                    rows.append(
                        {
                            "process_code": process.code,
                            "school_id": school.school_id,
                            "month": month,
                            "cases": cases,
                        }
                    )
    return rows


def _months(first: date, until: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= until:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def targets(
    counted: Sequence[Row], county_number: str, schools: Sequence[RolloutSchool], seed: int
) -> list[Row]:
    """What the county planned for the months its schools have cases in: more than the truth, as plans are,
    and from the day it was to begin, not from the day it did."""
    planned_on = {school.school_id: school.planned_on.replace(day=1) for school in schools}
    sums: dict[tuple[str, date], float] = {}
    for row in counted:
        code, school = row["process_code"], row["school_id"]
        if row["month"] >= planned_on[school]:
            hours = true_hours(code, school, row["cases"], seed) * BY_CODE[code].planned_share
            if code in (ABSENT, TREND_BEFORE):
                # Promised, though the system saves none of it.
                hours = row["cases"] * 1.5 / 60
            sums[code, row["month"]] = sums.get((code, row["month"]), 0.0) + hours
    return [
        {
            "process_code": code,
            "county_number": county_number,
            "month": month,
            "planned_hours": round(hours, 1),
        }
        for (code, month), hours in sorted(sums.items())
    ]


def positions(schools: Sequence[RolloutSchool], seed: int, years: Sequence[int]) -> list[Row]:
    """Planned and used hours of each position; the system moves none of them to teaching."""
    rows = []
    for school in schools:
        dice = random.Random(f"{seed}:positions:{school.school_id}")
        level = dice.gauss(0, 0.01)
        for year in years:
            for number, role in enumerate(POSITIONS, start=1):
                planned = (level, level)
                actual = (level + dice.gauss(0, 0.012), level + dice.gauss(0, 0.012))
                for plan, drawn in (("planned", planned), ("actual", actual)):
                    rows.append(
                        {
                            "school_id": school.school_id,
                            "school_year": f"{year}-{(year + 1) % 100:02d}",
                            "position_id": f"{number}",
                            "plan": plan,
                            "role": role,
                            **_hours(role, drawn),
                        }
                    )
    return rows


def _hours(role: str, drawn: tuple[float, float]) -> dict[str, float]:
    if role != "teacher":
        return {
            "teaching_hours": 0.0,
            "pedagogical_hours": 337.5 if role == "leader" else 0.0,
            "administrative_hours": 1350.0 if role == "leader" else HOURS,
        }
    teaching = round(HOURS * (POSITION_SHARES["teaching"] + drawn[0]), 1)
    administrative = round(HOURS * (POSITION_SHARES["administrative"] - drawn[1]), 1)
    return {
        "teaching_hours": teaching,
        "pedagogical_hours": round(HOURS - administrative - teaching, 1),
        "administrative_hours": administrative,
    }
