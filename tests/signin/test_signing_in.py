"""Signing in and out at a certified provider, over real HTTP."""

from tests.signin.site import Person, kind_of


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
