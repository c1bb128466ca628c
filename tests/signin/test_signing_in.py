"""Signing in and out at a certified provider, over real HTTP."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.signin.attacker import Attacker
from tests.signin.certified import Certified
from tests.signin.conftest import StartSite
from tests.signin.site import Person, kind_of


def role_in_use(page: str) -> str:
    option = re.search(r"<option [^>]*selected[^>]*>", page)
    assert option, "no choice of roles on the page"
    return str(re.findall(r'value="([^"]*)"', option[0])[0])


def test_signed_out_every_page_leads_to_sign_in_and_back(person: Person) -> None:
    answer = person.get("/school/99001?year=2025-26&lang=nn")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=%2Fschool%2F99001%3Fyear")
    shown = person.http.get(person.site + answer.headers["Location"])
    assert kind_of(shown) == "Logg inn"
    assert "Logg inn med Fylkespålogging" in shown.text
    assert 'lang="nn"' in shown.text
    assert "<script" not in shown.text


def test_a_director_signs_in_and_lands_where_they_wanted(person: Person) -> None:
    back = person.sign_in("director", "/sign-in/start?next=/school/99001%3Flang%3Den")
    assert (back.status_code, back.headers["Location"]) == (303, "/school/99001?lang=en")
    shown = person.reads("/county/99", "?lang=en")
    assert "Direktør Dal" in shown
    assert "County education director" in shown
    assert "Sign out" in shown
    assert "state-" not in shown


def test_the_request_to_the_provider_has_a_proof_key_state_and_nonce(person: Person) -> None:
    asked = parse_qs(urlsplit(person.get("/sign-in/start").headers["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 43 for name in ("code_challenge", "state", "nonce"))
    again = parse_qs(urlsplit(person.get("/sign-in/start").headers["Location"]).query)
    assert all(asked[name] != again[name] for name in ("code_challenge", "state", "nonce"))


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(person: Person) -> None:
    for answer in (person.get("/sign-in/start"), person.sign_in("director")):
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    assert "no-store" in person.page().headers["Cache-Control"]


def test_over_https_the_cookie_is_bound_to_host_and_https(start_site: StartSite) -> None:
    site = start_site(address='"https://timerett.county.no"')
    cookie = Person(site).get("/sign-in/start").headers["Set-Cookie"]
    assert cookie.startswith("__Host-timerett_sign_in=")
    assert "Secure" in cookie


def test_the_name_in_the_settings_is_answered_and_no_other(start_site: StartSite) -> None:
    site = start_site(address='"https://timerett.county.no"')
    for host, status in (("timerett.county.no", 200), ("timerett.county.no.evil.example", 400)):
        assert Person(site).http.get(f"{site}/sign-in", headers={"Host": host}).status_code == status


def test_every_sign_in_gets_a_session_of_its_own_and_ends_the_one_before(person: Person, site: str) -> None:
    person.http.cookies.set("timerett_session", "chosen-by-somebody-else", domain="127.0.0.1", path="/")
    person.sign_in("director")
    first = person.session_cookie()
    assert first != "chosen-by-somebody-else"
    person.sign_in("director")
    assert person.session_cookie() != first
    thief = Person(site)
    thief.http.cookies.set("timerett_session", first, domain="127.0.0.1", path="/")
    assert thief.page().status_code == 401


def test_signing_out_ends_the_session_on_the_server_too(person: Person, site: str) -> None:
    person.sign_in("director")
    kept = person.session_cookie()
    answer = person.sign_out()
    assert kind_of(answer) == "Du er logget ut av timerett"
    assert person.page().status_code == 401
    thief = Person(site)
    thief.http.cookies.set("timerett_session", kept, domain="127.0.0.1", path="/")
    assert thief.page().status_code == 401


def test_signing_out_goes_on_to_the_provider_and_back(person: Person, attacker: Attacker) -> None:
    person.sign_in("director")
    answer = person.sign_out()
    onward = answer.text.partition('content="1; url=')[2].partition('"')[0].replace("&amp;", "&")
    assert onward.startswith(f"http://127.0.0.1:{attacker.port}/session/end?")
    asked = parse_qs(urlsplit(onward).query)
    assert asked["post_logout_redirect_uri"] == [f"{person.site}/sign-in/out"]
    assert person.http.get(onward).status_code == 200
    assert kind_of(person.get("/sign-in/out?state=nb")) == "Du er logget ut"


def test_an_address_asked_for_without_right_to_it_is_refused(person: Person) -> None:
    person.sign_in("principal")
    assert "state-refused" in person.reads("/school/99002")
    assert "state-" not in person.reads("/school/99001")
    assert person.get("/export/school/99002/students.csv").status_code == 404


def test_a_teacher_sees_the_groups_taught_and_not_those_attended(person: Person) -> None:
    person.sign_in("teacher")
    shown = person.reads("/school/99001")
    assert "Lærer Lie" in shown
    assert "Lærer, Fjordgløtt videregående skole" in shown
    taught, not_taught = (hashlib.md5(f"99001{n}".encode()).hexdigest() for n in (5, 100))  # noqa: S324
    page = person.reads(f"/school/99001/student/{taught}")
    assert "Matematikk 1P" in page
    assert "Engelsk" not in page
    assert "Matematikk 1P" not in person.reads(f"/school/99001/student/{not_taught}")


def test_a_pupil_in_the_same_group_gets_no_role(person: Person) -> None:
    person.sign_in("pupil")
    assert person.page().status_code == 403


def test_who_has_no_role_is_told_and_sees_nothing(person: Person) -> None:
    back = person.sign_in("nobody")
    assert back.status_code == 303
    shown = person.get("/?lang=nb")
    assert (shown.status_code, kind_of(shown)) == (403, "Du har ikke tilgang ennå")
    assert "Logg ut" in shown.text
    assert person.page().status_code == 403
    assert person.get("/export/schools.csv").status_code == 403
    assert "no-role" not in shown.text


def test_who_is_of_a_school_without_figures_is_told_and_sees_nothing(person: Person) -> None:
    person.sign_in("elsewhere")
    shown = person.reads("/")
    assert "state-nothing_covered" in shown
    assert "Rektor Rud" in shown
    assert person.get("/export/schools.csv").status_code == 403


def test_several_roles_are_chosen_among_in_the_order_of_the_file(person: Person) -> None:
    person.sign_in("both")
    shown = person.reads("/")
    assert role_in_use(shown) == "director:99"
    assert 'value="principal:99"' in shown
    answer = person.post("/sign-in/role", csrf=person.csrf(), grant="principal:99", lang="nb")
    assert answer.status_code == 303
    assert role_in_use(person.reads("/")) == "principal:99"
    assert "state-refused" in person.reads("/school/99001")


@pytest.mark.parametrize("key", ["owner:", "principal:98", "analyst:99", "director:99 ", ""])
def test_a_role_the_claims_do_not_give_cannot_be_chosen(person: Person, key: str) -> None:
    person.sign_in("principal")
    person.post("/sign-in/role", csrf=person.csrf(), grant=key, lang="nb")
    assert "state-refused" in person.reads("/school/99002")


def test_parameters_of_the_trial_have_no_power(person: Person) -> None:
    person.sign_in("principal")
    shown = person.reads("/school/99002", "?role=director&as=99002")
    assert "state-refused" in shown
    assert "choose-role" not in shown
    assert person.get("/export/school/99002/students.csv?role=director").status_code == 404
    own = person.reads("/", "?role=owner&lang=en")
    assert "role=owner" not in own


def test_the_account_reaches_the_audit_log(person: Person, tmp_path: Path) -> None:
    person.sign_in("principal")
    assert "state-" not in person.reads("/school/99001")
    lines = (tmp_path / "home" / "logs" / "audit.jsonl").read_text().splitlines()
    assert {json.loads(line)["who"] for line in lines} == {"principal"}


def test_an_identity_number_never_becomes_the_name_of_an_account(
    person: Person, provider: Certified, tmp_path: Path
) -> None:
    provider.say(**{"01017012345": {"name": "01017012345", "roles": ["timerett.principal:99001"]}})
    person.sign_in("01017012345")
    assert "01017012345" not in person.reads("/school/99001")
    assert "01017012345" not in (tmp_path / "home" / "logs" / "audit.jsonl").read_text()


def test_what_is_kept_on_disk_opens_nothing(person: Person, tmp_path: Path) -> None:
    person.sign_in("principal")
    cookie = person.session_cookie()
    files = list((tmp_path / "home").glob("sessions.sqlite*"))
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    kept = b"".join(file.read_bytes() for file in files)
    for secret in (cookie, "Rektor", "principal", "99001"):
        assert secret.encode() not in kept


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "/.//evil.example",
        "/a/../../x",
        "evil.example",
        " /x",
        "/sign-in/out",
        "/" + "x" * 3000,
        "",
    ],
)
def test_nobody_is_sent_anywhere_else_after_signing_in(person: Person, asked: str) -> None:
    start = str(person.http.build_request("GET", f"{person.site}/sign-in/start", params={"next": asked}).url)
    back = person.sign_in("director", start.removeprefix(person.site))
    assert back.headers["Location"] == "/"


def test_a_session_ended_by_time_leads_to_sign_in_and_to_the_same_address(
    person: Person, later: Callable[[float], None]
) -> None:
    person.sign_in("director")
    later(11 * 3600)
    answer = person.page("/county/99")
    assert answer.status_code == 401
    assert answer.headers["Timerett-Sign-In"] == "needed"
    # What the page's script does then: it opens the address anew.
    assert person.get("/county/99?lang=nb").headers["Location"] == "/sign-in?next=%2Fcounty%2F99%3Flang%3Dnb"
