"""Seeded choices, and the short lists they are made from: ties, overlaps and collisions shall be common."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
Row = dict[str, Any]
Landing = dict[str, list[Row]]

YEAR, LAST_YEAR = "2018-19", "2017-18"
SUBJECTS = ["ENG", "FSP1", "FSP2", "GEO", "KRO", "MAT", "NOR", "ORAL", "REA1", "REA2", "XYZ"]
HOURS = ["0.5", "0.75", "1", "1", "1.025", "1.5", "2", "2.175", "2.5", "3", "0.3417"]


class Dice:
    """One random generator and the day everything happens around."""

    def __init__(self, seed: int, as_of: date) -> None:
        self.rng = random.Random(seed)
        self.as_of = as_of

    def one(self, among: Sequence[T]) -> T:
        return self.rng.choice(among)

    def number(self, least: int, most: int) -> int:
        return self.rng.randint(least, most)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def maybe(self, share: float, value: T) -> T | None:
        return value if self.chance(share) else None

    def some(self, among: Sequence[T], least: int, most: int) -> list[T]:
        return self.rng.sample(among, min(self.number(least, most), len(among)))

    def day(self, earliest: int, latest: int) -> date:
        """A day so many days from the as-of date."""
        return self.as_of + days(self.number(earliest, latest))

    def ids(self, letter: str, count: int) -> list[str]:
        """Unique ids in an order that says nothing."""
        return [f"{letter}{number}" for number in self.rng.sample(range(10, 10 + 3 * count), count)]

    def next_id(self, letter: str, taken: Sequence[Row]) -> str:
        """The same for rows that come one by one."""
        return f"{letter}{len(taken) * 7 % 10}{len(taken)}"


def days(count: int) -> timedelta:
    return timedelta(days=count)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
