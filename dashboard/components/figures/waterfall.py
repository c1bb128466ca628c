"""From what the timetable has to what the students were offered: every loss and gain on one scale."""

from dataclasses import dataclass

from dash import html

from dashboard.access.scope import Row
from dashboard.components.aria import aria
from dashboard.text import Text

STEPS = (
    ("scheduled", "start"),
    ("outside_membership", "loss"),
    ("cancelled", "loss"),
    ("diverted", "loss"),
    ("made_up", "gain"),
    ("remaining", "ahead"),
    ("offered", "result"),
)


@dataclass(frozen=True)
class Step:
    name: str
    kind: str
    minutes: int
    start: int
    end: int


def steps(row: Row) -> list[Step]:
    """The identity of a row as floating bars: each starts where the one before it ended."""
    found: list[Step] = []
    level = 0
    for name, kind in STEPS:
        minutes = row[name]
        if kind in ("start", "result"):
            found.append(Step(name, kind, minutes, 0, minutes))
            level = minutes
            continue
        end = level + (minutes if kind == "gain" else -minutes)
        found.append(Step(name, kind, minutes, min(level, end), max(level, end)))
        level = end
    return found


def waterfall(row: Row, text: Text) -> html.Div:
    """Bars as elements: they print, scale and follow the theme. The card's table says the same."""
    found = steps(row)
    full = max(step.end for step in found) or 1
    lines = []
    for step in found:
        sign = {"loss": "\u2212", "ahead": "\u2212", "gain": "+"}.get(step.kind, "")
        bar = html.Span(
            className=f"step k-{step.kind}",
            style={
                "left": f"{100 * step.start / full:.2f}%",
                "width": f"{100 * (step.end - step.start) / full:.2f}%",
            },
        )
        lines.append(
            html.Div(
                [
                    html.Span(text(f"step.{step.name}"), className="step-name"),
                    html.Span(bar, className="step-track"),
                    html.Span(f"{sign}{text.hours(step.minutes)}", className="step-n"),
                    html.Span(text.share(step.minutes / row["scheduled"]), className="step-share"),
                ],
                className="step-line",
            )
        )
    return html.Div(lines, className="waterfall", **aria(hidden="true"))
