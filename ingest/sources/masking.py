"""No national identity number leaves a source in clear, wherever it stood.

Some systems build the identity number into their own ids. In frames it is replaced by the pseudonym
(so that references still meet), in messages and rejections by stars.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from ingest.identity import Pseudonyms

STARS = "***********"
PSEUDONYM_COLUMNS = frozenset({"student_key", "teacher_key", "staff_key"})
# A uuid may hold eleven digits in a row by chance; it is matched first and kept.
_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_NUMBER = r"\d{6}[ -]?\d{5}"
_PATTERN = re.compile(rf"(?P<uuid>{_UUID})|(?<!\d)(?P<number>{_NUMBER})(?!\d)")


def masked(text: str) -> str:
    """The text with every identity number as stars."""
    return _PATTERN.sub(lambda found: found["uuid"] or STARS, text)


def without_identity_numbers(frame: pl.DataFrame, pseudonyms: Pseudonyms) -> pl.DataFrame:
    """The frame with every identity number inside a text replaced by its pseudonym."""

    def replaced(text: str) -> str:
        return _PATTERN.sub(
            lambda found: found["uuid"] or pseudonyms.student(re.sub(r"\D", "", found["number"])), text
        )

    for name, dtype in frame.schema.items():
        if dtype != pl.String or name in PSEUDONYM_COLUMNS:
            continue
        suspects = frame[name].filter(frame[name].str.contains(_NUMBER)).unique()
        changes = {text: new for text in suspects if (new := replaced(text)) != text}
        if changes:
            frame = frame.with_columns(pl.col(name).replace(changes))
    return frame
