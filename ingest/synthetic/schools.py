"""The county's schools: sizes, programmes, and which of them plays which part."""

from __future__ import annotations

import random
from dataclasses import dataclass

COUNTY_NUMBER = "99"
# The synthetic test population's entities begin with 3; no real one does.
_FIRST_ORGANISATION_NUMBER = 310_000_000
_PLACES = (
    "Nord",
    "Sør",
    "Øst",
    "Vest",
    "Sentrum",
    "Fjorden",
    "Åsen",
    "Vika",
    "Dalen",
    "Neset",
    "Skogen",
    "Elva",
)

REGISTERS_NOTHING = "registers_nothing"
LOADS_LATE = "loads_late"
SMALL = "small_school"
MISSING_LANGUAGE_GROUP = "missing_language_group"
TIMETABLE_BY_REPORT = "timetable_by_report"


@dataclass(frozen=True)
class Kind:
    """One school of the pattern that repeats through the county."""

    students: int
    families: tuple[str, ...]
    lesson_mode: int
    plan_margin: float
    """What the school usually plans beyond the required hours, as a share of them."""
    part: str = ""


_PATTERN = (
    Kind(560, ("ST", "ID"), 90, 0.075),
    Kind(420, ("ST", "HS", "PB"), 90, 0.06, MISSING_LANGUAGE_GROUP),
    Kind(300, ("ST", "BA", "EL"), 45, 0.045, REGISTERS_NOTHING),
    Kind(260, ("HS", "BA", "TP"), 90, 0.05, LOADS_LATE),
    Kind(34, ("ST",), 60, 0.06, SMALL),
    Kind(190, ("HS", "RM", "PB"), 90, 0.04, TIMETABLE_BY_REPORT),
    Kind(690, ("ST", "HS", "EL", "PB"), 90, 0.08),
    Kind(330, ("EL", "TP", "BA"), 90, 0.05),
    Kind(240, ("ST", "RM"), 90, 0.036),
    Kind(480, ("ST",), 60, 0.075),
    Kind(130, ("HS", "BA"), 90, 0.085),
    Kind(560, ("ST", "ID", "HS", "PB"), 90, 0.03),
)
# On the islands and along the fjord of a county that does not exist, off the coast.
_POSITIONS = (
    (63.62, 6.92),
    (62.78, 6.70),
    (63.24, 7.52),
    (63.08, 5.94),
    (63.15, 6.62),
    (62.96, 6.28),
    (63.38, 6.58),
    (62.86, 7.24),
    (63.02, 7.04),
    (63.47, 7.30),
    (63.30, 6.10),
    (63.10, 7.16),
)
_NEXT_ROUND = 0.07
"""Degrees by which the schools of a later round of the pattern lie beside those of the first."""
# Only once in a county: a second school of the same kind is an ordinary one.
_UNIQUE_PARTS = (REGISTERS_NOTHING, LOADS_LATE, MISSING_LANGUAGE_GROUP, TIMETABLE_BY_REPORT)


@dataclass(frozen=True)
class School:
    index: int
    school_id: str
    system_id: str
    organisation_number: str
    name: str
    students: int
    families: tuple[str, ...]
    lesson_mode: int
    plan_margin: float
    autumn_week: int
    part: str
    latitude: float
    longitude: float


def county(schools: int, seed: int, size: float = 1) -> list[School]:
    """The first schools of the pattern; `size` shrinks all but the small one."""
    return [_school(index, seed, size) for index in range(schools)]


def _school(index: int, seed: int, size: float) -> School:
    rng = random.Random(f"{seed}:school:{index}")
    kind = _PATTERN[index % len(_PATTERN)]
    later, turn = index >= len(_PATTERN), index // len(_PATTERN)
    latitude, longitude = _POSITIONS[index % len(_POSITIONS)]
    students = kind.students if kind.part == SMALL else round(kind.students * size * rng.uniform(0.92, 1.08))
    place = _PLACES[index % len(_PLACES)] + (f" {turn + 1}" if later else "")
    return School(
        index=index,
        school_id=f"{990001 + index}",
        system_id=f"SK{index + 1:04d}",
        organisation_number=f"{_FIRST_ORGANISATION_NUMBER + index}",
        name=f"Syntetia videregående skole {place}",
        students=students,
        families=kind.families,
        lesson_mode=kind.lesson_mode,
        plan_margin=kind.plan_margin,
        autumn_week=40 if index % 3 else 41,
        part="" if later and kind.part in _UNIQUE_PARTS else kind.part,
        latitude=latitude - _NEXT_ROUND * (turn % 4),
        longitude=longitude + _NEXT_ROUND * (turn // 4),
    )
