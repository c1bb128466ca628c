"""An Excel workbook (.xlsx, .xlsm) as grids: values as they were last computed, nothing run.

What an Excel library hides is needed here: the row and column of every cell, formulas that were never
computed, merged cells, and whether a number is shown as a time. A damaged or hostile file ends in a clear
message, and no file takes more than the limits say.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from ingest.delivery import SourceError
from ingest.sources.workbook import limits
from ingest.sources.workbook.grid import Cell, Grid, Look, position
from ingest.sources.workbook.number_formats import looks
from ingest.sources.workbook.xml_events import Event, MalformedError, TooLargeError, events

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STRINGS, _STYLES, _CORE = "xl/sharedStrings.xml", "xl/styles.xml", "docProps/core.xml"
_DAYS_1904 = 1462


@dataclass
class Workbook:
    """The grids in the order of their tabs, and when the workbook was last saved, where it says."""

    grids: list[Grid]
    saved_at: datetime | None = None


def read_workbook(file: Path, name: str) -> Workbook:
    """Read every sheet of the workbook, the hidden ones too; `name` is what messages call it."""
    _check(file, name)
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive, name)
    except TooLargeError:
        raise SourceError(
            f"{name}: er for stor. Et skjema kan ha {limits.ROWS:,} rader per ark og {limits.CELLS:,} fylte "
            "celler. Del det i flere filer.".replace(",", " ")
        ) from None
    except (zipfile.BadZipFile, MalformedError, KeyError, zlib.error, EOFError, NotImplementedError):
        raise SourceError(
            f"{name}: er skadet eller avkuttet og kan ikke leses. Åpne filen i Excel, lagre den på nytt som "
            ".xlsx og lever den igjen."
        ) from None
    except RuntimeError:  # zipfile's word for a part that is encrypted
        raise SourceError(_protected(name)) from None


def _check(file: Path, name: str) -> None:
    """Say what the file is instead, where it is no workbook."""
    size = file.stat().st_size
    if size == 0:
        raise SourceError(f"{name}: er tom. Lever filen på nytt.")
    if size > limits.FILE_BYTES:
        raise SourceError(
            f"{name}: er på {size // 1_000_000} MB; et skjema kan være på {limits.FILE_BYTES // 1_000_000} "
            "MB. Ta bort bilder og ark som ikke hører til, eller del det i flere filer."
        )
    start = file.read_bytes()
    if start.startswith(_COMPOUND):
        if _ENCRYPTED in start:
            raise SourceError(_protected(name))
        raise SourceError(
            f"{name}: er lagret i et gammelt Excel-format. Lagre den som .xlsx og lever den igjen."
        )
    if not start.startswith(b"PK"):
        raise SourceError(
            f"{name}: er ikke en Excel-arbeidsbok. Lagre den som .xlsx i Excel og lever den igjen."
        )


def _protected(name: str) -> str:
    return f"{name}: er beskyttet med passord. Lagre den uten passord og lever den igjen."


def _read(archive: zipfile.ZipFile, name: str) -> Workbook:
    parts = archive.infolist()
    # What a part says of its size is the most that is ever unpacked of it.
    if len(parts) > limits.PARTS or sum(part.file_size for part in parts) > limits.UNPACKED_BYTES:
        raise TooLargeError
    names = {part.filename for part in parts}
    if "mimetype" in names:
        raise SourceError(f"{name}: er ikke en Excel-arbeidsbok. Lagre den som .xlsx og lever den igjen.")
    if "xl/workbook.bin" in names:
        raise SourceError(f"{name}: er en binær arbeidsbok. Lagre den som .xlsx og lever den igjen.")
    strings = _strings(archive) if _STRINGS in names else []
    styles = looks(_events(archive, _STYLES)) if _STYLES in names else []
    sheets, is_1904 = _sheets(archive)
    reader = _SheetReader(strings, styles, _DAYS_1904 if is_1904 else 0)
    grids = [reader.read(title, _events(archive, part)) for title, part in sheets if part in names]
    return Workbook(grids, _saved_at(archive) if _CORE in names else None)


def _events(archive: zipfile.ZipFile, part: str) -> Iterator[Event]:
    with archive.open(part) as stream:
        yield from events(stream)


def _sheets(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], bool]:
    """Each sheet's title and its part, and whether days are counted from 1904."""
    targets: dict[str, str] = {}
    for event in _events(archive, _RELATIONS):
        if event.what == "start" and event.name == "Relationship":
            target = event.attributes.get("Target", "")
            targets[event.attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )
    found, is_1904 = [], False
    for event in _events(archive, _WORKBOOK):
        if event.what != "start":
            continue
        if event.name == "sheet":
            found.append((event.attributes.get("name", ""), targets.get(event.attributes.get("id", ""), "")))
        elif event.name == "workbookPr":
            is_1904 = event.attributes.get("date1904") in ("1", "true")
    return found, is_1904


