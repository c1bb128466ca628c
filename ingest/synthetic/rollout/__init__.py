"""The rollout's story as sheets: what project offices and schools would have filled in since 2018.

Counties and dates are those of the real rollout where a source gives them (counties.py); the schools and
every figure are invented (planted.py says what must be found again).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ingest.sources.workbook.known import School as KnownSchool
from ingest.sources.workbook.labels import Scope
from ingest.sources.workbook.writing import write_workbook
from ingest.synthetic.calendar import early_morning
from ingest.synthetic.rollout import benefits, people, project
from ingest.synthetic.rollout.counties import (
    COUNTIES,
    County,
    RolloutSchool,
    extract_schools,
    history_schools,
)
from ingest.synthetic.schools import COUNTY_NUMBER, School

MANIFEST = "delivery.json"
REGISTER, SHEETS = "landing", "sheets"
_SCHOOL_COLUMNS = (
    "school_id",
    "valid_from",
    "valid_to",
    "county_number",
    "name",
    "organisation_number",
    "owner",
)
_FIRST_DAY = date(2010, 1, 1)
_POSITION_YEARS_99 = (2023, 2024, 2025)

Row = dict[str, Any]


def write_rollout(deliveries: Sequence[tuple[Path, date]], schools: Sequence[School], seed: int) -> None:
    """Into each delivery's folder what was known on its morning; the other counties' past into the first.

    Two workbooks: the invented county's own, with what the project keeps for all, and one of the others.
    """
    own = extract_schools(schools)
    for number, (folder, day) in enumerate(deliveries):
        until = day - timedelta(days=1)
        sheets = _folder(folder / SHEETS, day)
        known = _common(seed, until) | _own(own, seed, until)
        _workbook(sheets / f"gevinst-og-utrulling-{COUNTY_NUMBER}.xlsx", COUNTY_NUMBER, own, day, known)
        if number == 0:
            others = history_schools()
            _write_register(_folder(folder / REGISTER, day), others)
            parts = [_history(county, _members(county), seed, until) for county in COUNTIES]
            together = {table: _distinct(part[table] for part in parts) for table in parts[0]}
            _workbook(sheets / "gevinst-og-utrulling-andre-fylker.xlsx", None, others, day, together)


def _distinct(parts: Iterable[list[Row]]) -> list[Row]:
    """What counties that had merged state alike stands once."""
    found: list[Row] = []
    seen: set[tuple[Any, ...]] = set()
    for row in (row for part in parts for row in part):
        if (key := tuple(row.values())) not in seen:
            seen.add(key)
            found.append(row)
    return found


def _members(county: County) -> list[RolloutSchool]:
    return [school for school in history_schools() if school.county_number == county.number]


def _folder(path: Path, day: date) -> Path:
    path.mkdir(parents=True)
    manifest = {"extracted_at": early_morning(day).isoformat(), "synthetic": True}
    (path / MANIFEST).write_text(json.dumps(manifest) + "\n", encoding="utf-8")
    return path


def _write_register(folder: Path, schools: Iterable[RolloutSchool]) -> None:
    """A school keeps its number through mergers: one row for each county it has lain in."""
    with (folder / "school.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(_SCHOOL_COLUMNS)
        for school in schools:
            for number, since, until in school.numbers:
                writer.writerow(
                    (school.school_id, since or _FIRST_DAY, until or "", number, school.name, "", "county")
                )


def _workbook(
    file: Path,
    county_number: str | None,
    schools: Sequence[RolloutSchool],
    day: date,
    rows: dict[str, list[Row]],
) -> None:
    known = [KnownSchool(school.school_id, school.name, school.county_number) for school in schools]
    write_workbook(file, Scope(county_number, known, day, synthetic=True), rows)


def _common(seed: int, until: date) -> dict[str, list[Row]]:
    """What the central project keeps for all counties."""
    return {
        "work_process": benefits.register(),
        "release": project.releases(until),
        "acceptance_test": project.acceptance_tests(seed, until),
    }


def _schools_part(
    schools: Sequence[RolloutSchool], county: str, seed: int, until: date
) -> dict[str, list[Row]]:
    counted = benefits.volumes(schools, seed, until)
    return {
        "time_sample": benefits.time_samples(schools, seed, until),
        "process_volume": counted,
        "benefit_target": benefits.targets(counted, county, schools, seed),
        "training": people.trainings(schools, seed, until),
        "support_case": people.support_cases(schools, seed, until),
        "role_assignment": people.roles(schools, seed, until),
        "integration_run": list(project.integrations(county, seed, until)),
    }


def _history(
    county: County, schools: Sequence[RolloutSchool], seed: int, until: date
) -> dict[str, list[Row]]:
    adopted = county.adopted.on
    return _schools_part(schools, county.number, seed, until) | {
        "staff_position": benefits.positions(schools, seed, benefits.POSITION_YEARS),
        "milestone": project.milestones_of(county, schools),
        "migration_check": project.conversion(county.number, adopted, len(schools), seed, until),
    }


def _own(schools: Sequence[RolloutSchool], seed: int, until: date) -> dict[str, list[Row]]:
    return _schools_part(schools, COUNTY_NUMBER, seed, until) | {
        "staff_position": benefits.positions(schools, seed, _POSITION_YEARS_99),
        "milestone": project.own_milestones(COUNTY_NUMBER, schools, until),
        "migration_check": project.conversion(COUNTY_NUMBER, date(2025, 8, 18), len(schools), seed, until),
    }
