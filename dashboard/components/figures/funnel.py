"""Schools by size and share, between the limits of chance: so that none is named by accident."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.figures.base import FILLS, INK, MUTED, PAGE, QUIET, TEXTS, drawn, figure, label
from dashboard.queries.overview import Funnel
from dashboard.text import Text

WIDTH, LETTER, LINE, MARK = 290, 6.3, 15, 7
"""In pixels: the plot at its narrowest, a letter, a line of text, half a mark. Labels that are apart there
are apart in a wider plot too."""
MARGIN = {"l": 44, "r": 16, "t": 10, "b": 38}


@dataclass(frozen=True)
class Box:
    left: float
    right: float
    bottom: float
    top: float

    def meets(self, other: "Box") -> bool:
        return not (
            self.right <= other.left
            or other.right <= self.left
            or self.top <= other.bottom
            or other.top <= self.bottom
        )


@dataclass(frozen=True)
class Scale:
    """From figures to pixels of the narrowest plot."""

    largest: float
    low: float
    high: float
    height: float

    def at(self, size: float, share: float) -> tuple[float, float]:
        return WIDTH * size / self.largest, self.height * (share - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Place:
    """A point of the plot, and how far from it a label begins; to the left of it, it ends there."""

    size: float
    share: float
    right: float
    up: float

    def box(self, words: str, scale: Scale) -> Box:
        x, y = scale.at(self.size, self.share)
        length = len(words) * LETTER
        left = x + self.right - (length if self.right < 0 else 0)
        return Box(left, left + length, y + self.up - LINE / 2, y + self.up + LINE / 2)


def funnel(
    rows: Sequence[Row], limits: Funnel, names: Mapping[str, str], text: Text, height: int = 230
) -> html.Div:
    shown = [r for r in rows if isinstance(r["share_needing"], float) and isinstance(r["students"], int)]
    far = [limits.is_outside(row) for row in shown]
    scale = _scale(shown, limits, height)
    fig = figure(height, text, margin=MARGIN)
    sizes = sorted({max(10, round(scale.largest * (step / 40) ** 1.6)) for step in range(1, 41)})
    for confidence, dash in (("inner", "dot"), ("outer", "solid")):
        for side in (0, 1):
            fig.add_scatter(
                x=sizes,
                y=[100 * limits.limits(size, confidence)[side] for size in sizes],
                mode="lines",
                line={"color": QUIET, "width": 1, "dash": dash},
            )
    fig.add_scatter(
        x=[0, scale.largest], y=[100 * limits.mean] * 2, mode="lines", line={"color": MUTED, "width": 1.5}
    )
    fig.add_scatter(
        x=[row["students"] for row in shown],
        y=[100 * row["share_needing"] for row in shown],
        mode="markers",
        marker={
            "size": 11,
            "symbol": ["triangle-down" if f else "circle" for f in far],
            "color": [FILLS["short"] if f else FILLS["met"] for f in far],
            "line": {"width": 0},
        },
    )
    named = [(row, names[row["school_id"]], TEXTS["short"]) for row, f in zip(shown, far, strict=True) if f]
    if shown and not named:
        highest = max(shown, key=lambda row: row["share_needing"])
        named = [(highest, names[highest["school_id"]], TEXTS["met"])]
    mean = text("funnel.mean", share=text.share(limits.mean))
    fig.update_layout(annotations=_labels(shown, named, limits.mean, mean, scale))
    fig.update_xaxes(
        title={"text": text("funnel.x"), "font": {"size": 12, "color": MUTED}, "standoff": 4},
        range=[0, scale.largest * 1.01],
        nticks=6,
        showgrid=False,
    )
    unit = "%" if text.language == "en" else " %"
    fig.update_yaxes(range=[100 * scale.low, 100 * scale.high], ticksuffix=unit, nticks=5)
    return drawn(fig, "funnel")


def _scale(shown: Sequence[Row], limits: Funnel, height: int) -> Scale:
    """Room for every school and for the outer limits at the size of the smallest one."""
    shares = [row["share_needing"] for row in shown]
    below, above = limits.limits(min(row["students"] for row in shown), "outer")
    low = max(0.0, floor(10 * min(below, *shares)) / 10)
    high = min(1.04, max(0.05, ceil(20 * (max(above, *shares) + 0.01)) / 20))
    return Scale(limits.largest * 1.08, low, high, height - MARGIN["t"] - MARGIN["b"])


def _labels(
    shown: Sequence[Row],
    named: Sequence[tuple[Row, str, str]],
    mean: float,
    words: str,
    scale: Scale,
) -> list[dict[str, object]]:
    """The names of the schools outside (else of the highest), each where it meets no mark and no other label.

    A name there is no room for is left out: the card's title and its table have it.
    """
    taken = []
    for row in shown:
        x, y = scale.at(row["students"], row["share_needing"])
        taken.append(Box(x - MARK, x + MARK, y - MARK, y + MARK))
    beside = [(side * (MARK + 2), shift) for shift in (0, LINE, -LINE) for side in (1, -1)]
    along = [(side * 1.0, shift * 0.7) for side in (-1, 1) for shift in (-LINE, LINE)]
    found = []
    for row, name, color in named:
        tried = [Place(row["students"], row["share_needing"], *shift) for shift in beside]
        found += _first_free(tried, name, color, taken, scale)
    tried = [Place(part * scale.largest, mean, *shift) for part in (1.0, 0.0, 0.5) for shift in along]
    return found + _first_free(tried, words, INK, taken, scale)


def _first_free(
    places: Sequence[Place], words: str, color: str, taken: list[Box], scale: Scale
) -> list[dict[str, object]]:
    for place in places:
        box = place.box(words, scale)
        if box.left < 0 or box.right > WIDTH or any(box.meets(other) for other in taken):
            continue
        taken.append(box)
        anchor = "left" if place.right > 0 else "right"
        shift = {"xanchor": anchor, "xshift": place.right, "yshift": place.up}
        return [label(place.size, 100 * place.share, words, color, bgcolor=PAGE, borderpad=0, **shift)]
    return []
