"""The worked cases, through the oracle and through the real path: files, ingest, build, published mart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.golden.cases import ALONE, CASES, OWN_CASES, TOGETHER, Case
from tests.oracle.comparison import differences, report
from tests.oracle.coverage import coverage
from tests.oracle.joining import joined, tagged
from tests.oracle.real_path import computed_mart, mart, mart_by_command


def by_name(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", [*CASES, *OWN_CASES], ids=by_name)
def test_the_oracle_gives_the_worked_rows(case: Case) -> None:
    lines = differences(case.expect, coverage(case.tables, case.as_of, case.shipped))
    assert not lines, f"{case.says}\n{report(lines)}"


def test_the_command_line_gives_the_worked_rows(tmp_path: Path) -> None:
    case = ALONE[0]
    lines = differences(case.expect, mart_by_command(tmp_path, case.tables, case.as_of))
    assert not lines, f"{case.name}: {case.says}\n{report(lines)}"


@pytest.mark.parametrize("case", ALONE[1:], ids=by_name)
def test_a_build_of_its_own_gives_the_worked_rows(case: Case, tmp_path: Path) -> None:
    lines = differences(case.expect, computed_mart(tmp_path, [case.tables], case.as_of))
    assert not lines, f"{case.says}\n{report(lines)}"


@pytest.mark.parametrize("as_of", sorted({case.as_of for case in TOGETHER}), ids=str)
def test_one_build_of_many_cases_gives_the_worked_rows_of_each(as_of: date, tmp_path: Path) -> None:
    cases = {f"C{number:02d}": case for number, case in enumerate(TOGETHER) if case.as_of == as_of}
    found = mart(tmp_path, joined({tag: case.tables for tag, case in cases.items()}), as_of)
    expected = [row for tag, case in cases.items() for row in tagged(tag, case.expect)]
    lines = differences(expected, found)
    assert not lines, f"{report(lines)}\n{ {tag: case.name for tag, case in cases.items()} }"
