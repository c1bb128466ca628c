"""From what the timetable has to what the students were offered; then what was lost, enlarged."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.queries.common import LOSSES
from dashboard.text import MINUS, Text

STEPS = (
    ("scheduled", "start"),
    ("outside_membership", "loss"),
    ("cancelled", "loss"),
    ("diverted", "loss"),
    ("made_up", "gain"),
    ("remaining", "ahead"),
    ("offered", "result"),
)
SIGNS: Mapping[str, str] = {"loss": MINUS, "ahead": MINUS, "gain": "+"}


@dataclass(frozen=True)
class Step:
    name: str
    kind: str
    minutes: int
    start: int
    end: int


def steps(row: Row) -> list[Step]:
    """The identity of a row as floating bars: each starts where the one before it ended.

    Steps that may not be shown are one, before the result.
    """
    found: list[Step] = []
    level = 0
    for name, kind in STEPS:
        minutes = row[name]
        if isinstance(minutes, Hidden):
            continue
        if kind == "result" and minutes != level:
            found.append(Step("unshown", "loss", level - minutes, min(level, minutes), max(level, minutes)))
        if kind in ("start", "result"):
            found.append(Step(name, kind, minutes, 0, minutes))
            level = minutes
            continue
        end = level + (minutes if kind == "gain" else -minutes)
        found.append(Step(name, kind, minutes, min(level, end), max(level, end)))
        level = end
    return found


def waterfall(row: Row, lost: Row | None, text: Text) -> html.Div:
    """Bars as elements: they print, scale and follow the theme. The card's table says the same."""
    found = steps(row)
    full = max(step.end for step in found) or 1
    lines = [_line(step, full, row["scheduled"], text) for step in found]
    return html.Div(
        [
            html.P(text("why.note"), className="card-note"),
            html.Div(lines, className="waterfall"),
            *([_enlarged(lost, text)] if lost else []),
        ],
        **aria(hidden="true"),
    )


def _line(step: Step, full: int, scheduled: int, text: Text) -> html.Div:
    place = {
        "left": f"{100 * step.start / full:.2f}%",
        "width": f"{100 * (step.end - step.start) / full:.2f}%",
    }
    return html.Div(
        [
            html.Span(text(f"step.{step.name}"), className="step-name"),
            html.Span(html.Span(className=f"step k-{step.kind}", style=place), className="step-track"),
            html.Span(f"{SIGNS.get(step.kind, '')}{text.hours(step.minutes)}", className="step-n"),
            html.Span(text.share(step.minutes / scheduled), className="step-share"),
        ],
        className="step-line",
    )


def _enlarged(lost: Row, text: Text) -> html.Div:
    """Every cause on a scale of its own, with the hours that never reached the timetable among them."""
    largest = max((lost[c] for c in LOSSES if not isinstance(lost[c], Hidden)), default=0) or 1
    causes = sorted(
        (c for c in LOSSES if lost[c] != 0), key=lambda c: -lost[c] if not isinstance(lost[c], Hidden) else 1
    )
    lines = []
    for cause in causes:
        minutes = lost[cause]
        width = 0.0 if isinstance(minutes, Hidden) else 100 * minutes / largest
        bar = html.Span(className="step k-loss", style={"left": "0", "width": f"{width:.2f}%"})
        lines.append(
            html.Div(
                [
                    html.Span(text(f"cause_short.{cause}"), className="step-name"),
                    html.Span(bar if width else None, className="step-track"),
                    html.Span(text.hours(minutes), className="step-n"),
                    html.Span(className="step-share"),
                ],
                className="step-line",
            )
        )
    return html.Div(
        [html.P(text("why.enlarged"), className="card-note"), html.Div(lines, className="waterfall")]
    )
