"""The warehouse and its connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.bridge import fetch, quoted, store
from ingest.contract.ddl import create_tables
from timerett.settings import settings

__all__ = ["WarehouseError", "connect", "fetch", "store"]


class WarehouseError(Exception):
    """The warehouse cannot be opened; the message says why and what to do."""


@contextmanager
def connect(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the landing tables in place; sessions run in UTC and in bounded memory."""
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
        _bound_memory(connection, path.parent / "spool")
        if not read_only:
            create_tables(connection)
        yield connection
    finally:
        connection.close()


def _bound_memory(connection: duckdb.DuckDBPyConnection, spool: Path) -> None:
    """What does not fit goes to files of the spool, which this process alone can read and which go with it.

    They may hold an identity number that a delivery has where none may be, before it is found. The key lives
    as long as the process, so what is said against DuckDB's own cipher for lasting files does not matter.
    """
    connection.execute(f"SET memory_limit = '{settings().memory_mb} MiB'")
    connection.execute(f"SET temp_directory = {quoted(spool)}")
    connection.execute("SET force_mbedtls_unsafe = true; SET temp_file_encryption = true")
