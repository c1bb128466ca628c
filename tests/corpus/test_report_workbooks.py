"""Spoiled reports as workbooks end as they must."""

from __future__ import annotations

import pytest

from tests.corpus import workbooks
from tests.corpus.case import Case
from tests.corpus.conftest import Judge
from tests.corpus.suite import chosen


@pytest.mark.parametrize("case", chosen(workbooks.excel_cases(), 3), ids=lambda case: case.mutation[:80])
def test_a_spoiled_workbook(judge: Judge, case: Case) -> None:
    result = judge(case)
    assert not result.faults, result.said
