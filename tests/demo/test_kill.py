"""Killed at any moment: the earlier figures still read, and the next run needs no hand."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from tests.demo.county import DemoCounty
from timerett.build import build
from timerett.ingestion import ingest

SEED = 20260302
MOMENTS = 2
# Seconds after the first sign of life within which each command is killed.
SPANS = {"fint": 0.8, "report": 1.0, "build": 8.0}
# When a thing was done, and what the run was called: the only columns two homes may differ in.
OWN = ("build_id", "built_at", "loaded_at", "first_seen", "resolved_at", "failed_at")
COMMAND = [sys.executable, "-c", "from timerett.cli import main; main()"]


def test_killed_again_and_again_it_ends_as_if_nothing_had_happened(
    demo_county: DemoCounty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    shutil.copytree(demo_county.after_first, home, symlinks=True, ignore=shutil.ignore_patterns("demo"))
    second = demo_county.deliveries[1]
    commands = {
        "fint": ["ingest", "fint", str(second / "fint")],
        "report": ["ingest", "report", str(second / "reports")],
        "build": ["build"],
    }
    chance, killed = random.Random(SEED), 0
    for name, command in commands.items():
        for _ in range(MOMENTS):
            killed += _kill(command, chance.uniform(0, SPANS[name]))
            assert _published_on(home) == date(2026, 1, 25)
        if name == "build":
            for source in ("fint", "report"):
                assert "nothing changed" in _ingest(source, commands[source])
            build(as_of=None, out=Console(quiet=True))
        else:
            _ingest(name, command)
    assert killed >= len(commands), "hardly anything was still running when it was killed"
    assert _published_on(home) == date(2026, 3, 1)
    _same(home / "warehouse.duckdb", demo_county.root / "warehouse.duckdb", ("landing", "history"))
    _same(home / "published" / "current.duckdb", demo_county.published, ("marts",))


def _kill(command: list[str], seconds: float) -> bool:
    """Kill the command so long after it began its work; whether it was still at it."""
    with subprocess.Popen(
        [*COMMAND, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        process.stderr.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


def _ingest(source: str, command: list[str]) -> str:
    """The next run of the same command, in this process; what it says."""
    said = StringIO()
    ingest(source, Path(command[-1]), delta=False, check=False, out=Console(file=said))
    return said.getvalue()


def _published_on(home: Path) -> date:
    """The date of the figures a reader gets, from every table of them."""
    file = (home / "published" / "current.duckdb").resolve()
    with duckdb.connect(str(file), read_only=True) as connection:
        (found,) = connection.execute(
            "SELECT as_of_date FROM marts.publication JOIN marts.student_coverage USING (as_of_date) "
            "GROUP BY ALL"
        ).fetchall()
    day: date = found[0]
    return day


def _same(found: Path, wanted: Path, schemas: tuple[str, ...]) -> None:
    """Every table has the same rows in both, each as often."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{found.resolve()}' AS found (READ_ONLY)")
        connection.execute(f"ATTACH '{wanted}' AS wanted (READ_ONLY)")
        tables = connection.execute(
            "SELECT table_schema, table_name, list(CASE WHEN data_type IN ('DOUBLE', 'FLOAT') "
            "THEN 'round(\"' || column_name || '\", 6)' ELSE '\"' || column_name || '\"' END) "
            "FROM information_schema.columns WHERE table_catalog = 'wanted' "
            "AND list_contains(?, table_schema) AND NOT list_contains(?, column_name) GROUP BY ALL",
            [list(schemas), list(OWN)],
        ).fetchall()
        assert tables
        differing = {}
        for schema, table, names in tables:
            columns = ", ".join(names)
            here, there = (f'SELECT {columns} FROM {home}.{schema}."{table}"' for home in ("found", "wanted"))
            more, fewer = (
                connection.execute(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchall()[0][0]
                for one, other in ((here, there), (there, here))
            )
            if more or fewer:
                differing[f"{schema}.{table}"] = (more, fewer)
    assert differing == {}
