"""Profiles: how one kind of report maps to landing tables, as a small TOML file.

The shipped ones are in `ingest/profiles`. A county whose export looks different has one drafted
(`timerett ingest report FILE --check --draft PROFILE.toml`), fills in the places marked `?`, and keeps it
in the folder `profiles` of its home, where it is found by itself.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from ingest.contract import TABLES
from ingest.delivery import SourceError
from ingest.sources.header import heading

ITEM, NAME, VALUE = "@item", "@name", "@value"
# Stands in a draft where only a person can say what belongs there.
TO_FILL = "?"


class Column(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where a landing column's value comes from.

    `time` is the heading of the time of day where `from` has the date; `part` says which of two times in
    one cell (`08:15-09:00`) is meant.
    """

    headings: str | list[str] = msgspec.field(name="from", default_factory=list)
    time: str | None = None
    part: Literal[1, 2] | None = None
    constant: str | None = msgspec.field(name="value", default=None)
    codes: dict[str, str] | None = None
    pseudonym: Literal["student", "staff"] | None = None
    id_field: str = "id"
    may_be_missing: bool = False

    @property
    def names(self) -> list[str]:
        return [self.headings] if isinstance(self.headings, str) else self.headings


class Each(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One landing row per item of a field: `@item`, or `@name` and `@value` where items are pairs."""

    column: str
    separator: str
    pair: str | None = None


class Mapping(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One landing table out of a report."""

    table: str
    columns: dict[str, str | Column]
    each: Each | None = None

    def column(self, name: str) -> Column:
        found = self.columns[name]
        return Column(headings=found) if isinstance(found, str) else found


class Formats(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How dates, times, numbers and truth are written; the first form that fits is taken."""

    dates: tuple[str, ...] = (
        "%d.%m.%Y",
        "%Y-%m-%d",
        "%Y-%m-%d %H:%M:%S",
        "%d.%m.%y",
        "%d/%m/%Y",
        "%Y%m%d",
        "%d-%m-%Y",
        "%d/%m/%y",
    )
    times: tuple[str, ...] = ("%H:%M", "%H:%M:%S", "%H.%M", "%Y-%m-%d %H:%M:%S", "%H%M", "%H:%M:%S%.f")
    decimal: Literal[",", "."] = ","
    true: tuple[str, ...] = ("ja", "j", "sann", "true", "1", "x")
    false: tuple[str, ...] = ("nei", "n", "usann", "false", "0")


class Profile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One kind of report."""

    name: str
    files: list[str]
    tables: list[Mapping]
    order: int = 100
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    formats: Formats = Formats()

    def fits(self, file: Path) -> bool:
        """Whether the file's name says that it is this report."""
        return any(self.fits_pattern(file, pattern) for pattern in self.files)

    @staticmethod
    def fits_pattern(file: Path, pattern: str) -> bool:
        return fnmatch(file.stem.casefold(), pattern.casefold())

    def headings(self) -> list[list[str]]:
        """The headings a file must have, each with its accepted spellings."""
        found: list[list[str]] = []
        for mapping in self.tables:
            if mapping.each:
                found.append([mapping.each.column])
            for name in mapping.columns:
                column = mapping.column(name)
                found += [[column.time]] if column.time else []
                if column.names and not column.names[0].startswith("@") and not column.may_be_missing:
                    found.append(column.names)
        return [names for position, names in enumerate(found) if names not in found[:position]]

    def every_heading(self) -> list[str]:
        optional = [
            name for mapping in self.tables for key in mapping.columns for name in mapping.column(key).names
        ]
        return [*optional, *(name for names in self.headings() for name in names)]

    def known(self) -> frozenset[str]:
        """Every heading, as headings are compared."""
        return frozenset(map(heading, self.every_heading()))

    def unfilled(self) -> list[str]:
        """The columns of a draft that somebody still has to fill in before it can read a file."""
        return [
            f"{mapping.table}.{name}"
            for mapping in self.tables
            for name in mapping.columns
            if TO_FILL in mapping.column(name).names or mapping.column(name).constant == TO_FILL
        ]


def load_profile(file: Path) -> Profile:
    """Read a profile from any path."""
    try:
        return _parsed(file.read_text(encoding="utf-8"), file.name)
    except OSError:
        raise SourceError(f"{file}: the profile cannot be read. Check the path.") from None


def home_profiles(folder: Path) -> list[Profile]:
    """A county's own profiles, kept in one folder; none where there is no such folder."""
    return [load_profile(file) for file in sorted(folder.glob("*.toml"))]


def shipped_profiles() -> list[Profile]:
    """Every profile that comes with the product, in the order their reports are to land."""
    folder = resources.files("ingest") / "profiles"
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    profiles = [_parsed(file.read_text(encoding="utf-8"), file.name) for file in files]
    return sorted(profiles, key=lambda profile: (profile.order, profile.name))


def _parsed(text: str, name: str) -> Profile:
    try:
        profile = msgspec.convert(tomllib.loads(text), Profile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SourceError(f"{name}: not a profile ({error}). Compare it with a shipped one.") from None
    for mapping in profile.tables:
        columns = TABLES[mapping.table].column_names() if mapping.table in TABLES else None
        if columns is None:
            raise SourceError(f"{name}: there is no landing table {mapping.table}.")
        unknown = sorted(set(mapping.columns) - set(columns))
        if unknown:
            raise SourceError(f"{name}: {mapping.table} has no column {', '.join(unknown)}.")
    return profile
