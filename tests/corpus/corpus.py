"""Every case there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.corpus import fint, landing, oneroster, parquet, reports, sheets, workbooks
from tests.corpus.case import Case, Form

_CASES: tuple[Callable[[], Iterator[Case]], ...] = (
    landing.csv_cases,
    parquet.parquet_cases,
    fint.cases,
    reports.csv_cases,
    workbooks.excel_cases,
    reports.folder_cases,
    oneroster.cases,
    sheets.cases,
)


def cases() -> list[Case]:
    return [case for made in _CASES for case in made()]


def forms() -> list[Form]:
    return list(dict.fromkeys(case.form for case in cases()))


def cases_of(form: Form) -> list[Case]:
    return [case for case in cases() if case.form == form]
