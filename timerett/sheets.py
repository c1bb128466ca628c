"""The workbooks people fill in: empty benefit and rollout forms, and lessons to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import duckdb
from rich.console import Console

from ingest.local_time import OSLO
from ingest.sources.workbook.asking import Asked, write_confirmation
from ingest.sources.workbook.known import School
from ingest.sources.workbook.labels import Scope
from ingest.sources.workbook.writing import write_csv_files, write_workbook
from timerett.errors import WrongUseError
from timerett.settings import Settings, settings
from timerett.warehouse import connect

FORMATS = ("xlsx", "csv")
# More lessons than this make one workbook a month.
LESSONS_PER_WORKBOOK = 5_000
_SCHOOLS = "SELECT school_id, name, county_number FROM {} ORDER BY school_id"
_UNCONFIRMED = """
    SELECT lesson.lesson_id, lesson.lesson_date, lesson.starts_at, any_value(lesson.minutes),
        string_agg(DISTINCT taught.name, ', ' ORDER BY taught.name),
        string_agg(
            DISTINCT coalesce(subject.name, code.code), ', ' ORDER BY coalesce(subject.name, code.code)
        ),
        min(taught.school_id) AS school_id
    FROM marts.group_lesson AS lesson
    JOIN marts.teaching_group AS taught USING (group_id)
    LEFT JOIN LATERAL (SELECT unnest(string_split(taught.subject_codes, '|')) AS code) AS code ON true
    LEFT JOIN marts.subject AS subject ON subject.subject_code = code.code
    WHERE lesson.is_assumed AND lesson.lesson_date BETWEEN $since AND $until
    GROUP BY lesson.lesson_id, lesson.lesson_date, lesson.starts_at
    HAVING $school IS NULL OR min(taught.school_id) = $school
    ORDER BY school_id, lesson.starts_at, lesson.lesson_id
"""


@dataclass(frozen=True)
class Period:
    """The days whose lessons are asked about."""

    since: date = date.min
    until: date = date.max


def write_forms(folder: Path, county: str | None, file_format: str, out: Console) -> None:
    """One empty workbook per county, or a folder of CSV forms."""
    if file_format not in FORMATS:
        raise WrongUseError(f"--format {file_format}: expected one of {', '.join(FORMATS)}.")
    schools, synthetic = _schools(settings())
    counties = sorted({school.county_number for school in schools})
    if county and counties and county not in counties:
        raise WrongUseError(f"--county {county}: has no schools here. Expected one of {', '.join(counties)}.")
    folder.mkdir(parents=True, exist_ok=True)
    wanted: list[str | None] = [county] if county else [*counties] or [None]
    for number in wanted:
        own = [school for school in schools if number in (None, school.county_number)]
        scope = Scope(number, own, datetime.now(OSLO).date(), synthetic)
        stem = f"gevinst-og-utrulling-{number}" if number else "gevinst-og-utrulling"
        target = _new(folder / (f"{stem}.xlsx" if file_format == "xlsx" else stem))
        if file_format == "xlsx":
            write_workbook(target, scope)
        else:
            target.mkdir()
            write_csv_files(target, scope)
        _tell(out, target)


def write_unconfirmed(folder: Path, school: str | None, period: Period, out: Console) -> None:
    """A workbook for each school with lessons that are over and that no register confirms."""
    place = settings()
    if not place.current.exists():
        raise WrongUseError("Nothing is published yet. Run `timerett build` first.")
    schools, synthetic = _schools(place)
    by_number = {one.number: one for one in schools}
    if school and school not in by_number:
        raise WrongUseError(f"--school {school}: is not known. Expected one of {', '.join(by_number)}.")
    lessons = _unconfirmed(place, school, period)
    if not lessons:
        out.print(
            "Every lesson in the period that is over is confirmed. No sheet is needed.", highlight=False
        )
        return
    folder.mkdir(parents=True, exist_ok=True)
    for number, found in groupby(lessons, key=lambda pair: pair[0]):
        asked = [lesson for _, lesson in found]
        for suffix, part in _parts(asked):
            target = _new(folder / f"bekreft-timer-{number}{suffix}.xlsx")
            today = datetime.now(OSLO).date()
            write_confirmation(target, by_number[number], part, made_on=today, synthetic=synthetic)
            _tell(out, target, f" ({len(part):,} lessons)")


def _parts(lessons: Sequence[Asked]) -> Iterable[tuple[str, Sequence[Asked]]]:
    if len(lessons) <= LESSONS_PER_WORKBOOK:
        return [("", lessons)]
    by_month = groupby(lessons, key=lambda lesson: f"-{lesson.on:%Y-%m}")
    return [(month, list(found)) for month, found in by_month]


def _unconfirmed(place: Settings, school: str | None, period: Period) -> list[tuple[str, Asked]]:
    with duckdb.connect(str(place.current.resolve()), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.execute(
            _UNCONFIRMED, {"school": school, "since": period.since, "until": period.until}
        ).fetchall()
    return [
        (number, Asked(lesson_id, on, starts_at, minutes, groups, subjects or ""))
        for lesson_id, on, starts_at, minutes, groups, subjects, number in rows
    ]


def _schools(place: Settings) -> tuple[list[School], bool]:
    """The schools there are figures for, else those that have landed; and whether they are invented."""
    if place.current.exists():
        with duckdb.connect(str(place.current.resolve()), read_only=True) as connection:
            return _read(connection, "marts.school"), _flag(
                connection, "SELECT synthetic FROM marts.publication"
            )
    if not place.warehouse.exists():
        return [], False
    with connect(place.warehouse, read_only=True) as connection:
        newest = (
            "(SELECT * FROM landing.school QUALIFY "
            "row_number() OVER (PARTITION BY school_id ORDER BY valid_from DESC) = 1)"
        )
        return _read(connection, newest), _flag(
            connection, "SELECT coalesce(bool_or(synthetic), false) FROM landing.batch"
        )


def _read(connection: duckdb.DuckDBPyConnection, relation: str) -> list[School]:
    return [School(*row) for row in connection.execute(_SCHOOLS.format(relation)).fetchall()]


def _flag(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    return bool(connection.execute(sql).fetchall()[0][0])


def _new(target: Path) -> Path:
    """A file somebody may have filled in is never written over."""
    if target.exists():
        raise WrongUseError(f"{target}: exists, and may have been filled in. Name another folder.")
    return target


def _tell(out: Console, target: Path, extra: str = "") -> None:
    out.print(f"{target}{extra}", highlight=False, markup=False, soft_wrap=True)
