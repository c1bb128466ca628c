"""County numbers: since when each has been in use."""

from __future__ import annotations

from datetime import date

# A school's particulars hold from the day its county's number came into use.
_SINCE = {
    "50": date(2018, 1, 1),
    **dict.fromkeys(("30", "34", "38", "42", "46", "54"), date(2020, 1, 1)),
    **dict.fromkeys(("31", "32", "33", "39", "40", "55", "56"), date(2024, 1, 1)),
}
_ALWAYS = date(1900, 1, 1)


def county_since(number: str | None) -> date:
    """The first day of a county's number; long ago where the number is as old as counties go."""
    return _SINCE.get(number or "", _ALWAYS)
