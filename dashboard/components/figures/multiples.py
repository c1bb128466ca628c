"""The same small figure once for each school, on one scale: who differs is seen before a name is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.components import html
from dashboard.components.aria import aria


@dataclass(frozen=True)
class Multiple:
    name: str
    values: Sequence[int | None]
    """From week to week; none where there was no lesson."""
    figure: str
    href: str


def multiples(parts: Sequence[Multiple]) -> html.Ul:
    highest = max((value for part in parts for value in part.values if value), default=0) or 1
    return html.Ul([html.Li(_multiple(part, highest)) for part in parts], className="multiples")


def _multiple(part: Multiple, highest: int) -> html.A:
    bars = [
        html.Span(
            className="week" if value is not None else "week none",
            style={"height": f"{100 * (value or 0) / highest:.1f}%"},
        )
        for value in part.values
    ]
    return html.A(
        [
            html.Span(part.name, className="multiple-name"),
            html.Span(part.figure, className="multiple-n"),
            html.Span(bars, className="multiple-bars", **aria(hidden="true")),
        ],
        href=part.href,
    )
