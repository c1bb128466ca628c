"""From what was removed and changed, less what is new, to what is left; each with its interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.components import html
from dashboard.components.aria import aria


@dataclass(frozen=True)
class Span:
    """A floating bar from one end to the other, in minutes, and the interval around its far end."""

    name: str
    kind: str
    """promised, realised, against, net, estimated or planned: how it is drawn."""
    start: float
    end: float
    low: float | None
    high: float | None
    figure: str
    note: str = ""


def bridge(spans: Sequence[Span]) -> html.Div:
    """Bars as elements: they print, scale and follow the theme. The card's table says the same."""
    ends = [end for span in spans for end in (span.start, span.end, span.low, span.high) if end is not None]
    lowest, highest = min([0.0, *ends]), max([0.0, *ends])
    reach = (highest - lowest) or 1.0

    def at(value: float) -> float:
        return 100 * (value - lowest) / reach

    lines = [_line(span, at(0), at) for span in spans]
    return html.Div(lines, className="waterfall bridge", **aria(hidden="true"))


def _line(span: Span, zero: float, at: Callable[[float], float]) -> html.Div:
    left, right = sorted((at(span.start), at(span.end)))
    marks = [
        html.Span(className="zero", style={"left": f"{zero:.2f}%"}),
        html.Span(
            className=f"step b-{span.kind}", style={"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"}
        ),
    ]
    if span.low is not None and span.high is not None:
        low, high = at(span.low), at(span.high)
        marks.append(
            html.Span(className="whisker", style={"left": f"{low:.2f}%", "width": f"{high - low:.2f}%"})
        )
    return html.Div(
        [
            html.Span(span.name, className="step-name"),
            html.Span(marks, className="step-track"),
            html.Span(span.figure, className="step-n"),
            html.Span(span.note, className="step-share"),
        ],
        className=f"step-line of-{span.kind}",
    )
