"""Delimited text with the true line of every row, and its ragged rows told apart."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from ingest.bridge import fetch
from ingest.delivery import Rejection, SourceError

DELIMITERS = ",;"
_CHUNK = 1 << 20


def read_delimited(
    file: Path, table: str, check_header: Callable[[list[str]], None]
) -> tuple[pl.DataFrame, list[Rejection]]:
    """Every row as text with `source_file` and `source_row`; an empty field is null."""
    lines = _count_lines(file)
    header, delimiter = _header(file)
    check_header(header)
    parsed = _read_fast(file, header, delimiter, lines) or _read_line_by_line(file, header, delimiter)
    frame, ragged = parsed
    rejections = [
        Rejection(file.name, line, table, None, f"must have {len(header)} fields", found)
        for line, found in ragged
    ]
    return frame, rejections


def _count_lines(file: Path) -> int:
    """The number of lines; refuses a file that is not UTF-8 text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, last = 0, ""
    try:
        with file.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                text = decoder.decode(chunk)
                lines += text.count("\n")
                last = text or last
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise SourceError(f"{file.name}: is not UTF-8 text. Save it as CSV in UTF-8.") from problem
    if "\x00" in last:
        raise SourceError(f"{file.name}: is not text. Expected CSV in UTF-8.")
    return lines + (not last.endswith("\n") and last != "")


def _header(file: Path) -> tuple[list[str], str]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        first = handle.readline()
    if not first.strip():
        raise SourceError(f"{file.name}: is empty. Expected a first line with the column names.")
    delimiter = max(DELIMITERS, key=first.count)
    return [name.strip() for name in next(csv.reader([first], delimiter=delimiter))], delimiter


def _read_fast(
    file: Path, header: list[str], delimiter: str, lines: int
) -> tuple[pl.DataFrame, list[tuple[int, str]]] | None:
    """DuckDB's parser; None where a row does not stand on one line of its own."""
    with duckdb.connect() as connection:
        try:
            rows = fetch(
                connection,
                "SELECT * FROM read_csv($file, delim = $delimiter, header = true, auto_detect = false, "
                "columns = $columns, quote = '\"', escape = '\"', strict_mode = true)",
                {"file": str(file), "delimiter": delimiter, "columns": dict.fromkeys(header, "VARCHAR")},
            )
        except duckdb.Error:
            return None
    if len(rows) != lines - 1:
        return None
    return _numbered(file, rows, pl.int_range(2, pl.len() + 2, dtype=pl.Int64)), []


def _read_line_by_line(
    file: Path, header: list[str], delimiter: str
) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """Follows every line, for files with ragged rows, blank lines or line breaks inside quotes."""
    columns: list[list[str]] = [[] for _ in header]
    numbers: list[int] = []
    ragged: list[tuple[int, str]] = []
    with file.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        next(reader)
        start = reader.line_num + 1
        try:
            for row in reader:
                if len(row) == len(header):
                    numbers.append(start)
                    for column, value in zip(columns, row, strict=True):
                        column.append(value)
                elif row:
                    ragged.append((start, f"{len(row)} fields"))
                start = reader.line_num + 1
        except csv.Error as problem:
            raise SourceError(
                f"{file.name}, line {start}: a quotation mark stands inside a field or is never closed. "
                "The file may be truncated."
            ) from problem
    texts = dict.fromkeys(header, pl.String)
    frame = pl.DataFrame(dict(zip(header, columns, strict=True)), schema=texts)
    return _numbered(file, frame, pl.Series("source_row", numbers, dtype=pl.Int64)), ragged


def _numbered(file: Path, rows: pl.DataFrame, numbers: pl.Expr | pl.Series) -> pl.DataFrame:
    texts = pl.col(pl.String)
    return rows.with_columns(pl.when(texts != "").then(texts)).with_columns(
        pl.lit(file.name).alias("source_file"), numbers.alias("source_row")
    )
