"""Worked cases: landing tables small enough to check by hand, and the mart's rows they must give."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.oracle.joining import can_be_joined
from tests.oracle.tables import RawTables, shipped_curriculum

HERE = Path(__file__).parent
SEEDS = HERE.parents[1] / "dbt_project" / "seeds"
SHIPPED = shipped_curriculum(SEEDS)


@dataclass(frozen=True)
class Case:
    """`uses_shipped`: meant for the shipped curriculum, whose codes must stand as they are."""

    name: str
    says: str
    as_of: date
    tables: RawTables
    expect: list[dict[str, Any]]
    uses_shipped: bool = False

    @property
    def shipped(self) -> RawTables:
        return SHIPPED if self.uses_shipped else {}


def load(file: str) -> list[Case]:
    cases = json.loads((HERE / file).read_text(encoding="utf-8"))
    return [Case(**{**case, "as_of": date.fromisoformat(case["as_of"])}) for case in cases]


CASES = load("cases.json")
OWN_CASES = load("own_cases.json")

_SHARED_DATES = Counter(case.as_of for case in [*CASES, *OWN_CASES])
TOGETHER = [
    case
    for case in [*CASES, *OWN_CASES]
    if _SHARED_DATES[case.as_of] > 1 and can_be_joined(case.tables) and not case.uses_shipped
]
ALONE = [case for case in [*CASES, *OWN_CASES] if case not in TOGETHER]
