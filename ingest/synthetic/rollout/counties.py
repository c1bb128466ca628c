"""Who takes part in the rollout: counties and dates as they were, schools that are invented.

`source`: the date stands in the page named; `inferred`: read out of it; `invented`: ours. No school of the
real counties is in the story, and none of its figures is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.synthetic.schools import COUNTY_NUMBER
from ingest.synthetic.schools import School as ExtractSchool

AKERSHUS_PAGE = "https://www.akershus.no/ansvarsomrader/opplering/akershusoppleringen/visma-inschool/"
STARTED_PAGE = "https://kommunal-rapport.no/2019/09/feil-i-nytt-datasystem-til-560-millioner-kroner"
VIKEN_PAGE = (
    "https://www.rogfk.no/vare-tjenester/skole-og-opplaring/opplaring-i-skole/elev-pc-og-ikt/visma-inschool/"
)
TELEMARK_PAGE = (
    "https://www.vestfoldfylke.no/no/skoler/horten-vgs/aktuelt/visma-inschool-i-videregaende-skole/"
)
LAST_PAGE = (
    "https://www.utdanningsnytt.no/harald-wollebaek-kommentar-laererlose-timer/sporing-til-besvaer/452706"
)
MERGED, SPLIT = date(2020, 1, 1), date(2024, 1, 1)


@dataclass(frozen=True)
class Fact:
    """A date of the real rollout: what it is, and how it is known."""

    on: date
    basis: str
    source: str = ""


@dataclass(frozen=True)
class County:
    """A county through its mergers: (number, first day, last day), the last one in force today."""

    name: str
    numbers: tuple[tuple[str, date | None, date | None], ...]
    schools: int
    pilots: int
    pilot: Fact | None
    planned: Fact
    adopted: Fact
    guardian_access: Fact | None = None

    @property
    def number(self) -> str:
        return self.numbers[-1][0]

    def number_on(self, day: date) -> str:
        return next(number for number, _, until in self.numbers if until is None or day <= until)


def _through(first: str, merged: str, restored: str) -> tuple[tuple[str, date | None, date | None], ...]:
    return (
        (first, None, date(2019, 12, 31)),
        (merged, MERGED, date(2023, 12, 31)),
        (restored, SPLIT, None),
    )


_PILOT = Fact(date(2018, 1, 8), "inferred", AKERSHUS_PAGE)
_AUTUMN_2020 = Fact(date(2020, 8, 17), "source", VIKEN_PAGE)
_AUTUMN_2021 = Fact(date(2021, 8, 16), "source", TELEMARK_PAGE)
_AUTUMN_2023 = Fact(date(2023, 8, 14), "inferred", LAST_PAGE)
COUNTIES = (
    County(
        "Akershus",
        _through("02", "30", "32"),
        schools=8,
        pilots=2,
        pilot=_PILOT,
        planned=Fact(date(2019, 1, 7), "source", AKERSHUS_PAGE),
        adopted=Fact(date(2019, 8, 19), "source", STARTED_PAGE),
    ),
    County("Buskerud", _through("06", "30", "33"), 4, 0, None, planned=_AUTUMN_2020, adopted=_AUTUMN_2020),
    County("Østfold", _through("01", "30", "31"), 4, 0, None, planned=_AUTUMN_2020, adopted=_AUTUMN_2020),
    County(
        "Rogaland",
        (("11", None, None),),
        schools=4,
        pilots=0,
        pilot=None,
        planned=_AUTUMN_2020,
        adopted=_AUTUMN_2020,
        guardian_access=Fact(date(2020, 10, 13), "source", VIKEN_PAGE),
    ),
    County(
        "Telemark",
        _through("08", "38", "40"),
        schools=5,
        pilots=1,
        pilot=_PILOT,
        planned=Fact(date(2020, 8, 17), "invented"),
        adopted=_AUTUMN_2021,
    ),
    County(
        "Vestfold",
        _through("07", "38", "39"),
        schools=4,
        pilots=0,
        pilot=None,
        planned=Fact(date(2020, 8, 17), "invented"),
        adopted=_AUTUMN_2021,
    ),
    County(
        "Trøndelag",
        (("50", None, None),),
        schools=6,
        pilots=0,
        pilot=None,
        planned=Fact(date(2021, 8, 16), "invented"),
        adopted=_AUTUMN_2023,
    ),
)


@dataclass(frozen=True)
class RolloutSchool:
    """A school of the story. `planned_on` and `adopted_on`: as a pilot where it is one."""

    school_id: str
    name: str
    county_number: str
    numbers: tuple[tuple[str, date | None, date | None], ...]
    is_pilot: bool
    planned_on: date
    adopted_on: date | None

    @property
    def has_extracts(self) -> bool:
        return self.county_number == COUNTY_NUMBER

    def adopted(self, day: date) -> bool:
        return self.adopted_on is not None and self.adopted_on <= day


def history_schools() -> list[RolloutSchool]:
    """Schools of the real counties' story, known by sheets alone; they keep their numbers through mergers."""
    return [_school(county, number) for county in COUNTIES for number in range(1, county.schools + 1)]


def _school(county: County, number: int) -> RolloutSchool:
    is_pilot = number <= county.pilots
    pilot = county.pilot if is_pilot else None
    return RolloutSchool(
        school_id=f"98{county.numbers[0][0]}{number:02d}",
        name=f"Syntetisk videregående skole {county.name} {number}",
        county_number=county.number,
        numbers=county.numbers,
        is_pilot=is_pilot,
        planned_on=(pilot or county.planned).on,
        adopted_on=(pilot or county.adopted).on,
    )


# The invented county of the extracts adopts last, in three rounds; one school has not yet.
_PILOT_99, _FIRST_99, _SECOND_99 = date(2025, 1, 6), date(2025, 8, 18), date(2026, 1, 5)
_AHEAD_99 = date(2026, 8, 17)
_ROUND_99 = ("first", "first", "second", "pilot", "second", "first", "first", "second", "pilot", "second",
             "first", "ahead")  # fmt: skip


def extract_schools(schools: Sequence[ExtractSchool]) -> list[RolloutSchool]:
    """The schools whose extracts are generated, as the rollout sees them."""
    dates = {
        "pilot": (_PILOT_99, _PILOT_99),
        "first": (_FIRST_99, _FIRST_99),
        "second": (_FIRST_99, _SECOND_99),
        "ahead": (_AHEAD_99, None),
    }
    found = []
    for school in schools:
        kind = _ROUND_99[school.index % len(_ROUND_99)]
        planned, adopted = dates[kind]
        numbers = ((COUNTY_NUMBER, None, None),)
        found.append(
            RolloutSchool(
                school.school_id, school.name, COUNTY_NUMBER, numbers, kind == "pilot", planned, adopted
            )
        )
    return found
