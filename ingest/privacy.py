"""National identity numbers: none is ever written where it could be read, wherever it stood.

Some systems build the identity number into their own ids. In frames it is replaced by the pseudonym (so
that references still meet), in messages and in quarantine by stars.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from ingest.identity import Pseudonyms

STARS = "***********"
# Stands before a pseudonym inside a text, so that it is known from other letters and digits.
PERSON = "person-"
PSEUDONYM_COLUMNS = frozenset({"student_key", "teacher_key", "staff_key"})
# A uuid may hold eleven digits in a row by chance; it is matched first and kept.
_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_NUMBER = r"\d{6}[ -]?\d{5}"
_PATTERN = re.compile(rf"(?P<uuid>{_UUID})|(?<!\d)(?P<number>{_NUMBER})(?!\d)")
# The same without looking around, which polars cannot: it picks the few texts that Python reads closely.
_SUSPECT = rf"(?:^|\D){_NUMBER}(?:\D|$)"
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# D-numbers add 40 to the day; synthetic persons add to the month.
_MONTH_OFFSETS = (0, 40, 65, 80)


def is_identity_number(text: str) -> bool:
    """Whether eleven digits carry a date and the two control digits of a national identity number."""
    digits = [int(sign) for sign in text if sign.isdecimal()]
    if len(digits) != 11:
        return False
    day, month = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3]
    if not 1 <= (day - 40 if day > 40 else day) <= 31:
        return False
    if not any(1 <= month - offset <= 12 for offset in _MONTH_OFFSETS):
        return False
    first = (11 - sum(w * d for w, d in zip(_FIRST_WEIGHTS, digits, strict=False)) % 11) % 11
    second = (11 - sum(w * d for w, d in zip(_SECOND_WEIGHTS, digits, strict=False)) % 11) % 11
    return digits[9] == first and digits[10] == second


def holds_identity_number(texts: pl.Series) -> pl.Series:
    """Which texts hold a national identity number with valid control digits."""

    def held(text: str) -> bool:
        return any(is_identity_number(found["number"] or "") for found in _PATTERN.finditer(text))

    return texts.is_in([text for text in _suspects(texts) if held(text)]).fill_null(value=False)


def masked(text: str) -> str:
    """The text with everything that looks like an identity number as stars."""
    return _PATTERN.sub(lambda found: found["uuid"] or STARS, text)


def masked_texts(texts: pl.Series) -> pl.Series:
    """As `masked`, for a column."""
    return _replaced(texts, masked)


def without_identity_number(text: str, pseudonyms: Pseudonyms) -> str:
    """The text with every identity number in it replaced by its pseudonym."""
    return _PATTERN.sub(
        lambda found: found["uuid"] or PERSON + pseudonyms.student(re.sub(r"\D", "", found["number"])),
        text,
    )


def without_identity_numbers(frame: pl.DataFrame, pseudonyms: Pseudonyms) -> pl.DataFrame:
    """The frame with every identity number inside a text replaced by its pseudonym."""
    return frame.with_columns(
        _replaced(frame[name], lambda text: without_identity_number(text, pseudonyms))
        for name, dtype in frame.schema.items()
        if dtype == pl.String and name not in PSEUDONYM_COLUMNS
    )


def _suspects(texts: pl.Series) -> pl.Series:
    if not texts.is_empty() and texts[0] is not None and (texts == texts[0]).all():
        texts = texts.head(1)
    suspect = texts.str.contains(_SUSPECT)
    return texts.filter(suspect).unique() if suspect.any() else texts.clear()


def _replaced(texts: pl.Series, change: Callable[[str], str]) -> pl.Series:
    changes = {text: new for text in _suspects(texts) if (new := change(text)) != text}
    return texts.replace(changes) if changes else texts
