"""Which rows of the warehouse are about students, or school years, that are to go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import polars as pl

from ingest import erased
from ingest.bridge import quoted, store
from ingest.contract import TABLES
from ingest.erased import any_of, first_day
from ingest.privacy import PERSON, PSEUDONYM_COLUMNS

# Where rows of landing tables stand: those that rule, and those that wait behind a better source's.
LANDED = ("landing", "yielded")
# Rows about staff that belong to no school year's groups or lessons go by their last day.
LAST_DAY = {"training": "coalesce(completed_on, due_on)", "role_assignment": "valid_to"}
_KEYED_BY_PERSON = sorted(
    table for table, schema in TABLES.items() if PSEUDONYM_COLUMNS & set(schema.primary_key())
)


@dataclass(frozen=True)
class Gone:
    """Some students, or everything before a school year."""

    students: frozenset[str] = frozenset()
    before: str | None = None
    threshold: int = 0
    """Yearly totals of a school about fewer students than this go with their year."""


def mark(connection: duckdb.DuckDBPyConnection, gone: Gone) -> None:
    """Fill a table `gone_<root>` for each root from the warehouse attached as `old`."""
    store(connection, "gone_student", pl.DataFrame({"id": sorted(gone.students)}, schema={"id": pl.String}))
    before = f"'{gone.before}'" if gone.before else "NULL"
    connection.execute(
        f"""
        INSERT INTO gone_student
        SELECT student_key FROM old.landing.enrolment
        GROUP BY student_key HAVING coalesce(max(school_year) < {before}, false)
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE gone_enrolment AS
        SELECT enrolment_id AS id FROM old.landing.enrolment
        WHERE student_key IN (SELECT id FROM gone_student) OR coalesce(school_year < {before}, false)
        UNION
        SELECT payload ->> 'enrolment_id' FROM old.landing.quarantine
        WHERE table_name = 'enrolment' AND (
            (payload ->> 'student_key') IN (SELECT id FROM gone_student)
            OR coalesce((payload ->> 'school_year') < {before}, false)
        )
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE gone_teaching_group AS
        SELECT group_id AS id FROM old.landing.teaching_group WHERE coalesce(school_year < {before}, false)
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE gone_lesson AS
        SELECT lesson_id AS id FROM old.landing.lesson WHERE {_before("starts_at", gone)}
        """
    )


def landing(table: str, gone: Gone) -> str:
    """SQL that holds for the rows of a landing table (as `r`) that go."""
    checks = erased.gone(table, "r")
    if table in LAST_DAY:
        checks.append(_before(LAST_DAY[table], gone))
    return any_of(checks)


def quarantine(gone: Gone) -> str:
    """SQL that holds for the quarantined rows (as `r`) whose content goes."""
    checks = erased.gone_payload("r")
    checks += [
        f"contains(concat(r.value, ' ', r.payload::VARCHAR), {quoted(PERSON + key)})"
        for key in sorted(gone.students)
    ]
    checks.append(_before("r.first_seen", gone))
    return any_of(checks)


def deletion(*, renamed: bool) -> str:
    """SQL that holds for the remembered deletions (as `r`) that go: of whom is gone, whose return is refused.

    The hash of a key with a pseudonym in it cannot be made anew without the key.
    """
    checks = [
        f"(r.table_name = '{root}' AND r.key_hash IN (SELECT md5(id) FROM gone_{root}))"
        for root in erased.ROOTS
    ]
    if renamed:
        checks.append(f"r.table_name IN ({', '.join(map(repr, _KEYED_BY_PERSON))})")
    return any_of(checks)


def history(columns: Iterable[str], gone: Gone) -> str:
    """SQL that holds for the rows (as `r`) of a history table with these columns that go."""
    year = f"r.school_year < '{gone.before}'" if gone.before else "false"
    if "student_key" in columns:
        return any_of(["r.student_key IN (SELECT id FROM gone_student)", year])
    if "students" in columns:
        return any_of([f"{year} AND r.students < {gone.threshold}"])
    return "false"


def counts(connection: duckdb.DuckDBPyConnection, gone: Gone) -> dict[str, int]:
    """How many rows go, by table, for the tables that lose any."""
    checks = {f"{schema}.{table}": landing(table, gone) for schema in LANDED for table in TABLES}
    checks["landing.quarantine"] = f"r.payload IS NOT NULL AND {quarantine(gone)}"
    for table in tables(connection, "history"):
        checks[f"history.{table}"] = history(columns(connection, "history", table), gone)
    found = {
        table: int(
            connection.execute(f"SELECT count(*) FROM old.{table} AS r WHERE {check}").fetchall()[0][0]
        )
        for table, check in checks.items()
    }
    return {table: count for table, count in found.items() if count}


def tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    """The tables of one schema of the old warehouse."""
    rows = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'old' AND schema_name = ? ORDER BY 1",
        [schema],
    ).fetchall()
    return [name for (name,) in rows]


def columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, str]:
    """Column → type of a table of the old warehouse."""
    rows = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = 'old' AND schema_name = ? AND table_name = ? ORDER BY column_index",
        [schema, table],
    ).fetchall()
    return dict(rows)


def _before(day: str, gone: Gone) -> str:
    """SQL for whether a day lies before the first school year that stays."""
    if not gone.before:
        return "false"
    return f"coalesce({day} < DATE '{first_day(gone.before)}', false)"
