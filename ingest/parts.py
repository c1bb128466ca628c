"""Looking at the parts of a delivery, beside the way to landing."""

from __future__ import annotations

import duckdb
import polars as pl

from ingest.delivery import Part
from ingest.sources.delimited import read_line_by_line, relation


def counties(connection: duckdb.DuckDBPyConnection, parts: list[Part]) -> set[str]:
    """The counties that rows name; read column by column, so that memory does not grow with the parts."""
    named: set[str] = set()
    for part in parts:
        named |= _counties(connection, part)
    return named


def _counties(connection: duckdb.DuckDBPyConnection, part: Part) -> set[str]:
    name = "county_number"
    if part.text:
        if name not in part.text.header:
            return set()
        try:
            rows = connection.execute(f"SELECT DISTINCT {name} FROM {relation(part.text)}").fetchall()
        except duckdb.Error:
            return set()
        return {str(county) for (county,) in rows if county}
    frame = part.frame.lazy() if part.frame is not None else pl.scan_parquet(part.file or "")
    if name not in frame.collect_schema():
        return set()
    return {str(county) for county in frame.select(pl.col(name).unique()).collect()[name] if county}


def rows_of(parts: list[Part], table: str) -> pl.DataFrame:
    """Every row of a table in one frame."""
    return pl.concat([_frame(part, table) for part in parts], how="diagonal_relaxed")


def _frame(part: Part, table: str) -> pl.DataFrame:
    if part.frame is not None:
        return part.frame
    if part.text:
        return pl.concat([frame for frame, _ in read_line_by_line(part.text, table)])
    frame = pl.read_parquet(part.file or "")
    if part.name is None:
        return frame
    numbers = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("source_row")
    return frame.with_columns(pl.lit(part.name).alias("source_file"), numbers)
