"""FINT's times: UTC or with an offset; a date is the day it was in Oslo."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

OSLO = "Europe/Oslo"
_WITH_OFFSET = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
_WITHOUT_OFFSET = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M")
_LOCAL_DATE = "%Y-%m-%d"


def instants(texts: pl.Series) -> pl.Series:
    """ISO 8601 texts as UTC; without an offset they are UTC, a bare date is midnight in Oslo.

    What cannot be read is null.
    """
    found = _parsed(texts, _WITH_OFFSET[0]).dt.convert_time_zone("UTC")
    for form in (*_WITH_OFFSET[1:], *_WITHOUT_OFFSET, _LOCAL_DATE):
        if found.null_count() == texts.null_count():
            break
        found = found.zip_with(found.is_not_null(), _as_utc(texts, form))
    return found


def _parsed(texts: pl.Series, form: str) -> pl.Series:
    return texts.str.to_datetime(form, strict=False, time_unit="us")


def _as_utc(texts: pl.Series, form: str) -> pl.Series:
    if form == _LOCAL_DATE:
        midnight = texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))
        return midnight.dt.replace_time_zone(OSLO, ambiguous="earliest").dt.convert_time_zone("UTC")
    parsed = _parsed(texts, form)
    if form in _WITHOUT_OFFSET:
        return parsed.dt.replace_time_zone("UTC")
    return parsed.dt.convert_time_zone("UTC")


def local_dates(texts: pl.Series) -> pl.Series:
    """The days the texts name, in Oslo."""
    return instants(texts).dt.convert_time_zone(OSLO).dt.date()


def local_date(text: str | None) -> date | None:
    found = local_dates(pl.Series([text], dtype=pl.String)).item()
    return found if isinstance(found, date) else None


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
    """The school year a day belongs to: 1 August to 31 July."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def school_year_period(year: str) -> tuple[date, date]:
    first = int(year[:4])
    return date(first, 8, 1), date(first + 1, 7, 31)
