"""Rows whose links lead nowhere, or whose times are none, are rejected with what stood there."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from ingest.sources.fint.dump import Batch
from ingest.sources.fint.links import hrefs, shown
from ingest.sources.fint.relations import Relation
from ingest.sources.output import Output

IS_A_TIME = "is a date or a time in ISO 8601"
_LINK = "link"


def require_link(
    output: Output,
    table: str,
    frame: pl.DataFrame,
    column: str,
    *,
    target: str,
    batch: Batch,
    relations: tuple[Relation[Any], ...],
) -> pl.DataFrame:
    """The rows whose link was resolved; the others are told with the link as it was delivered."""
    if not frame[column].null_count():
        return frame
    lost = frame.filter(pl.col(column).is_null())
    lost = lost.with_columns(pl.Series(_LINK, _links(batch, relations, lost["at"]), dtype=pl.String))
    output.reject_rows(table, lost, column, f"{target} is part of the delivery", _LINK)
    return frame.filter(pl.col(column).is_not_null())


def first_link(batch: Batch, name: str, at: int) -> str | None:
    """The entry's first link, as a message may show it."""
    found = hrefs(batch.links(name)[at])
    return shown(found[0]) if found else None


def _links(batch: Batch, relations: tuple[Relation[Any], ...], places: pl.Series) -> list[str | None]:
    """For each row its own of the entry's lost links."""
    told: Counter[int] = Counter()
    found: list[str | None] = []
    for at in places:
        lost = next((lost for one in relations if (lost := one.lost(batch, at))), [])
        found.append(shown(lost[told[at]]) if told[at] < len(lost) else None)
        told[at] += 1
    return found


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
