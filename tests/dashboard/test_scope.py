"""Who reads what: the scope is in the SQL, whatever a page asks for."""

import duckdb
import pytest

from dashboard.access.measures import Measures, Sum
from dashboard.access.roles import RefusedError, Role
from dashboard.access.suppression import Hidden
from dashboard.queries import common, county, school
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.fixture import YEAR

LARGE, TINY = "99006", "99008"


def test_a_director_sees_the_county_exactly(reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection) -> None:
    total = common.totals(reader_for(Role.DIRECTOR), YEAR)
    assert total is not None
    query = "select sum(students), sum(students_short), sum(missing_minutes) from marts.school_coverage"
    assert (total["students"], total["students_short"], total["missing"]) == truth.execute(query).fetchone()


def test_a_director_of_another_county_sees_nothing_of_this_one(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.DIRECTOR, "46")
    assert common.totals(reader, YEAR) is None
    assert common.recovery(reader, YEAR, None) == []
    assert common.quality(reader) == []
    assert county.by_week(reader, YEAR, "99") == []
    assert common.schools(reader) == {}


def test_other_counties_are_whole_counties_only(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.DIRECTOR, "46")
    assert [row["county_number"] for row in county.counties_side_by_side(reader)] == ["99"]
    with pytest.raises(ValueError, match="whole counties"):
        reader.published("school_coverage", Measures(), group=["school_id"])


def test_a_principal_sees_the_own_school_unsuppressed(reader_for: ReaderFor) -> None:
    rows = common.by_school(reader_for(Role.PRINCIPAL, schools=(TINY,)), YEAR)
    assert [row["school_id"] for row in rows] == [TINY]
    assert rows[0]["students"] == 8


def test_a_principal_reads_no_student_of_another_school(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.PRINCIPAL, schools=(TINY,))
    assert school.students_needing(reader, YEAR, LARGE, None, 50) == []


def test_a_teacher_reads_the_students_of_the_own_groups_only(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection
) -> None:
    group = "99002:13:NAT1007"
    reader = reader_for(Role.TEACHER, schools=("99002",), groups=(group,))
    rows = school.students_needing(reader, YEAR, "99002", None, 500)
    query = "select student_key from marts.student_subject_detail where group_ids = ?"
    members = {key for (key,) in truth.execute(query, [group]).fetchall()}
    assert rows
    assert {row["student_key"] for row in rows} <= members


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.OWNER])
def test_no_student_rows_for_those_who_see_aggregates(reader_for: ReaderFor, role: Role) -> None:
    with pytest.raises(RefusedError):
        school.students_needing(reader_for(role), YEAR, LARGE, None, 5)


def test_the_project_owner_sees_no_groups(reader_for: ReaderFor) -> None:
    with pytest.raises(RefusedError):
        school.groups(reader_for(Role.OWNER, None), YEAR, LARGE)


def test_a_tiny_school_is_hidden_from_the_director_with_its_sums_and_shares(reader_for: ReaderFor) -> None:
    rows = {row["school_id"]: row for row in common.by_school(reader_for(Role.DIRECTOR), YEAR)}
    tiny = rows[TINY]
    for figure in ("students", "students_short", "missing", "share_needing", "share_assumed", "margin"):
        assert isinstance(tiny[figure], Hidden), figure
    assert any(isinstance(row["students"], Hidden) for key, row in rows.items() if key != TINY)


def test_a_sum_is_hidden_with_the_count_it_rests_on(reader_for: ReaderFor) -> None:
    rows = reader_for(Role.DIRECTOR).aggregate(
        "school_coverage",
        Measures(sums={"missing": Sum("sum(missing_minutes)")}),
        group=["school_id"],
    )
    hidden = {row["school_id"] for row in rows if isinstance(row["missing"], Hidden)}
    assert TINY in hidden
    assert len(hidden) == 2, "the total of the county would tell it otherwise"


def test_lesson_figures_reach_no_column_about_students(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.DIRECTOR)
    with pytest.raises(duckdb.BinderException):
        reader.lessons("group_week", {"members": "sum(members)"})
    with pytest.raises(KeyError):
        reader.lessons("student_coverage", {"n": "count(*)"})


def test_only_reference_tables_are_read_as_reference(reader_for: ReaderFor) -> None:
    with pytest.raises(ValueError, match="not a reference table"):
        reader_for(Role.DIRECTOR).reference("student_coverage")


def test_a_merged_county_sees_its_predecessors(reader_for: ReaderFor) -> None:
    with duckdb.connect() as db:
        db.execute("""
            create schema marts;
            create table marts.county as select * from (values
                ('02', '30'), ('30', '31;32'), ('32', null)) t(county_number, successor_numbers);
            create table marts.school as select * from (values
                ('a', '02', 'A'), ('b', '32', 'B'), ('c', '46', 'C')) t(school_id, county_number, name)
        """)
        reader = reader_for(Role.DIRECTOR, "32")
        reader._cursor = db.cursor()
        assert set(common.schools(reader)) == {"a", "b"}
