"""How the workbooks look: the formats and page setup that all their sheets share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_INK, _HEAD, _REQUIRED, _RULE = "#14181D", "#E3E7EB", "#CFE0F1", "#8A929B"
DATE, MOMENT, MONTH = "dd.mm.yyyy", "dd.mm.yyyy hh:mm", "mmmm yyyy"
# What people may do on a sheet whose headings are protected.
ALLOWED = {
    "objects": False,
    "scenarios": False,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_columns": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
A4 = 9
LAST_COLUMN = 16_383


class Style:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        def made(**extra: Any) -> Format:
            return book.add_format({**_FONT, "font_color": _INK, **extra})

        self.title = made(bold=True, font_size=16)
        self.subtitle = made(bold=True, font_size=12)
        self.text = made(text_wrap=True)
        self.plain = made()
        self.strong = made(bold=True, text_wrap=True)
        self.heading = made(bold=True, text_wrap=True, bg_color=_HEAD, bottom=2, border_color=_RULE)
        self.required = made(bold=True, text_wrap=True, bg_color=_REQUIRED, bottom=2, border_color=_RULE)
        self.shown = made(text_wrap=True, locked=True)
        self.shown_date = made(locked=True, num_format=DATE, align="left")
        self.cell = made(text_wrap=True, locked=False)
        self.as_text = made(text_wrap=True, locked=False, num_format="@")
        self.by_format = {
            form: made(locked=False, num_format=form) for form in (DATE, MOMENT, MONTH, "0", "#,##0.0##")
        }


def workbook(file: str, about: Mapping[str, Any]) -> xlsxwriter.Workbook:
    """A new workbook; texts stay texts, whatever they begin with."""
    book = xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(dict(about))
    return book


def set_page(sheet: Worksheet, title: str, *, header_row: int, footer: str) -> None:
    """Prints on A4, as wide as the page, headings on each."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)
    sheet.set_header(f"&L{title}&R{footer}")
    sheet.set_footer("&LIkke skriv navn eller fødselsnummer i arket&RSide &P av &N")
