"""What a cell offers: its help, its drop-down, and what it stops or warns about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ingest.sources.workbook.forms import ALL_SCHOOLS_LABEL, Column, code_lists, milestones
from ingest.sources.workbook.grid import column_letter
from ingest.sources.workbook.labels import Scope, shown_process
from ingest.sources.workbook.style import ALLOWED, Style

LISTS = "Lister"
_MESSAGE, _TITLE = 255, 32


@dataclass
class Lists:
    """The hidden sheet that the drop-downs read from."""

    scope: Scope
    _columns: list[tuple[str, list[str]]] = field(default_factory=list)

    def reference(self, column: Column) -> str | None:
        """The cells to choose from, for a column that has such a list."""
        made = self._values(column)
        if made is None or not made[1]:
            return None
        if made not in self._columns:
            self._columns.append(made)
        letter = column_letter(self._columns.index(made) + 1)
        return f"={LISTS}!${letter}$2:${letter}${len(made[1]) + 1}"

    def _values(self, column: Column) -> tuple[str, list[str]] | None:
        schools = [f"{school.number} {school.name}" for school in self.scope.schools]
        if column.codes:
            return column.codes, code_lists()[column.codes].labels()
        found = {
            "school": ("Skoler", schools),
            "school_or_all": ("Skoler og alle", [ALL_SCHOOLS_LABEL, *schools]),
            "process": ("Prosesser", [shown_process(code, self.scope) for code in self.scope.processes]),
            "milestone": ("Milepæler", milestones().labels()),
            "truth": ("Ja og nei", ["Ja", "Nei"]),
            "county": ("Fylke", [self.scope.county_number] if self.scope.county_number else []),
        }
        return found.get(column.kind)

    def write(self, book: xlsxwriter.Workbook, style: Style) -> None:
        sheet = book.add_worksheet(LISTS)
        for place, (heading, values) in enumerate(self._columns):
            sheet.write_string(0, place, heading, style.strong)
            sheet.write_column(1, place, values, style.plain)
        sheet.protect("", ALLOWED)
        sheet.hide()


def validate(
    sheet: Worksheet, place: int, column: Column, rows: tuple[int, int], choices: str | None
) -> None:
    """Help where one stands, a list where there is one; a wrong code or date is stopped, the rest is read."""
    options: dict[str, Any] = {
        "validate": "any",
        "input_title": column.heading[:_TITLE],
        "input_message": column.help[:_MESSAGE],
    }
    if choices:
        is_closed = column.codes is not None and not code_lists()[column.codes].is_open
        options |= {"validate": "list", "source": choices, "show_error": is_closed or column.kind == "truth"}
        options |= {"error_title": "Velg fra listen", "error_message": column.help[:_MESSAGE]}
    elif column.kind == "date":
        options |= {
            "validate": "date",
            "criteria": "between",
            "minimum": date(2000, 1, 1),
            "maximum": date(2099, 12, 31),
            "error_title": "Ikke en dato",
            "error_message": column.help[:_MESSAGE],
        }
    elif column.kind in ("whole", "rating"):
        options |= {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1 if column.kind == "rating" else 0,
            "maximum": 5 if column.kind == "rating" else 100_000_000,
            "error_type": "warning",
            "error_title": "Ventet et helt tall",
            "error_message": column.help[:_MESSAGE],
        }
    sheet.data_validation(rows[0], place, rows[1], place, options)
