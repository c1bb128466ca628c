"""The mart as a county gets it: files, `timerett ingest landing`, `timerett build`, the published file."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from ingest.contract import TABLES
from tests.oracle.tables import RawTables

COMMAND = [sys.executable, "-c", "from timerett.cli import main; main()"]


def write_delivery(folder: Path, tables: RawTables, as_of: date) -> Path:
    """One CSV file per table, extracted in the morning of the as-of date."""
    folder.mkdir(parents=True)
    manifest = {"extracted_at": f"{as_of}T05:00:00+02:00", "county_number": "02"}
    (folder / "delivery.json").write_text(json.dumps(manifest), encoding="utf-8")
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, TABLES[table].column_names())
            writer.writeheader()
            writer.writerows({column: _text(value) for column, value in row.items()} for row in rows)
    return folder


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


# dbt takes seconds to import, which the oracle's own tests should not pay for.
# ruff: noqa: PLC0415


def mart(home: Path, tables: RawTables, as_of: date) -> list[dict[str, Any]]:
    """The published rows for one county, through the commands' own functions in this process."""
    from timerett.build import build

    with _environment(TIMERETT_HOME=str(home)):
        _ingest(home, [tables], as_of)
        published = build(as_of=as_of.isoformat(), out=_silent())
    return coverage_rows(published)


def computed_mart(home: Path, deliveries: Sequence[RawTables], as_of: date) -> list[dict[str, Any]]:
    """The mart's rows, with only the models it needs built, for a county that delivers piece by piece."""
    from ingest.progress import NoProgress
    from timerett.build import plan, run_dbt
    from timerett.settings import settings

    # Of dbt's own tests those that need nothing more than these models.
    with _environment(TIMERETT_HOME=str(home), DBT_INDIRECT_SELECTION="buildable"):
        _ingest(home, deliveries, as_of)
        place = settings()
        run_dbt(place, plan(place, as_of.isoformat()), NoProgress(), select="+student_subject_coverage")
    return coverage_rows(place.warehouse)


def _silent() -> Console:
    return Console(file=StringIO(), width=200)


def _ingest(home: Path, deliveries: Sequence[RawTables], as_of: date) -> None:
    """The first in full, then changes; in the end every row has landed."""
    from timerett.ingestion import ingest

    for number, tables in enumerate(deliveries):
        folder = write_delivery(home / "deliveries" / str(number), tables, as_of)
        ingest("landing", folder, delta=number > 0, check=False, out=_silent())
    unresolved = (
        "SELECT table_name, source_row, column_name, rule FROM landing.quarantine WHERE resolved_at IS NULL"
    )
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        quarantined = connection.execute(unresolved).fetchall()
    assert not quarantined, f"Rows meant to be clean were quarantined: {quarantined[:5]}"


def mart_by_command(home: Path, tables: RawTables, as_of: date) -> list[dict[str, Any]]:
    """The published rows for one county, through the command line itself."""
    delivery = write_delivery(home / "delivery", tables, as_of)
    environment = {**os.environ, "TIMERETT_HOME": str(home)}
    for arguments in (["ingest", "landing", str(delivery)], ["build", "--as-of", as_of.isoformat()]):
        run = subprocess.run(
            [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, f"timerett {' '.join(arguments)}\n{run.stdout}\n{run.stderr}"
    return coverage_rows(home / "published" / "current.duckdb")


def coverage_rows(file: Path) -> list[dict[str, Any]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        result = connection.execute("SELECT * FROM marts.student_subject_coverage")
        columns = [column[0] for column in result.description]
        rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    return [{**row, "as_of_date": row["as_of_date"].isoformat()} for row in rows]


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
