"""Spoiled FINT dumps end as they must."""

from __future__ import annotations

import pytest

from tests.corpus import fint
from tests.corpus.case import Case
from tests.corpus.conftest import Judge
from tests.corpus.suite import chosen


@pytest.mark.parametrize("case", chosen(fint.cases(), 7), ids=lambda case: case.mutation[:80])
def test_a_spoiled_dump(judge: Judge, case: Case) -> None:
    result = judge(case)
    assert not result.faults, result.said
