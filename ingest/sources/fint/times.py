"""FINT's times: UTC or with an offset; a date is the day it was in Oslo."""

from __future__ import annotations

from datetime import date

import polars as pl

from ingest.local_time import OSLO

_WITH_OFFSET = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
_WITHOUT_OFFSET = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M")
_LOCAL_DATE = "%Y-%m-%d"
_YEARS = (1900, 2200)


def instants(texts: pl.Series) -> pl.Series:
    """ISO 8601 texts as UTC; without an offset they are UTC, a bare date is midnight in Oslo.

    What cannot be read, or lies centuries away, is null.
    """
    found = _parsed(texts, _WITH_OFFSET[0]).dt.convert_time_zone("UTC")
    for form in (*_WITH_OFFSET[1:], *_WITHOUT_OFFSET, _LOCAL_DATE):
        if found.null_count() == texts.null_count():
            break
        found = found.zip_with(found.is_not_null(), _as_utc(texts, form))
    return found.set(~found.dt.year().is_between(*_YEARS), None)


def _parsed(texts: pl.Series, form: str) -> pl.Series:
    return texts.str.to_datetime(form, strict=False, time_unit="us")


def _as_utc(texts: pl.Series, form: str) -> pl.Series:
    if form == _LOCAL_DATE:
        midnight = texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))
        return midnight.dt.replace_time_zone(OSLO.key, ambiguous="earliest").dt.convert_time_zone("UTC")
    parsed = _parsed(texts, form)
    if form in _WITHOUT_OFFSET:
        return parsed.dt.replace_time_zone("UTC")
    return parsed.dt.convert_time_zone("UTC")


def local_dates(texts: pl.Series) -> pl.Series:
    """The days the texts name, in Oslo."""
    return instants(texts).dt.convert_time_zone(OSLO.key).dt.date()


def local_date(text: str | None) -> date | None:
    found = local_dates(pl.Series([text], dtype=pl.String)).item()
    return found if isinstance(found, date) else None
