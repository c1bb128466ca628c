"""Named bars of two parts on one scale, as elements: they print, scale and follow the theme."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.components import html
from dashboard.components.aria import aria


@dataclass(frozen=True)
class Bar:
    name: str
    parts: Sequence[tuple[str, float]]
    """A fill class and a length for each part, from zero."""
    figure: str
    note: str = ""


def bars(rows: Sequence[Bar]) -> html.Div:
    """Hidden from assistive technology: the card's table says the same."""
    full = max((sum(length for _, length in row.parts) for row in rows), default=0) or 1
    return html.Div([_line(row, full) for row in rows], className="bars", **aria(hidden="true"))


def _line(row: Bar, full: float) -> html.Div:
    parts = [
        html.Span(className=f"part {fill}", style={"width": f"{100 * length / full:.2f}%"})
        for fill, length in row.parts
        if length > 0
    ]
    return html.Div(
        [
            html.Span(row.name, className="step-name"),
            html.Span(parts, className="bar-track"),
            html.Span(row.figure, className="step-n"),
            html.Span(row.note, className="step-share"),
        ],
        className="step-line",
    )
