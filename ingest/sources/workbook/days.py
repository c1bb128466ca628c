"""Dates, months, moments and school years as people write them. A day without a year is asked about."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from ingest.local_time import OSLO
from ingest.sources.workbook.grid import Cell
from ingest.sources.workbook.quantities import UnreadableError

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des"), start=1
    )
    for name in (names,)
} | {"may": 5, "oct": 10, "dec": 12}
_MONTH = r"(?P<name>[a-z]{3,9})"
_WEEKDAY = re.compile(r"^(man|tirs|tys|ons|tors|fre|lør|laur|søn|sun)(dag)?\.?\s*,?\s*(den\s+)?")
_CLOCK = re.compile(
    r"(?:\s+|\s*,\s*|t|\s*(?:kl\.?|klokken|klokka)\s*)(?:kl\.?\s*)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.\d+)?)?$"
)
_FORMS = (
    re.compile(r"^(?P<day>\d{1,2})\s?[./-]\s?(?P<month>\d{1,2})\s?[./ -]\s?(?P<year>\d{4}|\d{2})\.?$"),
    re.compile(r"^(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})$"),
    re.compile(rf"^(?P<day>\d{{1,2}})\.?\s*{_MONTH}\.?\s*,?\s*(?P<year>\d{{4}}|\d{{2}})$"),
    re.compile(r"^(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})$"),
)
_MONTH_FORMS = (
    re.compile(rf"^{_MONTH}\.?[\s,-]*(?P<year>\d{{4}}|\d{{2}})$"),
    re.compile(r"^(?P<year>20\d{2})\s?[-./ ]?\s?(?P<month>\d{1,2})$"),
    re.compile(r"^(?P<month>\d{1,2})\s?[-./ ]\s?(?P<year>\d{4})$"),
)
_YEAR = re.compile(r"^(\d{4}|\d{2})\s?[-–/]\s?(\d{4}|\d{2})$")
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)
DATE_ADVICE = "Skriv datoen med år, for eksempel 02.03.2026"
MONTH_ADVICE = "Skriv måned og år, for eksempel mars 2026 eller 2026-03"
MOMENT_ADVICE = "Skriv dato og klokkeslett, for eksempel 02.03.2026 08:15"
YEAR_ADVICE = "Skriv skoleåret som 2025-26"


def day(cell: Cell) -> date:
    """A date; a time of day beside it is passed over."""
    if cell.look == "text":
        return _moment(_tidy(cell.text), DATE_ADVICE)[0]
    return _within(_stored(cell, DATE_ADVICE).date(), DATE_ADVICE)


def month(cell: Cell) -> date:
    """The first day of a month."""
    if cell.look == "number" and re.fullmatch(r"20\d{4}", cell.text):
        return _first_of(int(cell.text[:4]), int(cell.text[4:]))
    if cell.look != "text":
        return _within(_stored(cell, MONTH_ADVICE).date(), MONTH_ADVICE).replace(day=1)
    text = _tidy(cell.text)
    for form in _MONTH_FORMS:
        if found := form.match(text):
            parts = found.groupdict()
            number = int(parts["month"]) if parts.get("month") else _month_number(parts["name"], MONTH_ADVICE)
            return _first_of(_four_digits(parts["year"]), number)
    return _moment(text, MONTH_ADVICE)[0].replace(day=1)


def moment(cell: Cell) -> datetime:
    """An instant; local time, and the day's start where no time is given."""
    return _instant(cell, time(0, 0))


def moment_end(cell: Cell) -> datetime:
    """An instant; the day's last minute where no time is given."""
    return _instant(cell, time(23, 59))


def school_year(cell: Cell) -> str:
    """`2025-26`."""
    found = _YEAR.match(_tidy(cell.text))
    if cell.look not in ("text", "number") or not found:
        raise UnreadableError(YEAR_ADVICE)
    first, second = _four_digits(found[1]), int(found[2]) % 100
    if (first + 1) % 100 != second or not _FIRST.year <= first < _LAST.year:
        raise UnreadableError(YEAR_ADVICE)
    return f"{first}-{second:02d}"


def _instant(cell: Cell, otherwise: time) -> datetime:
    if cell.look == "text":
        on, at = _moment(_tidy(cell.text), MOMENT_ADVICE)
    else:
        stored = _stored(cell, MOMENT_ADVICE)
        on = _within(stored.date(), MOMENT_ADVICE)
        at = None if float(cell.number).is_integer() else stored.time()
    local = datetime.combine(on, otherwise if at is None else at, OSLO)
    instant = local.astimezone(UTC)
    if instant.astimezone(OSLO).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise UnreadableError(f"{MOMENT_ADVICE}. Klokken ble stilt over dette tidspunktet")
    return instant


def _stored(cell: Cell, advice: str) -> datetime:
    """A date that the spreadsheet keeps as a number, shown as a date or (pasted) as the number."""
    found = cell.moment() if cell.look in ("date", "number") else None
    if found is None:
        raise UnreadableError(advice)
    return found


def _moment(text: str, advice: str) -> tuple[date, time | None]:
    text = _WEEKDAY.sub("", text)
    at: time | None = None
    if clock := _CLOCK.search(text):
        try:
            at = time(int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0))
        except ValueError:
            raise UnreadableError(advice) from None
        text = text[: clock.start()].strip(" ,")
    for form in _FORMS:
        if found := form.match(text):
            parts = found.groupdict()
            number = int(parts["month"]) if parts.get("month") else _month_number(parts["name"], advice)
            try:
                made = date(_four_digits(parts["year"]), number, int(parts["day"]))
            except ValueError:
                raise UnreadableError(f"{advice}. Denne dagen finnes ikke") from None
            return _within(made, advice), at
    raise UnreadableError(advice)


def _month_number(name: str, advice: str) -> int:
    number = _MONTHS.get(name[:3])
    if number is None:
        raise UnreadableError(advice)
    return number


def _first_of(year: int, number: int) -> date:
    if not 1 <= number <= 12:
        raise UnreadableError(MONTH_ADVICE)
    return _within(date(year, number, 1), MONTH_ADVICE)


def _four_digits(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _within(found: date, advice: str) -> date:
    if not _FIRST <= found < _LAST:
        raise UnreadableError(f"{advice}. Sjekk årstallet")
    return found


def _tidy(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", text).strip().casefold()


def weekday_name(on: date) -> str:
    """The day's name in bokmål."""
    return ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")[on.weekday()]


def week_start(on: date) -> date:
    return on - timedelta(days=on.weekday())
