"""What is remembered of a publication stays with the scope it was told to, and goes with the publication."""

from pathlib import Path

import duckdb
import pytest

from dashboard.access.answers import Answers
from dashboard.access.measures import Measures
from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.access.scope import Reader
from dashboard.access.suppression import Hidden

VIEWERS = [
    Viewer(Role.DIRECTOR, "a", "99"),
    Viewer(Role.DIRECTOR, "b", "98"),
    Viewer(Role.ANALYST, "c", "99"),
    Viewer(Role.PRINCIPAL, "d", "99", ("99001",)),
    Viewer(Role.PRINCIPAL, "e", "99", ("99002",)),
    Viewer(Role.PRINCIPAL, "f", "99", ("99008",)),
    Viewer(Role.TEACHER, "g", "99", ("99008",), ("g1",)),
    Viewer(Role.OWNER, "h"),
]
COUNTED = Measures(parts={"students_short": "sum(students_short)::bigint"})


@pytest.fixture
def published(home: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(home / "published" / "current.duckdb"), read_only=True)


def asked(reader: Reader) -> list[object]:
    """The same questions for everybody; who may not ask is refused each time."""
    found: list[object] = [
        reader.aggregate("school_coverage", COUNTED, group=["school_id"], order="school_id"),
        reader.aggregate("school_coverage", COUNTED),
        reader.reference("school", order="school_id"),
        reader.lessons("school_subject_week", {"lost": "sum(lost_minutes)"}),
    ]
    try:
        found.append(reader.lessons("rollout_school", {"schools": "count(*)"}))
    except RefusedError:
        found.append("refused")
    return found


def test_nobody_gets_what_another_scope_was_told(published: duckdb.DuckDBPyConnection) -> None:
    shared = Answers()
    for _ in range(2):
        for viewer in VIEWERS:
            alone = asked(Reader(published.cursor(), viewer, 10))
            together = asked(Reader(published.cursor(), viewer, 10, shared))
            assert together == alone, viewer


def test_a_higher_threshold_is_not_told_what_a_lower_one_was(published: duckdb.DuckDBPyConnection) -> None:
    shared, director = Answers(), VIEWERS[0]
    tiny = "school_id = '99008'"
    low = Reader(published.cursor(), director, 5, shared).aggregate("school_coverage", COUNTED, where=tiny)
    high = Reader(published.cursor(), director, 10, shared).aggregate("school_coverage", COUNTED, where=tiny)
    assert not isinstance(low[0]["students"], Hidden)
    assert isinstance(high[0]["students"], Hidden)


def test_a_page_that_changes_its_rows_changes_nobody_elses(published: duckdb.DuckDBPyConnection) -> None:
    reader = Reader(published.cursor(), VIEWERS[0], 10)
    reader.reference("school", order="school_id")[0]["name"] = "changed"
    assert reader.reference("school", order="school_id")[0]["name"] != "changed"


def test_no_row_about_a_student_is_remembered(published: duckdb.DuckDBPyConnection) -> None:
    shared = Answers()
    reader = Reader(published.cursor(), VIEWERS[3], 10, shared)
    rows = reader.students("student_key, status", "student_subject_coverage", order="student_key")
    assert rows
    assert not shared._found


def test_what_was_asked_longest_ago_goes_first() -> None:
    answers = Answers(kept_rows=4)
    again = lambda cursor, others: None  # noqa: E731
    for question in ("one", "two", "one", "three"):
        answers.of(question, lambda: [{"n": 1}], again)
    assert list(answers._found) == ["one", "three"]


def test_a_new_publication_is_asked_the_same_without_keeping_the_old(
    published: duckdb.DuckDBPyConnection,
) -> None:
    before, after = Answers(), Answers()
    for viewer in VIEWERS:
        asked(Reader(published.cursor(), viewer, 10, before))
    before.ask_again(published.cursor(), after, seconds=60)
    assert set(after._found) == set(before._found)
    for question, answer in before._found.items():
        assert after._found[question].rows == answer.rows
