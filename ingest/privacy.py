"""National identity numbers, so that none is ever written where it could be read."""

from __future__ import annotations

import re

import polars as pl

# Day (also +40 for D-numbers), month (also +40, +65 and +80 for synthetic persons), year, then five digits.
CANDIDATE = r"\b[0-7]\d[0-9]\d\d\d ?\d{5}\b"
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_MONTH_OFFSETS = (0, 40, 65, 80)
_MASK = "***********"


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


def holds_identity_number(column: str) -> pl.Expr:
    """Rows whose text in `column` holds a national identity number."""
    return pl.col(column).is_not_null() & pl.col(column).map_batches(_any_held, return_dtype=pl.Boolean)


def _any_held(texts: pl.Series) -> pl.Series:
    suspects = texts.str.contains(CANDIDATE).fill_null(value=False)
    held = (
        [
            suspect and any(map(is_identity_number, re.findall(CANDIDATE, text)))
            for suspect, text in zip(suspects, texts, strict=True)
        ]
        if suspects.any()
        else [False] * len(texts)
    )
    return pl.Series(held, dtype=pl.Boolean)


def masked(column: str) -> pl.Expr:
    """The text with anything that looks like a national identity number starred out."""
    return pl.col(column).str.replace_all(r"\b\d{6} ?\d{5}\b", _MASK)


def mask(text: str | None) -> str | None:
    return None if text is None else re.sub(r"\b\d{6} ?\d{5}\b", _MASK, text)
