"""A table as data, and how it looks on screen. The export writes the same object."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape
from typing import Any, Literal

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden, Reason
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.markup import Markup, written
from dashboard.components.status import badge
from dashboard.text import Text

Kind = Literal["text", "count", "hours", "change", "share", "points", "day", "year", "status"]
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
    missing: Reason = Reason.NOT_APPLICABLE
    """Why there is nothing where there is nothing."""
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


def value_of(row: Row, column: Column) -> Any:
    """The cell's value; where there is none, the reason."""
    value = row.get(column.key)
    return Hidden(column.missing) if value is None or value == "" else value


def reasons(table: Table, columns: Sequence[Column]) -> list[Hidden]:
    """Why numbers are missing in the table, each reason once."""
    found = (value_of(row, column) for row in table.rows for column in columns)
    return sorted({cell for cell in found if isinstance(cell, Hidden)}, key=lambda cell: cell.reason)


def formatted(value: Any, kind: Kind, text: Text) -> str:
    if isinstance(value, Hidden):
        return text.hidden(value)
    forms: dict[Kind, Callable[[Any], str]] = {
        "count": text.number,
        "hours": text.hours,
        "change": text.change,
        "share": text.share,
        "points": lambda points: text.number(points, 1),
        "day": lambda day: text.day(day, "d MMM y"),
        "year": text.school_year,
        "status": lambda status: text(f"status.{status}"),
    }
    return forms.get(kind, str)(value)


def as_html(table: Table, text: Text, scroll: bool = True) -> Markup:
    """Written straight as markup: a table has more cells than a page has anything else."""
    return _written(table, _rows(table, text), len(table.rows), text, scroll)


def unfolding(table: Table, text: Text, first: int) -> tuple[Markup, Markup]:
    """The table's first rows, and all of them: each row is written once."""
    rows = _rows(table, text)
    return _written(table, rows[:first], first, text), _written(table, rows, len(table.rows), text)


def _written(table: Table, rows: Sequence[str], found: int, text: Text, scroll: bool = True) -> Markup:
    """`found`: how many rows there are, more than `rows` where the rest stands in the export only."""
    heads = "".join(f'<th scope="col"{_class(c)}>{escape(c.label)}</th>' for c in table.columns)
    content = (
        f'<table><caption class="unseen">{escape(table.caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    if len(rows) < found:
        said = text("card.first_rows", shown=text.number(len(rows)), found=text.number(found))
        content += written(html.P(said, className="note"))
    content += written(reasons_note(replace(table, rows=table.rows[: len(rows)]), text))
    region = {"className": "scroll", "tabIndex": 0, "role": "region", **aria(label=table.caption)}
    return Markup("div", region if scroll else {}, content)


def _rows(table: Table, text: Text) -> list[str]:
    """The rows that stand on the screen."""
    scales = {column.key: _largest(table.rows, column.key) for column in table.columns if column.bar}
    columns = list(enumerate(table.columns))
    return [
        f"<tr>{''.join([_cell(i, column, row, text, scales) for i, column in columns])}</tr>"
        for row in table.rows[:MOST_ROWS]
    ]


def reasons_note(table: Table, text: Text) -> html.P | None:
    """What the signs in the table mean."""
    found = reasons(table, [column for column in table.columns if column.draw is None])
    return html.P(" ".join(reason_said(cell, text) for cell in found), className="note") if found else None


def reason_said(cell: Hidden, text: Text) -> str:
    return text("hidden.note", sign=text.hidden(cell), meaning=text.reason(cell))


def _cell(index: int, column: Column, row: Row, text: Text, scales: dict[str, float]) -> str:
    if column.draw:
        return f'<td class="drawn" aria-hidden="true">{written(column.draw(row))}</td>'
    value = value_of(row, column)
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
    """Figures come again and again, on one page and from one reader to the next. Words are not remembered:
    among them are names."""
    if kind == "text" and not isinstance(value, Hidden):
        return escape(str(value))
    return _figure(value, kind, text)


@lru_cache(maxsize=50_000, typed=True)
def _figure(value: Any, kind: Kind, text: Text) -> str:
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
            html.Span(text.reason(value), className="unseen"),
        ],
        className="hidden-figure",
    )


def _class(column: Column) -> str:
    if column.kind in NUMERIC:
        return ' class="n"'
    return ' class="day"' if column.kind == "day" else ""


def _largest(rows: Sequence[Row], key: str) -> float:
    return max((float(row[key]) for row in rows if isinstance(row.get(key), int | float)), default=0.0)
