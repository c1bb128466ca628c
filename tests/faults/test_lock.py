"""One at a time: who comes second waits, then is told who is at work."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from timerett.lock import FILE, HeldError, exclusive

HOLD = """
import sys, time
from pathlib import Path
from timerett.lock import exclusive
with exclusive(Path(sys.argv[1]), "build"):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(home: Path, seconds: float) -> subprocess.Popen[str]:
    """Another process that has the lock by the time this returns."""
    called = [sys.executable, "-c", HOLD, str(home), str(seconds)]
    process = subprocess.Popen(called, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_who_comes_second_is_told_who_is_at_work(tmp_path: Path) -> None:
    with hold(tmp_path, 60) as other:
        with pytest.raises(HeldError) as told, exclusive(tmp_path, "ingest", patience=0.3):
            pass
        other.kill()
    assert f"timerett build (process {other.pid}, since 20" in str(told.value)
    assert "Nothing was changed; try again" in str(told.value)


def test_who_waits_says_so_and_gets_its_turn(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with hold(tmp_path, 0.5) as other:
        with caplog.at_level(logging.INFO, "timerett"), exclusive(tmp_path, "ingest"):
            assert other.wait(5) == 0
        assert f"Waiting for timerett build (process {other.pid}" in caplog.text


def test_a_killed_holder_lets_go_and_its_leftovers_go(tmp_path: Path) -> None:
    with hold(tmp_path, 60) as other:
        (tmp_path / "spool").mkdir()
        (tmp_path / "spool" / "part").touch()
        (tmp_path / "published").mkdir()
        (tmp_path / "published" / "serving-1.unfinished.wal").touch()
        (tmp_path / "published" / "serving-1.duckdb").touch()
        (tmp_path / "warehouse.duckdb.wal").touch()
        os.kill(other.pid, signal.SIGKILL)
    started = time.monotonic()
    with exclusive(tmp_path, "ingest", patience=5):
        left = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file())
    assert left == [FILE, "published/serving-1.duckdb", "warehouse.duckdb.wal"]
    assert time.monotonic() - started < 5


def test_a_command_that_runs_another_holds_the_lock_once(tmp_path: Path) -> None:
    with exclusive(tmp_path, "erase"):
        with exclusive(tmp_path, "build", patience=0):
            pass
        called = [sys.executable, "-c", HOLD.replace('build")', 'build", patience=0)'), str(tmp_path), "0"]
        assert subprocess.run(called, capture_output=True, check=False).returncode != 0
