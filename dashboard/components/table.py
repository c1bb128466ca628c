"""A table as data, and how it looks on screen. The export writes the same object."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.markup import Markup, written
from dashboard.components.status import badge
from dashboard.text import Text

Kind = Literal["text", "count", "hours", "change", "share", "points", "day", "status"]
NUMERIC: frozenset[Kind] = frozenset({"count", "hours", "change", "share", "points"})


MOST_ROWS = 300
"""More rows than this stand in the export only: nobody reads them on a screen, and each is built and sent."""


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
        "change": text.change,
        "share": text.share,
        "points": lambda points: text.number(points, 1),
        "day": lambda day: text.day(day, "d MMM y"),
        "status": lambda status: text(f"status.{status}"),
    }
    return forms.get(kind, str)(value)


def as_html(table: Table, text: Text, scroll: bool = True) -> Markup:
    """Written straight as markup: a table has more cells than a page has anything else."""
    first = table.rows[:MOST_ROWS]
    scales = {column.key: _largest(table.rows, column.key) for column in table.columns if column.bar}
    heads = "".join(f'<th scope="col"{_class(c)}>{escape(c.label)}</th>' for c in table.columns)
    rows = "".join(
        f"<tr>{''.join(_cell(i, c, row, text, scales) for i, c in enumerate(table.columns))}</tr>"
        for row in first
    )
    content = (
        f'<table><caption class="unseen">{escape(table.caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )
    if len(first) < len(table.rows):
        said = text("card.first_rows", shown=text.number(len(first)), found=text.number(len(table.rows)))
        content += written(html.P(said, className="note"))
    if any(isinstance(row.get(c.key), Hidden) for row in first for c in table.columns):
        content += written(suppression_note(first, text))
    region = {"className": "scroll", "tabIndex": 0, "role": "region", **aria(label=table.caption)}
    return Markup("div", region if scroll else {}, content)


def suppression_note(rows: Sequence[Row], text: Text) -> html.P:
    threshold = next(v.threshold for row in rows for v in row.values() if isinstance(v, Hidden))
    return html.P(text("hidden.note", threshold=threshold), className="note")


def _cell(index: int, column: Column, row: Row, text: Text, scales: dict[str, float]) -> str:
    if column.draw:
        return f'<td class="drawn" aria-hidden="true">{written(column.draw(row))}</td>'
    value = row.get(column.key)
    content = _content(value, column.kind, text)
    address = column.href(row) if column.href else None
    if address:
        content = f'<a href="{escape(address)}">{content}</a>'
    if index == 0:
        return f'<th scope="row">{content}</th>'
    if column.bar and isinstance(value, int | float) and scales[column.key]:
        width = 100 * max(0.0, float(value) / scales[column.key])
        bar = f'<span class="bar" data-style="width:{width:.1f}%"></span>'
        return f'<td class="n barred"><span>{content}</span>{bar}</td>'
    return f"<td{_class(column)}>{content}</td>"


def _content(value: Any, kind: Kind, text: Text) -> str:
    if isinstance(value, Hidden):
        return written(hidden(value, text))
    if kind == "status" and value:
        return written(badge(value, text))
    return escape(formatted(value, kind, text))


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
    if column.kind in NUMERIC:
        return ' class="n"'
    return ' class="day"' if column.kind == "day" else ""


def _largest(rows: Sequence[Row], key: str) -> float:
    return max((float(row[key]) for row in rows if isinstance(row.get(key), int | float)), default=0.0)