def _strings(archive: zipfile.ZipFile) -> list[str]:
    found: list[str] = []
    parts: list[str] = []
    is_text, is_phonetic = False, False
    for event in _events(archive, _STRINGS):
        if event.what == "text":
            if is_text and not is_phonetic:
                parts.append(event.name)
        elif event.name == "t":
            is_text = event.what == "start"
        elif event.name == "rPh":
            is_phonetic = event.what == "start"
        elif event.name == "si":
            if event.what == "end":
                found.append("".join(parts))
            parts.clear()
    return found


def _saved_at(archive: zipfile.ZipFile) -> datetime | None:
    is_wanted = False
    for event in _events(archive, _CORE):
        if event.what == "text" and is_wanted:
            try:
                saved = datetime.fromisoformat(event.name.strip())
            except ValueError:
                return None
            return saved if saved.tzinfo else None
        is_wanted = event.what == "start" and event.name == "modified"
    return None


@dataclass
class _Open:
    """A cell while its element is being read."""

    row: int
    column: int
    type: str
    look: Look
    value: str = ""
    has_formula: bool = False


@dataclass
class _SheetReader:
    strings: list[str]
    styles: list[Look]
    days_before: int
    _cells: int = field(default=0, init=False)

    def read(self, title: str, stream: Iterator[Event]) -> Grid:
        grid = Grid(title)
        row = column = 0
        cell: _Open | None = None
        taking = False
        for event in stream:
            if event.what == "text":
                if cell and taking:
                    cell.value += event.name
            elif event.name == "row" and event.what == "start":
                row, column = _whole(event.attributes.get("r")) or row + 1, 0
            elif event.name == "c" and event.what == "start":
                cell = self._opened(event, row, column)
                column = cell.column
            elif event.name == "c" and cell:
                self._keep(grid, cell)
                cell = None
            elif cell and event.name in ("v", "t"):
                taking = event.what == "start"
            elif cell and event.name == "f":
                cell.has_formula = True
            elif event.name == "mergeCell" and event.what == "start":
                _spread(grid, event.attributes.get("ref", ""))
        return grid

    def _opened(self, event: Event, row: int, column: int) -> _Open:
        stated = position(event.attributes.get("r", ""))
        style = _whole(event.attributes.get("s"))
        look: Look = self.styles[style] if style < len(self.styles) else "number"
        return _Open(stated[0] or row, stated[1] or column + 1, event.attributes.get("t", "n"), look)

    def _keep(self, grid: Grid, cell: _Open) -> None:
        if cell.row > limits.ROWS or cell.column > limits.COLUMNS:
            if cell.value.strip():
                raise TooLargeError
            return
        made = self._made(cell)
        if made is None:
            return
        self._cells += 1
        if self._cells > limits.CELLS:
            raise TooLargeError
        grid.put(cell.row, cell.column, made)

    def _made(self, cell: _Open) -> Cell | None:
        text = cell.value
        if cell.type == "s":
            place = _whole(text.strip(), default=-1)
            text = self.strings[place] if 0 <= place < len(self.strings) else ""
        if not text.strip():
            # A formula whose result is an empty text has one; any other was never computed.
            return Cell("", "formula") if cell.has_formula and cell.type != "str" else None
        if cell.type == "e":
            return Cell(text, "error")
        if cell.type == "b":
            return Cell("ja" if text.strip() == "1" else "nei", "truth")
        if cell.type == "d":
            return Cell(text)
        return self._number(text.strip(), cell.look) if cell.type == "n" else Cell(text.strip())

    def _number(self, text: str, look: Look) -> Cell:
        try:
            number = float(text)
        except ValueError:
            return Cell(text)
        if look == "date" or (look == "time" and number >= 1):
            number += self.days_before
        plain = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
        return Cell(plain, look, number)


def _spread(grid: Grid, reference: str) -> None:
    """A cell merged downwards stands for each of its rows."""
    first, _, last = reference.partition(":")
    (top, column), (bottom, _) = position(first), position(last or first)
    cell = grid.rows.get(top, {}).get(column)
    if cell is None:
        return
    spread = replace(cell, is_spread=True)
    for row in range(top + 1, min(bottom, limits.ROWS) + 1):
        grid.rows.setdefault(row, {}).setdefault(column, spread)


def _whole(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else default
