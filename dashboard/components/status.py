"""Status: colour, sign and word, always together."""

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components.aria import aria
from dashboard.queries.common import STATUSES
from dashboard.text import MINUS, Text

SIGNS = {
    "not_assigned": "⊘",
    "short": "▼",
    "at_risk": "◆",
    "unknown": "?",
    "on_track": "●",
    "met": "✓",
    "exempt": "–",
    "left": "→",
}
MOVING = STATUSES[:6]
"""Whose change is worth a figure; exempt and left students move for other reasons."""

NAMED_FROM = 0.035
"""The share of the bar from which its count has room inside."""


def badge(status: str, text: Text) -> html.Span:
    return html.Span([sign(status), text(f"status.{status}")], className=f"badge s-{status}")


def sign(status: str) -> html.Span:
    return html.Span(SIGNS[status], className="sign", **aria(hidden="true"))


def status_bar(row: Row, before: Row | None, text: Text) -> html.Div:
    """All students by worst status as one bar; below it the same in words, counts and change."""
    segments = []
    for status in STATUSES:
        share = row[f"share_{status}"]
        if isinstance(share, float) and share > 0:
            count = text.number(row[f"students_{status}"]) if share >= NAMED_FROM else ""
            segments.append(html.Span(count, className=f"seg f-{status}", style={"flexGrow": share}))
    rest = _unshown(row)
    if rest > 0:
        segments.append(html.Span(className="seg f-suppressed", style={"flexGrow": rest}))
    items: list[Any] = [
        html.Li(_legend(status, row, before, text), className=f"s-{status}")
        for status in STATUSES
        if row[f"students_{status}"] != 0
    ]
    if before:
        since = text("overview.since", day=text.day(before["as_of_date"], "d MMM"))
        items.append(html.Li(since, className="since-note"))
    return html.Div(
        [html.Div(segments, className="statusbar", **aria(hidden="true")), html.Ul(items)],
        className="status",
    )


def mini_bar(parts: Sequence[tuple[str, Any]], total: Any = None) -> html.Span:
    """A row's students by status, without words: the columns beside it have them.

    With a total, what the shown parts leave of it is drawn as not shown.
    """
    shown = [(name, n) for name, n in parts if isinstance(n, int) and n > 0]
    whole = total if isinstance(total, int) else sum(n for _, n in shown) or 1
    unshown = whole - sum(n for _, n in shown)
    segments = [html.Span(className=f"seg f-{name}", style={"flexGrow": n}) for name, n in shown]
    if unshown > 0:
        segments.append(html.Span(className="seg f-suppressed", style={"flexGrow": unshown}))
    return html.Span(segments, className="statusbar mini")


def change(now: Any, before: Any, text: Text) -> str:
    if not isinstance(now, int) or not isinstance(before, int):
        return ""
    difference = now - before
    if difference == 0:
        return "±0"
    return f"{'+' if difference > 0 else MINUS}{text.number(abs(difference))}"


def _legend(status: str, row: Row, before: Row | None, text: Text) -> list[Any]:
    name = f"students_{status}"
    since = change(row[name], before[name], text) if before and status in MOVING else ""
    return [
        html.Span(className=f"swatch f-{status}", **aria(hidden="true")),
        html.Span([sign(status), text(f"status.{status}")], className="word"),
        html.Strong(text.number(row[name])),
        html.Span(text.share(row[f"share_{status}"]), className="share"),
        html.Span(since, className="since") if since else "",
    ]


def _unshown(row: Row) -> float:
    shown = sum(row[f"share_{s}"] for s in STATUSES if isinstance(row[f"share_{s}"], float))
    return 0.0 if not any(isinstance(row[f"share_{s}"], Hidden) for s in STATUSES) else max(0.0, 1 - shown)
