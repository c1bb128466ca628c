"""School years as landing names them, `2021-22`: 1 August to 31 July."""

from __future__ import annotations

import re
from datetime import date

_FIRST_MONTH = 8
# Four digits alone could be one year or two, so they need something between them.
_YEARS = re.compile(r"20(\d\d)\D?(?:20)?(\d\d)|(\d\d)\D(\d\d)")


def school_year(text: str) -> str | None:
    """`2021-22` from `20212022`, `2021-2022`, `2021/22` or `21-22`."""
    found = _YEARS.fullmatch(text.strip())
    if not found:
        return None
    first, second = (int(part) for part in found.groups() if part)
    return f"20{first:02d}-{second:02d}" if second == (first + 1) % 100 else None


def school_year_of(day: date) -> str:
    """The school year a day belongs to."""
    first = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def school_year_period(year: str) -> tuple[date, date]:
    """First and last day, where no calendar says otherwise."""
    first = int(year[:4])
    return date(first, _FIRST_MONTH, 1), date(first + 1, _FIRST_MONTH - 1, 31)
