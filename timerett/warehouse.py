"""The warehouse: its tables, its connections, and the bridge between DuckDB and polars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dataframely as dy
import duckdb
import polars as pl

from ingest.contract import TABLES

META_TABLES = {
    "batch": (
        "batch_id TEXT NOT NULL, source TEXT NOT NULL, county_number TEXT, kind TEXT NOT NULL, "
        "extracted_at TIMESTAMPTZ NOT NULL, loaded_at TIMESTAMPTZ NOT NULL, content_hash TEXT NOT NULL, "
        "synthetic BOOLEAN NOT NULL, outcome TEXT NOT NULL"
    ),
    "batch_file": (
        "batch_id TEXT NOT NULL, source_file TEXT NOT NULL, table_name TEXT NOT NULL, "
        "rows_read BIGINT NOT NULL, rows_landed BIGINT NOT NULL, rows_unchanged BIGINT NOT NULL, "
        "rows_superseded BIGINT NOT NULL, rows_quarantined BIGINT NOT NULL"
    ),
    "batch_school": "batch_id TEXT NOT NULL, table_name TEXT NOT NULL, school_id TEXT NOT NULL",
    "quarantine": (
        "batch_id TEXT NOT NULL, source_file TEXT NOT NULL, source_row BIGINT NOT NULL, "
        "table_name TEXT NOT NULL, column_name TEXT, rule TEXT NOT NULL, value TEXT, "
        "is_orphan BOOLEAN NOT NULL, payload JSON, first_seen TIMESTAMPTZ NOT NULL, resolved_at TIMESTAMPTZ"
    ),
    "batch_failure": (
        "source TEXT NOT NULL, path TEXT NOT NULL, extracted_at TIMESTAMPTZ, failed_at TIMESTAMPTZ NOT NULL, "
        "reason TEXT NOT NULL"
    ),
}


class WarehouseError(Exception):
    """The warehouse cannot be opened; the message says why and what to do."""


def sql_type(column: dy.Column) -> str:
    """The DuckDB type of a contract column."""
    dtype = column.dtype
    if isinstance(dtype, pl.Enum) or dtype == pl.String:
        return "VARCHAR"
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision},{dtype.scale})"
    if isinstance(dtype, pl.Datetime):
        return "TIMESTAMPTZ"
    return {pl.Int64: "BIGINT", pl.Date: "DATE", pl.Boolean: "BOOLEAN"}[dtype.base_type()]


def table_ddl(table: str) -> str:
    columns = [
        f'"{name}" {sql_type(column)}{"" if column.nullable else " NOT NULL"}'
        for name, column in TABLES[table].columns().items()
    ]
    columns += ["batch_id VARCHAR NOT NULL", "source_file VARCHAR NOT NULL", "source_row BIGINT NOT NULL"]
    return f'CREATE TABLE IF NOT EXISTS landing."{table}" ({", ".join(columns)})'


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS landing")
    for name, columns in META_TABLES.items():
        connection.execute(f"CREATE TABLE IF NOT EXISTS landing.{name} ({columns})")
    for table in TABLES:
        connection.execute(table_ddl(table))


@contextmanager
def connect(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the landing tables in place; sessions run in UTC."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as problem:
        raise WarehouseError(
            f"{path}: cannot be opened; another process may be loading or building. "
            f"Wait until it is done and try again. ({type(problem).__name__})"
        ) from problem
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        if not read_only:
            create_tables(connection)
        yield connection
    finally:
        connection.close()


class _ArrowStream:
    """One frame or result by the Arrow C interface alone, so that pyarrow is not needed."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)


def store(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Put a frame in a temporary table."""
    connection.register("_frame", _ArrowStream(frame))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM _frame")
    connection.unregister("_frame")


def fetch(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()
) -> pl.DataFrame:
    """The result of a query as a frame."""
    given = parameters if isinstance(parameters, dict) else list(parameters)
    return pl.DataFrame(_ArrowStream(connection.sql(sql, params=given)))
