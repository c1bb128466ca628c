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


class NotAllLandedError(AssertionError):
    """A row meant to be clean was quarantined; the message is what `ingest` told."""


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


def mart(home: Path, tables: RawTables, as_of: date) -> list[dict[str, Any]]:
    """The published rows for one county, through the commands' own functions in this process."""
    return mart_of_deliveries(home, [tables], as_of)


def mart_of_deliveries(home: Path, deliveries: Sequence[RawTables], as_of: date) -> list[dict[str, Any]]:
    """The same for a county that delivers piece by piece: the first in full, then changes."""
    with _home(home):
        for number, tables in enumerate(deliveries):
            _ingest(write_delivery(home / "deliveries" / str(number), tables, as_of), delta=number > 0)
        from timerett.build import build  # noqa: PLC0415  (dbt takes seconds to import)

        published = build(as_of=as_of.isoformat(), out=Console(file=StringIO()))
    return published_coverage(published)


def _ingest(folder: Path, *, delta: bool) -> None:
    from timerett.ingestion import ingest  # noqa: PLC0415

    told = StringIO()
    landed = ingest("landing", folder, delta=delta, check=False, out=Console(file=told, width=200))
    if any(account.quarantined for account in landed.accounts):
        raise NotAllLandedError(told.getvalue())


def mart_by_command(home: Path, tables: RawTables, as_of: date) -> list[dict[str, Any]]:
    """The published rows for one county, through the command line itself."""
    delivery = write_delivery(home / "delivery", tables, as_of)
    environment = {**os.environ, "TIMERETT_HOME": str(home)}
    for arguments in (["ingest", "landing", str(delivery)], ["build", "--as-of", as_of.isoformat()]):
        run = subprocess.run(
            [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, f"timerett {' '.join(arguments)}\n{run.stdout}\n{run.stderr}"
    return published_coverage(home / "published" / "current.duckdb")


def published_coverage(file: Path) -> list[dict[str, Any]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        result = connection.execute("SELECT * FROM marts.student_subject_coverage")
        columns = [column[0] for column in result.description]
        rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    return [{**row, "as_of_date": row["as_of_date"].isoformat()} for row in rows]


@contextmanager
def _home(home: Path) -> Iterator[None]:
    before = os.environ.get("TIMERETT_HOME")
    os.environ["TIMERETT_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TIMERETT_HOME"]
        else:
            os.environ["TIMERETT_HOME"] = before
