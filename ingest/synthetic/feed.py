"""Rows of the files to be written, each with the mornings between which an extract held it."""

from __future__ import annotations

from typing import NamedTuple

from ingest.synthetic.model import ALWAYS, NEVER


class BadRow(NamedTuple):
    """A row that must not land, the rule it breaks, and the id it goes by."""

    since: int
    until: int
    rule: str
    key: str
    text: str


class Feed:
    """Text rows by file. One school's rows are collected, written to every delivery, and forgotten."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[int, int, str]]] = {}
        self.bad: dict[str, list[BadRow]] = {}

    def add(self, file: str, text: str, known_from: int = ALWAYS, known_to: int = NEVER) -> None:
        self.rows.setdefault(file, []).append((known_from, known_to, text))

    def known(self, file: str, morning: int) -> list[str]:
        """What an extract of that morning holds."""
        return [text for since, until, text in self.rows.get(file, ()) if since <= morning < until]

    def known_bad(self, file: str, morning: int) -> list[BadRow]:
        return [row for row in self.bad.get(file, ()) if row.since <= morning < row.until]
