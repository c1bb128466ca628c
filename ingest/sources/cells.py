"""Cells of text to the types of the landing contract, as a profile says they are written.

Times are local (Europe/Oslo). The hour that autumn repeats is taken as its first, still summer time; an
hour that spring skips is no time. What no stated form fits is tried as people and Excel also write it:
with a weekday or a month's name, with a time after the date, or as Excel's own count of days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from ingest.local_time import OSLO
from ingest.sources.profile import TO_FILL, Column, Formats

_FIRST_YEAR = 1900
_BLANKS = r"[\s\u00a0\u2007\u202f]"
_WHOLE = r"^[-+]?\d+([.,]0+)?$"
_GROUPED = r"^[-+]?\d{1,3}([.,]\d{3})+$"
_MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
_WEEKDAY = r"^(?:man|tir|ons|tor|fre|lør|lau|søn|sun)[a-zæøå]*\.?,?\s+"
_TIME_OF_DAY = r"[T\s,]+(?:kl\.?\s*)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?$"
_CLOCK = r"^(?:kl\.?|klokken)\s*"
_ZONED = r"\d[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$"
# Excel counts days from here; the range is 1954 to 2118, so that no other number passes for a date.
_EXCEL_EPOCH = pl.date(1899, 12, 30)
_SERIAL = r"^[2-7]\d{4}(?:[.,]\d+)?$"
_FRACTION = r"^0?[.,]\d+$|^0$"
_DASH = r"\s*(?:[-–—]|\btil\b)\s*"
_SECONDS = 86_400


def typed(cells: pl.Series, dtype: pl.DataType, formats: Formats) -> pl.Series:
    """The cells as `dtype`; what cannot be read as such is null."""
    readers: dict[type[pl.DataType], Callable[[pl.Series, Formats], pl.Series]] = {
        pl.Date: _dates,
        pl.Datetime: moments,
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


def moments(cells: pl.Series, formats: Formats) -> pl.Series:
    """Date and time in one cell as UTC: local, unless the cell states its zone."""
    days = _changed(cells, pl.col("").str.replace(_TIME_OF_DAY, ""))
    times = cells.str.extract(rf"({_TIME_OF_DAY})").str.strip_chars(" T,\t\u00a0")
    serial = cells.str.extract(r"^\d{5}([.,]\d+)$")
    times = times.zip_with(times.is_not_null(), serial)
    return _zoned(cells).zip_with(_is_zoned(cells), instants(days, times, formats))


def halves(cells: pl.Series, which: int) -> pl.Series:
    """The first or second part of a span such as `08:15-09:00`."""
    parts = cells.str.replace(_DASH, "\x00").str.splitn("\x00", 2)
    return parts.struct.field(f"field_{which - 1}").str.strip_chars()


def _changed(cells: pl.Series, change: pl.Expr) -> pl.Series:
    """The column named nothing, changed by an expression."""
    return cells.alias("").to_frame().select(change).to_series()


def _first_that_fits(cells: pl.Series, forms: Sequence[str], read: Callable[[str], pl.Series]) -> pl.Series:
    found = read(forms[0])
    for form in forms[1:]:
        if found.null_count() == cells.null_count():
            break
        found = found.zip_with(found.is_not_null(), read(form))
    return found


def _unread(cells: pl.Series, found: pl.Series) -> pl.Series | None:
    """The cells that nothing has been made of yet, in their places; None where there are none."""
    if found.null_count() == cells.null_count():
        return None
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))
    return cells.zip_with(found.is_null(), nothing)


def _filled_in(found: pl.Series, more: pl.Series) -> pl.Series:
    return found.zip_with(found.is_not_null(), more)


def _dates(cells: pl.Series, formats: Formats) -> pl.Series:
    found = _plain_dates(cells, formats)
    rest = _unread(cells, found)
    if rest is not None:
        found = _filled_in(found, _plain_dates(_spelled_out(rest), formats))
        found = _filled_in(found, _serial_days(rest))
        found = _filled_in(found, _zoned(rest).dt.convert_time_zone(OSLO.key).dt.date())
    return found


def _plain_dates(cells: pl.Series, formats: Formats) -> pl.Series:
    """A two-digit year also fits a form with four; the year that gives is no year of ours."""

    def read(form: str) -> pl.Series:
        days = cells.str.to_date(form, strict=False)
        return days.set(days.dt.year() < _FIRST_YEAR, None)

    return _first_that_fits(cells, formats.dates, read)


def _spelled_out(cells: pl.Series) -> pl.Series:
    """Without weekday and time of day, and with the month as a number."""
    text = pl.col("").str.to_lowercase().str.replace(_WEEKDAY, "").str.replace(_TIME_OF_DAY, "")
    text = pl.when(~pl.col("").str.contains(_ZONED)).then(text)
    for number, name in enumerate(_MONTHS, start=1):
        text = text.str.replace(rf"^(\d{{1,2}})\.?\s*{name}[a-z]*\.?,?\s*(\d{{2,4}})$", f"$1.{number:02d}.$2")
    return _changed(cells, text.str.replace_all(r"\s*\.\s*", "."))


def _serial_days(cells: pl.Series) -> pl.Series:
    days = cells.str.extract(r"^(\d{5})").cast(pl.Int64, strict=False)
    is_serial = cells.str.contains(_SERIAL).fill_null(value=False)
    return _changed(
        days.zip_with(is_serial, pl.Series([None], dtype=pl.Int64).new_from_index(0, len(cells))),
        _EXCEL_EPOCH + pl.duration(days=pl.col("")),
    )


def _is_zoned(cells: pl.Series) -> pl.Series:
    return cells.str.contains(_ZONED).fill_null(value=False)


def _zoned(cells: pl.Series) -> pl.Series:
    """Instants with their zone, as systems (and no people) write them."""
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))
    text = cells.zip_with(_is_zoned(cells), nothing).str.replace(" ", "T", literal=True)
    text = text.str.replace(r"Z$", "+00:00").str.replace(r"([+-]\d{2})(\d{2})$", "$1:$2")
    text = text.str.replace(r"(T\d{2}:\d{2})([+-])", "$1:00$2")
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_zone="UTC", time_unit="us", strict=False)


def _times(cells: pl.Series, formats: Formats) -> pl.Series:
    """Excel hands over a time of day with a date before it, which is dropped, or as a part of a day."""
    found = _fractions(cells)
    rest = _unread(cells, found)
    if rest is not None:
        found = _filled_in(found, _plain_times(rest, formats))
        rest = _unread(cells, found)
    if rest is not None:
        found = _filled_in(found, _plain_times(rest.str.to_lowercase().str.replace(_CLOCK, ""), formats))
    return found


def _plain_times(cells: pl.Series, formats: Formats) -> pl.Series:
    def read(form: str) -> pl.Series:
        if "%d" in form:
            return cells.str.to_datetime(form, strict=False, time_unit="us").dt.time()
        return cells.str.to_time(form, strict=False)

    return _first_that_fits(cells, formats.times, read)


def _fractions(cells: pl.Series) -> pl.Series:
    """`0,34375` of a day is a quarter past eight."""
    is_part = cells.str.contains(_FRACTION).fill_null(value=False)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))
    parts = cells.zip_with(is_part, nothing).str.replace(",", ".", literal=True)
    seconds = (parts.cast(pl.Float64, strict=False) * _SECONDS).round().cast(pl.Int64) % _SECONDS
    return _changed(seconds, (pl.col("") * 1_000_000_000).cast(pl.Time))


def _booleans(cells: pl.Series, formats: Formats) -> pl.Series:
    meanings = dict.fromkeys(formats.true, True) | dict.fromkeys(formats.false, False)
    return cells.str.to_lowercase().replace_strict(meanings, default=None, return_dtype=pl.Boolean)


def _whole_numbers(cells: pl.Series, formats: Formats) -> pl.Series:
    plain = _plain_numbers(cells.str.replace(r"(?i)\s*min(utter|utt)?\.?$", ""), formats)
    is_whole = plain.str.contains(_WHOLE).fill_null(value=False)
    whole = plain.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    return whole.zip_with(is_whole, pl.Series([None], dtype=pl.Int64).new_from_index(0, len(cells)))


def _decimals(cells: pl.Series, formats: Formats) -> pl.Series:
    plain = _plain_numbers(cells, formats).str.strip_suffix("%")
    is_number = plain.str.contains(r"^[-+]?\d{1,20}(\.\d+)?$|^[-+]?\.\d+$").fill_null(value=False)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))
    return plain.zip_with(is_number, nothing).cast(pl.Decimal(38, 10), strict=False)


def _plain_numbers(cells: pl.Series, formats: Formats) -> pl.Series:
    """Digits with a point: blanks go, and so do thousands separators."""
    thousands = "." if formats.decimal == "," else ","
    packed = cells.str.replace_all(_BLANKS, "").str.replace(r"^[−–]", "-")
    both = packed.str.contains(thousands, literal=True) & packed.str.contains(formats.decimal, literal=True)
    grouped = both.fill_null(value=False) | packed.str.contains(_GROUPED).fill_null(value=False)
    ungrouped = packed.str.replace_all(thousands, "", literal=True)
    return ungrouped.zip_with(grouped, packed).str.replace(formats.decimal, ".", literal=True)


def translated(cells: pl.Series, column: Column) -> pl.Series:
    """Codes in the contract's words, whatever the letter case; an unknown code is null."""
    if column.codes is None:
        return cells
    meanings = {
        code.casefold(): meaning for code, meaning in column.codes.items() if meaning.strip() != TO_FILL
    }
    return cells.str.to_lowercase().replace_strict(meanings, default=None, return_dtype=pl.String)
