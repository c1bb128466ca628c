"""What the sheets say: forms, columns, codes and what is filled in beforehand, from the files beside this."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from ingest.contract import TABLES

Kind = Literal[
    "text",
    "id",
    "id_required",
    "code_name",
    "code",
    "words",
    "date",
    "month",
    "moment",
    "moment_end",
    "minutes",
    "hours",
    "hours_signed",
    "whole",
    "rating",
    "truth",
    "school",
    "school_or_all",
    "county",
    "process",
    "milestone",
    "staff",
    "school_year",
    "shown",
]
ALL_SCHOOLS = "*"
ALL_SCHOOLS_LABEL = "Alle skoler"
NOT_DECIDED = "Ikke bestemt"


class Column(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One column of a form: its heading on screen, and the landing column behind it."""

    name: str
    heading: str
    kind: Kind
    help: str
    width: int
    also: tuple[str, ...] = ()
    codes: str | None = None
    several: bool = False
    not_before: str | None = None
    repeats: bool = False


class Form(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One sheet: one landing table."""

    table: str
    title: str
    area: str
    who: str
    when: str
    how: str
    columns: tuple[Column, ...] = msgspec.field(name="column")

    def required(self, column: Column) -> bool:
        """Whether a row must have it; ids that may be left empty are made."""
        if column.kind in ("id", "shown"):
            return False
        stated = TABLES[self.table].columns().get(column.name)
        return stated is None or not stated.nullable

    def headings(self) -> dict[str, str]:
        """Everything a column may be called → the landing column."""
        found: dict[str, str] = {}
        for column in self.columns:
            for text in (column.heading, column.name, *column.also):
                found.setdefault(text, column.name)
        return found


class CodeList(msgspec.Struct, frozen=True):
    """Code → its words, the one shown first."""

    words: dict[str, list[str]]
    is_open: bool

    def label(self, code: str) -> str:
        return self.words[code][0] if code in self.words else code

    def labels(self) -> list[str]:
        return [words[0] for words in self.words.values()]


class Seed(msgspec.Struct, frozen=True):
    """A work process as it is filled in beforehand."""

    process_code: str
    name: str
    name_en: str
    role: str
    change_kind: str
    unit: str
    volume_source: str


@cache
def forms() -> tuple[Form, ...]:
    """Every form, in the order of the workbook."""
    return tuple(msgspec.convert(tomllib.loads(_text("forms.toml"))["form"], list[Form]))


@cache
def confirmation_forms() -> tuple[Form, Form]:
    """The sheet of lessons, and the sheet that answers for a group's whole week."""
    lessons, weeks = msgspec.convert(tomllib.loads(_text("confirmation.toml"))["form"], tuple[Form, Form])
    return lessons, weeks


@cache
def code_lists() -> dict[str, CodeList]:
    stated = tomllib.loads(_text("codes.toml"))
    return {
        name: CodeList(words, is_open=part == "open")
        for part in stated
        for name, words in stated[part].items()
    }


@cache
def work_processes() -> tuple[Seed, ...]:
    """The register the counties start from, with its sources in the file."""
    return tuple(
        Seed(**{name: row[name] for name in Seed.__struct_fields__}) for row in _rows("work_processes")
    )


@cache
def milestones() -> CodeList:
    return CodeList({row["milestone"]: [row["name"]] for row in _rows("milestones")}, is_open=True)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(f"{name}.csv").splitlines()))


def _text(name: str) -> str:
    return (resources.files("ingest.sources.workbook") / name).read_text(encoding="utf-8")
