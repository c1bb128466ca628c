"""What a source hands to landing: one delivery, read but not yet validated against the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
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


@dataclass
class Delivery:
    """One file set or API run, as landing rows by table.

    A frame has the table's contract columns (missing optional ones may be left out), plus
    `source_file` (text, relative to the delivery) and `source_row` (1-based integer: the line of a
    text file, the entry of a FINT page). Values are typed where the source knows the type, else text
    that landing casts. `schools` limits what a full snapshot replaces: rows of other schools stay.
    """

    source: str
    kind: Kind
    extracted_at: datetime
    frames: dict[str, pl.DataFrame]
    county_number: str | None = None
    schools: frozenset[str] | None = None
    rejections: list[Rejection] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    synthetic: bool = False
