"""Rows that must not land, at about three in a thousand: every rule's violation, beside the good rows.

The good rows stay as they are, so that what is planted elsewhere stays true.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from ingest.synthetic import report_writer as reports
from ingest.synthetic.feed import BadRow, Feed

SHARE = 0.003
SHARE_MENDED, DAYS_UNTIL_MENDED = 0.3, 60
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
    """Puts bad rows into the feeds of one school after the other; every rule takes its turn."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(f"{seed}:dirt")
        self._good: Counter[str] = Counter()
        self._bad: Counter[str] = Counter()

    def among(self, feed: Feed) -> None:
        for file, rules in RULES.items():
            rows = feed.rows.get(file, [])
            self._good[file] += len(rows)
            wanted = round(self._good[file] * _SHARES.get(file, SHARE))
            while rows and self._bad[file] < wanted:
                self._spoil(feed, file, list(rules.items()))

    def _spoil(self, feed: Feed, file: str, rules: list[tuple[str, Spoil]]) -> None:
        number = self._bad[file]
        self._bad[file] += 1
        rule, change = rules[number % len(rules)]
        since, until, row = self._rng.choice(feed.rows[file])
        text, key = change(row, number)
        # Somebody notices some of them, and later extracts are without them.
        if since and rule != DUPLICATE and self._rng.random() < SHARE_MENDED:
            until = since + DAYS_UNTIL_MENDED
        feed.bad.setdefault(file, []).append(BadRow(since, until, rule, key, text))
