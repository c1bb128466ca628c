"""The warehouse holds no more memory than it may, and what it lays aside meanwhile tells nobody anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from timerett.settings import SettingsError, settings
from timerett.warehouse import connect

MARK = "Kari Nordmann 01010112345 "
FILL = f"CREATE TEMP TABLE filled AS SELECT repeat('{MARK}', 20) || i AS text FROM range(800_000) AS t(i)"


def test_what_does_not_fit_waits_unreadable_in_the_spool_and_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMERETT_MEMORY_MB", "256")
    with connect(tmp_path / "warehouse.duckdb") as connection:
        connection.execute(FILL)
        waiting = [file for file in (tmp_path / "spool").iterdir() if file.stat().st_size]
        assert waiting
        assert not any(MARK.encode() in file.read_bytes() for file in waiting)
        assert connection.execute("SELECT count(*) FROM filled").fetchall() == [(800_000,)]
    assert not [file for file in tmp_path.rglob("*") if "temp" in file.name]


def test_memory_is_a_quarter_of_the_machines_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIMERETT_MEMORY_MB", raising=False)
    assert 256 <= settings().memory_mb <= 1536
    monkeypatch.setenv("TIMERETT_MEMORY_MB", "100")
    with pytest.raises(SettingsError, match="TIMERETT_MEMORY_MB=100: must be a whole number of at least 256"):
        settings()
