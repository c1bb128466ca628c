"""How long a session lasts, and what changes while it does."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.access.sign_in.store import Store
from tests.signin.attacker import Attacker
from tests.signin.certified import ACCOUNTS, LIFETIME, Certified
from tests.signin.conftest import StartSite
from tests.signin.forgery import with_claims
from tests.signin.site import Person, kind_of

Later = Callable[[float], None]
DUE = LIFETIME + 1
"""When what the provider said has to be asked for anew."""


def test_a_session_at_rest_ends(person: Person, later: Later) -> None:
    person.sign_in("director")
    later(61 * 60)
    assert person.page().status_code == 401
    later(0)
    assert person.page().status_code == 401


def test_a_session_in_use_does_not_rest_but_ends_at_last(person: Person, later: Later) -> None:
    person.sign_in("director")
    for minutes in range(50, 600, 50):
        later(minutes * 60)
        assert person.get("/_dash-layout").status_code == 200, minutes
    later(601 * 60)
    assert person.get("/_dash-layout").status_code == 401


def test_lengths_are_the_operators(start_site: StartSite, later: Later) -> None:
    person = Person(start_site(session="{ idle_minutes = 5, longest_hours = 1 }"))
    person.sign_in("director")
    later(299)
    assert person.get("/_dash-layout").status_code == 200
    later(700)
    assert person.get("/_dash-layout").status_code == 401


def test_what_the_provider_says_is_believed_until_due(
    person: Person, attacker: Attacker, later: Later
) -> None:
    person.sign_in("director")
    attacker.asked.clear()
    assert person.page().status_code == 200
    assert attacker.asked == []
    later(DUE)
    assert person.page().status_code == 200
    assert attacker.count("/token") == 1
    assert "grant_type=refresh_token" in next(asked[2] for asked in attacker.asked if asked[1] == "/token")
    assert person.page().status_code == 200
    assert attacker.count("/token") == 1


def test_a_role_that_changes_takes_effect_while_signed_in(
    person: Person, provider: Certified, later: Later
) -> None:
    person.sign_in("principal")
    assert "state-refused" not in person.reads("/school/99001")
    provider.say(principal={"name": "Rektor Ruud", "roles": ["timerett.principal:99002"]})
    later(DUE)
    assert "state-refused" in person.reads("/school/99001")
    assert "state-refused" not in person.reads("/school/99002")


def test_a_role_that_is_removed_gives_no_access_from_then_on(
    person: Person, provider: Certified, later: Later
) -> None:
    person.sign_in("principal")
    provider.say(principal={"name": "Rektor Ruud", "roles": []})
    later(DUE)
    assert person.page("/school/99001").status_code == 403
    assert kind_of(person.get("/school/99001?lang=en")) == "You do not have access yet"
    assert person.get("/export/school/99001/students.csv").status_code == 403
    provider.say()
    later(2 * DUE)
    assert person.page("/school/99001").status_code == 200


def test_a_chosen_role_that_is_removed_gives_way_to_one_that_is_left(
    person: Person, provider: Certified, later: Later
) -> None:
    person.sign_in("both")
    person.post("/sign-in/role", csrf=person.csrf(), grant="principal:99", lang="nb")
    provider.say(both={"name": "Begge Berg", "roles": ["timerett.analyst"]})
    later(DUE)
    shown = person.reads("/")
    assert "Analytiker" in shown
    assert 'name="grant"' not in shown


def test_an_account_that_is_closed_is_signed_out(person: Person, provider: Certified, later: Later) -> None:
    person.sign_in("principal")
    provider.accounts.write_text(json.dumps({"director": ACCOUNTS["director"]}))
    later(DUE)
    assert person.page().status_code == 401
    provider.say()
    assert person.page().status_code == 401


def test_who_signs_out_at_the_provider_is_signed_out_here_when_due(
    person: Person, attacker: Attacker, later: Later
) -> None:
    person.sign_in("director")
    attacker.alters["/token"] = lambda _: {"error": "invalid_grant"}
    later(DUE)
    assert person.page().status_code == 401
    attacker.rest()
    assert person.page().status_code == 401


@pytest.mark.parametrize(
    "changes",
    [{"sub": "owner"}, {"iss": "https://another.example"}, {"aud": "another"}, {"nonce": "another"}],
)
def test_a_renewed_token_of_somebody_else_ends_the_session(
    person: Person, attacker: Attacker, provider: Certified, later: Later, changes: dict[str, Any]
) -> None:
    person.sign_in("director")
    attacker.alters["/token"] = with_claims(provider.key, **changes)
    later(DUE)
    assert person.page().status_code == 400
    attacker.rest()
    assert person.page().status_code == 401


def test_while_the_provider_is_down_nothing_is_shown_and_nothing_lost(
    person: Person, attacker: Attacker, later: Later
) -> None:
    person.sign_in("director")
    attacker.down.add("*")
    assert person.page().status_code == 200
    later(DUE)
    assert person.page().status_code == 503
    shown = person.get("/county/99?lang=en")
    assert (shown.status_code, kind_of(shown)) == (503, "Fylkespålogging does not answer")
    assert 'href="/county/99?lang=en"' in shown.text
    attacker.rest()
    assert person.page().status_code == 200


def test_many_requests_at_once_renew_once(person: Person, attacker: Attacker, later: Later) -> None:
    person.sign_in("director")
    later(DUE)
    attacker.asked.clear()
    answers: list[int] = []
    asking = [
        threading.Thread(target=lambda: answers.append(person.get("/_dash-layout").status_code))
        for _ in range(6)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert answers == [200] * 6
    assert attacker.count("/token") == 1


def test_who_comes_right_after_a_renewal_does_not_use_its_token_again(
    person: Person, attacker: Attacker, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.sign_in("director")
    later(DUE)
    attacker.asked.clear()
    may_renew = Store.may_renew
    before: list[int] = []

    def after_another(store: Store, secret: str) -> bool:
        if not before:
            before.append(0)
            before.append(person.get("/_dash-layout").status_code)
        return may_renew(store, secret)

    monkeypatch.setattr(Store, "may_renew", after_another)
    assert person.get("/_dash-layout").status_code == 200
    assert before == [0, 200]
    assert attacker.count("/token") == 1
    assert person.get("/_dash-layout").status_code == 200


def test_without_a_refresh_token_people_sign_in_again_when_due(
    person: Person, attacker: Attacker, later: Later
) -> None:
    attacker.alters["/token"] = lambda tokens: {k: v for k, v in tokens.items() if k != "refresh_token"}
    person.sign_in("director")
    later(LIFETIME - 5)
    assert person.page().status_code == 200
    later(DUE)
    assert person.page().status_code == 401


def test_claims_behind_the_token_are_read_too(
    start_site: StartSite, attacker: Attacker, provider: Certified, later: Later
) -> None:
    issuer = f"http://127.0.0.1:{attacker.port}"
    claims = f'{{ userinfo = true, also = {{ groups = "{issuer}/me" }} }}'
    person = Person(start_site(claims=claims))
    groups = [{"id": "grp:99001:99001:0:MAT1019", "membership": {"affiliation": "faculty"}}]
    attacker.alters["/token"] = with_claims(provider.key, roles=None)
    attacker.alters["/me"] = lambda said: said if "sub" in said else {}
    provider.say(nobody={"name": "Ingen Iversen", "roles": ["timerett.principal:99001"], "groups": groups})
    person.sign_in("nobody")
    assert "Rektor" in person.reads("/school/99001")
    # Somebody else's answer is not taken for this person's.
    later(DUE)
    attacker.alters["/me"] = lambda said: said | {"sub": "owner"}
    assert person.page().status_code == 400


@pytest.mark.parametrize("position", [0, 10, -1])
def test_an_altered_cookie_is_nobody(person: Person, position: int) -> None:
    person.sign_in("director")
    cookie = person.session_cookie()
    at = position % len(cookie)
    altered = cookie[:at] + ("A" if cookie[at] != "A" else "B") + cookie[at + 1 :]
    for value in (altered, cookie[:-1], cookie + "A", "", "é", "x" * 5000):
        other = Person(person.site)
        answer = other.http.get(
            f"{person.site}/_dash-layout", headers={"Cookie": f"timerett_session={value}".encode()}
        )
        assert answer.status_code == 401


def test_a_file_of_sessions_that_cannot_be_read_lets_nobody_in(person: Person, tmp_path: Path) -> None:
    person.sign_in("director")
    for file in (tmp_path / "home").glob("sessions.sqlite*"):
        file.unlink()
    (tmp_path / "home" / "sessions.sqlite").write_bytes(b"no database" * 100)
    assert person.page().status_code == 503
    shown = person.get("/?lang=en")
    assert (shown.status_code, kind_of(shown)) == (503, "Just now timerett cannot remember who is signed in")
    assert person.get("/sign-in/start").status_code == 503


def test_sessions_end_when_their_file_is_removed(person: Person, tmp_path: Path) -> None:
    person.sign_in("director")
    for file in (tmp_path / "home").glob("sessions.sqlite*"):
        file.unlink()
    assert person.page().status_code == 401
    assert person.sign_in("director").status_code == 303
    assert person.page().status_code == 200
