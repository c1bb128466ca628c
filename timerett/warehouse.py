"""The warehouse and its connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.bridge import fetch, store
from ingest.contract.ddl import create_tables

__all__ = ["WarehouseError", "connect", "fetch", "store"]


class WarehouseError(Exception):
    """The warehouse cannot be opened; the message says why and what to do."""


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
