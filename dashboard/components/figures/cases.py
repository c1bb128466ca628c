"""Support cases opened and closed, week by week."""

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.figures.base import FILLS, TEXTS, drawn, figure, label
from dashboard.text import Text


def cases_by_week(rows: list[Row], text: Text, height: int = 220) -> html.Div:
    fig = figure(height, text, barmode="overlay", margin={"l": 40, "r": 12, "t": 26, "b": 26})
    at = list(range(len(rows)))
    for name, color, width in (("opened", FILLS["at_risk"], 0.72), ("closed", FILLS["met"], 0.36)):
        fig.add_bar(x=at, y=[row[name] for row in rows], marker={"color": color}, width=width)
    fig.update_layout(
        annotations=[
            label(
                0, 1.12, f"<b>■ {text('rollout.opened')}</b>", TEXTS["at_risk"], xref="paper", yref="paper"
            ),
            label(0.3, 1.12, f"<b>■ {text('rollout.closed')}</b>", TEXTS["met"], xref="paper", yref="paper"),
        ]
    )
    days = [row["week_start"] for row in rows]
    months = [i for i, day in enumerate(days) if i == 0 or day.month != days[i - 1].month]
    fig.update_xaxes(showgrid=False, tickvals=months, ticktext=[text.day(days[i], "MMM") for i in months])
    fig.update_yaxes(rangemode="tozero", nticks=5, tickformat=",d")
    return drawn(fig, "cases")
