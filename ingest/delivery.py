"""What a source hands to landing: one delivery, read but not yet validated against the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl

Kind = Literal["full", "delta"]


class SourceError(Exception):
    """A file or a folder that cannot be read at all; the message says what, where and what to do."""


@dataclass(frozen=True)
class Rejection:
    """A row a source could not turn into a landing row.

    `value` is what stood there, with identifying columns already masked; `rule` says in a few words
    what must hold.
    """

    source_file: str
    source_row: int
    table: str
    column: str | None
    rule: str
    value: str | None


@dataclass(frozen=True)
class Person:
    """A name for the identity store; never part of a landing table."""

    key: str
    kind: Literal["student", "staff"]
    name: str | None
    national_identity_number: str | None
    school_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextFile:
    """Delimited text in UTF-8 with a header, read where it lies; `lines` counts the header too."""

    path: Path
    name: str
    header: tuple[str, ...]
    delimiter: str
    lines: int


@dataclass(frozen=True)
class Part:
    """Some rows of one table: a frame where they are few, else a file that is read when they land.

    A Parquet file of the spool holds places too; one that was delivered (`name`) is numbered as it is read.
    """

    rows: int
    frame: pl.DataFrame | None = None
    file: Path | None = None
    name: str | None = None
    text: TextFile | None = None


Parts = dict[str, list[Part]]


@dataclass
class Delivery:
    """One file set or API run, as landing rows by table, in parts of bounded size.

    A part has the table's contract columns (missing optional ones may be left out), plus
    `source_file` (text, relative to the delivery) and `source_row` (1-based integer: the line of a
    text file, the entry of a FINT page). Values are typed where the source knows the type, else text
    that landing casts. `schools` limits what a full snapshot replaces: rows of other schools stay.
    `deletions` are keys whose rows are gone. `digest` stands for every row and rejection. `remarks` tell a
    person about the rejections one by one, where the source knows better words than a rule.
    """

    source: str
    kind: Kind
    extracted_at: datetime
    parts: Parts
    deletions: Parts = field(default_factory=dict)
    digest: str = ""
    county_number: str | None = None
    schools: frozenset[str] | None = None
    rejections: list[Rejection] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    synthetic: bool = False

    def rows(self, table: str) -> pl.DataFrame:
        """Every row of a table in one frame: for looking at, never on the way to landing."""
        from ingest.parts import rows_of  # noqa: PLC0415 - it needs the readers, which need this module

        return rows_of(self.parts[table], table)
