"""What the project offices keep: milestones, releases and their tests, conversions and integrations."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from ingest.synthetic.rollout.counties import MERGED, SPLIT, County, RolloutSchool

Row = dict[str, Any]
# Names and dates of releases are invented.
RELEASES = (
    ("Leveranse 1", date(2017, 11, 20), date(2017, 12, 18), "Pilot: timeplan, fravær"),
    ("Leveranse 2", date(2019, 5, 13), date(2019, 8, 12), "Full bredde, med kjente feil"),
    ("Leveranse 3", date(2020, 4, 20), date(2020, 6, 22), "Karakterer og eksamen"),
    ("Leveranse 4", date(2021, 4, 19), date(2021, 6, 14), "Lønn og vikar"),
    ("Leveranse 5", date(2023, 4, 17), date(2023, 6, 19), "Eksamen, etter feilen i 2023"),
    ("Leveranse 6", date(2025, 5, 12), date(2025, 6, 23), "Fylke 99 tas inn"),
    ("Leveranse 7", date(2025, 9, 15), None, "Tverrfaglige timer"),
)
AREAS = ("timetable", "absence", "grades", "exam", "payroll", "year_planning")
OBJECTS = ("students", "staff", "groups", "grades", "absences", "certificates")
INTEGRATIONS = ("payroll", "hr", "identity", "admission", "archive")
_TESTS_PER_AREA = 4
_RUNS = 8


def milestones_of(county: County, schools: Sequence[RolloutSchool]) -> list[Row]:
    """A county's plan and what came of it; dates with a source are the real ones."""
    planned, start = county.planned.on, county.adopted.on
    rows = [_milestone(county, "adoption", planned, start)]
    for school in schools:
        if school.is_pilot:
            pilot = _milestone(county, "pilot", school.planned_on, school.adopted_on)
            rows.append(pilot | {"school_id": school.school_id})
    rows.append(
        _milestone(county, "full_operation", planned + timedelta(days=180), start + timedelta(days=360))
    )
    if len(county.numbers) > 1:
        rows += [_milestone(county, "merger", day, day) for day in (MERGED, SPLIT)]
    if county.guardian_access:
        rows.append(_milestone(county, "guardian_access", start, county.guardian_access.on))
    return rows


def _milestone(county: County, milestone: str, planned: date, actual: date | None) -> Row:
    """Under the number the county had on the planned day."""
    return {
        "county_number": county.number_on(planned),
        "school_id": "*",
        "milestone": milestone,
        "planned_on": planned,
        "actual_on": actual,
    }


def own_milestones(county_number: str, schools: Sequence[RolloutSchool], until: date) -> list[Row]:
    """The county of the extracts states school by school, since its schools begin in rounds."""
    rows = []
    for school in schools:
        reached = school.adopted_on if school.adopted_on and school.adopted_on <= until else None
        kind = "pilot" if school.is_pilot else "adoption"
        rows.append(
            {
                "county_number": county_number,
                "school_id": school.school_id,
                "milestone": kind,
                "planned_on": school.planned_on,
                "actual_on": reached,
            }
        )
    for name, planned, actual in (
        ("guardian_access", date(2025, 10, 1), date(2025, 11, 12)),
        ("legacy_closed", date(2026, 1, 31), None),
        ("full_operation", date(2026, 8, 17), None),
    ):
        reached = actual if actual and actual <= until else None
        rows.append(
            {
                "county_number": county_number,
                "school_id": "*",
                "milestone": name,
                "planned_on": planned,
                "actual_on": reached,
            }
        )
    return rows


def releases(until: date) -> list[Row]:
    """What the supplier has delivered."""
    return [
        {
            "release": name,
            "supplier_date": delivered,
            "accepted_on": accepted if accepted and accepted <= until else None,
            "notes": notes,
        }
        for name, delivered, accepted, notes in RELEASES
        if delivered <= until
    ]


def acceptance_tests(seed: int, until: date) -> list[Row]:
    """Four requirements in each area of each release; the first full release failed most."""
    rows = []
    for place, (name, delivered, accepted, _) in enumerate(RELEASES, start=1):
        dice = random.Random(f"{seed}:tests:{name}")
        if delivered > until:
            continue
        failing = 0.3 if place == 2 else 0.08
        for area in AREAS:
            for number in range(1, _TESTS_PER_AREA + 1):
                drawn = dice.random()
                result = "failed" if drawn < failing else "blocked" if drawn < failing + 0.05 else "passed"
                run_on = delivered + timedelta(days=dice.randrange(3, 25))
                if (accepted is None and drawn > 0.75) or run_on > until:
                    result, run_on_shown = "not_run", None
                else:
                    run_on_shown = run_on
                rows.append(
                    {
                        "test_id": f"T{place}-{area[:4].upper()}-{number}",
                        "release": name,
                        "requirement": f"Krav {area[:2].upper()}{number}",
                        "area": area,
                        "result": result,
                        "run_on": run_on_shown,
                    }
                )
    return rows


def conversion(county_number: str, on: date, schools: int, seed: int, until: date) -> list[Row]:
    """Counted in the old system and in the new: first in trial, then when it mattered."""
    sizes = {
        "students": 400,
        "staff": 70,
        "groups": 150,
        "grades": 5200,
        "absences": 21000,
        "certificates": 130,
    }
    rows = []
    for trial, days in enumerate((-60, -3)):
        checked = on + timedelta(days=days)
        dice = random.Random(f"{seed}:conversion:{county_number}:{trial}")
        for name in OBJECTS:
            legacy = round(sizes[name] * schools * dice.uniform(0.9, 1.1))
            lost = round(legacy * dice.choice((0, 0.002, 0.01))) if trial == 0 else dice.choice((0, 0, 0, 7))
            if checked <= until:
                rows.append(
                    {
                        "county_number": county_number,
                        "object": name,
                        "legacy_count": legacy,
                        "new_count": legacy - lost,
                        "explained": (dice.random() < 0.7) if lost else None,
                        "checked_on": checked,
                    }
                )
    return rows


def integrations(county_number: str, seed: int, until: date) -> Iterator[Row]:
    """The last weeks' runs of each integration; pay fails most."""
    for name in INTEGRATIONS:
        dice = random.Random(f"{seed}:integration:{county_number}:{name}")
        for week in range(_RUNS):
            day = until - timedelta(days=7 * (_RUNS - week) - 5)
            started = datetime(day.year, day.month, day.day, 3, dice.randrange(60))  # noqa: DTZ001 - local
            drawn = dice.random()
            failing = 0.25 if name == "payroll" else 0.04
            outcome = "failed" if drawn < failing else "partial" if drawn < 2 * failing else "ok"
            yield {
                "integration": name,
                "county_number": county_number,
                "started_at": started,
                "finished_at": started + timedelta(minutes=dice.randrange(2, 40))
                if outcome != "failed"
                else None,
                "outcome": outcome,
                "records": dice.randrange(200, 6000) if outcome != "failed" else None,
            }
