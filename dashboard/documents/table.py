"""Any table of any page on paper: what the screen shows, its choices, and the definitions it rests on."""

from collections.abc import Sequence
from typing import Any

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components.table import NUMERIC, Column, Table, formatted
from dashboard.documents import About, render
from dashboard.text import Text

WIDE = 7
"""Columns from which the sheet lies down."""


def table_document(table: Table, columns: Sequence[Column], around: About, choices: str, text: Text) -> bytes:
    """The table as a PDF; `choices` says which filters of the page it was drawn under."""
    hidden = any(isinstance(row.get(column.key), Hidden) for row in table.rows for column in columns)
    threshold = next((v.threshold for row in table.rows for v in row.values() if isinstance(v, Hidden)), 0)
    filled = {
        "about": around,
        "wide": len(columns) >= WIDE,
        "choices": choices,
        "columns": [{"head": column.label, "numeric": column.kind in NUMERIC} for column in columns],
        "rows": [[_said(row, column, text) for column in columns] for row in table.rows],
        "hidden": text("hidden.note", threshold=threshold) if hidden else "",
        "defined": text("card.defined"),
        "definitions": [
            {"term": text(f"definition.{key}.term"), "text": text(f"definition.{key}.text")}
            for key in table.defined
        ],
    }
    return render("table", filled, text.language)


def _said(row: Row, column: Column, text: Text) -> str:
    value: Any = row.get(column.key)
    return text.hidden(value) if isinstance(value, Hidden) else formatted(value, column.kind, text)
