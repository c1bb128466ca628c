"""What changed and why: on screen the causes sum to the change, and small ones are not told."""

from datetime import date

import duckdb
import pytest
from flask import Flask

from dashboard.access import visit
from dashboard.access.roles import RefusedError, Role
from dashboard.access.suppression import Hidden
from dashboard.queries import changes
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.fixture import YEAR

SINCE, TINY = date(2026, 1, 26), "99008"


def test_the_causes_shown_sum_to_the_change_shown(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection
) -> None:
    row = changes.moved(reader_for(Role.DIRECTOR), YEAR, SINCE)["missing"]
    assert row is not None
    assert row["moved"] == sum(row[cause] for cause in changes.CAUSES)
    said = truth.execute(
        "select sum(minutes) from marts.coverage_change where figure = 'missing' and from_date = ?", [SINCE]
    ).fetchone()
    assert (row["moved"],) == said


def test_a_school_with_few_changed_students_does_not_tell_by_how_much(reader_for: ReaderFor) -> None:
    rows = changes.moved_by_school(reader_for(Role.DIRECTOR), YEAR, SINCE, "missing")
    hidden = {row["school_id"] for row in rows if isinstance(row["moved"], Hidden)}
    assert TINY in hidden
    assert len(hidden) > 1, "alone it could be computed from the county's sum"


def test_a_principal_sees_whose_hours_moved_and_a_director_does_not(reader_for: ReaderFor) -> None:
    rows = changes.students(reader_for(Role.PRINCIPAL, schools=("99001",)), YEAR, SINCE)
    assert rows
    assert {row["school_id"] for row in rows} == {"99001"}
    with pytest.raises(RefusedError):
        changes.students(reader_for(Role.DIRECTOR), YEAR, SINCE)


@pytest.mark.parametrize("address", ["changes/causes", "changes/by_school", "corrections/figures"])
def test_the_tables_export_in_every_language(server: Flask, address: str) -> None:
    for language in ("nb", "nn", "en"):
        answer = server.test_client().get(f"/export/{address}.csv?lang={language}")
        assert answer.status_code == 200
        assert len(answer.get_data(as_text=True).splitlines()) > 3


def test_the_last_visit_is_known_from_a_signed_cookie_alone(
    server: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMERETT_PSEUDONYM_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    earlier, later = date(2026, 2, 16), date(2026, 3, 2)
    cookie = ""
    for day in (earlier, later, later):
        headers = {"Cookie": f"{visit.COOKIE}={cookie}"} if cookie else {}
        with server.test_request_context("/", headers=headers):
            visit.note(day)
            answer = server.process_response(server.make_response("ok"))
        found = answer.headers.get("Set-Cookie", "")
        assert bool(found) is (not cookie or (day > earlier and cookie.split(".")[1] != str(later)))
        cookie = found.partition("=")[2].partition(";")[0] or cookie
    for said, before in ((cookie, earlier), (cookie.replace("2026-02-16", "2026-01-26"), None)):
        with server.test_request_context("/", headers={"Cookie": f"{visit.COOKIE}={said}"}):
            assert visit.before() == before
