"""The method on the screen is the method in docs/, whole and in every language."""

import re

import pytest
from flask import Flask

from dashboard.components import html
from dashboard.components.card import SECTIONS
from dashboard.components.figures.waterfall import steps
from dashboard.components.markup import condensed
from dashboard.components.prose import Prose
from dashboard.pages.method import DOCS, EXAMPLE
from dashboard.text import LANGUAGES, Text, phrases
from tests.dashboard.reading import read


def prose(language: str) -> Prose:
    return Prose((DOCS / f"{language}.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sections(language: str) -> None:
    anchors = [anchor for anchor, _ in prose(language).headings]
    assert anchors == [anchor for anchor, _ in prose("nb").headings]
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_can_be_linked_to(server: Flask, language: str) -> None:
    shown = read(server, "/method", f"?lang={language}")
    for anchor, _ in prose(language).headings:
        assert f'id=\\"{anchor}\\"' in shown or f'id="{anchor}"' in shown
    assert "{#" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_that_is_drawn_is_the_one_that_is_told(language: str) -> None:
    written = (DOCS / f"{language}.md").read_text(encoding="utf-8")
    told = written.partition("{#example}")[2].partition("{#entitlement}")[0]
    text = Text(language)
    for name, minutes in EXAMPLE.items():
        assert re.search(rf"(?<![\d.,]){re.escape(text.hours_said(minutes))}(?![\d])", told), name
    assert f"**{text.hours_said(EXAMPLE['required'] - EXAMPLE['projected'])} " in told


def test_the_example_keeps_the_rules() -> None:
    assert sum(s.minutes for s in steps(EXAMPLE) if s.name == "unshown") == 0
    lost = EXAMPLE["cancelled"] - EXAMPLE["made_up"]
    rate = lost / (EXAMPLE["scheduled"] - EXAMPLE["remaining"])
    assert EXAMPLE["projected"] == round(EXAMPLE["offered"] + EXAMPLE["remaining"] * (1 - rate))
    assert EXAMPLE["offered"] + EXAMPLE["remaining"] < EXAMPLE["required"], "short: only extra lessons help"
    missing = EXAMPLE["required"] - EXAMPLE["projected"]
    assert 6 * 90 * (1 - rate) < missing < 7 * 90 * (1 - rate)


def test_every_definition_leads_to_a_section_that_is_there() -> None:
    assert set(SECTIONS.values()) <= {anchor for anchor, _ in prose("nb").headings}
    assert all(f"definition.{key}.term" in phrases("nb") for key in SECTIONS)


def test_markup_in_a_document_is_shown_and_never_run() -> None:
    found = Prose("# T\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b>y</b>\n")
    content = str(condensed(html.Div(found.elements)).content)
    assert "<script" not in content
    assert "javascript" not in content.replace("[x](javascript", "")
    assert "<b>" not in content


def test_a_setting_that_differs_from_the_text_is_told(server: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Her er terskelen" not in read(server, "/method")
    monkeypatch.setenv("TIMERETT_SUPPRESSION_THRESHOLD", "15")
    monkeypatch.setenv("TIMERETT_STALE_AFTER_TEACHING_DAYS", "20")
    shown = read(server, "/method")
    assert "Her er terskelen satt til 15 elever." in shown
    assert "Her er grensen satt til 20 skoledager." in shown
