"""Worked cases: landing tables small enough to check by hand, and the mart's rows they must give."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.oracle.tables import RawTables

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    name: str
    says: str
    as_of: date
    tables: RawTables
    expect: list[dict[str, Any]]


def load(file: str) -> list[Case]:
    cases = json.loads((HERE / file).read_text(encoding="utf-8"))
    return [Case(**{**case, "as_of": date.fromisoformat(case["as_of"])}) for case in cases]


CASES = load("cases.json")
