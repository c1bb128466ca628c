"""Lesson hours lost and made up, week by week."""

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.figures.base import FILLS, MUTED, TEXTS, drawn, figure, label
from dashboard.text import Text


def weeks(rows: list[Row], text: Text, height: int = 220) -> html.Div:
    fig = figure(height, text, barmode="overlay", margin={"l": 44, "r": 12, "t": 26, "b": 38})
    at = list(range(len(rows)))
    for name, color, width in (("lost", FILLS["short"], 0.72), ("made_up", FILLS["met"], 0.36)):
        fig.add_bar(x=at, y=[row[name] / 60 for row in rows], marker={"color": color}, width=width)
    fig.update_layout(
        annotations=[
            label(0, 1.12, f"<b>■ {text('weeks.lost')}</b>", TEXTS["short"], xref="paper", yref="paper"),
            label(0.3, 1.12, f"<b>■ {text('weeks.made_up')}</b>", TEXTS["met"], xref="paper", yref="paper"),
        ]
    )
    fig.update_xaxes(
        title={"text": text("weeks.x"), "font": {"size": 12, "color": MUTED}, "standoff": 4},
        showgrid=False,
        tickvals=at[::3],
        ticktext=[str(row["iso_week"]) for row in rows][::3],
    )
    fig.update_yaxes(rangemode="tozero", nticks=5)
    return drawn(fig, "weeks")
