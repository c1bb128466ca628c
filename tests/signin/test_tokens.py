"""What an attacker between us and the provider alters is found out, even one who holds the provider's key."""

import base64
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from tests.signin.attacker import Attacker
from tests.signin.certified import CLIENT_ID, CLIENT_SECRET, Certified
from tests.signin.conftest import StartSite
from tests.signin.forgery import Claims, payload, signed, text, with_claims, with_shared_secret
from tests.signin.site import Person, kind_of

UNTRUSTED, CLOCKS = "Vi kunne ikke stole på svaret", "Klokkene stemmer ikke"


def refused(person: Person, attacker: Attacker, alter: Callable[[Claims], Claims]) -> str:
    """The heading of the page somebody gets whose tokens were altered on the way."""
    attacker.alters["/token"] = alter
    answer = person.sign_in("director")
    assert answer.status_code == 400
    assert person.page().status_code == 401
    return kind_of(answer)


def test_signed_anew_without_a_change_it_is_accepted(
    person: Person, attacker: Attacker, provider: Certified
) -> None:
    attacker.alters["/token"] = with_claims(provider.key)
    assert person.sign_in("director").status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://another.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": None},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"azp": "another"},
        {"sub": None},
        {"sub": ""},
        {"iat": None},
        {"exp": None},
        {"exp": "never"},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=lambda changes: "-".join(f"{name}-{value}" for name, value in changes.items()),
)
def test_a_claim_that_is_not_what_we_asked_for(
    person: Person, attacker: Attacker, provider: Certified, changes: Claims
) -> None:
    assert refused(person, attacker, with_claims(provider.key, **changes)) == UNTRUSTED


@pytest.mark.parametrize(
    ("name", "seconds"), [("exp", -61), ("exp", -3600), ("iat", 75), ("iat", 3600), ("nbf", 75)]
)
def test_a_token_out_of_time_says_the_clocks_do_not_agree(
    person: Person, attacker: Attacker, provider: Certified, name: str, seconds: int
) -> None:
    alter = with_claims(provider.key, **{name: int(time.time()) + seconds})
    assert refused(person, attacker, alter) == CLOCKS


@pytest.mark.parametrize(("name", "seconds"), [("exp", -30), ("iat", 30), ("nbf", 30)])
def test_a_small_difference_of_clocks_is_borne(
    person: Person, attacker: Attacker, provider: Certified, name: str, seconds: int
) -> None:
    attacker.alters["/token"] = with_claims(provider.key, **{name: int(time.time()) + seconds})
    assert person.sign_in("director").status_code == 303


def test_an_unsigned_token(person: Person, attacker: Attacker) -> None:
    def alter(tokens: Claims) -> Claims:
        return {**tokens, "id_token": f"{text({'alg': 'none'})}.{text(payload(tokens['id_token']))}."}

    assert refused(person, attacker, alter) == UNTRUSTED


@pytest.mark.parametrize("form", ["pem", "der", "modulus"])
def test_a_token_signed_with_the_public_key_as_a_shared_secret(
    person: Person, attacker: Attacker, provider: Certified, form: str
) -> None:
    public = {
        "pem": provider.key.as_pem(private=False),
        "der": provider.key.as_der(private=False),
        "modulus": str(provider.key.as_dict(private=False)["n"]).encode(),
    }[form]

    def alter(tokens: Claims) -> Claims:
        header = {"alg": "HS256", "kid": "first"}
        return {**tokens, "id_token": with_shared_secret(header, payload(tokens["id_token"]), public)}

    assert refused(person, attacker, alter) == UNTRUSTED


def test_a_token_signed_with_the_clients_secret(person: Person, attacker: Attacker) -> None:
    def alter(tokens: Claims) -> Claims:
        secret = CLIENT_SECRET.encode()
        return {
            **tokens,
            "id_token": with_shared_secret({"alg": "HS256"}, payload(tokens["id_token"]), secret),
        }

    assert refused(person, attacker, alter) == UNTRUSTED


@pytest.mark.parametrize("header", [{}, {"kid": "second"}, {"kid": "second", "jku": "http://127.0.0.1/keys"}])
def test_a_token_signed_with_another_key(person: Person, attacker: Attacker, header: dict[str, str]) -> None:
    other = RSAKey.generate_key(2048, auto_kid=False)

    def alter(tokens: Claims) -> Claims:
        return {**tokens, "id_token": signed(payload(tokens["id_token"]), other, **header)}

    assert refused(person, attacker, alter) == UNTRUSTED


