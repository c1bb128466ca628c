"""Every page, role and language is put together from the published file, and says so when it cannot be."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.access.roles import Role
from dashboard.text import LANGUAGES

ADDRESSES = ["/", "/county/99", "/school/99002", "/rollout"]


def page(server: Flask, path: str, search: str = "", **environ: Any) -> str:
    """The page as the browser gets it."""
    answer = server.test_client().post(
        "/_dash-update-component",
        json={
            "output": "content.children",
            "outputs": {"id": "content", "property": "children"},
            "inputs": [
                {"id": "address", "property": "pathname", "value": path},
                {"id": "address", "property": "search", "value": search},
            ],
            "changedPropIds": [],
        },
        **environ,
    )
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("\\u202f", "\u202f")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_opens_or_refuses_for_every_role(
    server: Flask, path: str, role: Role, language: str
) -> None:
    shown = page(server, path, f"?role={role}&lang={language}")
    states = set(re.findall(r"state state-(\w+)", shown))
    assert states <= {"refused"}
    assert 'role=\\"note\\"' in shown or "synthetic" in shown


def test_the_director_is_refused_nothing_of_the_own_county(server: Flask) -> None:
    for path in ADDRESSES:
        assert "state-refused" not in page(server, path)


def test_the_opening_sentence_has_the_counties_figures(server: Flask, truth: Any) -> None:
    needing, students = truth.execute(
        "select sum(students_not_assigned + students_short + students_at_risk), sum(students)"
        " from marts.school_coverage"
    ).fetchone()
    assert f"{needing} av {students // 1000}\u202f{students % 1000} elever" in page(server, "/")


def test_the_tiny_school_tells_nothing_to_the_director(server: Flask) -> None:
    shown = page(server, "/school/99008")
    assert "vises ikke" in shown or "vises derfor ikke" in shown
    assert "8 elever" not in shown


def test_a_year_that_does_not_exist_falls_back_to_the_newest(server: Flask) -> None:
    assert "state-" not in page(server, "/", "?year=1999-00&lang=xx&compare=yesterday")


@pytest.mark.parametrize(
    ("path", "state"), [("/nowhere", "missing"), ("/county/88", "missing"), ("/school/1", "refused")]
)
def test_a_page_that_cannot_be_shown_says_why(server: Flask, path: str, state: str) -> None:
    assert f"state-{state}" in page(server, path)


def test_without_sign_in_only_this_machine_is_answered(server: Flask) -> None:
    shown = page(server, "/", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert "state-signed_out" in shown
    forwarded = page(server, "/", headers={"X-Forwarded-For": "192.0.2.7"})
    assert "state-signed_out" in forwarded


def test_with_nothing_published_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMERETT_HOME", str(tmp_path))
    from dashboard.app import create  # noqa: PLC0415

    server = create().server
    assert "state-unpublished" in page(server, "/")
    assert server.test_client().get("/healthz").status_code == 200
    assert server.test_client().get("/readyz").status_code == 503


def test_the_answer_allows_no_other_host_and_no_framing(server: Flask) -> None:
    answer = server.test_client().get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert '<html lang="nb">' in answer.get_data(as_text=True)
    assert '<html lang="nn">' in server.test_client().get("/?lang=nn").get_data(as_text=True)
