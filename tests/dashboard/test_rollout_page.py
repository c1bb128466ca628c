"""The rollout is followed for whole counties: by those who answer for them, and without a student."""

import duckdb
import pytest
from flask import Flask

from dashboard.access.roles import RefusedError, Role
from dashboard.access.suppression import Hidden
from dashboard.access.tables import OF_ALL_COUNTIES, OF_THE_PROJECT
from dashboard.queries import rollout
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.fixture import YEAR
from tests.dashboard.reading import read


def test_the_page_opens_with_who_has_the_system_and_what_is_late(server: Flask) -> None:
    shown = read(server, "/rollout", "?role=owner")
    assert "6 av 8 skoler har tatt i bruk systemet" in shown
    assert "1 milepæl er på overtid" in shown
    assert "48 støttesaker er åpne" in shown


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.TEACHER])
@pytest.mark.parametrize("table", sorted(OF_THE_PROJECT | OF_ALL_COUNTIES))
def test_who_answers_for_one_school_is_refused(reader_for: ReaderFor, role: Role, table: str) -> None:
    with pytest.raises(RefusedError):
        reader_for(role, schools=("99002",)).lessons(table, {"rows": "count(*)"})


def test_another_countys_director_sees_nothing_of_this_one(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.DIRECTOR, county="03")
    assert rollout.adoption(reader) == []
    assert rollout.milestones(reader) == []
    assert rollout.integrations(reader) == []
    assert rollout.readiness(reader, YEAR) == []


def test_students_of_a_tiny_school_stay_hidden_and_its_groups_are_shown(reader_for: ReaderFor) -> None:
    rows = {row["school_id"]: row for row in rollout.readiness(reader_for(Role.OWNER), YEAR)}
    assert isinstance(rows["99008"]["students"], Hidden)
    assert isinstance(rows["99008"]["share_ready"], Hidden)
    assert rows["99002"]["groups"] == 38


def test_figures_are_those_published(reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection) -> None:
    reader = reader_for(Role.OWNER)
    opened, closed = truth.execute(
        "select sum(opened), sum(closed) from marts.support where week_start > date '2026-03-02' - 7 * 27"
    ).fetchall()[0]
    weeks = rollout.support_weeks(reader)
    assert (sum(row["opened"] for row in weeks), sum(row["closed"] for row in weeks)) == (opened, closed)
    pilots, others = rollout.pilots(reader)
    assert (pilots["is_pilot"], others["is_pilot"]) == (True, False)
    assert pilots["cases_per_month"] == pytest.approx(120 / 28)


def test_schools_without_a_position_plan_come_first(reader_for: ReaderFor) -> None:
    rows = rollout.position_plans(reader_for(Role.OWNER), YEAR)
    has_plan = [row["planned"] is not None for row in rows]
    assert has_plan == sorted(has_plan)
    schools = {row["school_id"] for row in rollout.adoption(reader_for(Role.OWNER))}
    assert schools <= {row["school_id"] for row in rows}
    assert all(row["planned"] is None for row in rollout.position_plans(reader_for(Role.OWNER), "1999-00"))
