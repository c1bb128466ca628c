"""The way back from the provider is taken once, in the browser that set out, and in time."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.signin.attacker import Attacker
from tests.signin.site import Person, kind_of

NOT_COMPLETED = "Innloggingen ble ikke fullført"


def changed(address: str, **params: str | None) -> str:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | params
    return parts._replace(query=urlencode({k: v for k, v in query.items() if v is not None})).geturl()


@pytest.mark.parametrize("state", [None, "", "another"])
def test_a_wrong_state_opens_nothing(person: Person, attacker: Attacker, state: str | None) -> None:
    address = changed(person.authorized("director"), state=state)
    attacker.asked.clear()
    answer = person.http.get(address)
    assert (answer.status_code, kind_of(answer)) == (400, NOT_COMPLETED)
    assert person.page().status_code == 401
    assert attacker.count("/token") == 0


def test_the_way_back_is_taken_once(person: Person, attacker: Attacker) -> None:
    address = person.authorized("director")
    assert person.http.get(address).status_code == 303
    cookie = person.session_cookie()
    attacker.asked.clear()
    answer = person.http.get(address)
    assert (answer.status_code, kind_of(answer)) == (400, NOT_COMPLETED)
    assert attacker.count("/token") == 0
    assert person.session_cookie() == cookie


def test_a_code_used_before_opens_nothing(person: Person, site: str) -> None:
    used = parse_qs(urlsplit(person.authorized("director")).query)["code"][0]
    other = Person(site)
    stolen = changed(other.authorized("nobody"), code=used)
    answer = other.http.get(stolen)
    assert (answer.status_code, kind_of(answer)) == (400, NOT_COMPLETED)
    assert other.page().status_code == 401


def test_another_browser_cannot_take_the_way_back(person: Person, site: str) -> None:
    address = person.authorized("director")
    victim = Person(site)
    assert victim.http.get(address).status_code == 400
    victim.get("/sign-in/start")
    assert victim.http.get(address).status_code == 400
    assert victim.page().status_code == 401


def test_a_sign_in_begun_too_long_ago_is_not_completed(
    person: Person, later: Callable[[float], None]
) -> None:
    address = person.authorized("director")
    later(16 * 60)
    assert kind_of(person.http.get(address)) == NOT_COMPLETED


@pytest.mark.parametrize("issuer", [None, "https://another.example", ""])
def test_an_answer_of_another_provider_is_not_taken(person: Person, issuer: str | None) -> None:
    address = changed(person.authorized("director"), iss=issuer)
    answer = person.http.get(address)
    assert (answer.status_code, kind_of(answer)) == (400, "Vi kunne ikke stole på svaret")
    assert person.page().status_code == 401


def test_without_a_code_nothing_opens(person: Person) -> None:
    answer = person.http.get(changed(person.authorized("director"), code=None))
    assert answer.status_code in (400, 502)
    assert person.page().status_code == 401


def test_who_cancels_at_the_provider_is_met_kindly(person: Person) -> None:
    answer = person.sign_in("cancel", "/sign-in/start?lang=en&next=/data")
    assert (answer.status_code, kind_of(answer)) == (403, "You were not signed in")
    assert "/sign-in?next=%2Fdata&amp;lang=en" in answer.text
    assert person.page().status_code == 401


def test_the_providers_own_words_are_not_shown(person: Person) -> None:
    address = changed(
        person.authorized("director"), code=None, error="access_denied", error_description="<b>call 555</b>"
    )
    assert "555" not in person.http.get(address).text


def test_two_tabs_do_not_undo_each_other(person: Person) -> None:
    first, second = person.authorized("director"), person.authorized("director")
    assert person.http.get(first).status_code == 303
    assert person.http.get(second).status_code == 303
    assert person.page().status_code == 200


def test_a_proof_key_of_somebody_else_is_refused_by_the_provider(person: Person, site: str) -> None:
    code = parse_qs(urlsplit(person.authorized("director")).query)["code"][0]
    thief = Person(site)
    answer = thief.http.get(changed(thief.authorized("nobody"), code=code))
    assert answer.status_code == 400
