"""What each build knew is kept, and what was computed afterwards is kept apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb

from tests.demo.county import DemoCounty
from tests.demo.pipeline import EARLIER


def _current(county: DemoCounty, sql: str) -> list[tuple[Any, ...]]:
    """From the last build, which looked back."""
    with duckdb.connect(
        str((county.home / "published" / "current.duckdb").resolve()), read_only=True
    ) as found:
        return found.execute(sql).fetchall()


def test_two_builds_knew_their_own_day_and_one_looked_back(demo_county: DemoCounty) -> None:
    schools = len(demo_county.truth["school_facts"])
    assert _current(
        demo_county,
        "SELECT basis, as_of_date, count(DISTINCT school_id), count(DISTINCT build_id) "
        "FROM marts.coverage_history GROUP BY ALL ORDER BY ALL",
    ) == [
        ("known_then", date(2026, 1, 25), schools, 1),
        ("known_then", date(2026, 3, 1), schools, 1),
        ("recomputed", EARLIER, schools, 1),
    ]


def test_looking_back_changes_nothing_that_was_known_then(demo_county: DemoCounty) -> None:
    with duckdb.connect(str(demo_county.root / "published.duckdb"), read_only=True) as before:
        kept = before.execute("SELECT * FROM marts.coverage_history ORDER BY ALL").fetchall()
    known = "SELECT * FROM marts.coverage_history WHERE basis = 'known_then' ORDER BY ALL"
    assert _current(demo_county, known) == kept


def test_the_published_figures_are_those_of_the_date_asked_for(demo_county: DemoCounty) -> None:
    assert demo_county.as_of == date(2026, 3, 1)
    assert _current(demo_county, "SELECT DISTINCT as_of_date FROM marts.student_coverage") == [(EARLIER,)]
    assert _current(demo_county, "SELECT as_of_date, synthetic FROM marts.publication") == [(EARLIER, True)]


def test_changes_are_told_between_builds_that_knew_their_day(demo_county: DemoCounty) -> None:
    assert demo_county.rows("SELECT DISTINCT from_date, to_date FROM marts.change_since") == [
        (date(2026, 1, 25), date(2026, 3, 1))
    ]
