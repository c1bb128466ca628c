"""A table as data, and how it looks on screen. The export writes the same object."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dash import html

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components.aria import aria
from dashboard.components.status import badge
from dashboard.text import Text

Kind = Literal["text", "count", "hours", "share", "points", "day", "status"]
NUMERIC: frozenset[Kind] = frozenset({"count", "hours", "share", "points"})


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    kind: Kind = "text"
    bar: bool = False
    """Draw the figure as a small bar behind the number, on a common scale from zero."""
    href: Callable[[Row], str | None] | None = None
    draw: Callable[[Row], Any] | None = None
    """A drawing for this cell on screen; it repeats other columns, so exports leave it out."""


@dataclass(frozen=True)
class Table:
    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row] = field(default_factory=list)
    defined: Sequence[str] = ()
    """The definitions that go with it, on screen and in the export."""


def formatted(value: Any, kind: Kind, text: Text) -> str:
    if value is None and kind == "text":
        return ""
    forms: dict[Kind, Callable[[Any], str]] = {
        "count": text.number,
        "hours": text.hours,
        "share": text.share,
        "points": lambda points: text.number(points, 1),
        "day": lambda day: text.day(day, "d MMM y"),
        "status": lambda status: text(f"status.{status}"),
    }
    return forms.get(kind, str)(value)


def as_html(table: Table, text: Text, scroll: bool = True) -> html.Div:
    scales = {column.key: _largest(table.rows, column.key) for column in table.columns if column.bar}
    head = html.Thead(html.Tr([html.Th(c.label, scope="col", className=_class(c)) for c in table.columns]))
    body = html.Tbody(
        [html.Tr([_cell(i, c, row, text, scales) for i, c in enumerate(table.columns)]) for row in table.rows]
    )
    content: list[Any] = [
        html.Table([html.Caption(table.caption, className="unseen"), head, body]),
    ]
    if any(isinstance(row.get(c.key), Hidden) for row in table.rows for c in table.columns):
        content.append(suppression_note(table.rows, text))
    return html.Div(
        content,
        className="scroll" if scroll else "",
        tabIndex=0 if scroll else None,
        role="region" if scroll else None,
        **(aria(label=table.caption) if scroll else {}),
    )


def suppression_note(rows: Sequence[Row], text: Text) -> html.P:
    threshold = next(v.threshold for row in rows for v in row.values() if isinstance(v, Hidden))
    return html.P(text("hidden.note", threshold=threshold), className="note")


def _cell(index: int, column: Column, row: Row, text: Text, scales: dict[str, float]) -> Any:
    if column.draw:
        return html.Td(column.draw(row), className="drawn", **aria(hidden="true"))
    value = row.get(column.key)
    content: Any = _content(value, column.kind, text)
    address = column.href(row) if column.href else None
    if address:
        content = html.A(content, href=address)
    if index == 0:
        return html.Th(content, scope="row")
    if column.bar and isinstance(value, int | float) and scales[column.key]:
        width = max(0.0, float(value) / scales[column.key])
        bar = html.Span(className="bar", style={"width": f"{width * 100:.1f}%"})
        return html.Td([html.Span(content), bar], className="n barred")
    return html.Td(content, className=_class(column))


def _content(value: Any, kind: Kind, text: Text) -> Any:
    if isinstance(value, Hidden):
        return hidden(value, text)
    if kind == "status" and value:
        return badge(value, text)
    return formatted(value, kind, text)


def hidden(value: Hidden, text: Text) -> html.Span:
    """The sign for the eye, the reason for those who hear the page."""
    return html.Span(
        [
            html.Span(text.hidden(value), **aria(hidden="true")),
            html.Span(text(f"hidden.{value.reason}", threshold=value.threshold), className="unseen"),
        ],
        className="hidden-figure",
    )


def _class(column: Column) -> str:
    return "n" if column.kind in NUMERIC else ""


def _largest(rows: Sequence[Row], key: str) -> float:
    return max((float(row[key]) for row in rows if isinstance(row.get(key), int | float)), default=0.0)
