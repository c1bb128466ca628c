"""Tables of text out of CSV and Excel files as people's systems export them.

Encoding and separator are found out; title lines above the header, blank lines, and total rows and
notes at the end are passed over. Every row keeps its true line (or Excel row) number.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl

from ingest.delivery import SourceError

EXCEL = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
TEXT = frozenset({".csv", ".txt", ".tsv"})
SEPARATORS = (";", ",", "\t")
_HEADER_WITHIN = 20
_NOTE = re.compile(
    r"(sum|total\w*|i alt|antall|merk|merknad\w*|note\w*|kilde\w*|utskrift\w*|utskrevet|rapport\w*|uttrekk\w*"
    r"|generert|eksportert|skrevet ut|\*)([\s:.]|$)",
    re.IGNORECASE,
)
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Sheet:
    """The rows as text under their headings (as `heading` writes them), with `source_row`."""

    frame: pl.DataFrame
    headings: tuple[str, ...]
    ragged: list[tuple[int, int]] = field(default_factory=list)
    notes: int = 0


def heading(text: str) -> str:
    """A heading so that spelling variants meet: lower case, single blanks, composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\ufeff", "").casefold().split())


def read_sheet(
    file: Path, wanted: Iterable[str], *, encoding: str | None = None, separator: str | None = None
) -> Sheet:
    """Read the table whose header has most of the `wanted` headings."""
    known = {heading(text) for text in wanted}
    if file.suffix.lower() in EXCEL:
        return _from_rows(file, _excel_rows(file, known), known)
    text = _decoded(file, encoding)
    if not text.strip():
        raise SourceError(f"{file.name}: is empty. Expected a header line and rows.")
    separator = separator or _separator(text, known)
    if '"' in text:
        sheet = _from_rows(file, _quoted_rows(file, text, separator), known)
    else:
        sheet = _from_lines(file, text, separator, known)
    if not text.endswith("\n") and _ends_in_a_row(sheet):
        raise SourceError(f"{file.name}: ends in the middle of a row, so it is cut off. Export it again.")
    return sheet


def _ends_in_a_row(sheet: Sheet) -> bool:
    if sheet.notes or not sheet.ragged:
        return False
    line, fields = sheet.ragged[-1]
    return fields < len(sheet.headings) and line > max(sheet.frame["source_row"].to_list()[-1:], default=0)


def _decoded(file: Path, encoding: str | None) -> str:
    """UTF-16 and UTF-8 by their marks, else UTF-8 where it is valid, else Windows-1252."""
    content = file.read_bytes()
    if encoding is None and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    for candidate in [encoding] if encoding else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise SourceError(
        f"{file.name}: is not text in {encoding or 'UTF-8 or Windows-1252'}. Export it again as CSV."
    )


def _separator(text: str, known: set[str]) -> str:
    lines = text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]

    def found(separator: str) -> tuple[int, int]:
        return max((_hits(line.split(separator), known), line.count(separator)) for line in lines)

    return max(SEPARATORS, key=found)


def _hits(cells: Sequence[str], known: set[str]) -> int:
    return sum(heading(cell.strip('"')) in known for cell in cells)


def _excel_rows(file: Path, known: set[str]) -> list[Row]:
    """The rows of the sheet that looks most like the report."""
    try:
        book = fastexcel.read_excel(file)
        sheets = [
            book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars().rows()
            for name in book.sheet_names
        ]
    except fastexcel.FastExcelError:
        raise SourceError(f"{file.name}: cannot be read as Excel. Save it as .xlsx and try again.") from None

    def likeness(rows: list[tuple[str | None, ...]]) -> int:
        return max((_hits(_texts(row), known) for row in rows[:_HEADER_WITHIN]), default=0)

    best = max(sheets, key=likeness)
    return [(number, _texts(row)) for number, row in enumerate(best, start=1)]


def _texts(row: Sequence[str | None]) -> list[str]:
    return [cell or "" for cell in row]


