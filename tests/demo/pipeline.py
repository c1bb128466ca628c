"""The demo's own pipeline on a county small enough for a test, run once and kept on disk."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from ingest.synthetic import generate
from timerett.build import build
from timerett.demo import demo
from timerett.settings import settings
from timerett.status import status

# The fewest schools among which every part is played, and the fewest students with every situation.
SCHOOLS, SIZE, DELIVERIES = 6, 0.25, 2
EARLIER = date(2025, 12, 1)


def run(root: Path) -> None:
    """Everything the tests look at; whatever changes the warehouse happens here, before they begin."""
    home, waiting = root / "home", root / "waiting"
    home.mkdir(parents=True)
    waiting.mkdir()
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, _overheard(said):
        patch.setenv("TIMERETT_HOME", str(home))
        out = Console(file=said, width=160)
        generate(home / "demo", schools=SCHOOLS, deliveries=DELIVERIES, size=SIZE)
        second = sorted(folder for folder in (home / "demo").iterdir() if folder.is_dir())[1]
        second.rename(waiting / second.name)
        demo(out, start_server=False)
        shutil.copytree(home, root / "after-first", symlinks=True)
        (waiting / second.name).rename(second)
        demo(out, start_server=False)
        shutil.copy(settings().warehouse, root / "warehouse.duckdb")
        shutil.copy(settings().current, root / "published.duckdb")
        before, told = _state(home), said.tell()
        demo(out, start_server=False)
        again = {"before": before, "after": _state(home), "said": said.getvalue()[told:]}
        (root / "again.json").write_text(json.dumps(again), encoding="utf-8")
        build(as_of=EARLIER.isoformat(), out=out)
        status(out)
    (root / "said.txt").write_text(said.getvalue(), encoding="utf-8")


@contextlib.contextmanager
def _overheard(said: io.StringIO) -> Iterator[None]:
    """Standard output, standard error and the log lines that a person would see."""
    handler, log = logging.StreamHandler(said), logging.getLogger("timerett")
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


def _state(home: Path) -> dict[str, list[str]]:
    """What has landed and what is published; both grow with every ingest and build."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        batches = connection.execute("SELECT batch_id || loaded_at FROM landing.batch ORDER BY 1").fetchall()
    files = sorted((home / "published").iterdir())
    return {
        "batches": [str(name) for (name,) in batches],
        "published": [f"{file.resolve().name} {file.stat().st_mtime_ns}" for file in files],
    }
