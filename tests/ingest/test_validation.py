"""Which single rows the contract lets in, and what it says of the others."""

from __future__ import annotations

import polars as pl
import pytest

from ingest.delivery import SourceError
from tests.ingest.county import Row, county, frame, staged

LESSON = county()["lesson"][0]
ABSENCE = county()["absence"][0]


def verdict(table: str, row: Row) -> tuple[str | None, str, str | None] | None:
    _, bad = staged(table, frame(table, [row]))
    return None if bad.is_empty() else bad.select("column_name", "rule", "value").row(0)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-08T08:00:00Z",
        "2026-01-08T09:00:00+01:00",
        "2026-01-08 09:00:00+0100",
        "2026-01-08T09:00+01:00",
        "2026-01-08T08:00:00.000Z",
    ],
)
def test_instants_are_read_in_every_usual_form(text: str) -> None:
    good, _ = staged("lesson", frame("lesson", [{**LESSON, "starts_at": text}]))
    assert str(good["starts_at"][0]) == "2026-01-08 08:00:00+00:00"


@pytest.mark.parametrize("text", ["2026-01-08T08:00:00", "08.01.2026 08:00", "2026-13-08T08:00:00Z"])
def test_an_instant_without_an_offset_is_a_guess_and_refused(text: str) -> None:
    rule = "must be a time with Z or an offset, like 2018-09-03T08:00:00Z"
    assert verdict("lesson", {**LESSON, "starts_at": text}) == ("starts_at", rule, text)


def test_a_naive_parquet_instant_is_refused_too() -> None:
    naive = frame("lesson", [LESSON]).with_columns(
        pl.lit("2026-01-08T08:00:00").str.to_datetime().alias("starts_at")
    )
    assert staged("lesson", naive)[1]["rule"].to_list() == ["must have a time zone"]


@pytest.mark.parametrize(
    ("change", "column", "rule"),
    [
        ({"lesson_id": None}, "lesson_id", "must be filled in"),
        ({"status": "done"}, "status", "must be one of timetabled, held, cancelled"),
        ({"ends_at": "2026-01-08T08:00:00Z"}, None, "ends after it starts"),
        ({"ends_at": "2026-01-09T08:00:01Z"}, None, "lasts no longer than a day"),
        ({"replaces_lesson_id": "past1"}, None, "does not replace itself"),
    ],
)
def test_a_bad_lesson_is_refused_with_its_reason(change: Row, column: str | None, rule: str) -> None:
    found = verdict("lesson", {**LESSON, **change})
    assert found is not None
    assert found[:2] == (column, rule)


def test_a_lesson_of_a_whole_day_is_let_in() -> None:
    assert verdict("lesson", {**LESSON, "ends_at": "2026-01-09T08:00:00Z"}) is None


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"absence_date": "8.1.2026"}, "must be a date, like 2018-09-03"),
        ({"minutes": "1.5"}, "must be a whole number"),
        ({"minutes": "-1"}, "must be at least 0"),
        ({"on_certificate": "kanskje"}, "must be true or false"),
    ],
)
def test_a_bad_value_is_shown_with_its_rule(change: Row, rule: str) -> None:
    ((column, value),) = change.items()
    assert verdict("absence", {**ABSENCE, **change}) == (column, rule, value)


def test_a_national_identity_number_never_lands_and_is_masked() -> None:
    row = {"student_key": "13097248022", "county_number": "99"}
    good, bad = staged("student", frame("student", [row]))
    assert good.is_empty()
    assert bad["value"].to_list() == ["***********"]
    assert "13097248022" not in str(bad.to_dicts())


@pytest.mark.parametrize("text", ["130972 48022", "130972-48022", "elev_13097248022", "x13097248022y"])
def test_an_identity_number_is_found_however_it_is_written(text: str) -> None:
    good, bad = staged("student", frame("student", [{"student_key": text, "county_number": "99"}]))
    assert good.is_empty()
    assert "48022" not in str(bad.to_dicts())


def test_eleven_digits_that_are_no_identity_number_are_an_id_like_any_other() -> None:
    assert verdict("student", {"student_key": "12345678901", "county_number": "99"}) is None


def test_a_wrong_column_is_a_bad_file_that_names_what_was_expected() -> None:
    with pytest.raises(SourceError, match=r"column name is missing; column navn is not known. Expected"):
        staged("teaching_group", frame("teaching_group", []).rename({"name": "navn"}))
