"""Cells of text to the types of the landing contract, as a profile says they are written.

Times are local (Europe/Oslo). The hour that autumn repeats is taken as its first, still summer time; an
hour that spring skips is no time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from ingest.local_time import OSLO
from ingest.sources.profile import Column, Formats

_FIRST_YEAR = 1900
_BLANKS = r"[\s\u00a0\u202f]"
_WHOLE = r"^[-+]?\d+([.,]0+)?$"
_GROUPED = r"^[-+]?\d{1,3}([.,]\d{3})+$"


def typed(cells: pl.Series, dtype: pl.DataType, formats: Formats) -> pl.Series:
    """The cells as `dtype`; what cannot be read as such is null."""
    readers: dict[type[pl.DataType], Callable[[pl.Series, Formats], pl.Series]] = {
        pl.Date: _dates,
        pl.Boolean: _booleans,
        pl.Int64: _whole_numbers,
    }
    if isinstance(dtype, pl.Decimal):
        return _decimals(cells, formats).cast(dtype, strict=False)
    reader = readers.get(type(dtype))
    return reader(cells, formats) if reader else cells


def instants(dates: pl.Series, times: pl.Series, formats: Formats) -> pl.Series:
    """A date and a local time of day as UTC; null where either is empty or cannot be read."""
    frame = pl.DataFrame({"day": _dates(dates, formats), "time": _times(times, formats)})
    local = pl.col("day").dt.combine(pl.col("time"), time_unit="us")
    oslo = local.dt.replace_time_zone(OSLO.key, ambiguous="earliest", non_existent="null")
    return frame.select(oslo.dt.convert_time_zone("UTC")).to_series()


def _first_that_fits(cells: pl.Series, forms: Sequence[str], read: Callable[[str], pl.Series]) -> pl.Series:
    found = read(forms[0])
    for form in forms[1:]:
        if found.null_count() == cells.null_count():
            break
        found = found.zip_with(found.is_not_null(), read(form))
    return found


def _dates(cells: pl.Series, formats: Formats) -> pl.Series:
    """A two-digit year also fits a form with four; the year that gives is no year of ours."""

    def read(form: str) -> pl.Series:
        days = cells.str.to_date(form, strict=False)
        return days.set(days.dt.year() < _FIRST_YEAR, None)

    return _first_that_fits(cells, formats.dates, read)


def _times(cells: pl.Series, formats: Formats) -> pl.Series:
    """Excel hands over a time of day with a date before it, which is dropped."""

    def read(form: str) -> pl.Series:
        if "%d" in form:
            return cells.str.to_datetime(form, strict=False, time_unit="us").dt.time()
        return cells.str.to_time(form, strict=False)

    return _first_that_fits(cells, formats.times, read)


def _booleans(cells: pl.Series, formats: Formats) -> pl.Series:
    meanings = dict.fromkeys(formats.true, True) | dict.fromkeys(formats.false, False)
    return cells.str.to_lowercase().replace_strict(meanings, default=None, return_dtype=pl.Boolean)


def _whole_numbers(cells: pl.Series, formats: Formats) -> pl.Series:
    plain = _plain_numbers(cells, formats)
    is_whole = plain.str.contains(_WHOLE).fill_null(value=False)
    whole = plain.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    return whole.zip_with(is_whole, pl.Series([None], dtype=pl.Int64).new_from_index(0, len(cells)))


def _decimals(cells: pl.Series, formats: Formats) -> pl.Series:
    return _plain_numbers(cells, formats).str.strip_suffix("%").cast(pl.Decimal(38, 10), strict=False)


def _plain_numbers(cells: pl.Series, formats: Formats) -> pl.Series:
    """Digits with a point: blanks go, and so do thousands separators."""
    thousands = "." if formats.decimal == "," else ","
    packed = cells.str.replace_all(_BLANKS, "")
    both = packed.str.contains(thousands, literal=True) & packed.str.contains(formats.decimal, literal=True)
    grouped = both.fill_null(value=False) | packed.str.contains(_GROUPED).fill_null(value=False)
    ungrouped = packed.str.replace_all(thousands, "", literal=True)
    return ungrouped.zip_with(grouped, packed).str.replace(formats.decimal, ".", literal=True)


def translated(cells: pl.Series, column: Column) -> pl.Series:
    """Codes in the contract's words, whatever the letter case; an unknown code is null."""
    if column.codes is None:
        return cells
    meanings = {code.casefold(): meaning for code, meaning in column.codes.items()}
    return cells.str.to_lowercase().replace_strict(meanings, default=None, return_dtype=pl.String)
