"""A profile for a report nobody has described yet: drafted from its headings and its contents.

Every line says how sure it is. What only a person can know is marked `?`: the draft loads as it is, but
reads no file before those places are filled in; a code still marked `?` costs only the rows that have it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingest.contract import TABLES
from ingest.delivery import SourceError
from ingest.privacy import masked
from ingest.sources.draft.contents import Contents, look_at
from ingest.sources.draft.guess import Drafted, Guess, best_kind
from ingest.sources.draft.words import CODES, KINDS
from ingest.sources.header import heading
from ingest.sources.profile import TO_FILL, Formats, shipped_profiles
from ingest.sources.sheet import Table
from ingest.sources.showing import is_personal, may_be_a_name, shown

_LIST_SEPARATOR = "|"
_ITEM = '"@item"'
_LOOKS_LIKE_DATA = re.compile(r"\d{5,}|\d{1,2}[.:]\d{2}")


@dataclass(frozen=True)
class Draft:
    """The profile's text, and what it is a draft of."""

    text: str
    table: str
    unused: tuple[str, ...]
    open_places: int


def known_words() -> frozenset[str]:
    """Every heading any kind of report is known to have."""
    columns = (words for kind in KINDS for words in kind.columns.values())
    lists = (words for kind in KINDS for _, words in kind.lists.values())
    return frozenset(heading(word) for words in (*columns, *lists) for word in words)


def draft_profile(file: Path, table: Table, rows: pl.DataFrame) -> Draft:
    """Draft a profile for a table of which some rows have been read."""
    _refuse_data_for_headings(file, table)
    contents = {name: look_at(rows[name]) for name in table.headings}
    named = [name for name in table.headings if not name.startswith("(column ")]
    drafted = best_kind(file.stem, named, contents)
    unused = tuple(name for name in named if name not in drafted.used)
    writer = _Writer(file, table, drafted, contents)
    text = writer.text(unused)
    return Draft(text, drafted.kind.table, unused, writer.open_places)


def _refuse_data_for_headings(file: Path, table: Table) -> None:
    """A first line of data has names and numbers in it, which are not for a draft."""
    suspicious = [name for name in table.headings if _LOOKS_LIKE_DATA.search(name) or name != masked(name)]
    names = [name for name in table.header.shown if may_be_a_name(name) and not is_personal(name)]
    if not table.header.hits and (suspicious or names):
        raise SourceError(
            f"{file.name}: no line looks like headings, so nothing says what the columns are. Export the "
            "report with its header line."
        )


