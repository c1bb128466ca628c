"""Killed at any moment: the earlier figures still read, and the next run needs no hand."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
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
PATIENCE = 300
Moment = Callable[[Path, Path], bool]
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
        "sheet": ["ingest", "sheet", str(second / "sheets")],
        "build": ["build"],
    }
    for name, moments in _moments(random.Random(SEED)).items():
        for moment in moments:
            _kill(home, commands[name], moment)
            assert _published_on(home) == date(2026, 1, 25)
        if name == "build":
            for source in ("fint", "report", "sheet"):
                assert "nothing changed" in _ingest(source, commands[source])
            build(as_of=None, out=Console(quiet=True))
        else:
            _ingest(name, commands[name])
        if name == "report":
            _ingest("sheet", commands["sheet"])
    assert _published_on(home) == date(2026, 3, 1)
    _same(home / "warehouse.duckdb", demo_county.root / "warehouse.duckdb", ("landing", "history"))
    _same(home / "published" / "current.duckdb", demo_county.published, ("marts",))


def _moments(chance: random.Random) -> dict[str, list[Moment]]:
    """Between two tables of a landing, between two models of a build, and while its figures are written."""
    return {
        "fint": [_told(lines) for lines in chance.sample(range(1, 16), 2)],
        "report": [_told(lines) for lines in chance.sample(range(1, 10), 2)],
        "build": [_started(chance.randrange(1, 150)), _publishing],
    }


def _told(lines: int) -> Moment:
    return lambda home, said: said.read_bytes().count(b"\n") >= lines


def _started(nodes: int) -> Moment:
    return lambda home, said: _log(home).rpartition(b"Running with dbt")[2].count(b" START ") >= nodes


def _publishing(home: Path, said: Path) -> bool:
    return any((home / "published").glob("*.unfinished*"))


def _log(home: Path) -> bytes:
    return (home / "logs" / "dbt.log").read_bytes()


def _kill(home: Path, command: list[str], moment: Moment) -> None:
    """Kill the command when the moment has come; it must still be at it."""
    said = home.with_name("said.txt")
    (home / "logs" / "dbt.log").write_bytes(b"")
    with (
        said.open("wb") as heard,
        subprocess.Popen([*COMMAND, *command], stdout=subprocess.DEVNULL, stderr=heard) as process,
    ):
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline and not moment(home, said):
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL, said.read_text(encoding="utf-8")


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
