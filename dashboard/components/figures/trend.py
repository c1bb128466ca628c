"""Students with a worrying status, week by week, as it was known then."""

from typing import Any

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.figures.base import FILLS, MUTED, TEXTS, drawn, figure, label
from dashboard.queries.common import WORRYING
from dashboard.text import Text

HATCH = {"shape": "/", "size": 5, "bgcolor": FILLS["unknown"], "fgcolor": "#C9CED4", "solidity": 0.4}


def trend(rows: list[Row], text: Text, height: int = 230) -> html.Div:
    fig = figure(height, text, barmode="stack", bargap=0.18, margin={"l": 40, "r": 128, "t": 10, "b": 26})
    days = [row["as_of_date"] for row in rows]
    for status in WORRYING:
        counts = [_shown(row[f"students_{status}"]) for row in rows]
        marker: dict[str, Any] = {"color": FILLS[status], "line": {"width": 0}}
        if status == "unknown":
            marker["pattern"] = HATCH
        fig.add_bar(x=list(range(len(days))), y=counts, marker=marker)
    highest = max(1, *(sum(_shown(row[f"students_{s}"]) for s in WORRYING) for row in rows))
    fig.update_layout(annotations=_labels(rows[-1], highest, text))
    months = _first_of_month(days)
    fig.update_xaxes(
        showgrid=False,
        tickvals=months,
        ticktext=[text.day(days[i], "MMM") for i in months],
        range=[-0.6, len(days) - 0.4],
    )
    fig.update_yaxes(range=[0, highest], nticks=5, tickformat=",d")
    return drawn(fig, "trend")


def _labels(last: Row, highest: int, text: Text) -> list[dict[str, Any]]:
    """Direct labels at the right edge, each beside its part of the last bar, kept apart."""
    labels: list[dict[str, Any]] = []
    bottom, free = 0.0, 0.0
    for status in WORRYING:
        count = _shown(last[f"students_{status}"])
        if not count:
            continue
        middle = (bottom + count / 2) / highest
        bottom += count
        free = max(middle, free)
        words = f"<b>{text.number(count)}</b> {text(f'status.{status}').lower()}"
        labels.append(label(1.02, free, words, TEXTS.get(status, MUTED), xref="paper", yref="paper"))
        free += 0.1
    return labels


def _first_of_month(days: list[Any]) -> list[int]:
    return [i for i, day in enumerate(days) if i == 0 or day.month != days[i - 1].month]


def _shown(value: Any) -> int:
    return value if isinstance(value, int) else 0