def _quoted_rows(file: Path, text: str, separator: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, start = [], 1
    try:
        for cells in reader:
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        raise SourceError(
            f"{file.name}, line {start}: a quotation mark is not closed, or text follows it. "
            "The file may be cut off; export it again."
        ) from None
    return rows


def _from_rows(file: Path, rows: list[Row], known: set[str]) -> Sheet:
    header = _header_position([cells for _, cells in rows[:_HEADER_WITHIN]], known)
    headings = _headings(file, rows[header][1] if rows else [])
    body = [(number, cells) for number, cells in rows[header + 1 :] if _is_filled(cells)]
    notes = _trim_notes(body)
    whole, ragged = _fitted(body, len(headings))
    columns = {name: [cells[i] for _, cells in whole] for i, name in enumerate(headings)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(headings, pl.String))
    numbers = pl.Series("source_row", [number for number, _ in whole], dtype=pl.Int64)
    return Sheet(_clean(frame).with_columns(numbers), headings, ragged, notes)


def _from_lines(file: Path, text: str, separator: str, known: set[str]) -> Sheet:
    """As `_from_rows`, with the splitting done by polars: no field holds the separator."""
    lines = text.split("\n")
    header = _header_position([line.split(separator) for line in lines[:_HEADER_WITHIN]], known)
    headings = _headings(file, lines[header].split(separator))
    last, notes = _without_tail(lines, header + 1, separator)
    body = pl.DataFrame({"line": lines[header + 1 : last]}, schema={"line": pl.String})
    body = body.with_columns(pl.int_range(header + 2, last + 1, dtype=pl.Int64).alias("source_row"))
    fits = pl.col("line").str.count_matches(separator, literal=True) == len(headings) - 1
    other = body.filter(~fits).rows()
    rest = [(number, line.split(separator)) for line, number in other]
    whole, ragged = _fitted([row for row in rest if _is_filled(row[1])], len(headings))
    fields = pl.col("line").str.split_exact(separator, len(headings) - 1)
    split = body.filter(fits).select("source_row", fields.struct.rename_fields(list(headings)))
    frame = split.unnest("line").select(*headings, "source_row")
    if whole:
        padded = [(*cells, number) for number, cells in whole]
        frame = pl.concat([frame, pl.DataFrame(padded, schema=frame.schema, orient="row")]).sort("source_row")
    frame = _clean(frame)
    filled = pl.any_horizontal(pl.col(*headings).is_not_null())
    return Sheet(frame.filter(filled), headings, ragged, notes)


def _without_tail(lines: list[str], first: int, separator: str) -> tuple[int, int]:
    """Where the rows end, before blank lines and notes, and how many notes there are."""
    last, notes = len(lines), 0
    while last > first:
        cells = lines[last - 1].split(separator)
        if _is_filled(cells) and not _is_note(cells):
            break
        last -= 1
        notes += _is_filled(cells)
    return last, notes


def _header_position(rows: list[list[str]], known: set[str]) -> int:
    """The row with most known headings; the first of those that tie."""
    return max(range(len(rows)), key=lambda i: (_hits(rows[i], known), -i), default=0)


def _headings(file: Path, cells: list[str]) -> tuple[str, ...]:
    names = [heading(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    # Told by place: where the header line is missing, what stands there is data.
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        places = ", ".join(str(number) for number, name in enumerate(names, start=1) if name in twice)
        raise SourceError(f"{file.name}: columns {places} of the header line say the same. Keep one of them.")
    return tuple(name or f"(column {number})" for number, name in enumerate(names, start=1))


def _is_filled(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _is_note(cells: Sequence[str]) -> bool:
    """A total or a remark: it says so, or is a sentence alone on its line."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    return bool(texts) and (bool(_NOTE.match(texts[0])) or (len(texts) == 1 and " " in texts[0]))


def _trim_notes(rows: list[Row]) -> int:
    before = len(rows)
    while rows and _is_note(rows[-1][1]):
        rows.pop()
    return before - len(rows)


def _fitted(rows: list[Row], width: int) -> tuple[list[Row], list[tuple[int, int]]]:
    """Rows of the header's width (empty fields beyond it are cut), and the others by field count."""
    whole: list[Row] = []
    ragged: list[tuple[int, int]] = []
    for number, cells in rows:
        if len(cells) < width or _is_filled(cells[width:]):
            ragged.append((number, len(cells)))
        else:
            whole.append((number, cells[:width]))
    return whole, ragged


def _clean(frame: pl.DataFrame) -> pl.DataFrame:
    """Blanks around a value go, and an empty field is null."""
    texts = pl.col(pl.String).str.strip_chars()
    return frame.with_columns(texts).with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))
