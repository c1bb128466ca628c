"""Texts people write, made alike so that spellings meet."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_SCHOOL_WORDS = re.compile(r"\b(vidaregåande|videregående|skule|skole|vgs|v g s)\b")
_CLOSE = 0.8


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """Lower case, composed letters, single blanks, and no signs that carry no meaning."""
    folded = unicodedata.normalize("NFKC", text).replace("\u00ad", "").casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


def school_name(text: str) -> str:
    """A school's name without what all schools are called."""
    return " ".join(_SCHOOL_WORDS.sub(" ", plain(text)).split())


def closest(text: str, among: Iterable[str], least: float = _CLOSE) -> str | None:
    """The one that is meant, if one is close and no other nearly as close."""
    found = difflib.get_close_matches(plain(text), list(among), n=2, cutoff=least)
    if len(found) == 2 and _alike(text, found[0]) - _alike(text, found[1]) < 0.05:
        return None
    return found[0] if found else None


def _alike(text: str, other: str) -> float:
    return difflib.SequenceMatcher(None, plain(text), other).ratio()


def listed(texts: Iterable[str], joined_by: str = "eller") -> str:
    """«a, b eller c»."""
    given = list(texts)
    return given[0] if len(given) == 1 else f"{', '.join(given[:-1])} {joined_by} {given[-1]}"
