"""Collects what a source makes: frames by table, rejections and counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from ingest.contract import TABLES
from ingest.delivery import Rejection
from ingest.privacy import masked

PLACE = ("source_file", "source_row")


def schema(table: str) -> dict[str, pl.DataType]:
    """Column types of a landing table as a source gives them: codes are still text."""
    types: dict[str, pl.DataType] = {
        name: pl.String() if isinstance(dtype, pl.Enum) else dtype
        for name, dtype in TABLES[table].create_empty().schema.items()
    }
    return types | {"source_file": pl.String(), "source_row": pl.Int64()}


class Output:
    """Frames and rejections of one delivery, in the order they were read."""

    def __init__(self) -> None:
        self.rejections: list[Rejection] = []
        self.unread: dict[str, int] = {}
        self._frames: defaultdict[str, list[pl.DataFrame]] = defaultdict(list)

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Add rows; columns the table does not have are dropped."""
        columns = [name for name in schema(table) if name in frame.columns]
        self._frames[table].append(frame.select(columns))

    def reject(
        self,
        file: str,
        row: int,
        table: str,
        *,
        rule: str,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        shown = None if value is None else masked(value)
        self.rejections.append(Rejection(file, row, table, column, rule, shown))

    def reject_rows(
        self, table: str, rows: pl.DataFrame, column: str, rule: str, value: str | None = None
    ) -> None:
        """Reject every row of the frame; `value` names the column that holds what stood there."""
        shown = rows[value].cast(pl.String).to_list() if value else [None] * rows.height
        places = rows.select(PLACE).iter_rows()
        for (file, row), text in zip(places, shown, strict=True):
            self.reject(file, row, table, column=column, rule=rule, value=text)

    def require(
        self, table: str, frame: pl.DataFrame, column: str, rule: str, value: str | None = None
    ) -> pl.DataFrame:
        """The rows where the column is filled; the others are rejected."""
        if not frame[column].null_count():
            return frame
        self.reject_rows(table, frame.filter(pl.col(column).is_null()), column, rule, value)
        return frame.filter(pl.col(column).is_not_null())

    def frames(self, delivered: Iterable[str]) -> dict[str, pl.DataFrame]:
        """The rows by table: the tables delivered, empty or not, and any other that got rows."""
        found = {table: pl.concat(frames, how="diagonal") for table, frames in self._frames.items()}
        empty = {table: pl.DataFrame(schema=schema(table)) for table in delivered}
        made = empty | {table: frame for table, frame in found.items() if table in empty or frame.height}
        return {table: made[table] for table in TABLES if table in made}
