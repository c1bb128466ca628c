"""The house style of every figure: transparent, one typeface, thin rules, nothing on hover.

Colours are those of the light theme. The style sheet replaces them by their dark counterparts, so a figure
follows the reader's theme, and the printer, without being drawn again.
"""

from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from dashboard.components.aria import aria

FILLS = {
    "not_assigned": "#6B0F3A",
    "short": "#C0341D",
    "at_risk": "#F0A030",
    "unknown": "#8A929B",
    "on_track": "#7DB7E8",
    "met": "#1F5FA8",
    "exempt": "#E3E7EB",
}
TEXTS = {
    "not_assigned": "#6B0F3A",
    "short": "#B02E19",
    "at_risk": "#8A5200",
    "unknown": "#59626C",
    "on_track": "#1B6CA8",
    "met": "#174F8F",
}
INK, MUTED, RULE, QUIET = "#14181D", "#59626C", "#D9DEE3", "#AEB6BF"
FONT = "'Source Sans 3', system-ui, sans-serif"
CONFIG: Any = {"displayModeBar": False, "plotlyServerURL": "", "staticPlot": True, "responsive": True}


def figure(height: int, **layout: Any) -> go.Figure:
    fig = go.Figure()
    axis = {
        "showgrid": True,
        "gridcolor": RULE,
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"color": MUTED, "size": 12},
        "automargin": False,
        "fixedrange": True,
    }
    fig.update_layout(
        template=None,
        height=height,
        autosize=True,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": INK},
        margin={"l": 44, "r": 12, "t": 8, "b": 28},
        showlegend=False,
        hovermode=False,
        bargap=0.25,
        separators=", ",
        xaxis=axis,
        yaxis=axis,
    )
    fig.update_layout(**layout)
    return fig


def drawn(fig: go.Figure, name: str) -> html.Div:
    """Hidden from assistive technology: the card's table says the same."""
    height = fig.layout.height
    return html.Div(
        dcc.Graph(id=f"figure-{name}", figure=fig, config=CONFIG, style={"height": f"{height}px"}),
        className="chart",
        style={"minHeight": f"{height}px"},
        **aria(hidden="true"),
    )


def label(x: Any, y: Any, words: str, color: str = INK, **more: Any) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "text": words,
        "showarrow": False,
        "font": {"color": color, "size": 12.5},
        "xanchor": "left",
        **more,
    }
