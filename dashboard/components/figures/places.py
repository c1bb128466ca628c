"""The county's schools where they lie: area by students, colour by whether they are outside the limits."""

from math import cos, radians, sqrt
from typing import Any

from dash import html

from dashboard.access.scope import Row
from dashboard.components.figures.base import FILLS, INK, MUTED, drawn, figure, label
from dashboard.queries.overview import outside
from dashboard.text import Text


def places(
    rows: list[Row], schools: dict[str, Row], mean: Any, shape: list[list[tuple[float, float]]], text: Text
) -> html.Div:
    located = [r for r in rows if schools.get(r["school_id"], {}).get("latitude") is not None]
    lats = [schools[r["school_id"]]["latitude"] for r in located]
    squeeze = 1 / cos(radians(sum(lats) / len(lats)))
    fig = figure(330, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    for ring in shape:
        fig.add_scatter(
            x=[x for x, _ in ring],
            y=[y for _, y in ring],
            mode="lines",
            fill="toself",
            fillcolor="#F6F7F9",
            line={"color": "#AEB6BF", "width": 1},
        )
    far = [outside(row, mean) for row in located]
    fig.add_scatter(
        x=[schools[r["school_id"]]["longitude"] for r in located],
        y=lats,
        mode="markers",
        marker={
            "size": [_size(row) for row in located],
            "symbol": ["triangle-down" if f else "circle" for f in far],
            "color": [_fill(row, f) for row, f in zip(located, far, strict=True)],
            "opacity": 0.9,
            "line": {"width": 0},
        },
    )
    fig.update_layout(
        annotations=[
            label(
                schools[r["school_id"]]["longitude"],
                schools[r["school_id"]]["latitude"],
                f"{schools[r['school_id']]['short']}<br>{text.share(r['share_needing'])}",
                INK if f else MUTED,
                xanchor="center",
                yanchor="top",
                yshift=-_size(r) / 2,
            )
            for r, f in zip(located, far, strict=True)
        ]
    )
    hidden = {"showgrid": False, "showticklabels": False, "zeroline": False}
    fig.update_xaxes(**hidden, range=_padded([schools[r["school_id"]]["longitude"] for r in located]))
    fig.update_yaxes(**hidden, scaleanchor="x", scaleratio=squeeze, range=_padded(lats))
    return drawn(fig, "places")


def _size(row: Row) -> float:
    return 8 + 1.1 * sqrt(row["students"]) if isinstance(row["students"], int) else 8


def _fill(row: Row, far: bool) -> str:
    if not isinstance(row["share_needing"], float):
        return FILLS["unknown"]
    return FILLS["short"] if far else FILLS["met"]


def _padded(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    room = (high - low) * 0.14 or 0.2
    return [low - room * 1.2, high + room]
