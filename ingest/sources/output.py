"""Collects what a source makes, batch by batch, and keeps it out of memory."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

from ingest.contract import TABLES
from ingest.delivery import Delivery, Kind, Part, Parts, Person, Rejection
from ingest.privacy import masked, without_identity_number, without_identity_numbers

if TYPE_CHECKING:
    from ingest.identity import Pseudonyms

PLACE = ("source_file", "source_row")
ROWS_IN_MEMORY = 100_000


@cache
def schema(table: str) -> dict[str, pl.DataType]:
    """Column types of a landing table as a source gives them: codes are still text."""
    types: dict[str, pl.DataType] = {
        name: pl.String() if isinstance(dtype, pl.Enum) else dtype
        for name, dtype in TABLES[table].create_empty().schema.items()
    }
    return types | {"source_file": pl.String(), "source_row": pl.Int64()}


class _Rows:
    """The rows of one table: the newest in memory, the others in part files."""

    def __init__(self, name: str, spool: Path | None) -> None:
        self.digest = hashlib.sha256()
        self._name = name
        self._spool = spool
        self._frames: list[pl.DataFrame] = []
        self._held = 0
        self._parts: list[Part] = []

    def add(self, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        self.digest.update(_as_bytes(frame))
        if self._frames and self._frames[-1].schema != frame.schema:
            self._close()
        self._frames.append(frame)
        self._held += frame.height
        if self._held >= ROWS_IN_MEMORY:
            self._close()

    def parts(self) -> list[Part]:
        self._close()
        return self._parts

    def _close(self) -> None:
        if not self._frames:
            return
        frame = pl.concat(self._frames)
        self._frames, self._held = [], 0
        if self._spool is None:
            self._parts.append(Part(frame.height, frame))
            return
        file = self._spool / f"{self._name}-{len(self._parts)}.parquet"
        # Through memory: what polars says of a full disk does not tell that it is full.
        content = BytesIO()
        frame.write_parquet(content, compression="lz4", statistics=False)
        file.write_bytes(content.getbuffer())
        self._parts.append(Part(frame.height, file=file))


class Output:
    """Rows and rejections of one delivery, in the order they were read.

    What is added moves to part files under `spool` and is no longer held, so add once per bounded
    batch. Without a spool all stays in memory: for tests and small sources. Identity numbers inside
    texts become pseudonyms here, before anything is written.
    """

    def __init__(self, pseudonyms: Pseudonyms, spool: Path | None = None) -> None:
        self.rejections: list[Rejection] = []
        self.unread: dict[str, int] = {}
        self._pseudonyms = pseudonyms
        self._spool = _own_folder(spool)
        self._rows: dict[str, _Rows] = {}
        self._deleted: dict[str, _Rows] = {}
        self._schools: set[str] = set()

    @property
    def schools(self) -> frozenset[str] | None:
        """The schools that rows named so far; None where none did."""
        return frozenset(self._schools) or None

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Add rows; columns the table does not have are dropped."""
        self._keep(self._rows, table, table, frame)
        if "school_id" in frame.columns:
            self._schools.update(frame["school_id"].drop_nulls().unique())

    def delete(self, table: str, keys: pl.DataFrame) -> None:
        """Rows of this source with these keys are gone; `keys` has the key columns and the place."""
        wanted = keys.select(*TABLES[table].primary_key(), *PLACE)
        self._keep(self._deleted, table, f"{table}-deleted", wanted)

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
        # The name of the file too, as in the rows that land.
        self.rejections.append(Rejection(self._hidden(file), row, table, column, rule, shown))

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

    def delivery(
        self,
        *,
        source: str,
        kind: Kind,
        extracted_at: datetime,
        delivered: Iterable[str],
        county_number: str | None = None,
        schools: Iterable[str] | None = None,
        persons: Iterable[Person] = (),
        files: Iterable[str] = (),
        synthetic: bool = False,
    ) -> Delivery:
        """All that was added: the tables delivered, empty or not, and any other that got rows."""
        return Delivery(
            source=source,
            kind=kind,
            extracted_at=extracted_at,
            parts=self._parts(delivered),
            deletions={table: rows.parts() for table, rows in self._deleted.items()},
            digest=self._digest(),
            county_number=county_number,
            schools=None if schools is None else frozenset(map(self._hidden, schools)),
            rejections=self.rejections,
            persons=list(persons),
            files=[self._hidden(file) for file in files],
            unread={self._hidden(what): count for what, count in self.unread.items()},
            synthetic=synthetic,
        )

    def _hidden(self, text: str) -> str:
        return without_identity_number(text, self._pseudonyms)

    def _keep(self, kept: dict[str, _Rows], table: str, name: str, frame: pl.DataFrame) -> None:
        columns = [column for column in schema(table) if column in frame.columns]
        if table not in kept:
            kept[table] = _Rows(name, self._spool)
        kept[table].add(without_identity_numbers(frame.select(columns), self._pseudonyms))

    def _parts(self, delivered: Iterable[str]) -> Parts:
        empty = {table: [Part(0, pl.DataFrame(schema=schema(table)))] for table in delivered}
        filled = {table: parts for table, rows in self._rows.items() if (parts := rows.parts())}
        made = empty | filled
        return {table: made[table] for table in TABLES if table in made}

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for what, kept in (("rows", self._rows), ("deleted", self._deleted)):
            for table in sorted(kept):
                digest.update(f"{what} {table} {kept[table].digest.hexdigest()}\n".encode())
        digest.update(repr(self.rejections).encode())
        return digest.hexdigest()


def _own_folder(spool: Path | None) -> Path | None:
    """One run may make several deliveries, each with parts of the same names."""
    if spool is None:
        return None
    spool.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=spool))


def _as_bytes(frame: pl.DataFrame) -> bytes:
    """The rows in a form that no version of a library changes; days and instants as whole numbers."""
    written = BytesIO()
    frame.with_columns(cs.temporal().to_physical()).write_csv(written, include_header=False)
    return written.getvalue()
