"""Durations and counts as people write them: read where they are certain, asked about where they are not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.sources.workbook.grid import Cell
from ingest.sources.workbook.quantities import UnreadableError, hours, hours_signed, minutes, whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15", 15),
        ("ca. 15 min", 15),
        ("~15 minutter", 15),
        ("15,5", "15.5"),
        ("1 time 20 min", 80),
        ("1 time og 20 minutter", 80),
        ("1,5 t", 90),
        ("1 ½ time", 90),
        ("1t20", 80),
        ("1:20", 80),
        ("0:15", 15),
        ("90 sek", "1.5"),
        ("5 min 30 s", "5.5"),
        ("en halv time", 30),
        ("et kvarter", 15),
        ("1 200", 1200),
        ("15\u00a0min", 15),
    ],
)
def test_a_duration_is_minutes(text: str, expected: int | str) -> None:
    assert minutes(Cell(text)) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "15-20 min",
        "15–20",
        "fra 15 til 20",
        "under 5",
        "<5",
        "15?",
        "1.200",
        "50 %",
        "15:00",
        "-5",
        "vet ikke",
        "1 2",
    ],
)
def test_what_may_mean_two_things_is_asked_about(text: str) -> None:
    with pytest.raises(UnreadableError, match="Skriv"):
        minutes(Cell(text))


def test_a_number_shown_as_a_time_is_a_duration() -> None:
    assert minutes(Cell("0.0104166666666667", "time", 0.0104166666666667)) == 15
    assert hours(Cell("1.5625", "time", 1.5625)) == Decimal("37.5")
    with pytest.raises(UnreadableError, match="både minutter og timer"):
        minutes(Cell("0.625", "time", 0.625))


@pytest.mark.parametrize("look", ["date", "percent", "truth"])
def test_a_number_shown_as_something_else_is_no_duration(look: str) -> None:
    with pytest.raises(UnreadableError):
        minutes(Cell("0.5", look, 0.5))  # type: ignore[arg-type]


def test_bare_numbers_are_hours_in_a_column_of_hours() -> None:
    assert hours(Cell("37,5")) == Decimal("37.5")
    assert hours(Cell("30 min")) == Decimal("0.5")
    assert hours_signed(Cell("−12,5")) == Decimal("-12.5")
    assert hours_signed(Cell("-3", "number", -3.0)) == -3


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12", 12), ("14 000", 14000), ("14.000", 14000), ("ca. 12 saker", 12), ("12,0", 12)],
)
def test_a_count(text: str, expected: int) -> None:
    assert whole(Cell(text)) == expected


@pytest.mark.parametrize("text", ["12,5", "1-2", "mange", "1.5", "9" * 30])
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(UnreadableError):
        whole(Cell(text))
