"""Closed school years: files that publishing takes their rows from, and that nobody may write.

A closed year lies in `closed/<year>.duckdb`, beside it `closed/<year>.json`, which says when it was closed,
by which build, and the file's checksum. What a later build would say goes to the marts about corrections.
Only privacy changes a closed year, and says so.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest import durable
from ingest.bridge import quoted
from timerett.settings import Settings

NEVER_FROZEN = frozenset({"closed_year", "correction", "correction_status", "student_correction"})
"""Marts about closed years themselves."""
_BLOCK = 1 << 20


class ClosedYearError(Exception):
    """A closed year's file is not the one that was closed."""


@dataclass(frozen=True)
class Closed:
    """One closed school year, as its note beside the file says."""

    school_year: str
    closed_at: str
    as_of_date: str
    build_id: str
    checksum: str
    first_checksum: str
    rewritten: list[dict[str, str]] = field(default_factory=list)
    """When rows were removed since, and why; never whose."""


def closed_years(place: Settings) -> list[Closed]:
    """The closed school years, the oldest first."""
    notes = sorted(place.closed.glob("*.json"))
    return [Closed(**json.loads(note.read_text(encoding="utf-8"))) for note in notes]


def file_of(place: Settings, year: str) -> Path:
    return place.closed / f"{year}.duckdb"


def verified(place: Settings) -> list[Closed]:
    """The closed years, each with a file that is to the byte the one that was closed."""
    known = closed_years(place)
    for closed in known:
        file = file_of(place, closed.school_year)
        if not file.is_file() or checksum(file) != closed.checksum:
            raise ClosedYearError(
                f"{file}: is not the file that was closed. Restore it from a backup; its checksum is "
                f"{closed.checksum}. Nothing was published."
            )
    return known


def checksum(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def put(place: Settings, closed: Closed, file: Path) -> None:
    """The file in its place, for reading only, then the note that makes it count."""
    file.chmod(0o400)
    durable.replace(file, file_of(place, closed.school_year))
    note = json.dumps(asdict(closed), indent=1)
    durable.write_secret(file_of(place, closed.school_year).with_suffix(".json"), note.encode())


def tables_by_year(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """The marts with rows of a school year."""
    rows = connection.execute(
        "SELECT table_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'marts' "
        "AND column_name = 'school_year' ORDER BY 1",
        [database],
    ).fetchall()
    return [table for (table,) in rows if table not in NEVER_FROZEN]


def stage(place: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Lay out the closed years for the models about corrections; empty tables where none is closed."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS closed")
    connection.execute(
        "CREATE OR REPLACE TABLE closed.year (school_year VARCHAR, closed_at TIMESTAMPTZ, as_of_date DATE, "
        "build_id VARCHAR, checksum VARCHAR, first_checksum VARCHAR, rewritten_at TIMESTAMPTZ, "
        "rewritten_for VARCHAR)"
    )
    connection.execute(f"CREATE OR REPLACE TABLE closed.student_subject ({_STUDENT_SUBJECT})")
    for closed in verified(place):
        last: dict[str, str] = closed.rewritten[-1] if closed.rewritten else {}
        connection.execute(
            "INSERT INTO closed.year VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(closed.school_year, closed.closed_at, closed.as_of_date, closed.build_id),
                *(closed.checksum, closed.first_checksum, last.get("at"), last.get("why")),
            ],
        )
        connection.execute(f"ATTACH {quoted(file_of(place, closed.school_year))} AS frozen (READ_ONLY)")
        connection.execute(f"INSERT INTO closed.student_subject BY NAME {_FROZEN_ROWS}")
        connection.execute("DETACH frozen")


_STUDENT_SUBJECT = """
    as_of_date DATE, school_year VARCHAR, county_number VARCHAR, school_id VARCHAR, student_key VARCHAR,
    subject_code VARCHAR, status VARCHAR, requirement_basis VARCHAR, decision_id VARCHAR,
    required_minutes INTEGER, offered_minutes INTEGER, projected_minutes INTEGER, missing_minutes INTEGER,
    planned_minutes INTEGER, cancelled_minutes INTEGER, diverted_minutes INTEGER, made_up_minutes INTEGER,
    remaining_minutes INTEGER, absent_minutes INTEGER, membership_print VARCHAR"""
_FROZEN_ROWS = """
    SELECT c.as_of_date, c.school_year, c.county_number, c.school_id, c.student_key, c.subject_code, c.status,
        c.requirement_basis, d.decision_id, c.required_minutes, c.offered_minutes, c.projected_minutes,
        c.missing_minutes, c.scheduled_minutes - c.outside_membership_minutes AS planned_minutes,
        c.cancelled_minutes, c.diverted_minutes, c.made_up_minutes, c.remaining_minutes,
        c.offered_minutes - c.attended_minutes AS absent_minutes, d.membership_print
    FROM frozen.marts.student_subject_coverage AS c
    JOIN frozen.marts.student_subject_detail AS d USING (school_year, student_key, subject_code)"""


def splice(place: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """In a file about to be published, put each closed year's rows in the place of what was computed anew.

    A table that came after a year was closed has nothing of that year: what it would say nobody has seen.
    """
    (published,) = connection.execute("SELECT current_database()").fetchall()[0]
    for closed in verified(place):
        connection.execute(f"ATTACH {quoted(file_of(place, closed.school_year))} AS frozen (READ_ONLY)")
        for table in tables_by_year(connection, published):
            connection.execute(f'DELETE FROM marts."{table}" WHERE school_year = ?', [closed.school_year])
            columns = _shared_columns(connection, table)
            if columns:
                connection.execute(
                    f'INSERT INTO marts."{table}" BY NAME SELECT {columns} FROM frozen.marts."{table}"'
                )
        connection.execute("DETACH frozen")


def _shared_columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Columns that the table had when the year was closed and has today; none where it was not there."""
    rows = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'marts' AND table_name = ? "
        "GROUP BY column_name HAVING count(*) FILTER (database_name = 'frozen') > 0 "
        "AND count(*) FILTER (database_name = current_database()) > 0",
        [table],
    ).fetchall()
    return ", ".join(f'"{name}"' for (name,) in rows)


def noted(closed: Closed, file: Path, why: str) -> Closed:
    """The note of a closed year whose file was written anew for privacy's sake."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(closed, checksum=checksum(file), rewritten=[*closed.rewritten, {"at": at, "why": why}])
