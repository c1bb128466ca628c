"""Land a county, build models in this process, and read what came of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from ingest.progress import NoProgress
from tests.oracle.real_path import write_delivery
from tests.oracle.tables import RawTables
from timerett.build import Run, run_dbt
from timerett.ingestion import ingest
from timerett.settings import settings


def land(home: Path, tables: RawTables, as_of: date) -> None:
    with _home(home):
        folder = write_delivery(home / f"delivery-{as_of}", tables, as_of)
        ingest("landing", folder, delta=False, check=False, out=Console(file=StringIO()))


def build(home: Path, as_of: date, *, select: str, basis: str = "known_then") -> None:
    """The models and, of dbt's own tests, those that need nothing more."""
    with _home(home):
        run_dbt(settings(), Run(as_of, f"build-{as_of}", basis), NoProgress(), select=select)


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@contextmanager
def _home(home: Path) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(TIMERETT_HOME=str(home), DBT_INDIRECT_SELECTION="buildable")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
