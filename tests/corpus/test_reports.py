"""Spoiled reports as text end as they must."""

from __future__ import annotations

import pytest

from tests.corpus import reports
from tests.corpus.case import Case
from tests.corpus.conftest import Judge
from tests.corpus.suite import chosen


@pytest.mark.parametrize(
    "case", chosen([*reports.csv_cases(), *reports.folder_cases()], 5), ids=lambda case: case.mutation[:80]
)
def test_a_spoiled_report(judge: Judge, case: Case) -> None:
    result = judge(case)
    assert not result.faults, result.said
