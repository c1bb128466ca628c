"""What the server takes in, what it says about itself, and how it refuses; for every kind of route."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.access import limits
from dashboard.access.headers import OF_EVERYTHING
from dashboard.access.requests import CALLBACK, LARGEST_BODY
from dashboard.static import FOR_A_DAY, FOR_GOOD
from dashboard.text import LANGUAGES
from timerett import faults

OUTPUT = {"output": "content.children", "outputs": {"id": "content", "property": "children"}}
OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


@pytest.fixture
def server(fresh_server: Flask) -> Flask:
    """Each test has its own: some fill its buckets, some break it."""
    return fresh_server


@pytest.fixture
def client(server: Flask) -> FlaskClient:
    return server.test_client()


def callback(path: str = "/", search: str = "") -> dict[str, object]:
    inputs = [
        {"id": "address", "property": "pathname", "value": path},
        {"id": "address", "property": "search", "value": search},
    ]
    return {**OUTPUT, "inputs": inputs, "changedPropIds": ["address.pathname"]}


Ask = Callable[[FlaskClient], TestResponse]
NO_KEEPING = "private, no-store"
KINDS: dict[str, tuple[Ask, int, str, str]] = {
    "page": (lambda c: c.get("/"), 200, "page", NO_KEEPING),
    "callback": (lambda c: c.post(CALLBACK, json=callback(), headers=OWN), 200, "file", NO_KEEPING),
    "export": (lambda c: c.get("/export/schools.xlsx"), 200, "file", NO_KEEPING),
    "document": (lambda c: c.get("/document/steering.pdf?role=owner"), 200, "file", NO_KEEPING),
    "health": (lambda c: c.get("/healthz"), 200, "file", NO_KEEPING),
    "asset": (lambda c: c.get("/assets/style.css"), 200, "file", FOR_A_DAY),
    "fingerprinted": (lambda c: c.get("/assets/style.css?m=17"), 200, "file", FOR_GOOD),
    "not found": (lambda c: c.get("/export/nothing.csv"), 404, "page", NO_KEEPING),
    "no such asset": (lambda c: c.get("/assets/nothing.css?m=17"), 404, "page", NO_KEEPING),
    "not allowed": (lambda c: c.put("/healthz", headers=OWN), 405, "page", NO_KEEPING),
    "too large": (
        lambda c: c.post(CALLBACK, data=b" " * (LARGEST_BODY + 1), content_type="application/json"),
        413,
        "file",
        NO_KEEPING,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_has_its_headers(client: FlaskClient, kind: str) -> None:
    ask, status, policy, keeping = KINDS[kind]
    answer = ask(client)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in OF_EVERYTHING} == OF_EVERYTHING
    assert answer.headers["Cache-Control"] == keeping
    assert "Strict-Transport-Security" not in answer.headers
    stated = answer.headers["Content-Security-Policy"]
    assert stated.startswith("default-src 'self'" if policy == "page" else "default-src 'none'")
    assert "frame-ancestors 'none'" in stated
    assert "unsafe" not in stated


def test_scripts_come_from_us_or_are_known_by_their_hash_and_text_becomes_no_code(
    client: FlaskClient,
) -> None:
    stated = client.get("/").headers["Content-Security-Policy"].split("; ")
    rules = {rule.split(" ")[0]: rule.split(" ")[1:] for rule in stated}
    for kind in ("script-src", "style-src"):
        assert rules[kind][0] == "'self'"
        assert all(source.startswith("'sha256-") for source in rules[kind][1:])
    assert rules["require-trusted-types-for"] == ["'script'"]
    assert rules["trusted-types"] == ["default"]
    sources = {source for name, given in rules.items() if name.endswith("-src") for source in given}
    assert {s for s in sources if not s.startswith("'sha256-")} <= {"'self'", "'none'", "data:"}


def test_over_https_the_browser_is_told_to_stay_there(client: FlaskClient) -> None:
    answer = client.get("/", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", [CALLBACK, "/sign-in/out", "/", "/export/schools.csv"])
def test_what_another_site_posts_is_refused(client: FlaskClient, headers: dict[str, str], path: str) -> None:
    assert client.post(path, json=callback(), headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers", [{}, OWN, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_what_our_own_page_or_a_program_posts_is_answered(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert client.post(CALLBACK, json=callback(), headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"output=content.children", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b'{"output": "other.children", "inputs": []}', "application/json", 400),
        (b'{"output": "content.children"}', "application/json", 400),
        (b'{"output": "content.children", "inputs": [1]}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"inputs": ' + b'{"a": ' * 21 + b"1" + b"}" * 22, "application/json", 400),
        (b'"' + b"[" * 50 + b'"', "application/json", 400),
    ],
)
def test_what_is_no_callback_is_refused_and_is_no_fault(
    client: FlaskClient, home: Path, body: bytes, kind: str, status: int
) -> None:
    log = home / "logs" / faults.LOG
    before = log.read_text() if log.exists() else ""
    answer = client.post(CALLBACK, data=body, content_type=kind)
    assert answer.status_code == status
    assert (log.read_text() if log.exists() else "") == before


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8050", 200),
        ("127.0.0.1:8050", 200),
        ("[::1]:8050", 200),
        ("timerett.fylke.no", 200),
        ("timerett.fylke.no.evil.example", 400),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("", 400),
    ],
)
def test_only_our_own_names_are_answered(
    home: Path, monkeypatch: pytest.MonkeyPatch, host: str, status: int
) -> None:
    """Else a page of another name could be pointed at this machine, and its scripts read what we answer."""
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    monkeypatch.setenv("TIMERETT_HOSTS", "timerett.fylke.no, annet.fylke.no")
    from dashboard.app import create  # noqa: PLC0415 - reads the settings when it is put together

    client = create().server.test_client()
    for path in ("/", "/export/schools.csv", "/_dash-layout"):
        assert client.get(path, headers={"Host": host}).status_code == status, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_speaks_the_language_of_the_address_and_tells_nothing_of_us(
    client: FlaskClient, language: str
) -> None:
    page = client.get(f"/export/nothing.csv?lang={language}")
    title = {"nb": "Siden finnes ikke", "nn": "Sida finst ikkje", "en": "No such page"}[language]
    assert f'<html lang="{language}">' in page.text
    assert title in page.text
    of_callback = client.post(
        CALLBACK, json=[], headers={**OWN, "Referer": f"http://localhost/school/1?lang={language}"}
    )
    asked = {"nb": "Forespørselen", "nn": "Førespurnaden", "en": "The request"}[language]
    assert of_callback.json is not None
    assert of_callback.json["title"].startswith(asked)
    for answer in (page, of_callback):
        for word in ("Traceback", "werkzeug", "flask", "python", "site-packages", "dash "):
            assert word not in answer.text.lower()


def test_an_address_that_holds_markup_is_shown_as_text(client: FlaskClient) -> None:
    assert "<script>alert" not in client.get("/export/<script>alert(1)</script>.csv").text


def test_a_fault_is_answered_without_a_word_of_it_and_written_down_without_data(
    server: Flask, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> str:
        raise ValueError("13097248022")

    server.view_functions["alive"] = stumble
    answer = server.test_client().get("/healthz?lang=en")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    log = (home / "logs" / faults.LOG).read_text().splitlines()[-1]
    assert '"during": "dashboard request"' in log
    assert "ValueError" in log
    assert "13097248022" not in log + answer.text + caplog.text


def test_who_asks_too_often_waits_and_others_do_not(server: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [time.monotonic() + 60]
    monkeypatch.setattr(limits.time, "monotonic", lambda: clock[0])
    client, rate = server.test_client(), limits.OF_AN_ADDRESS["pages"]
    for _ in range(rate.at_once):
        assert client.get("/_dash-layout").status_code == 200
    refused = client.get("/_dash-layout?lang=en", headers={"Accept": "text/html"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert refused.json is not None
    assert refused.json["do"] == "Try again in 1 s."
    assert client.get("/healthz").status_code == client.get("/assets/style.css").status_code == 200
    other = {"REMOTE_ADDR": "10.1.1.1"}
    assert client.get("/_dash-layout", environ_base=other).status_code == 200
    clock[0] += 1
    assert client.get("/_dash-layout").status_code == 200


def test_files_cost_more_than_pages(server: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = time.monotonic() + 60
    monkeypatch.setattr(limits.time, "monotonic", lambda: clock)
    client = server.test_client()
    for _ in range(limits.OF_AN_ADDRESS["files"].at_once):
        assert client.get("/export/nothing.xyz").status_code == 404
    refused = client.get("/document/steering.pdf?role=owner&lang=nn")
    assert refused.status_code == 429
    assert "Mange førespurnader" in refused.text
    assert client.get("/_dash-layout").status_code == 200


def test_fifty_people_behind_one_proxy_are_not_held_up() -> None:
    """Each clicks once a second for a minute; a click is two requests, and opening a page five more."""
    bucket = limits.Buckets(limits.OF_AN_ADDRESS["pages"])
    assert all(bucket.take("proxy", 0.0) == 0 for _ in range(50 * 5))
    waits = [bucket.take("proxy", second + n / 100) for second in range(60) for n in range(100)]
    assert max(waits) == 0


def test_one_account_cannot_spend_what_is_there_for_all() -> None:
    one, all_ = limits.OF_AN_ACCOUNT, limits.OF_AN_ADDRESS
    assert all(one[kind].per_second <= all_[kind].per_second / 10 for kind in one)
    bucket = limits.Buckets(one["files"])
    assert [bucket.take("a", 0.0) > 0 for _ in range(one["files"].at_once + 1)][-1]
    assert bucket.take("b", 0.0) == 0


def test_a_flood_of_addresses_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CLIENTS_KEPT", 10)
    bucket = limits.Buckets(limits.Rate(1, 1))
    for n in range(100):
        bucket.take(str(n), 0.0)
    assert len(bucket._left) == 10
    assert limits._network("2001:db8::1") == limits._network("2001:db8::ffff:1")
    assert limits._network("2001:db8::1") != limits._network("2001:db8:0:1::1")
