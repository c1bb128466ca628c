"""The bridge between DuckDB and polars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import polars as pl


class ArrowStream:
    """One frame or result by the Arrow C interface alone, so that pyarrow is not needed."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)


def quoted(text: object) -> str:
    """A text (or a path) as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def store(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Put a frame in a temporary table."""
    connection.register("_frame", ArrowStream(frame))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM _frame")
    connection.unregister("_frame")


def fetch(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()
) -> pl.DataFrame:
    """The result of a query as a frame."""
    given = parameters if isinstance(parameters, dict) else list(parameters)
    return frame_of(connection.sql(sql, params=given))


def frame_of(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """A relation's rows as a frame."""
    return pl.DataFrame(ArrowStream(relation))
