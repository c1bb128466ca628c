"""A build computes for the right date, and publishes nothing where anything fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.demo.county import DemoCounty
from timerett.build import plan
from timerett.errors import WrongUseError
from timerett.settings import Settings
from timerett.warehouse import connect


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """The newest extract was taken at one in the morning, summer time: late the day before in UTC."""
    found = Settings(tmp_path, suppression_threshold=10, stale_after_teaching_days=10)
    with connect(found.warehouse) as connection:
        connection.execute(
            "INSERT INTO landing.batch VALUES ('b', 'fint', '99', 'full', ?, now(), 'h', true, 'landed')",
            [datetime(2026, 5, 4, 23, 0, tzinfo=UTC)],
        )
    return found


@pytest.mark.parametrize(
    ("asked", "as_of", "basis"),
    [
        (None, date(2026, 5, 4), "known_then"),
        ("2026-05-04", date(2026, 5, 4), "known_then"),
        ("2026-05-03", date(2026, 5, 3), "recomputed"),
        ("2026-06-01", date(2026, 6, 1), "known_then"),
    ],
)
def test_the_date_is_the_last_that_was_over_in_norway(
    place: Settings, asked: str | None, as_of: date, basis: str
) -> None:
    planned = plan(place, asked)
    assert (planned.as_of, planned.history_basis) == (as_of, basis)


def test_a_date_that_is_none_is_wrong_use(place: Settings) -> None:
    with pytest.raises(WrongUseError, match="2026-02-30: not a date"):
        plan(place, "2026-02-30")


def test_two_builds_never_share_a_name(place: Settings) -> None:
    assert plan(place, None).build_id != plan(place, None).build_id


def test_a_build_that_fails_publishes_nothing(demo_county: DemoCounty, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(
        demo_county.after_first, home, symlinks=True, ignore=shutil.ignore_patterns("demo", "identity.sqlite")
    )
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("INSERT INTO landing.enrolment SELECT * FROM landing.enrolment LIMIT 1")
    current = home / "published" / "current.duckdb"
    before = (current.readlink(), current.read_bytes(), sorted(current.parent.iterdir()))
    called = [sys.executable, "-c", "from timerett.cli import main; main()", "build"]
    environment = os.environ | {"TIMERETT_HOME": str(home)}
    ended = subprocess.run(called, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert (current.readlink(), current.read_bytes(), sorted(current.parent.iterdir())) == before
    with duckdb.connect(str(current), read_only=True) as connection:
        assert connection.execute("SELECT as_of_date FROM marts.publication").fetchall() == [
            (date(2026, 1, 25),)
        ]
    assert "The build failed, so nothing was published; the earlier figures stay." in ended.stderr
    assert "unique_stg_enrolment_enrolment_id: 1 rows break this test" in ended.stderr
    assert str(home / "logs" / "dbt.log") in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout
