"""Data: every row accounted for, and differences from the other system told within the same rules."""

import duckdb
import pytest
from flask import Flask

from dashboard.access.roles import RefusedError, Role
from dashboard.access.suppression import Hidden
from dashboard.queries import data
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.fixture import YEAR
from tests.dashboard.reading import read

SCHOOL, TINY = "99002", "99008"


def test_the_rows_of_every_delivery_add_up(reader_for: ReaderFor) -> None:
    for row in [*data.batches(reader_for(Role.DIRECTOR)), *data.files(reader_for(Role.DIRECTOR))]:
        assert row["rows_read"] == sum(row[f"rows_{name}"] for name in data.ROWS)


def test_what_came_in_again_is_no_longer_set_aside(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.DIRECTOR)
    assert {row["rule"]: row["rows"] for row in data.quarantine(reader)} == {
        "ends after it starts": 40,
        "must point at a known enrolment": 10,
    }
    assert data.resolved(reader) == 2


def test_another_county_sees_none_of_it(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.DIRECTOR, "46")
    assert data.batches(reader) == []
    assert data.files(reader) == []
    assert data.quarantine(reader) == []
    assert data.checks(reader) == []
    assert data.backtest(reader, YEAR) == []
    assert data.agreement(reader, YEAR, []) == []


def test_agreement_is_counted_exactly_and_hidden_where_few_students_stand_behind(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection
) -> None:
    reader = reader_for(Role.DIRECTOR)
    total = data.agreement(reader, YEAR, [])[0]
    query = (
        "select count(*), count(*) filter (probable_cause in ('none', 'rounding')) from marts.reconciliation"
    )
    assert (total["compared"], total["agree"]) == truth.execute(query).fetchone()
    rows = {row["school_id"]: row for row in data.agreement(reader, YEAR, ["school_id"])}
    assert isinstance(rows[TINY]["compared"], Hidden)
    assert isinstance(rows[TINY]["share_agree"], Hidden)


def test_examples_of_what_was_set_aside_are_for_those_who_answer_for_the_county(server: Flask) -> None:
    assert "2001-01-01T08:00:00Z" in read(server, "/data")
    assert "2001-01-01T08:00:00Z" not in read(server, "/data", f"?role=principal&as={SCHOOL}")


def test_students_are_compared_one_by_one_for_the_principal_only(
    server: Flask, reader_for: ReaderFor
) -> None:
    assert "card-differing" in read(server, "/data", f"?role=principal&as={SCHOOL}")
    assert "card-differing" not in read(server, "/data")
    with pytest.raises(RefusedError):
        data.students_differing(reader_for(Role.DIRECTOR), YEAR, 10)
    rows = data.students_differing(reader_for(Role.PRINCIPAL, schools=(SCHOOL,)), YEAR, 1000)
    assert {row["school_id"] for row in rows} == {SCHOOL}
    assert {row["probable_cause"] for row in rows} == {"extract_dates", "unexplained"}


def test_the_forecast_is_shown_beside_its_baseline(server: Flask) -> None:
    shown = read(server, "/data")
    assert "Prognosen har i snitt bommet med 42 minutter" in shown
    assert "«ingen flere tap» med 50" in shown


def test_subjects_without_a_requirement_are_named(server: Flask) -> None:
    assert "1 fag uten kjent timekrav" in read(server, "/data")


@pytest.mark.parametrize("name", ["batches", "files", "quarantine", "checks", "freshness", "reconciliation"])
def test_every_table_exports(server: Flask, name: str) -> None:
    assert server.test_client().get(f"/export/data/{name}.csv").status_code == 200
