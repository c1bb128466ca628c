"""The benefit and rollout workbook: empty for people to fill in, or with rows, as a synthetic county has."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ingest.sources.workbook.choices import Lists, validate
from ingest.sources.workbook.forms import NOT_DECIDED, Column, Form, forms, work_processes
from ingest.sources.workbook.labels import Scope, label
from ingest.sources.workbook.style import ALLOWED, DATE, LAST_COLUMN, MOMENT, MONTH, Style, set_page, workbook

FRONT = "Les meg først"
TITLE_ROW, HOW_ROW, NAME_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2, 3, 4
_VALIDATED = (FIRST_ROW, FIRST_ROW + 2_000)
_FORMATS = {"date": DATE, "month": MONTH, "moment": MOMENT, "moment_end": MOMENT, "whole": "0", "rating": "0"}
_TEXTS = ("id", "id_required", "staff", "county", "school_year")
_NUMBERS = ("minutes", "hours", "hours_signed")
Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]


def seeded_rows() -> dict[str, list[Row]]:
    """What the empty workbook holds already."""
    return {
        "work_process": [
            {
                "process_code": seed.process_code,
                "name": seed.name,
                "name_en": seed.name_en,
                "role": seed.role,
                "change_kind": seed.change_kind,
                "unit": seed.unit,
                "owner": NOT_DECIDED,
                "volume_source": seed.volume_source,
            }
            for seed in work_processes()
        ]
    }


def write_workbook(file: Path, scope: Scope, rows: Rows | None = None) -> None:
    """All forms in one workbook; `rows` by landing table, in the contract's values."""
    about = {"title": "Gevinst og utrulling", "subject": scope.footer, "created": _midnight(scope.made_on)}
    with workbook(str(file), about) as book:
        style = Style(book)
        _front(book, style, scope)
        made = _Book(book, style, scope, Lists(scope))
        for form in forms():
            _sheet(made, form, (rows or seeded_rows()).get(form.table, ()))
        made.lists.write(book, style)


def write_csv_files(folder: Path, scope: Scope, rows: Rows | None = None) -> list[Path]:
    """The same forms as one CSV file each, as a Norwegian spreadsheet saves them."""
    written = []
    for form in forms():
        file = folder / f"{form.title}.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.writer(handle, delimiter=";")
            writer.writerow([column.heading for column in form.columns])
            for row in (rows or seeded_rows()).get(form.table, ()):
                writer.writerow([_as_text(column, row.get(column.name), scope) for column in form.columns])
        written.append(file)
    return written


def _as_text(column: Column, value: Any, scope: Scope) -> str:
    shown = label(column, value, scope)
    if isinstance(shown, datetime):
        return f"{shown:%d.%m.%Y %H:%M}"
    if isinstance(shown, date):
        return f"{shown:%Y-%m}" if column.kind == "month" else f"{shown:%d.%m.%Y}"
    return "" if shown is None else str(shown).replace(".", ",") if column.kind in _NUMBERS else str(shown)


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a document's property has no time zone


