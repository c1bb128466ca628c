"""The county's schools as tiles, worst first, where no extract says where they lie."""

from typing import Any

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.status import SIGNS
from dashboard.components.table import hidden
from dashboard.text import Text
from dashboard.view import View

LEVELS = (0.05, 0.25, 0.5, 0.75)
"""Shares of students needing action at which the shade deepens."""


def tiles(rows: list[Row], far: set[str], view: View) -> html.Ul:
    return html.Ul([html.Li(_tile(row, row["school_id"] in far, view)) for row in rows], className="tiles")


def _tile(row: Row, far: bool, view: View) -> html.A:
    shade, (figure, of) = level(row), figures_of(row, view.text)
    return html.A(
        [
            html.Span(
                [html.Span(f"{SIGNS['short']} ", **aria(hidden="true")) if far else None, row["name"]],
                className="tile-name",
            ),
            html.Strong(figure),
            html.Span(of, className="tile-n"),
        ],
        href=view.href(f"/school/{row['school_id']}"),
        className=f"tile h{shade}" if shade is not None else "tile none",
    )


def level(row: Row) -> int | None:
    """How deep the shade is; none where the share may not be shown."""
    share = row["share_needing"]
    return sum(share >= limit for limit in LEVELS) if isinstance(share, float) else None


def figures_of(row: Row, text: Text) -> tuple[Any, str]:
    """The share, or the sign that it may not be shown, and the students it is a share of."""
    share, needing = row["share_needing"], row["students_needing"]
    students = text.counted("student", row["students"])
    of = text("map.of", n=text.number(needing), students=students) if isinstance(needing, int) else students
    if isinstance(share, Hidden):
        return hidden(share, text), of
    return text.share(share) if isinstance(share, float) else "", of
