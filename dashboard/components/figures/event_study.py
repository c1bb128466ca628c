"""The difference the system makes before and after a school took it up, with what else met the schools."""

from typing import Any

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.figures.base import FILLS, MUTED, PAGE, QUIET, TEXTS, drawn, figure, label
from dashboard.text import Text


def event_study(rows: list[Row], text: Text, *, percent: bool, height: int = 240) -> html.Div:
    """Before: hollow, where nothing should be seen. After: full. The bar is the 95 % interval."""
    scale = 100 if percent else 1
    fig = figure(height, text, margin={"l": 48, "r": 16, "t": 22, "b": 40})
    known = [row for row in rows if row["estimate"] is not None and row["low"] is not None]
    for after in (False, True):
        points = [row for row in known if (row["event_time"] >= 0) is after]
        color = FILLS["met"] if after else MUTED
        fig.add_scatter(
            x=[row["event_time"] for row in points],
            y=[scale * row["estimate"] for row in points],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [scale * (row["high"] - row["estimate"]) for row in points],
                "arrayminus": [scale * (row["estimate"] - row["low"]) for row in points],
                "color": color,
                "thickness": 1.6,
                "width": 0,
            },
            mode="markers",
            marker={"size": 9, "color": color if after else PAGE, "line": {"width": 2, "color": color}},
        )
    fig.update_layout(
        annotations=[
            label(0, 1.1, text("attribution.before_axis"), MUTED, xref="paper", yref="paper"),
            label(
                1, 1.1, text("attribution.after_axis"), TEXTS["met"],
                xref="paper", yref="paper", xanchor="right",
            ),
            *_events(known, text),
        ],
        shapes=[
            {
                "type": "line", "x0": -0.5, "x1": -0.5, "y0": 0, "y1": 1, "yref": "paper",
                "line": {"color": QUIET, "width": 1.5, "dash": "dot"},
            }
        ],
    )  # fmt: skip
    fig.update_xaxes(
        showgrid=False,
        dtick=1,
        title={"text": text("attribution.x"), "font": {"size": 12, "color": MUTED}, "standoff": 4},
    )
    fig.update_yaxes(
        nticks=5,
        zeroline=True,
        zerolinecolor=MUTED,
        zerolinewidth=1.5,
        ticksuffix=text("attribution.point_suffix") if percent else "",
    )
    return drawn(fig, "event-study")


def _events(rows: list[Row], text: Text) -> list[dict[str, Any]]:
    """A sign over the periods in which something else met the schools; the note says what."""
    return [
        label(row["event_time"], 0.99, "◆", TEXTS["at_risk"], yref="paper", xanchor="center", yanchor="top")
        for row in rows
        if row["competing_events"]
    ]
