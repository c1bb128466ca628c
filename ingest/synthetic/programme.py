"""What a programme area's students take: subjects chosen so that they fill the area's slots exactly."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
LANGUAGE_SLOT = "30-fremmedsprak"
MATHEMATICS_SLOT = "20-matematikk"

FAMILIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "ST": (("STUSP1----",), ("STREA2----", "STSSA2----"), ("STREA3----", "STSSA3----")),
    "ID": (("IDRET1----",), ("IDIDR2----",), ("IDIDR3----",)),
    "HS": (("HSHSF1----",), ("HSHEA2----",)),
    "BA": (("BABAT1----",), ("BATMF2----",)),
    "EL": (("ELELE1----",), ("ELELE2----",)),
    "TP": (("TPTIP1----",), ("TPPIN2----",)),
    "RM": (("RMRMF1----",), ("RMKOS2----",)),
    "PB": ((), (), ("PBPBY3----",)),
}
GENERAL = ("ST", "ID", "PB")

# Electives of 140 hours by band: students take one of each band. The first bands hold at least one subject
# of each of the two programme areas, so that both can fill their 280 hours of specialisation.
_BANDS = {
    2: (
        ("A", ("REA3038", "SAM3054")),
        ("B", ("REA3045", "SAM3057", "SPR3029")),
        ("C", ("REA3035", "SAM3072", "SAM3045", "REA3048")),
    ),
    3: (
        ("A", ("REA3039", "SAM3055")),
        ("B", ("REA3046", "SAM3058", "SPR3031")),
        ("C", ("REA3036", "SAM3073", "SAM3061", "REA3049")),
    ),
}
_LANGUAGES = {
    1: (("FSP6221",), ("FSP6151",), ("FSP6238", "FSP6241")),
    2: (("FSP6222",), ("FSP6152",), ("FSP6239", "FSP6242")),
}
_ACCELERATED = {"STREA2----": "REA3056", "STSSA2----": "REA3060"}
_MATHEMATICS = {
    "STUSP1----": ("MAT1019", "MAT1021"),
    "IDRET1----": ("MAT1019", "MAT1021"),
    **{area: ("MAT1023", code) for area, code in _ACCELERATED.items()},
}
_ELECTIVE = {
    "IDRET1----": ("IDR3013", "IDR3016", "IDR3019"),
    "IDIDR2----": ("IDR3014", "IDR3017"),
    "IDIDR3----": ("IDR3015", "IDR3018"),
    "PBPBY3----": ("SAM3072", "SAM3054"),
}
_COMMON_PROGRAMME_SUBJECTS = {
    "IDRET1----": ("IDR2018",),
    "IDIDR2----": ("IDR2019", "IDR2023"),
    "IDIDR3----": ("IDR2020", "IDR2024"),
}
# Two programme subjects that one teacher gives one group as a whole: their lessons name no subject.
_TOGETHER = {
    ("HSF1007", "HSF1008"),
    ("BAT1005", "BAT1006"),
    ("HEA2006", "HEA2007"),
    ("TMF2001", "TMF2002"),
    ("RMF1006", "RMF1007"),
}
_SPECIALISATION = {"STREA2----", "STSSA2----", "STREA3----", "STSSA3----"}


@dataclass(frozen=True)
class Subject:
    code: str
    name: str
    hours: int
    kind: str
    valid_from_year: str


@dataclass(frozen=True)
class Slot:
    code: str
    hours: int
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Something taught at one time: one group per class, or parallel groups to choose among.

    Each option is the subjects one group serves; in a choice a student takes one subject of one
    option, otherwise all subjects of the only option.
    """

    name: str
    options: tuple[tuple[str, ...], ...]
    is_choice: bool

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(code for option in self.options for code in option)


FIRST_COVERED_YEAR = "2022-23"


