"""What of a cell may be shown: never a person's name, however it came to stand there.

Columns get swapped and headings lie, so the text itself decides as well as the heading above it.
"""

from __future__ import annotations

import re

import polars as pl

from ingest.privacy import masked

HIDDEN = "***"
LONGEST_SHOWN = 60
_PERSONAL = re.compile(
    r"navn|\bname|person|f(ø|oe?)dsels|ident|e-?post|mail|telefon|mobil|adresse|foresatt|brukernavn|feide|\bpnr\b"
    r"|\bfnr\b|\belev(en)?\b|\bl(æ|ae?)rer(en)?\b|student|teacher|ansatt|kontaktl",
    re.IGNORECASE,
)
# "Elevforhold", "Elev-ID" and the like are ids of a register, and "Skolenavn" names no person.
_NOT_PERSONAL = re.compile(r"skole.?navn|gruppe.?navn|fag.?navn|navn på (skole|gruppe|fag)", re.IGNORECASE)
_WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]*)*"
_NAME = re.compile(rf"^(?:{_WORD}),?(?:\s+{_WORD},?)+$")
_MAIL = re.compile(r"\S@\S")
_CAPITALS_OF_A_NAME = 2
_ONE_NAME = re.compile(r"^[^\W\d_]{2,}$")
_MOST_CODES = 15


def is_personal(heading: str) -> bool:
    """Whether the heading says that the column is about who somebody is."""
    return bool(_PERSONAL.search(heading)) and not _NOT_PERSONAL.search(heading)


def may_be_a_name(text: str) -> bool:
    """Several words of which two begin with a capital, or an address."""
    if _MAIL.search(text):
        return True
    stripped = text.strip()
    if not _NAME.match(stripped):
        return False
    return sum(word[:1].isupper() for word in stripped.split()) >= _CAPITALS_OF_A_NAME


def shown(text: str | None, heading: str = "") -> str | None:
    """The text as it may be shown: hidden, masked, and cut to a length that fits a line."""
    if text is None:
        return None
    if is_personal(heading) or may_be_a_name(text):
        return HIDDEN
    safe = masked(text)
    return safe if len(safe) <= LONGEST_SHOWN else f"{safe[:LONGEST_SHOWN]}…"


def shown_texts(texts: pl.Series, heading: str = "") -> pl.Series:
    """As `shown`, for a column. Codes are few: many different words are taken for names."""
    different = texts.drop_nulls().unique().to_list()
    words = {text for text in different if _ONE_NAME.match(text)}
    hidden = words if len(words) > _MOST_CODES else set()
    changes = {text: HIDDEN if text in hidden else shown(text, heading) for text in different}
    return texts.replace_strict(changes, default=None, return_dtype=pl.String) if changes else texts