def test_a_token_that_brings_its_own_key(person: Person, attacker: Attacker) -> None:
    other = RSAKey.generate_key(2048, auto_kid=False)

    def alter(tokens: Claims) -> Claims:
        registry = JWSRegistry(algorithms=["RS256"], strict_check_header=False)
        header = {"alg": "RS256", "jwk": other.as_dict(private=False)}
        token = jwt.encode(header, payload(tokens["id_token"]), other, registry=registry)
        return {**tokens, "id_token": token}

    assert refused(person, attacker, alter) == UNTRUSTED


def test_an_algorithm_the_operator_did_not_allow(
    start_site: StartSite, attacker: Attacker, provider: Certified
) -> None:
    person = Person(start_site(algorithms='["ES256"]'))
    assert refused(person, attacker, lambda tokens: tokens) == UNTRUSTED


def test_claims_altered_under_the_old_signature(person: Person, attacker: Attacker) -> None:
    def alter(tokens: Claims) -> Claims:
        head, _, signature = tokens["id_token"].split(".")
        claims = payload(tokens["id_token"]) | {"roles": ["timerett.owner"]}
        return {**tokens, "id_token": f"{head}.{text(claims)}.{signature}"}

    assert refused(person, attacker, alter) == UNTRUSTED


@pytest.mark.parametrize("missing", ["id_token", "access_token"])
def test_an_answer_without_a_token(person: Person, attacker: Attacker, missing: str) -> None:
    def alter(tokens: Claims) -> Claims:
        return {name: value for name, value in tokens.items() if name != missing}

    assert refused(person, attacker, alter) == UNTRUSTED


@pytest.mark.parametrize("token", ["", "x", "a.b.c", 7, None, "..", "é.é.é"])
def test_something_that_is_no_token(person: Person, attacker: Attacker, token: Any) -> None:
    assert refused(person, attacker, lambda tokens: {**tokens, "id_token": token}) == UNTRUSTED


def test_a_shared_secret_among_the_keys_is_no_key(
    person: Person, attacker: Attacker, provider: Certified
) -> None:
    secret = {"kty": "oct", "k": base64.urlsafe_b64encode(b"x" * 32).decode().rstrip("="), "kid": "shared"}
    attacker.alters["/jwks"] = lambda keys: {"keys": [*keys["keys"], secret]}

    def alter(tokens: Claims) -> Claims:
        header = {"alg": "HS256", "kid": "shared"}
        return {**tokens, "id_token": with_shared_secret(header, payload(tokens["id_token"]), b"x" * 32)}

    assert refused(person, attacker, alter) == UNTRUSTED


def test_a_key_taken_into_use_later_is_fetched(
    person: Person, attacker: Attacker, later: Callable[[float], None]
) -> None:
    assert person.sign_in("director").status_code == 303
    second = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": "second"}, auto_kid=False)
    attacker.alters["/jwks"] = lambda keys: {"keys": [*keys["keys"], second.as_dict(private=False)]}
    attacker.alters["/token"] = lambda tokens: {
        **tokens,
        "id_token": signed(payload(tokens["id_token"]), second, kid="second"),
    }
    later(31)
    assert person.sign_in("director").status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://another.example/token"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "http://another.example/keys"},
    ],
    ids=lambda changes: "-".join(f"{name}-{value}" for name, value in changes.items()),
)
def test_a_provider_that_points_elsewhere_is_not_followed(
    person: Person, attacker: Attacker, changes: Claims
) -> None:
    attacker.alters["/.well-known/openid-configuration"] = lambda said: said | changes
    answer = person.get("/sign-in/start")
    assert (answer.status_code, kind_of(answer)) == (502, "Innloggingen er ikke riktig satt opp")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_provider_that_does_not_answer(person: Person, attacker: Attacker, path: str) -> None:
    if path.startswith("/."):
        attacker.down.add(path)
        answer = person.get("/sign-in/start?lang=en")
    else:
        address = person.authorized("director", "/sign-in/start?lang=en")
        attacker.down.add(path)
        answer = person.http.get(address)
    assert (answer.status_code, kind_of(answer)) == (503, "Fylkespålogging does not answer")
    assert person.page().status_code == 401
    attacker.rest()
    assert person.sign_in("director").status_code == 303


def test_the_log_holds_the_reason_and_nothing_about_the_person(
    person: Person, attacker: Attacker, provider: Certified, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "dashboard"):
        refused(person, attacker, with_claims(provider.key, nonce="another"))
    logged = [record.getMessage() for record in caplog.records if record.name.startswith("dashboard")]
    assert logged == ["sign-in: untrusted (nonce)"]