class Curriculum:
    """The shipped seeds, as they stand in one school year.

    They hold no codes from before LK20. An earlier synthetic year is planned by the first year they cover
    whole, and its requirements then are unknown to the product, as those of a real county's would be.
    """

    def __init__(self, year: str) -> None:
        self.year = year
        year = max(year, FIRST_COVERED_YEAR)
        self.subjects: dict[str, Subject] = {}
        for row in _seed("curriculum_hours.csv"):
            if _valid(row, year):
                self.subjects[row["subject_code"]] = Subject(
                    row["subject_code"],
                    row["subject_name"],
                    int(row["hours"]),
                    row["subject_kind"],
                    row["valid_from_year"],
                )
        self.slots: dict[str, list[Slot]] = {}
        for row in _seed("curriculum_slot.csv"):
            if _valid(row, year):
                slot = Slot(row["slot_code"], int(row["hours"]), tuple(row["subjects"].split("|")))
                self.slots.setdefault(row["programme_area_code"], []).append(slot)

    def minutes(self, code: str) -> int:
        return self.subjects[code].hours * 60

    def assessment_codes(self, code: str) -> list[str]:
        """The codes of oral and written second form that follow a subject's own."""
        found: list[str] = []
        number = int(code[3:])
        while True:
            number += 1
            following = self.subjects.get(f"{code[:3]}{number}")
            if following is None or following.hours:
                return found
            found.append(following.code)


def _seed(name: str) -> Iterable[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _valid(row: dict[str, str], year: str) -> bool:
    return row["valid_from_year"] <= year and (not row["valid_to_year"] or year <= row["valid_to_year"])


def level(area: str) -> int:
    return int(area[5])


def blocks(curriculum: Curriculum, area: str) -> list[Block]:
    """The blocks of one programme area; choices of areas taught together carry the same names."""
    found: list[Block] = []
    for slot in curriculum.slots[area]:
        found += _slot_blocks(curriculum, area, slot)
    return _taught_together(found)


def _slot_blocks(curriculum: Curriculum, area: str, slot: Slot) -> list[Block]:
    if slot.code == LANGUAGE_SLOT:
        return [Block("SPRÅK", _LANGUAGES[level(area)], is_choice=True)]
    if slot.code == MATHEMATICS_SLOT and area in _MATHEMATICS:
        return [_choice("MATTE", _MATHEMATICS[area])]
    if slot.code.startswith(("80", "90")):
        return _elective_blocks(area, slot)
    if slot.code.startswith("55"):
        return [_class_block(code) for code in _COMMON_PROGRAMME_SUBJECTS[area]]
    return [_class_block(_only_subject(curriculum, slot))]


def _elective_blocks(area: str, slot: Slot) -> list[Block]:
    """The bands fill the specialisation and the free choice together."""
    if area not in _SPECIALISATION:
        return [_choice("VALG", _ELECTIVE[area])]
    if slot.code.startswith("90"):
        return []
    return [_choice(name, codes) for name, codes in _BANDS[level(area)]]


def _choice(name: str, codes: tuple[str, ...]) -> Block:
    return Block(name, tuple((code,) for code in codes), is_choice=True)


def _class_block(*codes: str) -> Block:
    return Block(codes[0], (codes,), is_choice=False)


def _only_subject(curriculum: Curriculum, slot: Slot) -> str:
    """The ordinary subject of a slot: the first it lists, or the one of its exact length."""
    if not slot.subjects[0].endswith("*"):
        return slot.subjects[0]
    prefix = slot.subjects[0][:-1]
    return next(
        subject.code
        for subject in curriculum.subjects.values()
        if subject.code.startswith(prefix) and subject.hours == slot.hours
    )


def _taught_together(found: list[Block]) -> list[Block]:
    codes = {block.name for block in found if not block.is_choice}
    for pair in sorted(_TOGETHER):
        if set(pair) <= codes:
            found = [block for block in found if block.name not in pair] + [_class_block(*pair)]
    return found


def fits_area(area: str, block: Block, code: str) -> bool:
    """Whether a student of the area may choose the subject in the block."""
    if area not in _SPECIALISATION or block.name not in ("A", "B"):
        return True
    return code.startswith("REA") == area.startswith("STREA")


def is_accelerated(code: str) -> bool:
    """R1 or S1 in place of 2P: 56 hours more than the slot demands."""
    return code in _ACCELERATED.values()
