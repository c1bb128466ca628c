"""Rows that must not land, at about three in a thousand: every rule's violation, beside the good rows.

The good rows stay as they are, so that what is planted elsewhere stays true.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from ingest.synthetic import report_writer as reports

SHARE = 0.003
# Small files get more, so that every rule is broken somewhere.
_SHARES = {reports.DECISION: 0.04}
BAD_DATE, UNKNOWN_CODE, ORPHAN = "bad_date", "unknown_code", "orphan"
ENDS_BEFORE_START, DUPLICATE, TRUNCATED = "end_before_start", "duplicate", "truncated"
Spoil = Callable[[str, int], tuple[str, str]]
NOBODY = "EF000000000-ukjent"


def _cells(row: str, number: int, changes: dict[int, str]) -> tuple[str, str]:
    cells = row.split(";")
    key = f"URENT-{number:05d}"
    for column, value in {0: key, **changes}.items():
        cells[column] = value
    return ";".join(cells), cells[0]


def _duplicate(row: str, _: int) -> tuple[str, str]:
    return row, row.partition(";")[0]


def _truncated(row: str, number: int) -> tuple[str, str]:
    text, key = _cells(row, number, {})
    return ";".join(text.split(";")[:4]), key


def _swapped_clock(row: str, number: int) -> tuple[str, str]:
    return _cells(row, number, {3: "11:45", 4: "08:15"})


_REPORTS: dict[str, dict[str, Spoil]] = {
    reports.REGISTER: {
        BAD_DATE: lambda row, n: _cells(row, n, {2: "31.02.2026"}),
        UNKNOWN_CODE: lambda row, n: _cells(row, n, {6: "kanskje"}),
        ENDS_BEFORE_START: _swapped_clock,
        TRUNCATED: _truncated,
        ORPHAN: lambda row, n: _cells(row, n, {1: "990999"}),
    },
    reports.ABSENCE: {
        BAD_DATE: lambda row, n: _cells(row, n, {5: "i går"}),
        UNKNOWN_CODE: lambda row, n: _cells(row, n, {9: "Z"}),
        ORPHAN: lambda row, n: _cells(row, n, {1: NOBODY}),
        ENDS_BEFORE_START: lambda row, n: _cells(row, n, {6: "11:45", 7: "08:15", 8: ""}),
        DUPLICATE: _duplicate,
        TRUNCATED: _truncated,
    },
    reports.DECISION: {
        ENDS_BEFORE_START: lambda row, n: _cells(row, n, {6: "01.01.2001"}),
        ORPHAN: lambda row, n: _cells(row, n, {1: NOBODY}),
    },
}


def _without_id(text: str, number: int) -> tuple[str, str, str]:
    """The entry under an id of its own; the new id, and the old."""
    key = f"URENT-{number:05d}"
    marker = '"systemId":{"identifikatorverdi":"'
    start = text.index(marker) + len(marker)
    own = text[start : text.index('"', start)]
    return text.replace(f'"{own}"', f'"{key}"').replace(f'/{own}"', f'/{key}"'), key, own


def _linking(text: str, number: int, resource: str, value: str) -> tuple[str, str]:
    text, key, _ = _without_id(text, number)
    marker = f"{resource}}}/systemid/"
    start = text.index(marker) + len(marker)
    return text[:start] + value + text[text.index('"', start) :], key


def _dated(text: str, number: int, field: str, value: str) -> tuple[str, str]:
    text, key, _ = _without_id(text, number)
    marker = f'"{field}":"'
    start = text.index(marker) + len(marker)
    return text[:start] + value + text[text.index('"', start) :], key


_MEMBERSHIP: dict[str, Spoil] = {
    ORPHAN: lambda text, n: _linking(text, n, "elevforhold", NOBODY),
    ENDS_BEFORE_START: lambda text, n: _dated(text, n, "slutt", "2001-01-01T00:00:00Z"),
}
_FINT: dict[str, dict[str, Spoil]] = {
    "utdanning.timeplan/time.json": {
        BAD_DATE: lambda text, n: _dated(text, n, "start", "2025-13-45T07:15:00Z"),
        ENDS_BEFORE_START: lambda text, n: _dated(text, n, "slutt", "2001-01-01T08:00:00Z"),
    },
    "utdanning.timeplan/undervisningsgruppemedlemskap.json": _MEMBERSHIP,
    "utdanning.vurdering/fravarsregistrering.json": {
        UNKNOWN_CODE: lambda text, n: _linking(text, n, "fravarstype", "99"),
        BAD_DATE: lambda text, n: _dated(text, n, "start", "2025-13-45T07:15:00Z"),
        DUPLICATE: lambda text, n: (text, _without_id(text, n)[2]),
        ORPHAN: lambda text, n: _linking(text, n, "undervisningsgruppe", "UG-ukjent"),
    },
}
RULES = _REPORTS | _FINT


class Dirt:
    """The bad rows of one file, spread over the schools as they are written."""

    def __init__(self, file: str, rng: random.Random) -> None:
        self._rules = list(RULES.get(file, {}).items())
        self._share = _SHARES.get(file, SHARE)
        self._rng = rng
        self._good = self._bad = 0

    def among(self, rows: list[str]) -> list[tuple[str, str, str]]:
        """(rule, key, row) of the bad rows to put among these good ones; every rule takes its turn."""
        found: list[tuple[str, str, str]] = []
        self._good += len(rows)
        while self._rules and self._bad < round(self._good * self._share):
            rule, change = self._rules[self._bad % len(self._rules)]
            text, key = change(self._rng.choice(rows), self._bad)
            found.append((rule, key, text))
            self._bad += 1
        return found
