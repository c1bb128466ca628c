"""Names inside sentences: as a principal would write them."""

import pytest

from dashboard.text import Text


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("nb", "Matematikk 1T", "matematikk 1T"),
        ("nn", "Tysk I, 1. år", "tysk I, 1. år"),
        ("nb", "IT 1", "IT 1"),
        ("nb", "MAT1021", "MAT1021"),
        ("en", "Naturfag", "Naturfag"),
        ("nb", "", ""),
    ],
)
def test_a_subject_has_a_small_letter_inside_a_norwegian_sentence(
    language: str, name: str, said: str
) -> None:
    assert Text(language).subject_said(name) == said


def test_it_keeps_its_capital_where_the_sentence_begins_with_it() -> None:
    text = Text("nb")
    assert text("student.lacks", subject="Historie", hours="3").startswith("Historie ")
    assert " historie" in text("student.do", lessons="3", group="A", subject="Historie")


def test_a_school_year_has_the_dash_of_print() -> None:
    assert "2025–26" in Text("nb")("corrections.name", year="2025-26")
