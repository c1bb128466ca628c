"""Dates, months and moments in the forms people use."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ingest.sources.workbook import days
from ingest.sources.workbook.grid import Cell
from ingest.sources.workbook.quantities import UnreadableError

SECOND = date(2026, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "02.03.2026",
        "2.3.26",
        "2/3-2026",
        "2/3 2026",
        "2-3-2026",
        "2026-03-02",
        "20260302",
        "2. mars 2026",
        "2 mar. 2026",
        "mandag 2. mars 2026",
        "02.03.2026 00:00:00",
        " 2 . 3 . 2026 ",
    ],
)
def test_a_date(text: str) -> None:
    assert days.day(Cell(text)) == SECOND


def test_a_date_cell_and_one_pasted_as_its_number() -> None:
    assert days.day(Cell("46083", "date", 46083.0)) == SECOND
    assert days.day(Cell("46083", "number", 46083.0)) == SECOND


@pytest.mark.parametrize(
    "text", ["2.3.", "uke 10", "mars 2026", "31.2.2026", "3/14/2026", "2.3.1926", "i går", "5"]
)
def test_what_is_no_certain_date_is_asked_about(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"02\.03\.2026"):
        days.day(Cell(text))


@pytest.mark.parametrize(
    "text", ["mars 2026", "Mars-26", "mar. 2026", "2026-03", "03.2026", "3/2026", "202603", "15.03.2026"]
)
def test_a_month_is_its_first_day(text: str) -> None:
    assert days.month(Cell(text)) == date(2026, 3, 1)


def test_a_date_cell_is_its_month_and_a_month_without_year_is_asked_about() -> None:
    assert days.month(Cell("46083", "date", 46083.0)) == date(2026, 3, 1)
    assert days.month(Cell("202603", "number", 202603.0)) == date(2026, 3, 1)
    with pytest.raises(UnreadableError, match="måned og år"):
        days.month(Cell("mars"))


@pytest.mark.parametrize(
    "text", ["02.03.2026 08:15", "2.3.2026 kl. 8.15", "2. mars 2026, kl 08:15", "2026-03-02T08:15"]
)
def test_a_moment_is_local_time(text: str) -> None:
    assert days.moment(Cell(text)) == datetime(2026, 3, 2, 7, 15, tzinfo=UTC)


def test_without_a_time_of_day_the_whole_day_counts() -> None:
    assert days.moment(Cell("02.03.2026")) == datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    assert days.moment_end(Cell("02.03.2026")) == datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
    assert days.moment(Cell("46083.5", "date", 46083.5)) == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def test_the_hour_that_spring_skips_is_asked_about() -> None:
    with pytest.raises(UnreadableError, match="Klokken ble stilt"):
        days.moment(Cell("29.03.2026 02:30"))


@pytest.mark.parametrize("text", ["2025-26", "2025/26", "2025/2026", "25/26", "2025–26"])
def test_a_school_year(text: str) -> None:
    assert days.school_year(Cell(text)) == "2025-26"


@pytest.mark.parametrize("text", ["2025-27", "2025", "neste år"])
def test_what_is_no_school_year(text: str) -> None:
    with pytest.raises(UnreadableError):
        days.school_year(Cell(text))
