"""Three languages, none of them half."""

import re
from pathlib import Path
from string import Formatter

import pytest

import dashboard
from dashboard.access.suppression import Hidden, Reason
from dashboard.text import LANGUAGES, Text, phrases

SOURCE = Path(dashboard.__file__).parent


def _fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_fields(language: str) -> None:
    first, other = phrases("nb"), phrases(language)
    assert set(first) ^ set(other) == set()
    differing = [key for key in first if _fields(first[key]) != _fields(other[key])]
    assert differing == []


def test_every_phrase_the_code_asks_for_exists() -> None:
    code = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
    asked = set(re.findall(r'text\(\s*"([a-z0-9_]+\.[a-z0-9_.]+)"', code))
    assert asked - set(phrases("nb")) == set()


def test_every_definition_has_a_term_and_a_text() -> None:
    keys = {key.rsplit(".", 1)[0] for key in phrases("nb") if key.startswith("definition.")}
    assert {f"{key}.{part}" for key in keys for part in ("term", "text")} <= set(phrases("nb"))


def test_numbers_follow_the_language() -> None:
    assert Text("nb").number(12345) == "12\u202f345"
    assert Text("en").number(12345) == "12,345"
    assert Text("nb").share(0.1234) == "12,3\u202f%"
    assert Text("en").share(0.1234) == "12.3%"
    assert Text("nb").hours(-95) == "\u22121,6"
    assert Text("nb").number(None) == "\u2013"


def test_what_is_little_is_not_told_as_none() -> None:
    assert Text("nb").hours(2) == "<0,1"
    assert Text("en").hours_said(1) == "<0.1"
    assert Text("nb").hours(0) == "0,0"
    assert Text("nb").change(2) == "+<0,1"


def test_a_hidden_figure_is_a_sign_in_every_form() -> None:
    small = Hidden(Reason.FEW, 10)
    text = Text("nb")
    assert {text.number(small), text.hours(small), text.share(small)} == {"\u2022\u2022"}
    assert text.counted("student", small) == "\u2022\u2022 elever"
