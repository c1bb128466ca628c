"""One student, for those who may see students; every look is written down."""

import json
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from dashboard.access.roles import RefusedError, Role
from dashboard.queries import student
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.fixture import YEAR
from tests.dashboard.reading import read

SCHOOL, OTHER = "99002", "99003"
PRINCIPAL = f"?role=principal&as={SCHOOL}"


@pytest.fixture
def key(truth: duckdb.DuckDBPyConnection) -> str:
    """A student of the school with a decision."""
    found = truth.execute(
        """select student_key from marts.student_coverage join marts.student_decision using (student_key)
           where student_coverage.school_id = ? and status <> 'left' order by 1""",
        [SCHOOL],
    ).fetchone()
    assert found
    return str(found[0])


def test_the_principal_reads_each_subject_as_a_sentence(
    server: Flask, key: str, truth: duckdb.DuckDBPyConnection
) -> None:
    shown = read(server, f"/school/{SCHOOL}/student/{key}", PRINCIPAL)
    rows = truth.execute(
        "select subject_code, required_minutes from marts.student_subject_coverage where student_key = ?",
        [key],
    ).fetchall()
    assert len(rows) == 7
    for code, required in rows:
        assert f"subject-{code}" in shown
        if required:
            assert f"{required // 60} timer kreves." in shown
    assert "Vedtak: fritak, vedtatt 4. sep. 2025" in shown
    assert "opplæringsforskrifta § 5-1" in shown


def test_the_lessons_come_when_they_are_asked_for(server: Flask, key: str) -> None:
    path = f"/school/{SCHOOL}/student/{key}"
    closed, opened = read(server, path, PRINCIPAL), read(server, path, f"{PRINCIPAL}&open=NAT1007")
    assert "Holdt" not in closed
    assert opened.count("Holdt") > 10
    answer = server.test_client().get(f"/export{path}/lessons.csv{PRINCIPAL}&open=NAT1007")
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count("Holdt") > 10
    assert server.test_client().get(f"/export{path}/lessons.csv{PRINCIPAL}").status_code == 404


def test_every_look_is_written_down_by_pseudonym(server: Flask, key: str, home: Path) -> None:
    log = home / "logs" / "audit.jsonl"
    before = len(log.read_text().splitlines()) if log.exists() else 0
    for role in (f"role=principal&as={SCHOOL}", "role=analyst"):
        read(server, f"/school/{SCHOOL}/student/{key}", f"?{role}")
    looks = [json.loads(line) for line in log.read_text().splitlines()[before:]]
    assert [(look["role"], look["students"]) for look in looks] == [("principal", [key]), ("analyst", [key])]


@pytest.mark.parametrize("role", ["director", "owner", f"principal&as={OTHER}", f"teacher&as={OTHER}"])
def test_others_are_refused_and_nothing_is_read(server: Flask, key: str, role: str, home: Path) -> None:
    log = home / "logs" / "audit.jsonl"
    before = log.read_text() if log.exists() else ""
    shown = read(server, f"/school/{SCHOOL}/student/{key}", f"?role={role}")
    assert "state-refused" in shown
    assert key not in shown
    assert (log.read_text() if log.exists() else "") == before


def test_a_student_of_another_school_is_not_found_under_the_own(server: Flask, key: str) -> None:
    path = f"/school/{OTHER}/student/{key}"
    assert "state-refused" in read(server, path, f"?role=principal&as={OTHER}")


def test_a_teacher_reads_the_subjects_of_the_own_groups_only(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection
) -> None:
    query = "select student_key, group_ids from marts.student_subject_detail where subject_code = 'NAT1007'"
    key, group = truth.execute(f"{query} and school_id = ? order by 1", [SCHOOL]).fetchall()[0]
    own = reader_for(Role.TEACHER, schools=(SCHOOL,), groups=(group,))
    assert [row["subject_code"] for row in student.subjects(own, YEAR, SCHOOL, key)] == ["NAT1007"]
    assert {row["subject_code"] for row in student.absences(own, YEAR, SCHOOL, key)} <= {"NAT1007"}
    foreign = reader_for(Role.TEACHER, schools=(SCHOOL,), groups=(f"{SCHOOL}:99:NAT1007",))
    assert student.subjects(foreign, YEAR, SCHOOL, key) == []
    with pytest.raises(RefusedError):
        student.subjects(reader_for(Role.DIRECTOR), YEAR, SCHOOL, key)


def test_the_window_is_not_named_after_the_student(server: Flask, key: str) -> None:
    shown = read(server, f"/school/{SCHOOL}/student/{key}", PRINCIPAL)
    assert '"data-title": "Elev · Granheim videregående skole · timerett"' in shown
