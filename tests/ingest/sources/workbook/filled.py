"""The product's own workbook, filled in as people do it in a spreadsheet, and read back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.delivery import Delivery, SourceError
from ingest.identity import Pseudonyms
from ingest.sources.workbook import read_all
from ingest.sources.workbook.forms import forms
from ingest.sources.workbook.known import Known, School
from ingest.sources.workbook.labels import Scope
from ingest.sources.workbook.writing import FIRST_ROW, write_workbook

PSEUDONYMS = Pseudonyms(b"\x05" * 32)
SCHOOLS = [
    School("990001", "Nord videregående skole", "99"),
    School("990002", "Sør videregående skole", "99"),
    School("012345", "Øvre Fjell vgs", "99"),
]
KNOWN = Known({school.number: school for school in SCHOOLS}, {"OWN-1": "Vår egen prosess"})
FIRST = FIRST_ROW + 1
GOOD: dict[str, Any] = {
    "process_code": "WARN-SEND",
    "school_id": "990001",
    "sampled_on": date(2026, 3, 2),
    "phase": "Før innføring",
    "minutes_per_case": 30,
    "cases": 3,
    "method": "Tatt tiden",
}


class Book:
    """A workbook somebody is filling in."""

    def __init__(self, folder: Path, name: str = "skjema.xlsx") -> None:
        self.file = folder / name
        self.file.write_bytes(_empty())

    @cached_property
    def book(self) -> Workbook:
        book = openpyxl.load_workbook(self.file)
        del book["Arbeidsprosesser"]
        return book

    def __getitem__(self, title: str) -> Worksheet:
        return self.book[title]

    def fill(self, table: str, rows: Iterable[dict[str, Any]], first: int = FIRST) -> None:
        form = next(form for form in forms() if form.table == table)
        sheet = self.book[form.title]
        for number, row in enumerate(rows, start=first):
            for place, column in enumerate(form.columns, start=1):
                sheet.cell(number, place, row.get(column.name))

    def save(self) -> Path:
        self.book.save(self.file)
        return self.file


def write_empty(file: Path) -> bytes:
    """The workbook as a county gets it."""
    write_workbook(file, Scope("99", SCHOOLS, date(2026, 3, 3)))
    return file.read_bytes()


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        return write_empty(Path(folder) / "skjema.xlsx")


def read(path: Path, known: Known = KNOWN) -> tuple[list[Delivery], str]:
    """The deliveries, and what was wrong with whole files and sheets."""
    found: list[Delivery] = []
    try:
        for delivery in read_all(path, pseudonyms=PSEUDONYMS, known=known):
            found.append(delivery)
    except SourceError as problem:
        return found, str(problem)
    return found, ""


def rows(delivery: Delivery, table: str) -> list[dict[str, Any]]:
    return delivery.rows(table).to_dicts() if table in delivery.parts else []


def samples(tmp_path: Path, *given: dict[str, Any]) -> Delivery:
    """Time samples, each the good one with something else put in."""
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD | one for one in given])
    deliveries, problem = read(book.save())
    assert not problem
    return deliveries[0]
