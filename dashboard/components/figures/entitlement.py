"""One student's subject against what is due: given, assumed given, expected, and what will be missing."""

from typing import Any

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.text import Text


def entitlement(row: Row) -> html.Div:
    """The requirement is a mark on the bar; beyond it lies the plan's margin."""
    required = row["required"] or 0
    offered, expected = row["offered"], max(0, row["projected"] - row["offered"])
    missing = max(0, required - offered - expected)
    full = max(required, offered + expected, 1)
    registered = max(0, offered - row["assumed"])
    parts = [
        _part("e-given", registered, full),
        _part("e-assumed", offered - registered, full),
        _part("e-expected", expected, full),
        _part("e-missing", missing, full),
    ]
    mark = html.Span(className="e-due", style={"left": f"{100 * required / full:.2f}%"}) if required else None
    return html.Div([*parts, mark], className="entitlement", **aria(hidden="true"))


def _part(kind: str, minutes: int, full: int) -> Any:
    if minutes <= 0:
        return None
    return html.Span(className=kind, style={"width": f"{100 * minutes / full:.2f}%"})


def bar_key(text: Text) -> html.Span:
    """What the parts of the bars are, drawn as they are."""
    kinds = ("given", "assumed", "expected", "missing", "due")
    return html.Span(
        [
            html.Span(
                [html.Span(className=f"entry e-{kind}"), text(f"student.bar_{kind}")], className="entry-words"
            )
            for kind in kinds
        ],
        className="entitlement-key",
    )
