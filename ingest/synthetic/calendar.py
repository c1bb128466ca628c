"""The school year: which days are taught, and what UTC a local clock shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property

from ingest.local_time import OSLO

TEACHING, PLANNING, HOLIDAY = "undervisning", "planleggingsdag", "fri"
SATURDAY = 5


@dataclass(frozen=True)
class SchoolYear:
    """One school year at schools that share the autumn holiday's week."""

    name: str
    autumn_week: int
    first_day: date
    last_day: date
    kinds: dict[int, str]
    teaching_days: list[int] = field(default_factory=list)

    @cached_property
    def starts(self) -> int:
        return int(self.name[:4])

    @cached_property
    def short(self) -> str:
        """`2526`, for identifiers."""
        return self.name[2:4] + self.name[5:7]

    @property
    def spring_begins(self) -> int:
        """The register's second half-year."""
        return date(self.starts + 1, 1, 16).toordinal()


def easter(year: int) -> date:
    """Easter Sunday, Gregorian (the anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _monday(year: int, week: int) -> date:
    return date.fromisocalendar(year, week, 1)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _common_holidays(start_year: int) -> set[date]:
    spring = start_year + 1
    sunday = easter(spring)
    free = {date(spring, 5, 1), date(spring, 5, 17), sunday + timedelta(days=39), sunday + timedelta(days=50)}
    free.update(_days(date(start_year, 12, 22), date(spring, 1, 2)))
    free.update(_days(sunday - timedelta(days=6), sunday + timedelta(days=1)))
    free.update(_days(_monday(spring, 8), _monday(spring, 8) + timedelta(days=4)))
    return free


@cache
def school_year(name: str, autumn_week: int) -> SchoolYear:
    """The calendar of `2025-26` where the autumn holiday lies in week 40 or 41."""
    start = int(name[:4])
    first, last = _monday(start, 34), _monday(start + 1, 25) + timedelta(days=4)
    holidays = _common_holidays(start)
    holidays.update(_days(_monday(start, autumn_week), _monday(start, autumn_week) + timedelta(days=4)))
    planning = {
        first - timedelta(days=4),
        first - timedelta(days=3),
        _monday(start, 46) + timedelta(days=4),
        _monday(start + 1, 2),
    }
    kinds: dict[int, str] = {}
    for day in _days(first - timedelta(days=4), last):
        if day in holidays:
            kinds[day.toordinal()] = HOLIDAY
        elif day in planning:
            kinds[day.toordinal()] = PLANNING
        elif day.weekday() < SATURDAY and day >= first:
            kinds[day.toordinal()] = TEACHING
    teaching = [day for day, kind in kinds.items() if kind == TEACHING]
    return SchoolYear(name, autumn_week, first, last, kinds, teaching)


def common_holidays(name: str) -> list[int]:
    """The days off that every school of the county shares, weekdays only."""
    return sorted(d.toordinal() for d in _common_holidays(int(name[:4])) if d.weekday() < SATURDAY)


@cache
def day_text(day: int) -> str:
    """`03.11.2025`, as reports write it."""
    return date.fromordinal(day).strftime("%d.%m.%Y")


@cache
def iso_day(day: int) -> str:
    return date.fromordinal(day).isoformat()


@cache
def clock(minute: int) -> str:
    """`08:15` for 495 minutes after midnight."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@cache
def _offset_minutes(day: int) -> int:
    noon = datetime.combine(date.fromordinal(day), datetime.min.time(), OSLO) + timedelta(hours=12)
    offset = noon.utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


@cache
def utc(day: int, minute: int) -> str:
    """A local minute of a day as FINT writes it: UTC with a `Z`."""
    return f"{iso_day(day)}T{clock(minute - _offset_minutes(day))}:00Z"


def midnight(day: int) -> str:
    """A date as FINT writes it in a validity period."""
    return f"{iso_day(day)}T00:00:00Z"


def early_morning(day: date) -> datetime:
    """Five o'clock local time, when the nightly extracts are done."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=OSLO)


def delivery_dates(years: list[str], deliveries: int) -> list[date]:
    """One closing delivery for each earlier year, then the last year's Mondays."""
    earlier = [_monday(int(name[:4]) + 1, 27) for name in years[:-1]]
    start = int(years[-1][:4])
    autumn = [_monday(start, week) for week in (41, 49)]
    spring = [_monday(start + 1, week) for week in (5, 10, 16, 20, 24, 27)]
    mondays = autumn + spring
    known = mondays[: max(deliveries, 4)][-deliveries:]
    return earlier + known


def last_known(extracted: date, year: SchoolYear) -> int:
    """The last day the register of a school year can tell of in a delivery."""
    return min(extracted, datetime(year.starts + 1, 7, 31, tzinfo=UTC).date()).toordinal() - 1
