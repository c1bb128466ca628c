"""The question on the school page: who is offered it, its state in the address, what cannot be answered."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from dashboard.text import LANGUAGES, phrases
from tests.dashboard.reading import read

SCHOOL = "99002"
PRINCIPAL = f"?role=principal&as={SCHOOL}"


def _card(server: Flask, search: str) -> str:
    """The card as markup, unescaped; empty where there is none."""
    shown = read(server, f"/school/{SCHOOL}", search).replace('\\\\"', '"').replace('\\"', '"')
    start = shown.find('<h2 id="card-what-if"')
    end = shown.find('<h2 id="card-', start + 1)
    return shown[start:end] if start >= 0 else ""


def _chosen(card: str) -> dict[str, str]:
    tags = re.findall(r"<select[^>]*>", card)
    found = [
        (re.search(r'data-field="(\w+)"', tag), re.search(r'data-chosen="([^"]*)"', tag)) for tag in tags
    ]
    return {field.group(1): chosen.group(1) for field, chosen in found if field and chosen}


@pytest.fixture
def group(truth: Any) -> str:
    found: str = truth.execute(
        "select min(group_id) from marts.group_forecast where school_id = ?", [SCHOOL]
    ).fetchall()[0][0]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_principal_is_offered_three_questions_and_the_director_none(server: Flask, language: str) -> None:
    card = _card(server, f"{PRINCIPAL}&lang={language}")
    for kind in ("add", "absent", "move"):
        assert phrases(language)[f"what_if.{kind}"] in card
    for role in ("director", "owner"):
        assert not _card(server, f"?role={role}&lang={language}&what_if=add")


def test_the_form_stands_as_the_address_says(server: Flask, group: str) -> None:
    asked = f"{PRINCIPAL}&what_if=absent&group={group}&weeks=4&covered=3&every=1&from=2026-03-09"
    stands = {"group": group, "weeks": "4", "covered": "3", "every": "1", "from": "2026-03-09"}
    assert _chosen(_card(server, asked)) == stands


def test_numbers_and_days_that_make_no_sense_fall_back(server: Flask, group: str) -> None:
    asked = f"{PRINCIPAL}&what_if=add&group={group}&lessons=many&minutes=-3&from=tomorrow"
    chosen = _chosen(_card(server, asked))
    assert chosen["lessons"] == "3"


def test_a_publication_without_scenarios_says_that_it_cannot_be_worked_out(server: Flask, group: str) -> None:
    assert phrases("nb")["what_if.unavailable"] in _card(server, f"{PRINCIPAL}&what_if=add&group={group}")
    assert phrases("nb")["what_if.choose"] in _card(server, f"{PRINCIPAL}&what_if=add&group=nowhere")


def test_each_measure_leads_to_what_it_would_come_to(server: Flask, truth: Any) -> None:
    shown = read(server, f"/school/{SCHOOL}", PRINCIPAL)
    first = truth.execute(
        "select group_id, lessons_to_add from marts.recovery where school_id = ? "
        "order by minutes_per_lesson_added desc, group_id limit 1",
        [SCHOOL],
    ).fetchall()[0]
    asked = re.findall(r"group=([^&]+?)&amp;lessons=(\d+)[^\"]*?what_if=add#what-if", shown)
    assert (quote(first[0], safe=""), str(first[1])) in asked
    assert phrases("nb")["what_if.try"] not in read(server, f"/school/{SCHOOL}", "?role=director")
