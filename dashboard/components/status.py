"""Status: colour, sign and word, always together."""

from collections.abc import Callable, Sequence
from typing import Any

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.queries.common import STATUSES, WORRYING
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


def status_bar(
    row: Row, before: Row | None, text: Text, href: Callable[[str], str] | None = None
) -> html.Div:
    """All students by worst status as one bar; below it the same in words, counts and change.

    `href`: where a status leads, to those or to the schools it is about.
    """
    whole = row["students"] if isinstance(row["students"], int) else 0
    parts = status_parts(row)
    segments = [
        html.Span(
            text.number(n) if n >= NAMED_FROM * whole else "",
            className=f"seg f-{name}",
            style={"flexGrow": n},
        )
        for name, n in parts
    ]
    rest = whole - sum(n for _, n in parts)
    if rest > 0 or not segments:
        segments.append(html.Span(className="seg f-suppressed", style={"flexGrow": rest or 1}))
    items: list[Any] = [
        html.Li(_legend(status, row, before, text, href), className=f"s-{status}")
        for status in STATUSES
        if row[f"students_{status}"] != 0
    ]
    if before:
        since = text("overview.since", day=text.day(before["as_of_date"], "d MMM"))
        items.append(html.Li([html.Span("±", className="since"), since], className="since-note"))
    return html.Div(
        [html.Div(segments, className="statusbar", **aria(hidden="true")), html.Ul(items)],
        className="status",
    )


def status_parts(row: Row) -> list[tuple[str, int]]:
    """The students of a row by status, for a bar. Statuses whose own counts are not shown, but whose sum is,
    are one part in the colour of its main status."""
    parts: list[tuple[str, int]] = []
    for main, of, total in (
        ("short", WORRYING[:3], "needing"),
        ("unknown", ("unknown",), "unknown"),
        ("on_track", STATUSES[4:], "rest"),
    ):
        shown = {s: row[f"students_{s}"] for s in of if isinstance(row[f"students_{s}"], int)}
        parts += [(s, n) for s, n in shown.items() if n and STATUSES.index(s) <= STATUSES.index(main)]
        together = row[f"students_{total}"]
        if isinstance(together, int) and together > sum(shown.values()):
            parts.append((f"{main} mixed", together - sum(shown.values())))
        parts += [(s, n) for s, n in shown.items() if n and STATUSES.index(s) > STATUSES.index(main)]
    return parts


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


def _legend(
    status: str, row: Row, before: Row | None, text: Text, href: Callable[[str], str] | None
) -> list[Any]:
    name, share = f"students_{status}", row[f"share_{status}"]
    since = change(row[name], before[name], text) if before and status in MOVING else ""
    return [
        html.Span(SIGNS[status], className=f"swatch f-{status}", **aria(hidden="true")),
        html.A(text(f"status.{status}"), href=href(status), className="word")
        if href
        else html.Span(text(f"status.{status}"), className="word"),
        html.Strong(text.number(row[name])),
        html.Span(text.share(share, 0 if share >= 0.1 else 1), className="share")
        if isinstance(share, float)
        else None,
        html.Span(since, className="since") if since else "",
    ]
