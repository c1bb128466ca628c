"""Spoiled sheets of benefits and confirmations end as they must."""

from __future__ import annotations

import pytest

from tests.corpus import sheets
from tests.corpus.case import Case
from tests.corpus.conftest import Judge
from tests.corpus.suite import chosen


@pytest.mark.parametrize("case", chosen(sheets.cases(), 7), ids=lambda case: case.mutation[:80])
def test_a_spoiled_sheet(judge: Judge, case: Case) -> None:
    result = judge(case)
    assert not result.faults, result.said
