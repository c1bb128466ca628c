"""One school of one publication in memory, and what its models say when something in it is changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.bridge import quoted
from scenario.chain import CHANGED, FROZEN
from scenario.change import Applied, Change, Frame, apply
from scenario.store import SCHEMA

MEMORY, THREADS = "512MB", 2
ANSWERS = ("student_subject_coverage", "student_coverage")
_KEYS = "school_year, county_number, school_id, student_key"


class UnavailableError(Exception):
    """Nothing lies ahead at the school, or its rows do not give the published figures back."""


class School:
    """The rows laid out for one school; every question starts from them and leaves them as they were."""

    def __init__(self, file: Path, school_id: str) -> None:
        self.school_id = school_id
        self._lock = threading.Lock()
        self._connection = duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": MEMORY})
        self._connection.execute("SET TimeZone = 'UTC'")
        self._load(file)
        self.frame = self._frame()
        years = self._connection.execute(
            "SELECT DISTINCT school_year FROM coverage.entitled_enrolment"
        ).fetchall()
        self.years = frozenset(year for (year,) in years)
        with self._computed(None) as (connection, _):
            if _differing(connection):
                raise UnavailableError("what is computed from the school's rows is not what was published")

    @contextmanager
    def after(self, change: Change | None) -> Iterator[tuple[duckdb.DuckDBPyConnection, Applied]]:
        """A connection on which `marts.student_what_if` holds the answer for as long as the block lasts."""
        with self._computed(change) as (connection, applied):
            yield connection, applied

    @contextmanager
    def rows(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The school's staged rows as they were published."""
        with self._lock:
            yield self._connection

    @contextmanager
    def _computed(self, change: Change | None) -> Iterator[tuple[duckdb.DuckDBPyConnection, Applied]]:
        with self._lock:
            connection = self._connection
            connection.begin()
            try:
                applied = apply(connection, change, self.frame) if change else Applied()
                for statement in self._chain:
                    connection.execute(statement)
                for statement in _COMPARED:
                    connection.execute(statement)
                yield connection, applied
            finally:
                connection.rollback()

    def _load(self, file: Path) -> None:
        connection = self._connection
        connection.execute(f"ATTACH {quoted(file)} AS published (READ_ONLY)")
        try:
            models = connection.execute(
                f"SELECT schema_name, name, is_view, sql FROM published.{SCHEMA}.model ORDER BY place"
            ).fetchall()
        except duckdb.CatalogException as none:
            raise UnavailableError("published by a version without scenarios") from none
        self._chain = [
            f'CREATE {"VIEW" if is_view else "TABLE"} {schema}."{name}" AS {sql}'
            for schema, name, is_view, sql in models
        ]
        connection.execute("ATTACH ':memory:' AS warehouse")
        connection.execute("USE warehouse")
        for schema in ("staging", "coverage", "marts", "before"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for name in FROZEN:
            schema = "staging" if name.startswith("stg_") else "coverage"
            connection.execute(f"CREATE TABLE {schema}.{name} AS {self._own(name)}")
        connection.execute(
            f"CREATE TABLE staging.stg_group_membership AS {self._own('stg_group_membership')}"
        )
        connection.execute(f"CREATE TABLE staging.stg_lesson_subject AS {self._own('lesson_share')}")
        connection.execute(f"CREATE TABLE lesson AS {self._own('lesson')}")
        connection.execute(f"CREATE TABLE constellation AS {self._own('constellation')}")
        connection.execute(f"CREATE TABLE lesson_leader AS {self._own('lesson_leader')}")
        connection.execute(
            "CREATE TABLE staging.stg_lesson AS SELECT * EXCLUDE (constellation_no) FROM lesson"
        )
        connection.execute(
            "CREATE TABLE staging.stg_lesson_group AS SELECT lesson_id, group_id "
            "FROM lesson JOIN constellation USING (constellation_no)"
        )
        connection.execute("DROP TABLE lesson; DROP TABLE constellation")
        connection.execute(
            "CREATE TABLE own_group AS SELECT group_id FROM staging.stg_teaching_group WHERE school_id = ?",
            [self.school_id],
        )
        years = "school_year IN (SELECT school_year FROM coverage.entitled_enrolment)"
        for name in (*ANSWERS, "student_subject_detail"):
            schema = "before" if name in ANSWERS else "marts"
            connection.execute(
                f"CREATE TABLE {schema}.{name} AS FROM published.marts.{name} "
                f"WHERE school_id = {quoted(self.school_id)} AND {years}"
            )
        for name in ("school", "county", "subject"):
            connection.execute(f"CREATE TABLE marts.{name} AS FROM published.marts.{name}")
        connection.execute("DETACH published")

    def _own(self, name: str) -> str:
        return (
            f"SELECT * EXCLUDE (for_school) FROM published.{SCHEMA}.{name} "
            f"WHERE for_school = {quoted(self.school_id)}"
            + (" OR for_school IS NULL" if name in FROZEN and name not in CHANGED else "")
        )

    def _frame(self) -> Frame:
        row = self._connection.execute(
            "SELECT (SELECT max(as_of_date) FROM before.student_subject_coverage), "
            "max(timezone('Europe/Oslo', starts_at)::date) FROM staging.stg_lesson "
            "JOIN staging.stg_lesson_group USING (lesson_id) JOIN own_group USING (group_id)"
        ).fetchall()[0]
        if row[0] is None or row[1] is None or row[1] <= row[0]:
            raise UnavailableError("no lesson lies ahead")
        return Frame(self.school_id, *row)


_COMPARED = (
    f"""
    CREATE TABLE marts.student_what_if AS
    SELECT {_KEYS}, subject_code, was.status AS status_before, now.status AS status,
        was.required_minutes AS required_before, now.required_minutes AS required_minutes,
        was.projected_minutes AS projected_before, now.projected_minutes AS projected_minutes,
        was.missing_minutes AS missing_before, now.missing_minutes AS missing_minutes
    FROM before.student_subject_coverage AS was
    FULL JOIN marts.student_subject_coverage AS now USING ({_KEYS}, subject_code)
    """,
    f"""
    CREATE TABLE marts.student_what_if_whole AS
    SELECT {_KEYS}, was.status AS status_before, now.status AS status
    FROM before.student_coverage AS was FULL JOIN marts.student_coverage AS now USING ({_KEYS})
    """,
)


def _differing(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether any row of the answer, in any column, is not the published one."""
    for name in ANSWERS:
        columns = ", ".join(
            column for (column, *_) in connection.execute(f"DESCRIBE before.{name}").fetchall()
        )
        was, now = (f"SELECT {columns} FROM {schema}.{name}" for schema in ("before", "marts"))
        if connection.execute(
            f"SELECT 1 FROM (({was} EXCEPT ALL {now}) UNION ALL ({now} EXCEPT ALL {was})) LIMIT 1"
        ).fetchall():
            return True
    return False
