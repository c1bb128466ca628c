"""What the installation knows already: schools, processes and lessons that a sheet points at."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from typing import NamedTuple

import duckdb


class School(NamedTuple):
    number: str
    name: str
    county_number: str


class Lesson(NamedTuple):
    """A lesson as it stands in landing now."""

    lesson_id: str
    school_id: str
    starts_at: datetime
    ends_at: datetime
    status: str
    cover: str | None
    replaces_lesson_id: str | None
    subject_code: str | None
    is_from_sheet: bool


Lessons = Callable[[Iterable[str]], dict[str, Lesson]]
Landed = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


def _no_lessons(_: Iterable[str]) -> dict[str, Lesson]:
    return {}


@dataclass(frozen=True)
class Known:
    """Schools by number, process names by code, and a way to look lessons up."""

    schools: dict[str, School] = field(default_factory=dict)
    processes: dict[str, str] = field(default_factory=dict)
    lessons: Lessons = _no_lessons
    is_synthetic: bool = False

    def counties(self) -> set[str]:
        return {school.county_number for school in self.schools.values()}


def known_in(landed: Landed) -> Known:
    """What has landed by now."""
    with landed() as connection:
        schools = connection.execute(
            "SELECT school_id, name, county_number FROM landing.school "
            "QUALIFY row_number() OVER (PARTITION BY school_id ORDER BY valid_from DESC) = 1"
        ).fetchall()
        processes = connection.execute("SELECT process_code, name FROM landing.work_process").fetchall()
        invented = connection.execute(
            "SELECT coalesce(bool_and(synthetic), false) FROM landing.batch"
        ).fetchall()
    return Known(
        {row[0]: School(*row) for row in schools},
        dict(processes),
        lambda ids: _lessons(landed, list(ids)),
        bool(invented[0][0]),
    )


def _lessons(landed: Landed, ids: list[str]) -> dict[str, Lesson]:
    with landed() as connection:
        rows = connection.execute(
            """
            SELECT lesson_id, school_id, starts_at, ends_at, status, cover, replaces_lesson_id, subject_code,
                coalesce(batch.source LIKE 'sheet%', false) AS is_from_sheet
            FROM landing.lesson LEFT JOIN landing.batch USING (batch_id)
            WHERE lesson_id IN (SELECT unnest(?::VARCHAR[]))
            """,
            [ids],
        ).fetchall()
    return {row[0]: Lesson(*row) for row in rows}


@cache
def county_names() -> tuple[tuple[str, str, str], ...]:
    """Number, name and last year (empty while it exists) of every county since 2017."""
    text = (resources.files("ingest.sources.workbook") / "counties.csv").read_text(encoding="utf-8")
    return tuple(
        (row["county_number"], row["name"], row["valid_to"]) for row in csv.DictReader(text.splitlines())
    )
