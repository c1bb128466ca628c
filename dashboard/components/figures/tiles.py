"""The county's schools as tiles, worst first: there are no coordinates in the extracts to draw a map from."""

from dash import html

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
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
    text, share = view.text, row["share_needing"]
    known = isinstance(share, float)
    level = sum(share >= limit for limit in LEVELS) if known else None
    figure = text.share(share) if known else hidden(share, text) if isinstance(share, Hidden) else ""
    return html.A(
        [
            html.Span(
                [html.Span(f"{SIGNS['short']} ", **aria(hidden="true")) if far else None, row["name"]],
                className="tile-name",
            ),
            html.Strong(figure),
            html.Span(_of(row, text), className="tile-n"),
        ],
        href=view.href(f"/school/{row['school_id']}"),
        className=f"tile h{level}" if level is not None else "tile none",
    )


def _of(row: Row, text: Text) -> str:
    students, needing = text.counted("student", row["students"]), row["students_needing"]
    return text("map.of", n=text.number(needing), students=students) if isinstance(needing, int) else students
