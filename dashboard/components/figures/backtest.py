"""How far earlier forecasts missed, beside the two simpler ways they must beat."""

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.figures.base import MUTED, QUIET, TEXTS, drawn, figure, label
from dashboard.text import Text

LINES = (("ours", TEXTS["met"], 3, "solid"), ("no_loss", MUTED, 2, "dot"), ("group_rate", QUIET, 2, "solid"))


def backtest(rows: list[Row], text: Text) -> html.Div:
    fig = figure(220, text, margin={"l": 36, "r": 178, "t": 10, "b": 26})
    days = list(range(len(rows)))
    for name, color, width, dash in LINES:
        fig.add_scatter(
            x=days,
            y=[row[name] for row in rows],
            mode="lines+markers" if len(rows) < 3 else "lines",
            line={"color": color, "width": width, "dash": dash},
        )
    fig.update_layout(annotations=_labels(rows[-1], text))
    fig.update_xaxes(
        showgrid=False, tickvals=days, ticktext=[text.day(row["cutoff_date"], "d MMM") for row in rows]
    )
    fig.update_yaxes(rangemode="tozero", nticks=5, tickformat=",d")
    return drawn(fig, "backtest")


def _labels(last: Row, text: Text) -> list[dict[str, object]]:
    """Direct labels at the right edge, the largest miss on top, kept apart."""
    ordered = sorted(LINES, key=lambda line: -last[line[0]])
    return [
        label(
            1.02,
            0.95 - 0.2 * i,
            f"<b>{text.number(last[name], 0)}</b> {text(f'backtest.{name}')}",
            color if color != QUIET else MUTED,
            xref="paper",
            yref="paper",
        )
        for i, (name, color, _, _) in enumerate(ordered)
    ]
