"""The mart against the oracle on random counties, row by row.

The seeds are fixed, so that the counties are the same every time.
"""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

from tests.oracle.comparison import differences, report
from tests.oracle.coverage import coverage
from tests.oracle.joining import joined, tagged
from tests.oracle.random_county import random_county
from tests.oracle.real_path import computed_mart
from tests.oracle.tables import RawTables

# The days around them hold the change to winter time and to summer time.
AUTUMN, SPRING = date(2018, 10, 29), date(2019, 4, 1)
COUNTIES = 100
AUTUMN_SEEDS, SPRING_SEEDS = range(COUNTIES), range(COUNTIES, 2 * COUNTIES)
EVERY_STATUS = {"exempt", "left", "not_assigned", "unknown", "met", "on_track|at_risk", "short"}


def joined_counties(seeds: range, as_of: date) -> tuple[RawTables, list[dict[str, Any]]]:
    """Many counties in one landing, and the rows the oracle gives for each by itself."""
    counties = {
        f"C{seed:03d}": random_county(seed, as_of, null_areas=seed % 2 == 1, bare_slots=seed % 2 == 0)
        for seed in seeds
    }
    expected = [row for tag, county in counties.items() for row in tagged(tag, coverage(county, as_of))]
    return joined(counties), expected


def test_the_mart_is_what_the_oracle_says(tmp_path: Path) -> None:
    tables, expected = joined_counties(AUTUMN_SEEDS, AUTUMN)
    lines = differences(expected, computed_mart(tmp_path, [tables], AUTUMN))
    assert not lines, report(lines)


def test_the_mart_is_the_same_whatever_the_order_of_rows_and_however_they_are_delivered(
    tmp_path: Path,
) -> None:
    tables, expected = joined_counties(SPRING_SEEDS, SPRING)
    lines = differences(expected, computed_mart(tmp_path, in_pieces(tables), SPRING))
    assert not lines, report(lines)


def in_pieces(tables: RawTables) -> list[RawTables]:
    """Shuffled and cut in three: parents may come before, with or after the rows that point at them."""
    rng = random.Random(1)
    pieces: list[dict[str, list[Any]]] = [{}, {}, {}]
    for table, rows in tables.items():
        for row in rng.sample(list(rows), len(rows)):
            rng.choice(pieces).setdefault(table, []).append(row)
    return list(pieces)


def test_slots_for_all_and_enrolments_without_programme_area_meet_in_one_county(tmp_path: Path) -> None:
    county = random_county(7, AUTUMN, students=60, null_areas=True, bare_slots=True)
    lines = differences(coverage(county, AUTUMN), computed_mart(tmp_path, [county], AUTUMN))
    assert not lines, report(lines)


def test_the_random_counties_hold_every_status_and_every_kind_of_minutes() -> None:
    rows = [row for seed in AUTUMN_SEEDS for row in coverage(random_county(seed, AUTUMN), AUTUMN)]
    assert {row["status"] for row in rows} == EVERY_STATUS
    for column in (name for name in rows[0] if name.endswith("_minutes")):
        assert sum(bool(row[column]) for row in rows) >= 10, f"{column} is hardly ever more than 0"
