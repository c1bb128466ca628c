"""Sets of entries by the keys of their ids, eight bytes an entry."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from itertools import accumulate

import polars as pl

_EMPTY = pl.Series(dtype=pl.UInt64)


def together(pages: Sequence[pl.Series]) -> pl.Series:
    return pl.concat([_EMPTY, *pages])


def distinct(pages: Sequence[pl.Series]) -> pl.Series:
    """Each key once, in order, so that equal sets are equal series."""
    return together(pages).unique().sort()


def superseded(pages: Sequence[pl.Series]) -> dict[int, set[int]]:
    """Page → rows of it that a later row repeats: the same entry read again is newer."""
    keys = together(pages)
    repeated = keys.is_duplicated()
    if not repeated.any():
        return {}
    frame = pl.DataFrame({"key": keys}).with_row_index("place").filter(repeated)
    lost = frame.filter(pl.col("place") != pl.col("place").max().over("key"))["place"].to_list()
    starts = [0, *accumulate(len(page) for page in pages)]
    found: defaultdict[int, set[int]] = defaultdict(set)
    for place in lost:
        page = bisect_right(starts, place) - 1
        found[page].add(place - starts[page])
    return dict(found)


def packed(keys: pl.Series) -> bytes:
    with BytesIO() as file:
        pl.DataFrame({"key": keys}).write_ipc(file, compression="uncompressed")
        return file.getvalue()


def unpacked(content: bytes) -> pl.Series:
    return pl.read_ipc(BytesIO(content))["key"]
