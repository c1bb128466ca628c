"""The house style of every figure: transparent, one typeface, thin rules, nothing on hover.

Colours are those of the light theme. The style sheet replaces them by their dark counterparts, so a figure
follows the reader's theme, and the printer, without being drawn again.
"""

from dataclasses import dataclass, field
from typing import Any

from dash import dcc

from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.text import THIN_SPACE, Text

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
INK, MUTED, RULE, QUIET, PAGE = "#14181D", "#59626C", "#D9DEE3", "#AEB6BF", "#FFFFFF"
FONT = "'Source Sans 3', system-ui, sans-serif"
CONFIG: Any = {"displayModeBar": False, "plotlyServerURL": "", "staticPlot": True, "responsive": True}


@dataclass
class Figure:
    """What the chart library in the browser takes. Its Python twin checks every property of every mark, which
    costs more than all else on a page; the browser tests look at the drawn result instead."""

    layout: dict[str, Any]
    data: list[dict[str, Any]] = field(default_factory=list)

    def add_bar(self, **mark: Any) -> None:
        self.data.append({"type": "bar", **mark})

    def add_scatter(self, **mark: Any) -> None:
        self.data.append({"type": "scatter", **mark})

    def update_layout(self, **layout: Any) -> None:
        self.layout.update(layout)

    def update_xaxes(self, **axis: Any) -> None:
        self.layout["xaxis"] = {**self.layout["xaxis"], **axis}

    def update_yaxes(self, **axis: Any) -> None:
        self.layout["yaxis"] = {**self.layout["yaxis"], **axis}


def figure(height: int, text: Text, **layout: Any) -> Figure:
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
    house_style = {
        "height": height,
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": INK},
        "margin": {"l": 44, "r": 12, "t": 8, "b": 28},
        "showlegend": False,
        "hovermode": False,
        "bargap": 0.25,
        "separators": ".," if text.language == "en" else f",{THIN_SPACE}",
        "xaxis": axis,
        "yaxis": axis,
    }
    return Figure({**house_style, **layout})


def drawn(fig: Figure, name: str) -> html.Div:
    """Hidden from assistive technology: the card's table says the same."""
    height = fig.layout["height"]
    content = {"data": fig.data, "layout": fig.layout}
    return html.Div(
        dcc.Graph(id=f"figure-{name}", figure=content, config=CONFIG, style={"height": f"{height}px"}),
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
