"""A CSV form as a grid: one sheet, every cell a text."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from ingest.delivery import SourceError
from ingest.sources.workbook import limits
from ingest.sources.workbook.grid import Cell, Grid

_SEPARATORS = (";", "\t", ",")
_SEEN_FOR_SEPARATOR = 20


def read_csv(file: Path, name: str) -> Grid:
    """Rows are counted as a spreadsheet that opens the file would."""
    if file.stat().st_size > limits.FILE_BYTES:
        raise SourceError(f"{name}: er for stor for et skjema. Del det i flere filer.")
    text = _decoded(file.read_bytes(), name)
    grid = Grid(file.stem)
    cells = 0
    csv.field_size_limit(limits.FILE_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for row, fields in enumerate(reader, start=1):
            filled = {
                column: Cell(content.strip())
                for column, content in enumerate(fields, start=1)
                if content.strip()
            }
            cells += len(filled)
            if row > limits.ROWS or cells > limits.CELLS or max(filled, default=0) > limits.COLUMNS:
                raise SourceError(
                    f"{name}: er for stor. Et skjema kan ha {limits.ROWS} rader og {limits.COLUMNS} "
                    "kolonner. Del det i flere filer."
                )
            if filled:
                grid.rows[row] = filled
    except csv.Error:
        raise SourceError(
            f"{name}: kan ikke leses som CSV. Lagre arket på nytt og lever det igjen."
        ) from None
    return grid


def _decoded(content: bytes, name: str) -> str:
    """UTF-16 and UTF-8 by their marks, else UTF-8 where it is valid, else Windows-1252."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise SourceError(f"{name}: er ikke en CSV-fil. Lagre arket som «CSV UTF-8» og lever det igjen.")


def _separator(text: str) -> str:
    lines = text.splitlines()[:_SEEN_FOR_SEPARATOR]
    return max(_SEPARATORS, key=lambda sign: max((line.count(sign) for line in lines), default=0))
