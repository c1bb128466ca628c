"""Hours so far, measured and estimated each with its interval, against the plan."""

from datetime import date
from typing import Any

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.figures.base import FILLS, INK, MUTED, TEXTS, Figure, drawn, figure, label
from dashboard.text import Text

DRAWN = {
    "realised": ({"color": FILLS["met"], "width": 3}, "rgba(31, 95, 168, 0.2)", TEXTS["met"]),
    "estimated": ({"color": FILLS["on_track"], "width": 2.5}, "rgba(125, 183, 232, 0.28)", TEXTS["on_track"]),
}
PLANNED = {"color": MUTED, "width": 2, "dash": "dash"}
CLEAR = "rgba(0,0,0,0)"
LEAST_APART = 0.1
"""Of the height, between two labels."""


def realisation(rows: list[Row], plan: list[Row], text: Text, height: int = 232) -> html.Div:
    """`rows`: month, state, hours, low, high; `plan`: month, planned_so_far; all in minutes."""
    fig = figure(height, text, margin={"l": 48, "r": 150, "t": 10, "b": 24})
    ends: list[tuple[float, str, str]] = []
    for state, (line, band, color) in DRAWN.items():
        points = [row for row in rows if row["state"] == state and row["hours"] is not None]
        if not points:
            continue
        months = [row["month"].isoformat() for row in points]
        _band(fig, months, points, band)
        fig.add_scatter(x=months, y=_hours(points, "hours"), mode="lines", line=line)
        last = points[-1]["hours"]
        ends.append((last / 60, f"<b>{text.hours(last)}</b> {text(f'benefit_state.{state}').lower()}", color))
    if plan:
        months = [row["month"].isoformat() for row in plan]
        fig.add_scatter(x=months, y=_hours(plan, "planned_so_far"), mode="lines", line=PLANNED)
        last = plan[-1]["planned_so_far"]
        ends.append((last / 60, f"<b>{text.hours(last)}</b> {text('benefits.promised_word')}", MUTED))
    every = sorted({row["month"] for row in [*rows, *plan]})
    fig.update_layout(annotations=_labels(ends, _reach(rows, plan)))
    fig.update_xaxes(
        showgrid=False, type="date", ticks="outside", ticklen=5, tickcolor=CLEAR, **_ticks(every, text)
    )
    fig.update_yaxes(nticks=5, tickformat=",d", zeroline=True, zerolinecolor=MUTED, zerolinewidth=1)
    fig.update_yaxes(range=list(_reach(rows, plan)))
    return drawn(fig, "realisation")


def _band(fig: Figure, months: list[str], points: list[Row], color: str) -> None:
    there, back = _hours(points, "high"), _hours(points, "low")
    fig.add_scatter(
        x=[*months, *months[::-1]],
        y=[*there, *back[::-1]],
        mode="lines",
        line={"width": 0, "color": color},
        fill="toself",
        fillcolor=color,
    )


def _hours(rows: list[Row], key: str) -> list[float]:
    return [(row[key] or 0) / 60 for row in rows]


def _reach(rows: list[Row], plan: list[Row]) -> tuple[float, float]:
    known = [row for row in rows if row["state"] in DRAWN and row["hours"] is not None]
    ends = [0.0, *_hours(known, "low"), *_hours(known, "high"), *_hours(plan, "planned_so_far")]
    room = (max(ends) - min(ends)) * 0.04 or 1.0
    return (min(ends) - (room if min(ends) < 0 else 0), max(ends) + room)


def _labels(ends: list[tuple[float, str, str]], reach: tuple[float, float]) -> list[dict[str, Any]]:
    """Direct labels at the right edge, each beside the end of its line, kept apart."""
    lowest, highest = reach
    found, free = [], 0.0
    for value, words, color in sorted(ends, key=lambda end: end[0]):
        at = max((value - lowest) / (highest - lowest), free)
        free = at + LEAST_APART
        found.append(label(1.02, at, words, color or INK, xref="paper", yref="paper", yanchor="middle"))
    return found


def _ticks(months: list[date], text: Text) -> dict[str, Any]:
    """The turns of the year, and of the half-year while there are few."""
    step = (1, 7) if len(months) <= 30 else (1,)
    shown = [month for month in months if month.month in step] or months[:1]
    return {
        "tickvals": [month.isoformat() for month in shown],
        "ticktext": [text.day(month, "y" if month.month == 1 else "MMM") for month in shown],
        "tickangle": 0,
    }
