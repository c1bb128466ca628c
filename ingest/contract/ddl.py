"""The landing tables in DuckDB: those of the contract and those that keep the accounts."""

from __future__ import annotations

from functools import cache

import dataframely as dy
import duckdb
import polars as pl

from ingest.contract import TABLES, references

_MANY = frozenset({"student", "enrolment", "teaching_group", "lesson"})
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
    "snapshot": (
        "source TEXT NOT NULL, county_number TEXT, table_name TEXT NOT NULL, school_id TEXT NOT NULL, "
        "batch_id TEXT NOT NULL"
    ),
    "deletion": (
        "source TEXT NOT NULL, county_number TEXT, table_name TEXT NOT NULL, key_hash TEXT NOT NULL, "
        "batch_id TEXT NOT NULL"
    ),
    "lesson_confirmation": (
        "lesson_id TEXT NOT NULL, batch_id TEXT NOT NULL, confirmed_batch_id TEXT NOT NULL"
    ),
    "batch_failure": (
        "source TEXT NOT NULL, path TEXT NOT NULL, extracted_at TIMESTAMPTZ, failed_at TIMESTAMPTZ NOT NULL, "
        "reason TEXT NOT NULL"
    ),
}


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


def _compression(table: str, name: str) -> str:
    """Ids of many rows have little that a dictionary could share, and DuckDB would look for it long."""
    own = TABLES[table].primary_key() == [name]
    parent, _ = references(table).get(name, ("", ""))
    return " USING COMPRESSION zstd" if own or parent in _MANY else ""


@cache
def table_ddl(table: str, schema: str = "landing") -> str:
    columns = [
        f'"{name}" {sql_type(column)}{_compression(table, name)}{"" if column.nullable else " NOT NULL"}'
        for name, column in TABLES[table].columns().items()
    ]
    columns += ["batch_id VARCHAR NOT NULL", "source_file VARCHAR NOT NULL", "source_row BIGINT NOT NULL"]
    return f'CREATE TABLE IF NOT EXISTS {schema}."{table}" ({", ".join(columns)})'


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what is not there yet; in `yielded` wait the rows that a better source's row took the place of."""
    statements = ["CREATE SCHEMA IF NOT EXISTS landing", "CREATE SCHEMA IF NOT EXISTS yielded"]
    statements += [
        f"CREATE TABLE IF NOT EXISTS landing.{name} ({columns})" for name, columns in META_TABLES.items()
    ]
    for table in TABLES:
        statements += [table_ddl(table), table_ddl(table, "yielded")]
    connection.execute("; ".join(statements))
