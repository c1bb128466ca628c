"""The counties' outlines, each set for the years it held. © Kartverket, CC BY 4.0; the files say the rest."""

import json
from datetime import date
from functools import cache
from pathlib import Path

Ring = list[tuple[float, float]]
"""Longitude and latitude in degrees, closed."""

SETS = ((date(2024, 1, 1), "counties_2024.geojson"), (date(2020, 1, 1), "counties_2020.geojson"))
"""From which day each set holds; there is none for the counties before 2020."""


def outline(county_number: str, day: date) -> list[Ring]:
    """The rings of a county as it was on a day; none where no shape is known."""
    name = next((name for start, name in SETS if day >= start), None)
    return _rings(name).get(county_number, []) if name else []


def outlines(day: date) -> dict[str, list[Ring]]:
    """Every county as it was on a day, by number."""
    name = next((name for start, name in SETS if day >= start), None)
    return _rings(name) if name else {}


@cache
def _rings(name: str) -> dict[str, list[Ring]]:
    found = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return {
        feature["properties"]["county_no"]: [
            [(east, north) for east, north in ring]
            for polygon in feature["geometry"]["coordinates"]
            for ring in polygon
        ]
        for feature in found["features"]
    }
