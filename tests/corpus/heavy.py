"""Deliveries that are small on the wire and large inside, or simply large: memory must stay bounded."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingest.contract import TABLES
from tests.corpus import good, good_fint, good_reports, good_sheets, oneroster
from tests.corpus.good_reports import REPORTS
from tests.corpus.judge import NUMBER
from tests.corpus.workbooks import rewritten

MEGABYTE = 1 << 20
BOMB = 400 * MEGABYTE


@dataclass(frozen=True)
class Heavy:
    """A delivery by itself, without anything landed before."""

    name: str
    source: str
    write: Callable[[Path], Path]
    # The exit codes it may end with.
    ends: tuple[int, ...] = (0, 1, 2)


def _landing(field: int) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        good.write_landing(folder)
        file = folder / "release.csv"
        file.write_text(file.read_text() + f"stor,2026-01-01,,{'x' * field}\n")
        return folder

    return write


def _report(field: int) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        good_reports.write_report("vedtak")(folder)
        file = folder / "vedtak.csv"
        file.write_text(file.read_text() + "x" * field + "\n")
        return file

    return write


def _fint(text: int) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        good_fint.write(folder)
        file = folder / good_fint.file_of("fravarsregistrering")
        page = json.loads(file.read_text())
        page["_embedded"]["_entries"][2]["kommentar"] = f"{NUMBER} " * (text // 12)
        file.write_text(json.dumps(page))
        return folder

    return write


def _book_bomb(which: str, write_book: Callable[[Path], None], name: str) -> Callable[[Path], Path]:
    """A part of the workbook's archive with hundreds of megabytes of blanks."""

    def write(folder: Path) -> Path:
        write_book(folder)
        rewritten(folder / name, which, lambda content: content + b" " * BOMB)
        return folder / name

    return write


def _far_cell(folder: Path) -> Path:
    """One cell in the sheet's last corner, which a careless reader makes 17 thousand million cells of."""
    good_reports.save(folder / "vedtak.xlsx", REPORTS["vedtak"]())
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    sheet = "xl/worksheets/sheet1.xml"
    rewritten(folder / "vedtak.xlsx", sheet, lambda content: content.replace(b"</sheetData>", cell))
    return folder / "vedtak.xlsx"


def _package_bomb(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "pakke.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in oneroster.contents().items():
            with archive.open(name, "w") as member:
                member.write(content)
                for piece in _blanks(BOMB if name == "users.csv" else 0):
                    member.write(piece)
    return folder / "pakke.zip"


def _blanks(size: int) -> Iterable[bytes]:
    return (b" " * MEGABYTE for _ in range(size // MEGABYTE))


def _parquet_bomb(folder: Path) -> Path:
    """A million rows that say the same, in a few kilobytes."""
    columns = TABLES["release"].columns()
    texts = {
        name: pl.lit("2026-01-01" if name.endswith(("date", "_on")) else "x").alias(name) for name in columns
    }
    rows = pl.LazyFrame().select(pl.int_range(1_000_000).alias("n")).with_columns(**texts)
    rows.select(list(texts)).sink_parquet(folder / "release.parquet")
    return folder


HEAVY = [
    Heavy("landing CSV, field of 10 MB", "landing", _landing(10 * MEGABYTE)),
    Heavy("landing CSV, line of 50 MB", "landing", _landing(50 * MEGABYTE)),
    Heavy("landing Parquet, a million equal rows", "landing", _parquet_bomb),
    Heavy("report CSV, line of 50 MB", "report", _report(50 * MEGABYTE)),
    Heavy("FINT, text of 10 MB with identity numbers", "fint", _fint(10 * MEGABYTE)),
    Heavy("report Excel, sheet of 400 MB packed", "report", _book_bomb(
        "xl/worksheets/sheet1.xml", good_reports.write_workbook("vedtak"), "vedtak.xlsx"
    ), (2,)),
    Heavy("report Excel, strings of 400 MB packed", "report", _book_bomb(
        "xl/sharedStrings.xml", good_reports.write_workbook("vedtak"), "vedtak.xlsx"
    ), (2,)),
    Heavy("report Excel, last cell of the sheet", "report", _far_cell),
    Heavy("sheet, 400 MB packed", "sheet", _book_bomb(
        "xl/worksheets/sheet2.xml", good_sheets.write_workbook, "skjema.xlsx"
    ), (2,)),
    Heavy("OneRoster, 400 MB packed", "oneroster", _package_bomb, (2,)),
]  # fmt: skip
