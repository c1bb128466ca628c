"""Schools where they lie, each with its number in the list beside the map; the list says everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sqrt

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.figures.tiles import figures_of, level
from dashboard.components.markup import Markup
from dashboard.components.status import SIGNS
from dashboard.shapes import Ring
from dashboard.text import Text
from dashboard.view import View

WIDTH, TALLEST, EDGE = 400.0, 460.0, 24.0
SMALLEST, LARGEST = 9.0, 20.0
"""Radius of the mark of a school without students, and of the largest school."""
KM_PER_DEGREE = 111.2
SCALES = (5, 10, 20, 50, 100, 200)
ROUNDS = 60


@dataclass
class Mark:
    row: Row
    number: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Frame:
    """From degrees to the drawing; alike in both directions at the middle latitude."""

    west: float
    north: float
    narrow: float
    scale: float
    width: float
    height: float

    def at(self, east: float, north: float) -> tuple[float, float]:
        return (
            EDGE + (east - self.west) * self.narrow * self.scale,
            EDGE + (self.north - north) * self.scale,
        )


def has_positions(rows: Sequence[Row]) -> bool:
    """Whether there is a map to draw: a position for at least half of the schools."""
    return 2 * sum(row["latitude"] is not None for row in rows) >= max(len(rows), 1)


def county_map(rows: list[Row], far: set[str], rings: list[Ring], view: View) -> html.Div:
    """The schools in the order given, numbered; `far` of them stand out."""
    placed = [(number, row) for number, row in enumerate(rows, start=1) if row["latitude"] is not None]
    frame = _frame([(row["longitude"], row["latitude"]) for _, row in placed], rings)
    largest = max((row["students"] for row in rows if isinstance(row["students"], int)), default=1)
    marks = [_mark(number, row, frame, largest) for number, row in placed]
    _move_apart(marks)
    drawing = "".join(
        [*(_ring(ring, frame) for ring in rings), *(map(_drawn, marks)), _scale(frame, view.text)]
    )
    box = f"0 0 {frame.width:.0f} {frame.height:.0f}"
    picture = Markup("svg", {"viewBox": box, "className": "map", **aria(hidden="true")}, drawing)
    items = [html.Li(_entry(row, row["school_id"] in far, view)) for row in rows]
    return html.Div([picture, html.Ol(items, className="map-list")], className="map-and-list")


def _frame(points: list[tuple[float, float]], rings: list[Ring]) -> Frame:
    seen = points + [point for ring in rings for point in ring]
    west, east = min(x for x, _ in seen), max(x for x, _ in seen)
    south, north = min(y for _, y in seen), max(y for _, y in seen)
    narrow = cos(radians((south + north) / 2))
    wide, tall = max((east - west) * narrow, 0.01), max(north - south, 0.01)
    scale = min((WIDTH - 2 * EDGE) / wide, (TALLEST - 2 * EDGE) / tall)
    return Frame(west, north, narrow, scale, 2 * EDGE + wide * scale, 2 * EDGE + tall * scale + EDGE)


def _mark(number: int, row: Row, frame: Frame, largest: int) -> Mark:
    students = row["students"] if isinstance(row["students"], int) else 0
    x, y = frame.at(row["longitude"], row["latitude"])
    return Mark(row, number, x, y, SMALLEST + (LARGEST - SMALLEST) * sqrt(students / largest))


def _move_apart(marks: list[Mark]) -> None:
    """Schools of one town would cover each other: each pair that does gives way, half each."""
    for _ in range(ROUNDS):
        still = True
        for i, one in enumerate(marks):
            for other in marks[i + 1 :]:
                dx, dy = other.x - one.x, other.y - one.y
                apart = hypot(dx, dy)
                lacking = one.radius + other.radius + 1 - apart
                if lacking <= 0:
                    continue
                still = False
                across, down = (dx / apart, dy / apart) if apart else (1.0, 0.0)
                one.x, one.y = one.x - across * lacking / 2, one.y - down * lacking / 2
                other.x, other.y = other.x + across * lacking / 2, other.y + down * lacking / 2
        if still:
            return


def _ring(ring: Ring, frame: Frame) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (frame.at(*point) for point in ring))
    return f'<polygon points="{points}" class="outline"/>'


def _drawn(mark: Mark) -> str:
    shade = level(mark.row)
    kind = "none" if shade is None else f"h{shade}"
    return (
        f'<circle cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{mark.radius:.1f}" class="mark {kind}"/>'
        f'<text x="{mark.x:.1f}" y="{mark.y:.1f}" class="mark-n {kind}">{mark.number}</text>'
    )


def _scale(frame: Frame, text: Text) -> str:
    per_km = frame.scale / KM_PER_DEGREE
    length = max((km for km in SCALES if km * per_km <= 110), default=SCALES[0])
    y, end = frame.height - 14, EDGE + length * per_km
    return (
        f'<path d="M{EDGE:.1f} {y - 4:.1f}v4h{end - EDGE:.1f}v-4" class="scale"/>'
        f'<text x="{end + 6:.1f}" y="{y:.1f}" class="scale-n">{text("map.km", n=length)}</text>'
    )


def _entry(row: Row, far: bool, view: View) -> list[html.A | html.Strong | html.Span]:
    sign = html.Span(f"{SIGNS['short']} ", **aria(hidden="true")) if far else None
    share, of = figures_of(row, view.text)
    return [
        html.A([sign, row["name"]], href=view.href(f"/school/{row['school_id']}")),
        html.Strong(share),
        html.Span(of, className="map-of"),
    ]
