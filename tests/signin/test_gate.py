"""Without a session nothing is answered but what holds no figures; forms are a session's own."""

import re

import pytest
from flask import Flask

from dashboard.access.sign_in.gate import PUBLIC
from tests.signin.site import Person, kind_of

FILLED = {
    "path:filename": "style.css",
    "string:package_name": "dash",
    "path:fingerprinted_path": "dash-renderer/build/dash_renderer.min.js",
    "path:path": "school/99001",
    "path:address": "school/99001/students.csv",
    "name": "steering",
}

CALLBACK = {"output": "content.children", "inputs": []}


@pytest.fixture
def server(site: str) -> Flask:
    assert site
    from dashboard.app import create  # noqa: PLC0415 - reads the settings when it is put together

    return create().server


def test_every_route_demands_a_session_but_the_listed_ones(server: Flask) -> None:
    asked = 0
    for rule in server.url_map.iter_rules():
        address = re.sub(r"<([^>]+)>", lambda part: FILLED.get(part[1], "x"), rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            if rule.rule in PUBLIC:
                continue
            asking = CALLBACK if address == "/_dash-update-component" and method == "POST" else None
            answer = server.test_client().open(address, method=method, json=asking)
            asked += 1
            assert answer.status_code in (303, 401), (method, address, answer.status_code)
            assert answer.headers["Location"].startswith("/sign-in?"), (method, address)
            assert not answer.get_data(), (method, address)
    assert asked > 12


@pytest.mark.parametrize(
    "address",
    [
        "/export/schools.csv",
        "/export/school/99001/students.xlsx?role=principal&as=99001",
        "/document/steering.pdf?role=owner",
        "/_dash-layout",
        "/_dash-dependencies",
        "/static/x",
        "/nowhere",
        "/assets/../export/schools.csv",
        "//export/schools.csv",
        "/Export/schools.csv",
        "/sign-in/role",
        "/sign-in/../export/schools.csv",
        "/healthz/../export/schools.csv",
        "/?role=director",
    ],
)
def test_no_address_gets_round_the_gate(server: Flask, address: str) -> None:
    answer = server.test_client().get(address)
    assert answer.status_code in (303, 308, 400, 401, 404, 405)
    assert b"99001" not in answer.get_data()
    assert "Content-Disposition" not in answer.headers


def test_a_callback_without_a_session_is_told_so_and_runs_nothing(person: Person) -> None:
    for search in ("", "?role=director", "?role=principal&as=99001"):
        answer = person.page("/school/99001", search)
        assert (answer.status_code, answer.content) == (401, b"")
        assert answer.headers["Timerett-Sign-In"] == "needed"


def test_public_addresses_hold_no_figures(person: Person) -> None:
    assert person.get("/healthz").text == "ok\n"
    assert person.get("/readyz").text == "ready\n"
    assert person.get("/assets/style.css").status_code == 200
    assert person.get("/sign-in").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_signing_out_takes_this_sessions_own_form(person: Person, token: str) -> None:
    person.sign_in("director")
    answer = person.post("/sign-in/out", csrf=token)
    assert (answer.status_code, kind_of(answer)) == (400, "Ingenting ble endret")
    assert person.post("/sign-in/role", csrf=token, grant="owner:").status_code == 400
    assert person.get("/sign-in/out").status_code == 200
    assert person.page().status_code == 200


def test_a_form_of_another_session_is_not_taken(person: Person, site: str) -> None:
    other = Person(site)
    other.sign_in("owner")
    person.sign_in("director")
    assert person.post("/sign-in/out", csrf=other.csrf()).status_code == 400
    assert person.page().status_code == 200
    assert other.page().status_code == 200


def test_without_sign_in_there_are_no_such_addresses(server: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIMERETT_SIGN_IN")
    from dashboard.app import create  # noqa: PLC0415 - reads the settings when it is put together

    trial = create().server
    assert not [rule for rule in trial.url_map.iter_rules() if rule.rule.startswith("/sign-in")]
    assert trial.test_client().get("/").status_code == 200


def test_a_worker_asked_first_for_a_script_knows_it(server: Flask, person: Person) -> None:
    person.sign_in("director")
    scripts = re.findall(r'src="(/_dash-component-suites/[^"]+)"', person.get("/").text)
    assert scripts
    for script in scripts[:3]:
        assert server.test_client().get(script).status_code == 200
