"""The data dictionary says what the marts' contracts say."""

from __future__ import annotations

from timerett.dictionary import PAGE, marts_page


def test_the_dictionary_is_that_of_the_contracts() -> None:
    assert PAGE.read_text(encoding="utf-8") == marts_page(), "run `python -m timerett.dictionary`"
