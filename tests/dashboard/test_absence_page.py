"""The absence limit: counted exactly, told only where it may be told."""

import duckdb
import pytest
from flask import Flask

from dashboard.access.roles import Role
from dashboard.access.suppression import Hidden
from dashboard.queries import absence
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.fixture import YEAR
from tests.dashboard.reading import read

SCHOOL, TINY = "99002", "99008"


def test_a_student_counts_once_by_the_worst_subject(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection
) -> None:
    total = absence.total(reader_for(Role.DIRECTOR), YEAR, "year", None)
    assert total is not None
    over, near = truth.execute(
        """select count(*) filter (past), count(*) filter (near and not past) from (
             select bool_or(status = 'over') as past, bool_or(status = 'warn') as near
             from marts.absence_limit where period = 'year' group by student_key)"""
    ).fetchall()[0]
    assert (total["over"], total["near"]) == (over, near)
    assert total["students"] == over + near + total["clear"]


@pytest.mark.parametrize("subject", [None, "NAT1007"])
def test_a_tiny_school_tells_nothing_and_no_other_school_gives_it_away(
    reader_for: ReaderFor, subject: str | None
) -> None:
    reader = reader_for(Role.DIRECTOR)
    rows = {row["school_id"]: row for row in absence.by_school(reader, YEAR, "year", subject)}
    assert all(isinstance(rows[TINY][name], Hidden) for name in ("students", "clear"))
    for name in ("students", "over", "near", "clear"):
        assert sum(isinstance(row[name], Hidden) for row in rows.values()) != 1


def test_the_principal_sees_the_own_school_exactly(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection
) -> None:
    reader = reader_for(Role.PRINCIPAL, schools=(TINY,))
    total = absence.total(reader, YEAR, "year", None)
    assert total is not None
    assert total["students"] == 8
    rows = absence.students(reader_for(Role.PRINCIPAL, schools=(SCHOOL,)), YEAR, "year", None, 1000)
    query = """select count(*), count(*) filter (warning_due) from marts.absence_limit
        where period = 'year' and school_id = ? and status <> 'clear'"""
    assert (rows[0]["found"], rows[0]["found_due"]) == truth.execute(query, [SCHOOL]).fetchone()
    assert len(rows) == rows[0]["found"]


def test_the_director_sees_no_student_and_is_told_the_year_does_not_compare(server: Flask) -> None:
    shown = read(server, "/absence")
    assert "card-students" not in shown
    assert "/student/" not in shown
    assert "kan ikke sammenlignes" in shown or "ikke kan sammenlignes" in shown


def test_period_and_subject_are_in_the_address(server: Flask) -> None:
    shown = read(server, "/absence", "?period=autumn&subject=NAT1007")
    assert "Fravær i høsthalvåret" in shown
    assert "udokumentert fravær i naturfag" in shown
    assert "state-" not in read(server, "/absence", "?period=never&subject=nothing")


def test_the_project_owner_is_refused(server: Flask) -> None:
    assert "state-refused" in read(server, "/absence", "?role=owner")
    assert "/absence" not in read(server, "/", "?role=owner").split("crumbs")[0]


@pytest.mark.parametrize("role", ["principal", "teacher", "analyst"])
def test_those_who_see_students_get_their_list(server: Flask, role: str) -> None:
    assert "card-students" in read(server, "/absence", f"?role={role}&as={SCHOOL}")
