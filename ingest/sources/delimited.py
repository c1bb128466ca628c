"""Delimited text with the true line of every row, and its ragged rows told apart."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingest.bridge import quoted
from ingest.delivery import Rejection, SourceError, TextFile

if TYPE_CHECKING:
    from _csv import Reader as Lines

DELIMITERS = ",;"
ROWS_AT_A_TIME = 20_000
LONGEST_FIELD = 16 << 20
_CHUNK = 4 << 20
_LONGEST_HEADER = 1 << 16


@dataclass(frozen=True)
class Scouted:
    """A text file as a look over its bytes shows it."""

    text: TextFile
    digest: str


def scout(file: Path, check_header: Callable[[list[str]], None]) -> Scouted:
    """Look over a file once: that it is text, its header, how many lines it has, and its hash."""
    digest = hashlib.sha256()
    lines, rest, last = 0, b"", b""
    with file.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            rest = _must_be_text(file, rest + chunk)
            lines += chunk.count(b"\n")
            last = chunk
    if rest:
        raise _not_utf8(file)
    lines += not last.endswith(b"\n") and last != b""
    header, delimiter = _header(file)
    check_header(header)
    return Scouted(TextFile(file, file.name, tuple(header), delimiter, lines), digest.hexdigest())


def _must_be_text(file: Path, chunk: bytes) -> bytes:
    """Refuse what is not UTF-8 text; gives back the bytes of a sign that is cut at the end."""
    if b"\x00" in chunk:
        raise SourceError(f"{file.name}: is not text. Expected CSV in UTF-8.")
    if chunk.isascii():
        return b""
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.reason != "unexpected end of data" or problem.start < len(chunk) - 3:
            raise _not_utf8(file) from problem
        return chunk[problem.start :]
    return b""


def _not_utf8(file: Path) -> SourceError:
    return SourceError(f"{file.name}: is not UTF-8 text. Save it as CSV in UTF-8.")


def _header(file: Path) -> tuple[list[str], str]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        first = handle.readline(_LONGEST_HEADER)
    if not first.strip():
        raise SourceError(f"{file.name}: is empty. Expected a first line with the column names.")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return [name.strip() for name in next(csv.reader([first], delimiter=delimiter))], delimiter
    except csv.Error as problem:
        raise SourceError(f"{file.name}: the first line cannot be read as column names.") from problem


def relation(text: TextFile) -> str:
    """SQL that reads the file with DuckDB's own parser, every column as text.

    It skips what it cannot parse and joins what stands on several lines, so it is to be trusted only where
    it gives one row for every line after the first.
    """
    names = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in text.header)
    return (
        f"read_csv({quoted(text.path)}, delim = '{text.delimiter}', header = true, "
        f"auto_detect = false, columns = {{{names}}}, quote = '\"', escape = '\"', strict_mode = true, "
        "ignore_errors = true)"
    )


def read_line_by_line(text: TextFile, table: str) -> Iterator[tuple[pl.DataFrame, list[Rejection]]]:
    """Follows every line, for files with ragged rows, blank lines or line breaks inside quotes."""
    csv.field_size_limit(LONGEST_FIELD)
    with text.path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, delimiter=text.delimiter, strict=True)
        next(reader)
        rows: list[tuple[int, list[str]]] = []
        ragged: list[Rejection] = []
        rule = f"must have {len(text.header)} fields"
        for line, row in _numbered(reader, text):
            if len(row) == len(text.header):
                rows.append((line, row))
            elif row:
                ragged.append(Rejection(text.name, line, table, None, rule, f"{len(row)} fields"))
            if len(rows) + len(ragged) >= ROWS_AT_A_TIME:
                yield _frame(text, rows), ragged
                rows, ragged = [], []
        yield _frame(text, rows), ragged


def _numbered(reader: Lines, text: TextFile) -> Iterator[tuple[int, list[str]]]:
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as problem:
            if "field larger" in str(problem):
                why = f"a field is longer than {LONGEST_FIELD >> 20} MB. Correct it"
            else:
                why = "a quotation mark stands inside a field or is never closed. Cut off? Write it again"
            raise SourceError(f"{text.name}, line {start}: {why}.") from problem
        if row is None:
            return
        yield start, row


def _frame(text: TextFile, rows: list[tuple[int, list[str]]]) -> pl.DataFrame:
    columns = {
        name: pl.Series(name, [row[place] or None for _, row in rows], dtype=pl.String)
        for place, name in enumerate(text.header)
    }
    return pl.DataFrame(columns).with_columns(
        pl.lit(text.name).alias("source_file"),
        pl.Series("source_row", [line for line, _ in rows], dtype=pl.Int64),
    )
