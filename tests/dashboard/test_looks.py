"""Every look at students is written down before it is seen, and no other; aggregate pages lead to nobody."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask import Flask

from dashboard.access import names
from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.routing import PAGES
from tests.dashboard.reading import read
from timerett import audit

SCHOOL = "99002"
AS_PRINCIPAL = f"role=principal&as={SCHOOL}"
KEY = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def key(truth: duckdb.DuckDBPyConnection) -> str:
    found = truth.execute(
        "select student_key from marts.student_subject_coverage where school_id = ? order by 1", [SCHOOL]
    ).fetchone()
    assert found
    return str(found[0])


@pytest.fixture
def students(truth: duckdb.DuckDBPyConnection) -> set[str]:
    rows = truth.execute("select distinct student_key from marts.student_coverage").fetchall()
    return {student for (student,) in rows}


def looks(home: Path) -> list[dict[str, Any]]:
    log = home / "logs" / audit.FILE
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


PATHS = [page.path.format(county="99", school=SCHOOL, student="") for page in PAGES if page.name != "student"]


@pytest.mark.parametrize("role", [AS_PRINCIPAL, f"role=teacher&as={SCHOOL}", "role=analyst"])
@pytest.mark.parametrize("path", PATHS)
def test_whoever_stands_on_the_page_stands_in_the_log(
    server: Flask, home: Path, students: set[str], path: str, role: str
) -> None:
    before = len(looks(home))
    shown = set(KEY.findall(read(server, path, f"?{role}"))) & students
    noted = looks(home)[before:]
    assert {student for look in noted for student in look["students"]} == shown
    assert len(noted) == bool(shown)
    for look in noted:
        assert look["how"] == "screen"
        assert look["page"] in {page.name for page in PAGES}
        assert look["role"] == role.partition("&")[0].removeprefix("role=")


@pytest.mark.parametrize("role", ["role=director", "role=owner"])
@pytest.mark.parametrize("path", PATHS)
def test_who_sees_no_students_finds_none_in_any_link_or_text(
    server: Flask, home: Path, students: set[str], path: str, role: str
) -> None:
    before = looks(home)
    assert set(KEY.findall(read(server, path, f"?{role}"))) & students == set()
    assert looks(home) == before


def test_an_aggregate_page_has_no_student_in_its_own_address_or_its_files(server: Flask) -> None:
    shown = read(server, f"/school/{SCHOOL}", f"?{AS_PRINCIPAL}")
    for address in re.findall(r"/export/[^\"'\\]+", shown):
        assert not KEY.search(address)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "pdf"])
def test_a_file_of_students_is_a_look_at_them_and_a_file_of_groups_is_not(
    server: Flask, home: Path, key: str, kind: str
) -> None:
    client, before = server.test_client(), len(looks(home))
    assert client.get(f"/export/school/{SCHOOL}/groups.{kind}?{AS_PRINCIPAL}").status_code == 200
    assert len(looks(home)) == before
    assert client.get(f"/export/school/{SCHOOL}/students.{kind}?{AS_PRINCIPAL}").status_code == 200
    assert (
        client.get(f"/export/school/{SCHOOL}/student/{key}/subjects.{kind}?{AS_PRINCIPAL}").status_code == 200
    )
    listed, single = looks(home)[before:]
    assert (listed["page"], listed["how"], listed["role"]) == ("school", kind, "principal")
    assert listed["schools"] == [SCHOOL]
    assert len(listed["students"]) > 1
    assert (single["page"], single["how"], single["students"]) == ("student", kind, [key])


def test_a_page_that_cannot_be_written_down_is_not_shown(server: Flask, home: Path, key: str) -> None:
    log = home / "logs" / audit.FILE
    read(server, f"/school/{SCHOOL}/student/{key}", f"?{AS_PRINCIPAL}")
    kept = log.read_bytes()
    log.unlink()
    log.mkdir()
    try:
        shown = read(server, f"/school/{SCHOOL}/student/{key}", f"?{AS_PRINCIPAL}")
    finally:
        log.rmdir()
        log.write_bytes(kept)
    assert "state-failed" in shown
    assert key[:8] not in shown


def test_the_log_the_pages_write_is_right(server: Flask, home: Path) -> None:
    read(server, f"/school/{SCHOOL}", f"?{AS_PRINCIPAL}")
    assert audit.examined(home / "logs").findings == []


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.OWNER])
def test_who_may_see_no_student_is_told_no_name(role: Role) -> None:
    with pytest.raises(RefusedError):
        names.of(Viewer(role, "test", "99"), ["x" * 32])
