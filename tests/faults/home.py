"""A county of one school before and after its second delivery, and the command run on it as a process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from timerett.demo import SOURCES

COMMAND = (sys.executable, "-c", "from timerett.cli import main; main()")
PUBLISH = (
    sys.executable,
    "-c",
    "from timerett.lock import exclusive; from timerett.publish import publish; "
    "from timerett.settings import settings\n"
    "with exclusive(settings().home, 'build'): publish(settings())",
)
FIRST_AS_OF, SECOND_AS_OF = date(2026, 1, 25), date(2026, 3, 1)
PATIENCE = 300
# When a thing was done, and what the run was called: the only columns two homes may differ in.
OWN = ("build_id", "built_at", "loaded_at", "first_seen", "resolved_at", "failed_at")


@dataclass(frozen=True)
class SmallCounty:
    """`before` has the first delivery built, `after` the second too, undisturbed."""

    root: Path

    @property
    def before(self) -> Path:
        return self.root / "before"

    @property
    def after(self) -> Path:
        return self.root / "after"

    @property
    def deliveries(self) -> list[Path]:
        return sorted(folder for folder in (self.root / "county").iterdir() if folder.is_dir())

    def commands(self, delivery: int = 1) -> dict[str, tuple[str, ...]]:
        """The night's commands, by what they are called here."""
        folder = self.deliveries[delivery]
        ingests = {
            source: ("ingest", source, str(folder / name))
            for source, name in SOURCES
            if (folder / name).is_dir()
        }
        return {**ingests, "build": ("build",)}

    def copy(self, target: Path) -> Path:
        """A home of one's own with the first delivery built."""
        shutil.copytree(self.before, target, symlinks=True)
        return target


def environment(home: Path, **more: str) -> dict[str, str]:
    return os.environ | {"TIMERETT_HOME": str(home)} | more


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(home, **more), capture_output=True, text=True, check=False
    )


def done(home: Path, *arguments: str, **more: str) -> str:
    """What a command said that ended well, on standard output."""
    ended = run(home, *arguments, **more)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def kill(home: Path, command: tuple[str, ...], moment: Callable[[Path, int], bool], said: Path) -> bool:
    """Kill a process when its moment has come; whether it was still at work."""
    with (
        said.open("wb") as heard,
        subprocess.Popen(command, env=environment(home), stdout=heard, stderr=heard) as process,
    ):
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline and not moment(said, process.pid):
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    assert process.returncode in (0, -signal.SIGKILL), said.read_text(encoding="utf-8")
    return process.returncode != 0


def published_on(home: Path) -> date:
    """The date of the figures a reader gets, from every table of them."""
    file = (home / "published" / "current.duckdb").resolve()
    with duckdb.connect(str(file), read_only=True) as connection:
        (found,) = connection.execute(
            "SELECT as_of_date FROM marts.publication JOIN marts.student_coverage USING (as_of_date) "
            "GROUP BY ALL"
        ).fetchall()
    day: date = found[0]
    return day


def batches(home: Path) -> list[str]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT batch_id FROM landing.batch ORDER BY 1").fetchall()
    return [batch for (batch,) in rows]


def same_state(home: Path, wanted: Path) -> None:
    """What landed, what is remembered and what is published are as in the other home; nothing lies about."""
    same(home / "warehouse.duckdb", wanted / "warehouse.duckdb", ("landing", "history"))
    same(home / "published" / "current.duckdb", wanted / "published" / "current.duckdb", ("marts",))
    assert leftovers(home) == []


def leftovers(home: Path) -> list[str]:
    """Files that no finished command leaves."""
    patterns = ("**/*.unfinished*", "**/*.wal", "**/*.tmp", "**/*.next", "**/*-journal", "spool", "renewal*")
    return sorted(str(file.relative_to(home)) for pattern in patterns for file in home.glob(pattern))


def same(found: Path, wanted: Path, schemas: tuple[str, ...]) -> None:
    """Every table has the same rows in both, each as often."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{found.resolve()}' AS found (READ_ONLY)")
        connection.execute(f"ATTACH '{wanted.resolve()}' AS wanted (READ_ONLY)")
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
