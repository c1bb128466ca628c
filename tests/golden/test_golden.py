"""The worked cases through the oracle."""

from __future__ import annotations

import pytest

from tests.golden.cases import CASES, Case
from tests.oracle.comparison import differences, report
from tests.oracle.coverage import coverage


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_oracle_gives_the_worked_rows(case: Case) -> None:
    lines = differences(case.expect, coverage(case.tables, case.as_of))
    assert not lines, f"{case.says}\n{report(lines)}"