class _Writer:
    def __init__(self, file: Path, table: Table, drafted: Drafted, contents: dict[str, Contents]) -> None:
        self._file = file
        self._table = table
        self._drafted = drafted
        self._contents = contents
        self._shown = {
            name: text if heading(text) == name else name
            for name, text in zip(table.headings, table.header.shown, strict=True)
        }
        self.open_places = 0

    def text(self, unused: tuple[str, ...]) -> str:
        kind = self._drafted.kind
        name, order = kind.profile, kind.order
        if name == "lesson_register" and "status" not in self._drafted.columns:
            name, order = "timetable", 10
        body = self._tables()
        lines = [
            f"# Drafted from {_pattern(self._file.stem)}.",
            f"# Each line says how sure it is: look at every guess, and fill in what is marked {TO_FILL}.",
            "# Then keep this file in the folder profiles of your home, or name it with --profile.",
            f"name = {_quoted(name)}",
            f"files = [{_quoted(_pattern(self._file.stem))}]",
            f"order = {order}",
            *self._sheet(),
            *self._formats(),
            "",
            *body,
        ]
        if unused:
            shown_names = ", ".join(_quoted(self._shown[one]) for one in unused)
            lines += ["", f"# Not used: {shown_names}"]
        return "\n".join(lines) + "\n"

    def _sheet(self) -> list[str]:
        if len(self._table.sheets) < 2 or self._table.sheet is None:
            return []
        return [f"sheet = {_quoted(self._table.sheet)}  # the one of several that looks most like it"]

    def _formats(self) -> list[str]:
        lines = []
        forms = [form for name in sorted(self._drafted.used) for form in self._contents[name].date_forms]
        if forms:
            every = list(dict.fromkeys([*forms, *Formats().dates]))
            lines.append(f"dates = [{', '.join(map(_quoted, every))}]  # guess: day or month first?")
        types = TABLES[self._drafted.kind.table].create_empty().schema
        decimals = [
            guess.heading
            for column, guess in self._drafted.columns.items()
            if isinstance(types[column], pl.Decimal) and guess.heading
        ]
        if any(self._contents[name].decimal_point for name in decimals):
            lines.append('decimal = "."  # likely: the file has a point in its decimal numbers')
        return ["", "[formats]", *lines] if lines else []

    def _tables(self) -> list[str]:
        kind = self._drafted.kind
        lines = ["[[tables]]", f"table = {_quoted(kind.table)}", "[tables.columns]"]
        coded: list[str] = []
        for column in kind.columns:
            guess = self._drafted.columns.get(column)
            if guess is None and column in kind.assumed:
                assumed = _quoted(kind.assumed[column])
                lines.append(f"{column} = {{ value = {assumed} }}  # assumed: no column says it")
            elif guess is not None and guess.heading and f"{kind.table}.{column}" in CODES:
                # A table of codes ends the plain lines above it.
                coded += self._codes(kind.table, column, guess)
            elif guess is not None:
                lines.append(self._column(column, guess))
        lines += coded
        key = TABLES[kind.table].primary_key()[0]
        for table, guess in self._drafted.lists.items():
            lines += self._list(table, key, guess)
        return lines

    def _column(self, column: str, guess: Guess) -> str:
        if guess.heading is None:
            self.open_places += 1
            return f'{column} = "{TO_FILL}"  # FILL IN: {guess.why}'
        note = _note(guess)
        source = _quoted(self._shown[guess.heading])
        if column == "student_key":
            field = "elevnummer" if self._contents[guess.heading].identity < 0.5 else "fodselsnummer"
            return f'{column} = {{ from = {source}, pseudonym = "student", id_field = "{field}" }}  {note}'
        if guess.time:
            part = f", part = {guess.part}" if guess.part else ""
            time = _quoted(self._shown[guess.time])
            return f"{column} = {{ from = {source}, time = {time}{part} }}  {note}"
        return f"{column} = {source}  {note}"

    def _codes(self, table: str, column: str, guess: Guess) -> list[str]:
        """The codes found with their meaning; those unknown are listed to be filled in."""
        known = {word.casefold(): meaning for word, meaning in CODES[f"{table}.{column}"].items()}
        name = guess.heading or ""
        safe = {code: count for code, count in self._contents[name].codes if shown(code, name) == code}
        meanings = sorted(set(CODES[f"{table}.{column}"].values()))
        lines = [
            f"[tables.columns.{column}]  {_note(guess)}",
            f"from = {_quoted(self._shown[name])}",
            f"[tables.columns.{column}.codes]  # each is one of {', '.join(meanings)}",
        ]
        for code, count in safe.items():
            meaning = known.get(code.casefold(), TO_FILL)
            self.open_places += meaning == TO_FILL
            mark = f"  # FILL IN: {count} of the rows looked at" if meaning == TO_FILL else "  # sure"
            lines.append(f"{_quoted(code)} = {_quoted(meaning)}{mark}")
        for code, meaning in _shipped_codes(table, column).items():
            if code.casefold() not in {one.casefold() for one in safe}:
                lines.append(f"{_quoted(code)} = {_quoted(meaning)}  # known, not in the rows looked at")
        if not safe:
            lines.append("# Too many different values for a list of codes: is this the right column?")
        return lines

    def _list(self, table: str, key: str, guess: Guess) -> list[str]:
        name = guess.heading or ""
        separator = self._contents[name].separator or _LIST_SEPARATOR
        column, _ = self._drafted.kind.lists[table]
        items = {
            "teacher_key": '{ from = "@item", pseudonym = "staff", id_field = "larer-id" }',
            "minutes": '"@value"\nsubject_code = "@name"',
        }
        pair = ', pair = "="' if column == "minutes" else ""
        source = self._drafted.columns[key]
        first = _quoted(self._shown[source.heading]) if source.heading else f'"{TO_FILL}"'
        return [
            "",
            "[[tables]]",
            f"table = {_quoted(table)}",
            f"each = {{ column = {_quoted(self._shown[name])}, separator = {_quoted(separator)}{pair} }}  "
            f"# {guess.confidence}: several in one cell stand with {separator} between",
            "[tables.columns]",
            f"{key} = {first}",
            f"{column} = {items.get(column, _ITEM)}",
        ]


def _shipped_codes(table: str, column: str) -> dict[str, str]:
    found = [
        mapping.column(column).codes or {}
        for profile in shipped_profiles()
        for mapping in profile.tables
        if mapping.table == table and column in mapping.columns
    ]
    return max(found, key=len, default={})


def _note(guess: Guess) -> str:
    return f"# {guess.confidence}" + ("" if guess.why == "heading" else f": {guess.why}")


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _pattern(stem: str) -> str:
    """File names of the same report differ by their dates and numbers."""
    pattern = re.sub(r"[\[\]?]", "*", masked(stem))
    pattern = re.sub(r"\d[\d._-]*", "*", pattern)
    return re.sub(r"\*+", "*", f"{pattern.rstrip(' _-')}*").lower()
