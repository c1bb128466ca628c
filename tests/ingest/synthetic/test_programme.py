"""What students take fills what their programme area demands."""

from __future__ import annotations

from itertools import product

import pytest

from ingest.synthetic.programme import (
    FAMILIES,
    FIRST_COVERED_YEAR,
    Block,
    Curriculum,
    Slot,
    blocks,
    fits_area,
    is_accelerated,
)

AREAS = [area for levels in FAMILIES.values() for areas in levels for area in areas]


@pytest.fixture(scope="module")
def curriculum() -> Curriculum:
    return Curriculum("2025-26")


def _selections(area: str, found: list[Block]) -> list[list[str]]:
    """Every way a student can choose."""
    fixed = [code for block in found if not block.is_choice for code in block.options[0]]
    choices = [
        [code for code in block.subjects if fits_area(area, block, code)]
        for block in found
        if block.is_choice
    ]
    return [fixed + list(chosen) for chosen in product(*choices)]


def _open_minutes(curriculum: Curriculum, area: str, codes: list[str]) -> dict[str, int]:
    """What stays open in each slot when subjects fill them in code order."""
    room = {slot.code: slot.hours for slot in curriculum.slots[area]}
    for code in sorted(codes):
        left = curriculum.subjects[code].hours
        for slot in sorted(curriculum.slots[area], key=lambda one: one.code):
            if left and room[slot.code] and _lists(slot, code):
                taken = min(left, room[slot.code])
                room[slot.code] -= taken
                left -= taken
    return {code: hours for code, hours in room.items() if hours}


def _lists(slot: Slot, code: str) -> bool:
    return any(
        code == pattern or (pattern.endswith("*") and code.startswith(pattern[:-1]))
        for pattern in slot.subjects
    )


@pytest.mark.parametrize("area", AREAS)
def test_a_students_hours_sum_to_the_areas_total(curriculum: Curriculum, area: str) -> None:
    for codes in _selections(area, blocks(curriculum, area)):
        surplus = 56 if any(is_accelerated(code) for code in codes) else 0
        demanded = sum(slot.hours for slot in curriculum.slots[area])
        assert sum(curriculum.subjects[code].hours for code in codes) == demanded + surplus


@pytest.mark.parametrize("area", AREAS)
def test_no_slot_stays_open(curriculum: Curriculum, area: str) -> None:
    for codes in _selections(area, blocks(curriculum, area)):
        assert _open_minutes(curriculum, area, codes) == {}


def test_assessment_codes_follow_their_subject(curriculum: Curriculum) -> None:
    assert curriculum.assessment_codes("NOR1267") == ["NOR1268", "NOR1269"]
    assert curriculum.assessment_codes("KRO1017") == []


def test_a_year_before_the_shipped_hours_is_planned_by_the_first_they_cover() -> None:
    earlier, covered = Curriculum("2018-19"), Curriculum(FIRST_COVERED_YEAR)
    assert earlier.subjects == covered.subjects
    assert earlier.slots == covered.slots
