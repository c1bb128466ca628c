"""Spoiled landing tables as Parquet end as they must."""

from __future__ import annotations

import pytest

from tests.corpus import parquet
from tests.corpus.case import Case
from tests.corpus.conftest import Judge
from tests.corpus.suite import chosen


@pytest.mark.parametrize("case", chosen(parquet.parquet_cases(), 2), ids=lambda case: case.mutation[:80])
def test_a_spoiled_parquet_table(judge: Judge, case: Case) -> None:
    result = judge(case)
    assert not result.faults, result.said
