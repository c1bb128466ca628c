"""What is loaded, how old it is, and what failed."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
from rich.console import Console
from rich.table import Table

from ingest.local_time import OSLO
from timerett.settings import Settings, settings
from timerett.warehouse import connect

SHOWN_FAILURES = 5


def status(out: Console) -> None:
    """Tell it; times are the schools' local time."""
    place = settings()
    if not place.warehouse.exists():
        out.print(
            f"Nothing has landed in {place.home} yet. Run `timerett ingest SOURCE PATH`.", highlight=False
        )
        return
    with connect(place.warehouse) as connection:
        out.print(_sources(connection))
        out.print(_quarantine(connection))
        _failures(connection, out)
    _published(place, out)


def _table(title: str, *columns: str, numbers: tuple[str, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left")
    return table


def _sources(connection: duckdb.DuckDBPyConnection) -> Table:
    columns = ("Source", "County", "Batches", "Newest extract", "Age", "Synthetic")
    table = _table("Landed", *columns, numbers=("Batches",))
    rows = connection.execute(
        "SELECT source, county_number, count(*), max(extracted_at), bool_or(synthetic) FROM landing.batch "
        "GROUP BY source, county_number ORDER BY source, county_number"
    ).fetchall()
    now = datetime.now(UTC)
    for source, county, batches, newest, synthetic in rows:
        age = f"{(now - newest).days} days"
        when = f"{newest.astimezone(OSLO):%Y-%m-%d %H:%M}"
        table.add_row(source, county or "", f"{batches:,}", when, age, "yes" if synthetic else "no")
    return table


def _quarantine(connection: duckdb.DuckDBPyConnection) -> Table:
    table = _table(
        "Waiting in quarantine", "Table", "Column", "Rule", "Rows", "First seen", numbers=("Rows",)
    )
    rows = connection.execute(
        "SELECT table_name, column_name, rule, count(*), min(first_seen) FROM landing.quarantine "
        "WHERE resolved_at IS NULL GROUP BY table_name, column_name, rule "
        "ORDER BY count(*) DESC, table_name, rule"
    ).fetchall()
    for name, column, rule, count, since in rows:
        table.add_row(name, column or "", rule, f"{count:,}", f"{since.astimezone(OSLO):%Y-%m-%d}")
    return table


def _failures(connection: duckdb.DuckDBPyConnection, out: Console) -> None:
    rows = connection.execute(
        "SELECT source, path, failed_at, reason FROM landing.batch_failure ORDER BY failed_at DESC LIMIT ?",
        [SHOWN_FAILURES],
    ).fetchall()
    for source, path, failed_at, reason in rows:
        when = f"{failed_at.astimezone(OSLO):%Y-%m-%d %H:%M}"
        out.print(f"Failed {when}, {source} {path}: {reason}", highlight=False, markup=False, soft_wrap=True)


def _published(place: Settings, out: Console) -> None:
    if not place.current.exists():
        out.print("Nothing is published yet. Run `timerett build`.", highlight=False)
        return
    with duckdb.connect(str(place.current.resolve()), read_only=True) as connection:
        rows = connection.execute("SELECT as_of_date, built_at FROM marts.publication").fetchall()
    as_of, built_at = rows[0]
    built = f"{built_at.astimezone(OSLO):%Y-%m-%d %H:%M}"
    out.print(f"Published: figures as of {as_of:%Y-%m-%d}, built {built}.", highlight=False)
