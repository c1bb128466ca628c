"""Rows whose links lead nowhere, or whose times are none, are rejected with what stood there."""

from __future__ import annotations

import polars as pl

from ingest.sources.fint.links import shown
from ingest.sources.output import Output

IS_A_TIME = "is a date or a time in ISO 8601"


def require_link(
    output: Output, table: str, frame: pl.DataFrame, column: str, *, target: str, link: str
) -> pl.DataFrame:
    """The rows whose link was resolved; `link` holds the address as delivered."""
    if not frame[column].null_count():
        return frame
    lost = frame.filter(pl.col(column).is_null())
    lost = lost.with_columns(pl.col(link).map_elements(shown, return_dtype=pl.String))
    output.reject_rows(table, lost, column, f"{target} is part of the delivery", link)
    return frame.filter(pl.col(column).is_not_null())


def readable(
    output: Output, table: str, frame: pl.DataFrame, column: str, *, text: str, parsed: str
) -> pl.DataFrame:
    """The rows whose time is empty or could be read."""
    bad = pl.col(text).is_not_null() & pl.col(parsed).is_null()
    lost = frame.filter(bad)
    if lost.is_empty():
        return frame
    output.reject_rows(table, lost, column, IS_A_TIME, text)
    return frame.filter(~bad)
