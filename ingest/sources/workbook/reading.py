"""One sheet's rows as landing rows; what cannot be read is told by its cell and set aside."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ingest.contract import TABLES
from ingest.sources.workbook.faults import Faults, shown
from ingest.sources.workbook.forms import Column, Form
from ingest.sources.workbook.grid import Cell, Grid
from ingest.sources.workbook.layout import Cells, Layout, is_heading_again
from ingest.sources.workbook.quantities import UnreadableError
from ingest.sources.workbook.values import Reader
from ingest.sources.workbook.words import listed, plain

Row = dict[str, Any]
_NOTE = re.compile(
    r"^(sum\w*|total\w*|i alt|merk\w*|nb|obs|note\w*|kilde\w*|kommentar\w*|gjennomsnitt|snitt|\*)([\s:.!]|$)",
    re.I,
)
_NONE = ("ingen", "ingenting", "ingen å melde", "ikke noe", "ingen saker")
_SCHOOL_KINDS = ("school", "school_or_all")
_ID_LENGTH = 16


@dataclass(frozen=True)
class Refused:
    """A row that cannot land, with its first fault."""

    row: int
    column: str
    rule: str
    value: str | None


@dataclass
class Read:
    """A form's rows out of one sheet: `rows` with their number, those refused, and what was passed over."""

    form: Form
    rows: list[tuple[int, Row]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    says_none: bool = False
    schools: set[str] = field(default_factory=set)

    @property
    def is_filled(self) -> bool:
        """A sheet left empty says nothing; one that says «ingen» says there is none."""
        return bool(self.rows or self.refused or self.says_none)


def read_form(grid: Grid, layout: Layout, reader: Reader, faults: Faults) -> Read:
    """Every filled row below the headings."""
    found = Read(layout.form)
    seen: dict[tuple[Any, ...], tuple[int, Row]] = {}
    repeated: Counter[str] = Counter()
    for number, cells in data_rows(grid, layout):
        if _says_none(cells):
            found.says_none = True
        elif is_note(cells, layout):
            found.notes.append(number)
        else:
            _read_row(number, cells, _Sheet(grid.title, layout, reader, faults, found, seen, repeated))
    return found


def data_rows(grid: Grid, layout: Layout) -> list[tuple[int, Cells]]:
    """The rows below the headings with something in the form's columns, blank and repeated ones left out."""
    rows = []
    for number in sorted(grid.rows):
        cells = {place: cell for place, cell in grid.rows[number].items() if place in layout.columns}
        if number <= layout.header or all(cell.is_spread for cell in cells.values()):
            continue
        if not is_heading_again(cells, layout):
            rows.append((number, cells))
    return rows


def is_note(cells: Cells, layout: Layout) -> bool:
    """A total or a remark: its first cell says so, or it is a sentence alone on its row."""
    own = [cells[place] for place in sorted(cells) if not cells[place].is_spread]
    if own[0].look == "text" and _NOTE.match(own[0].text.strip()):
        return True
    place = next(place for place in sorted(cells) if cells[place] is own[0])
    is_sentence = len(own) == 1 and own[0].look == "text" and " " in own[0].text.strip()
    return is_sentence and layout.columns[place].kind not in ("school", "school_or_all", "process")


@dataclass
class _Sheet:
    title: str
    layout: Layout
    reader: Reader
    faults: Faults
    found: Read
    seen: dict[tuple[Any, ...], tuple[int, Row]]
    repeated: Counter[str]


def _read_row(number: int, cells: Cells, sheet: _Sheet) -> None:
    row: Row = {}
    refused: list[Refused] = []
    # Initials belong to a school, so the school is read first.
    ordered = sorted(sheet.layout.columns.items(), key=lambda one: one[1].kind not in _SCHOOL_KINDS)
    for place, column in ordered:
        try:
            row[column.name] = _value(column, cells.get(place), row.get("school_id"), sheet)
            _check(sheet.layout.form, column, row)
        except UnreadableError as problem:
            sheet.faults.at(sheet.title, place, number, f"{column.heading}: {problem}")
            value = shown(column, cells.get(place))
            refused.append(Refused(number, column.name, str(problem), value))
    if school := row.get("school_id"):
        sheet.found.schools.add(school)
    if not refused:
        _make_ids(row, sheet)
        refused += _contradiction(number, row, sheet)
    if refused:
        sheet.found.refused.append(refused[0])
    else:
        sheet.found.rows.append((number, row))


def _value(column: Column, cell: Cell | None, school: str | None, sheet: _Sheet) -> object:
    if cell is None:
        if sheet.layout.form.required(column):
            raise UnreadableError("mangler. Fyll ut cellen, eller slett raden")
        return None
    return sheet.reader.value(column, cell, school)


@cache
def _least(table: str, column: str) -> Any:
    return getattr(TABLES[table].columns()[column], "min", None)


@cache
def _keys(table: str) -> tuple[str, ...]:
    return tuple(TABLES[table].primary_key())


def _check(form: Form, column: Column, row: Row) -> None:
    """What the contract demands beyond the type."""
    value = row[column.name]
    if value is None:
        return
    least = _least(form.table, column.name)
    if least is not None and value < least:
        raise UnreadableError(f"Tallet må være minst {least}")
    if column.not_before and row.get(column.not_before) is not None and value < row[column.not_before]:
        raise UnreadableError("Dette er før starten. Rett en av datoene")


def _make_ids(row: Row, sheet: _Sheet) -> None:
    """An id made of what the row says: the same row, delivered again or in a copy, is the same row."""
    for column in sheet.layout.form.columns:
        if column.kind != "id" or row.get(column.name) is not None:
            continue
        content = "|".join(f"{name}={row[name]}" for name in sorted(row) if name != column.name)
        if column.repeats:
            sheet.repeated[content] += 1
            content = f"{content}|{sheet.repeated[content]}"
        digest = hashlib.sha256(f"{sheet.layout.form.table}|{content}".encode()).hexdigest()
        row[column.name] = f"ark-{digest[:_ID_LENGTH]}"


def _contradiction(number: int, row: Row, sheet: _Sheet) -> list[Refused]:
    """A second row with the same key that says something else; a mere copy is for landing to pass over."""
    keys = _keys(sheet.layout.form.table)
    key = tuple(row[name] for name in keys)
    earlier = sheet.seen.setdefault(key, (number, row))
    if earlier[1] == row:
        return []
    headings = [column.heading for column in sheet.layout.form.columns if column.name in keys]
    advice = f"Rad {earlier[0]} har samme {listed(headings, 'og')}, men sier noe annet. Behold én av dem"
    place = min(place for place, column in sheet.layout.columns.items() if column.name in keys)
    sheet.faults.at(sheet.title, place, number, advice)
    return [Refused(number, ", ".join(keys), advice, None)]


def _says_none(cells: Cells) -> bool:
    return len(cells) == 1 and plain(next(iter(cells.values())).text) in _NONE