def _front(book: xlsxwriter.Workbook, style: Style, scope: Scope) -> None:
    sheet = book.add_worksheet(FRONT)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22, style.text)
    sheet.set_column(1, 3, 44, style.text)
    sheet.write_string(0, 0, "Gevinst og utrulling", style.title)
    sheet.write_string(1, 0, scope.footer, style.plain)
    lines = (
        "Fyll bare ut arkene som gjelder deg. Et ark du lar stå tomt, endrer ingenting.",
        "Overskriftene er låst, alt annet er fritt. Kolonner merket * må fylles ut. Egne kolonner leses "
        "ikke.",
        "Stå i en celle for å se hva den skal inneholde. Alt + Pil ned åpner listen der det er en.",
        "Lever hele filen på nytt når noe er endret: den erstatter det som sto i samme fil før, for skolene "
        "den nevner. Slik retter du feil. Skal alle linjene i et ark bort, skriv ingen i første rad.",
        "Behold filnavnet. To personer som fyller ut hver sin fil, må ha ulike filnavn.",
        "Skriv aldri navn eller fødselsnummer. Ansattnummer og initialer gjøres om til pseudonym når filen "
        "leses.",
    )
    for row, line in enumerate(lines, start=3):
        sheet.merge_range(row, 0, row, 3, line, style.text)
        sheet.set_row(row, 32 if len(line) > 130 else 16)
    start = len(lines) + 4
    for column, heading in enumerate(("Ark", "Hvem fyller ut", "Når", "Hvordan")):
        sheet.write_string(start, column, heading, style.heading)
    for row, form in enumerate(forms(), start=start + 1):
        link = f"internal:'{form.title}'!A{FIRST_ROW + 1}"
        sheet.write_url(row, 0, link, string=form.title, tip=f"Gå til arket {form.title}")
        for column, text in enumerate((form.who, form.when, form.how), start=1):
            sheet.write_string(row, column, text, style.text)
        sheet.set_row(row, 16 * (1 + len(form.how) // 44))
    set_page(sheet, "Gevinst og utrulling", header_row=start, footer=scope.footer)
    sheet.protect("", ALLOWED)


@dataclass(frozen=True)
class _Book:
    """The workbook while it is written."""

    book: xlsxwriter.Workbook
    style: Style
    scope: Scope
    lists: Lists


def _sheet(made: _Book, form: Form, rows: Sequence[Row]) -> None:
    book, style, scope, lists = made.book, made.style, made.scope, made.lists
    sheet = book.add_worksheet(form.title)
    sheet.write_string(TITLE_ROW, 0, form.title, style.title)
    sheet.write_string(HOW_ROW, 0, f"{form.how} * må fylles ut.", style.plain)
    sheet.set_column(len(form.columns), LAST_COLUMN, None, style.cell)
    # The format counts as content out to the last column, and every row would be walked that far.
    sheet.dim_colmax = None
    sheet.set_row(HEADER_ROW, 34)
    # The landing columns: for whoever moves or renames a heading, the reader finds it by these.
    sheet.set_row(NAME_ROW, None, None, {"hidden": True})
    for place, column in enumerate(form.columns):
        is_required = form.required(column)
        sheet.set_column(place, place, column.width, _cell_format(style, column))
        sheet.write_string(NAME_ROW, place, column.name, style.plain)
        heading = f"{column.heading} *" if is_required else column.heading
        sheet.write_string(HEADER_ROW, place, heading, style.required if is_required else style.heading)
        validate(sheet, place, column, _VALIDATED, lists.reference(column))
        for number, row in enumerate(rows, start=FIRST_ROW):
            value = label(column, row.get(column.name), scope)
            _write_cell(sheet, (number, place), value, _cell_format(style, column))
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + max(len(rows), 1), len(form.columns) - 1)
    set_page(sheet, form.title, header_row=HEADER_ROW, footer=scope.footer)
    sheet.protect("", ALLOWED)


def _cell_format(style: Style, column: Column) -> Any:
    if column.kind in _FORMATS:
        return style.by_format[_FORMATS[column.kind]]
    if column.kind in ("hours", "hours_signed"):
        return style.by_format["#,##0.0##"]
    return (
        style.as_text
        if column.kind in ("id", "id_required", "staff", "county", "school_year")
        else style.cell
    )


def _write_cell(sheet: Worksheet, place: tuple[int, int], value: Any, format_: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(*place, value, format_)
    elif isinstance(value, str):
        sheet.write_string(*place, value, format_)
    elif value is not None:
        sheet.write_number(*place, float(value), format_)


def described() -> str:
    """The forms for docs/sheets.md, in Markdown."""
    parts = []
    for form in forms():
        rows = [
            f"| {column.heading}{' *' if form.required(column) else ''} | `{column.name}` | {column.help} |"
            for column in form.columns
        ]
        head = f"## {form.title}\n\n`{form.table}`. {form.who}. {form.when}. {form.how}\n\n"
        parts.append(
            head + "\n".join(["| kolonne | i landing | hjelp |", "| --- | --- | --- |", *rows]) + "\n"
        )
    return "\n".join(parts)
