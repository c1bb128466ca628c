"""Any table of any page on paper: what the screen shows, its choices, and the definitions it rests on."""

from collections.abc import Sequence

from dashboard.components.table import NUMERIC, Column, Table, formatted, reason_said, reasons, value_of
from dashboard.documents import About, render
from dashboard.text import Text

WIDE = 7
"""Columns from which the sheet lies down."""


def table_document(table: Table, columns: Sequence[Column], around: About, choices: str, text: Text) -> bytes:
    """The table as a PDF; `choices` says which filters of the page it was drawn under."""
    filled = {
        "about": around,
        "wide": len(columns) >= WIDE,
        "choices": choices,
        "columns": [{"head": column.label, "numeric": column.kind in NUMERIC} for column in columns],
        "rows": [
            [formatted(value_of(row, column), column.kind, text) for column in columns] for row in table.rows
        ],
        "hidden": " ".join(reason_said(cell, text) for cell in reasons(table, columns)),
        "defined": text("card.defined"),
        "definitions": [
            {"term": text(f"definition.{key}.term"), "text": text(f"definition.{key}.text")}
            for key in table.defined
        ],
    }
    return render("table", filled, text.language)
