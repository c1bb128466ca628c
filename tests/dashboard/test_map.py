"""The map: every school in the list, none covered by another, the county as it was on the day."""

from datetime import date
from itertools import combinations
from math import hypot

import pytest

from dashboard.components.figures import map as drawing
from dashboard.shapes import outline, outlines


def school(number: int, north: float | None, east: float | None, students: int = 300) -> dict[str, object]:
    return {
        "school_id": str(number),
        "name": f"Skole {number}",
        "latitude": north,
        "longitude": east,
        "students": students,
        "students_needing": 30,
        "share_needing": 0.1,
    }


def test_schools_of_one_town_do_not_cover_each_other() -> None:
    rows = [school(n, 59.9 + n / 1000, 10.7) for n in range(6)] + [school(9, 60.9, 11.2, 900)]
    frame = drawing._frame([(row["longitude"], row["latitude"]) for row in rows], [])  # type: ignore[misc]
    marks = [drawing._mark(n, row, frame, 900) for n, row in enumerate(rows, start=1)]
    drawing._move_apart(marks)
    for one, other in combinations(marks, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius - 0.5


def test_a_map_needs_a_position_for_half_of_the_schools() -> None:
    placed, missing = school(1, 60.0, 10.0), school(2, None, None)
    assert drawing.has_positions([placed, missing])
    assert not drawing.has_positions([placed, missing, missing])


@pytest.mark.parametrize(
    ("county", "day", "known"),
    [
        ("30", date(2021, 1, 1), True),
        ("30", date(2024, 1, 1), False),
        ("32", date(2024, 1, 1), True),
        ("02", date(2019, 8, 1), False),
    ],
)
def test_a_county_has_the_shape_of_its_time(county: str, day: date, known: bool) -> None:
    assert bool(outline(county, day)) is known


def test_every_ring_is_closed_and_in_norway() -> None:
    for day in (date(2020, 1, 1), date(2024, 1, 1)):
        for rings in outlines(day).values():
            for ring in rings:
                assert ring[0] == ring[-1]
                assert all(4 < east < 32 and 57 < north < 72 for east, north in ring)
