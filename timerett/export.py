"""The marts as files: Parquet, CSV or one Excel workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter
from rich.console import Console

from ingest.bridge import fetch
from timerett.errors import WrongUseError
from timerett.renewal import EXPORTS
from timerett.settings import settings

FORMATS = ("parquet", "csv", "xlsx")
SYNTHETIC = "Syntetiske data"
# A cell that starts so is run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
EXCEL_ROWS = 1_048_576
SHEET_NAME_LENGTH = 31


def export(folder: Path, file_format: str, tables: list[str], out: Console) -> None:
    """Write the published marts, all or those named, with their as-of date."""
    if file_format not in FORMATS:
        raise WrongUseError(f"--format {file_format}: expected one of {', '.join(FORMATS)}.")
    current = settings().current
    if not current.exists():
        raise WrongUseError("Nothing is published yet. Run `timerett build` first.")
    _must_be_reached(folder, settings().home)
    with duckdb.connect(str(current.resolve()), read_only=True) as connection:
        known = _tables(connection)
        unknown = sorted(set(tables) - set(known))
        if unknown:
            raise WrongUseError(f"{', '.join(unknown)}: no such table. Expected: {', '.join(known)}.")
        folder.mkdir(parents=True, exist_ok=True)
        frames = ((name, fetch(connection, f'SELECT * FROM marts."{name}"')) for name in tables or known)
        publication = fetch(connection, "SELECT * FROM marts.publication").row(0, named=True)
        written = _write(folder, file_format, frames, publication, _definitions(connection))
    for file in written:
        out.print(str(file), highlight=False, markup=False)


def _must_be_reached(folder: Path, home: Path) -> None:
    """Erasing removes the exports of the home, so there they are in one place."""
    kept = home / EXPORTS
    place = folder.resolve()
    if place.is_relative_to(home) and not place.is_relative_to(kept):
        raise WrongUseError(
            f"{folder}: lies among the state, where erasing a student would not find the export. "
            f"Name a folder below {kept}, or one outside {home}."
        )


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'marts' ORDER BY table_name"
    ).fetchall()
    return [name for (name,) in rows]


def _definitions(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    rows = connection.execute(
        "SELECT table_name, column_name, description FROM marts.column_definition "
        "ORDER BY table_name, position"
    ).fetchall()
    return [(table, column, description) for table, column, description in rows]


def _write(
    folder: Path,
    file_format: str,
    frames: Iterator[tuple[str, pl.DataFrame]],
    publication: dict[str, Any],
    definitions: list[tuple[str, str, str]],
) -> list[Path]:
    stem = "-syntetiske-data" if publication["synthetic"] else ""
    if file_format == "xlsx":
        return [_workbook(folder / f"timerett{stem}.xlsx", frames, publication, definitions)]
    written = []
    for name, frame in frames:
        file = folder / f"{name}{stem}.{file_format}"
        marked = (
            frame.with_columns(pl.lit(SYNTHETIC).alias("data_source")) if publication["synthetic"] else frame
        )
        if file_format == "csv":
            neutralised(marked).write_csv(file, include_bom=True)
        else:
            marked.write_parquet(file)
        written.append(file)
    return written


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """Text that a spreadsheet would run as a formula, with an apostrophe before it."""
    texts = pl.col(pl.String)
    return frame.with_columns(texts.str.replace(rf"^[{re.escape(''.join(FORMULA_STARTS))}]", "'$0"))


def _workbook(
    file: Path,
    frames: Iterator[tuple[str, pl.DataFrame]],
    publication: dict[str, Any],
    definitions: list[tuple[str, str, str]],
) -> Path:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        bold = book.add_format({"bold": True})
        about = book.add_worksheet("Om tallene")
        as_of: date = publication["as_of_date"]
        lines = [
            ("Tall per", f"{as_of:%d.%m.%Y}"),
            ("Beregnet", f"{publication['built_at']:%d.%m.%Y %H:%M} UTC"),
        ]
        if publication["synthetic"]:
            lines.insert(0, (SYNTHETIC, "Ingen av personene finnes."))
        for row, (heading, content) in enumerate(lines):
            about.write_string(row, 0, heading, bold)
            about.write_string(row, 1, content)
        start = len(lines) + 1
        for column, heading in enumerate(("Tabell", "Kolonne", "Betydning")):
            about.write_string(start, column, heading, bold)
        for row, definition in enumerate(definitions, start + 1):
            for column, text in enumerate(definition):
                about.write_string(row, column, text)
        for name, frame in frames:
            if len(frame) >= EXCEL_ROWS:
                raise WrongUseError(f"{name}: {len(frame):,} rows, more than Excel holds. Use --format csv.")
            _sheet(book, name, frame)
    return file


def _sheet(book: xlsxwriter.Workbook, name: str, frame: pl.DataFrame) -> None:
    plain = neutralised(frame).with_columns(
        pl.col(pl.Datetime).dt.to_string("%Y-%m-%d %H:%M:%S"), pl.col(pl.Decimal).cast(pl.Float64)
    )
    plain.write_excel(book, worksheet=name[:SHEET_NAME_LENGTH], autofilter=True, freeze_panes=(1, 0))
