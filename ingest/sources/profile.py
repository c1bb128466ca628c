"""Profiles: how one kind of report maps to landing tables, as a small TOML file.

The shipped ones are in `ingest/profiles`; a county whose export looks different copies one, changes
it, and names it when ingesting.
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

ITEM, NAME, VALUE = "@item", "@name", "@value"


class Column(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where a landing column's value comes from."""

    headings: str | list[str] = msgspec.field(name="from", default_factory=list)
    time: str | None = None
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

    dates: tuple[str, ...] = ("%d.%m.%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d.%m.%y", "%d/%m/%Y")
    times: tuple[str, ...] = ("%H:%M", "%H:%M:%S", "%H.%M", "%Y-%m-%d %H:%M:%S")
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
    formats: Formats = Formats()

    def fits(self, file: Path) -> bool:
        """Whether the file's name says that it is this report."""
        return any(fnmatch(file.stem.casefold(), pattern.casefold()) for pattern in self.files)

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


def load_profile(file: Path) -> Profile:
    """Read a profile from any path."""
    try:
        return _parsed(file.read_text(encoding="utf-8"), file.name)
    except OSError:
        raise SourceError(f"{file}: the profile cannot be read. Check the path.") from None


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
