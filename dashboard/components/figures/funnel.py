"""Schools by size and share, between the limits of chance: so that none is named by accident."""

from dash import html

from dashboard.access.scope import Row
from dashboard.components.figures.base import FILLS, INK, MUTED, QUIET, TEXTS, drawn, figure, label
from dashboard.queries.overview import Funnel, outside
from dashboard.text import Text


def funnel(rows: list[Row], limits: Funnel, names: dict[str, str], text: Text, height: int = 230) -> html.Div:
    fig = figure(height, margin={"l": 44, "r": 16, "t": 10, "b": 38})
    for limit, dash in (("inner", "dot"), ("outer", "solid")):
        for side in (0, 1):
            fig.add_scatter(
                x=limits.sizes,
                y=[pair[side] for pair in limits.limits[limit]],
                mode="lines",
                line={"color": QUIET, "width": 1, "dash": dash},
            )
    fig.add_scatter(
        x=[0, limits.sizes[-1]], y=[limits.mean] * 2, mode="lines", line={"color": MUTED, "width": 1.5}
    )
    shown = [r for r in rows if isinstance(r["share_needing"], float) and isinstance(r["students"], int)]
    far = [outside(row, limits.mean) for row in shown]
    fig.add_scatter(
        x=[row["students"] for row in shown],
        y=[row["share_needing"] for row in shown],
        mode="markers",
        marker={
            "size": 11,
            "symbol": ["triangle-down" if f else "circle" for f in far],
            "color": [FILLS["short"] if f else FILLS["met"] for f in far],
            "line": {"width": 0},
        },
    )
    highest = max([0.05, *(row["share_needing"] for row in shown)])
    notes = [
        label(
            row["students"],
            row["share_needing"],
            names[row["school_id"]],
            TEXTS["short"],
            xanchor="left" if row["students"] < limits.sizes[-1] * 0.6 else "right",
            xshift=9 if row["students"] < limits.sizes[-1] * 0.6 else -9,
        )
        for row, f in zip(shown, far, strict=True)
        if f
    ]
    notes.append(
        label(
            limits.sizes[-1],
            limits.mean,
            text("funnel.mean", share=text.share(limits.mean)),
            INK,
            xanchor="right",
            yshift=9 if limits.mean < 0.5 else -10,
        )
    )
    fig.update_layout(annotations=notes)
    fig.update_xaxes(
        title={"text": text("funnel.x"), "font": {"size": 12, "color": MUTED}, "standoff": 4},
        range=[0, limits.sizes[-1] * 1.02],
        nticks=6,
        showgrid=False,
    )
    fig.update_yaxes(range=[0, min(1.04, highest * 1.18)], tickformat=".0%", nticks=5)
    return drawn(fig, "funnel")
