"""What a delivery says of itself (names of files and columns), as a message may repeat it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from ingest.privacy import masked

LONGEST_NAME = 60
MOST_NAMES = 10
# Control characters steer a terminal, format characters turn what stands beside them round, lone surrogates
# cannot be written at all.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def plain(text: str, keep: str = "") -> str:
    """The text with every character that does not show as itself written as its number."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        sign if sign in keep or unicodedata.category(sign) not in _HIDDEN else f"<U+{ord(sign):04X}>"
        for sign in text
    )


def shown(name: str) -> str:
    """A name from outside: no identity number, nothing hidden, not too long."""
    text = plain(masked(name))
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"


def listed(names: Iterable[str]) -> str:
    """The first of the names, and how many more there are."""
    every = [shown(name) for name in names]
    more = len(every) - MOST_NAMES
    return ", ".join(every[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
