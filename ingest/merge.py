"""One table of a batch into landing: what is new, what is known, what yields, what has gone."""

from __future__ import annotations

import duckdb

from ingest.confirmation import answered_for, confirmed_join, fate_cases, remember_answered
from ingest.contract import TABLES
from ingest.quarantine import (
    resolve_delivered_anew,
    resolve_scope,
    set_aside_orphans,
    set_aside_shares,
    take_back,
)
from ingest.references import school_join

NEVER_DELETED = frozenset({"student", "subject"})
REMOVED = "removed from timetable"
_OF_A_LESSON = frozenset({"lesson_group", "lesson_subject", "lesson_teacher"})
_REMOVED_LESSONS = f"SELECT lesson_id FROM landing.lesson WHERE status = 'cancelled' AND cause = '{REMOVED}'"


def merge(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    *,
    delivered: bool,
    replaces: bool,
    by_school: bool,
    shrunk: set[str],
) -> None:
    """Bring `incoming` (typed, one row per key, ranked) into the table; `shrunk` gains it if rows went."""
    if delivered:
        resolve_delivered_anew(connection, table)
        set_aside_orphans(connection, table, "incoming")
        _remember_schools(connection, table)
        if replaces:
            resolve_scope(connection, table, by_school=by_school)
    if table == "lesson_subject":
        _touch_lessons(connection, "incoming")
    returned = take_back(connection, table)
    if returned:
        _yield_among_incoming(connection, table)
    _judge(connection, table)
    if returned:
        _judge_outdone(connection)
    if table == "lesson":
        _touch_lessons(connection, "judged WHERE fate = 'landed'")
        remember_answered(connection)
    _apply(connection, table)
    deletes = delivered and replaces and table not in NEVER_DELETED
    if deletes and _remove_absent(connection, table, by_school=by_school):
        shrunk.add(table)
    if shrunk and set_aside_orphans(connection, table, f'landing."{table}"', shrunk):
        shrunk.add(table)
    if table == "lesson_subject":
        set_aside_shares(connection)


def _same(names: list[str], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in names)


def _touch_lessons(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Lessons whose declared shares must be weighed anew."""
    connection.execute(f"INSERT INTO touched_lesson SELECT lesson_id FROM {relation}")


def _remember_schools(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Which schools this batch covers, in this table and so far."""
    found = school_join(table, "i")
    if found is None:
        return
    school, join = found
    connection.execute(
        f"""
        INSERT INTO scope_school
        SELECT DISTINCT {school} FROM incoming AS i {join} WHERE {school} IS NOT NULL
        EXCEPT SELECT school_id FROM scope_school
        """
    )
    connection.execute(
        f"""
        INSERT INTO landing.batch_school
        SELECT DISTINCT batch_id, '{table}', school_id
        FROM this_batch, (
            SELECT {school} AS school_id FROM incoming AS i {join} UNION SELECT school_id FROM stated_school
        )
        WHERE school_id IS NOT NULL
        """
    )


def _yield_among_incoming(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Rows taken back meet rows just delivered: one of each key goes on, the best source's newest."""
    key = ", ".join(TABLES[table].primary_key())
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE outdone AS
        SELECT *, rowid AS place FROM incoming
        QUALIFY row_number() OVER (
            PARTITION BY {key} ORDER BY rank, loaded_at DESC, source_file, source_row
        ) > 1
        """
    )
    connection.execute("DELETE FROM incoming WHERE rowid IN (SELECT place FROM outdone)")


def _judge(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Say of every incoming row whether it lands, is known already, or yields to a better source."""
    key = TABLES[table].primary_key()
    content = [name for name in TABLES[table].columns() if name not in key]
    same = " AND ".join(f"t.{name} IS NOT DISTINCT FROM i.{name}" for name in content) or "true"
    is_lesson = table == "lesson"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE judged AS
        SELECT i.*, t.rowid AS target, CASE
            WHEN t.rowid IS NULL THEN 'landed'
            {fate_cases() if is_lesson else ""}
            WHEN o.rank < i.rank OR (o.rank = i.rank AND o.loaded_at > i.loaded_at) THEN 'superseded'
            WHEN o.rank = i.rank AND {same} THEN 'unchanged'
            ELSE 'landed'
        END AS fate
        FROM incoming AS i
        LEFT JOIN landing."{table}" AS t ON {_same(key, "t", "i")}
        LEFT JOIN origin AS o ON o.batch_id = t.batch_id
        {confirmed_join("t") if is_lesson else ""}
        """
    )


def _judge_outdone(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "INSERT INTO judged BY NAME SELECT * EXCLUDE (place), 'superseded' AS fate FROM outdone"
    )


def _apply(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    names = ", ".join(TABLES[table].columns())
    connection.execute(
        f"""
        DELETE FROM landing."{table}" WHERE rowid IN (
            SELECT target FROM judged WHERE fate = 'landed' AND target IS NOT NULL
        )
        """
    )
    connection.execute(
        f"""
        INSERT INTO landing."{table}"
        SELECT {names}, batch_id, source_file, source_row FROM judged WHERE fate = 'landed'
        """
    )


def _remove_absent(connection: duckdb.DuckDBPyConnection, table: str, *, by_school: bool) -> int:
    """Delete what a full snapshot no longer has in its scope; a lesson ahead becomes cancelled instead."""
    found = school_join(table, "t")
    join, within = "", ""
    if by_school and found:
        school, parent = found
        join = f"{parent} LEFT JOIN scope_school AS s ON s.school_id = {school}"
        # A row whose parent this snapshot has just removed has lost its school; it goes with its parent.
        within = f"AND (s.school_id IS NOT NULL OR {school} IS NULL)"
    kept = f"AND t.lesson_id NOT IN ({_REMOVED_LESSONS})" if table in _OF_A_LESSON else ""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE absent_row AS
        SELECT t.*, t.rowid AS place
        FROM landing."{table}" AS t
        {answered_for(table, "t")}
        {join}
        ANTI JOIN (SELECT * FROM judged WHERE loaded_at = (SELECT loaded_at FROM this_batch)) AS i
            ON {_same(TABLES[table].primary_key(), "t", "i")}
        WHERE o.in_scope {within} {kept}
        """
    )
    if table == "lesson":
        _cancel_removed(connection)
    connection.execute(f'DELETE FROM landing."{table}" WHERE rowid IN (SELECT place FROM absent_row)')
    return int(connection.execute("SELECT count(*) FROM absent_row").fetchall()[0][0])


def _cancel_removed(connection: duckdb.DuckDBPyConnection) -> None:
    """A lesson FINT drops while it still lies ahead was called off, and stays known as such."""
    connection.execute(
        f"""
        UPDATE landing.lesson SET status = 'cancelled', cause = '{REMOVED}'
        FROM this_batch
        WHERE this_batch.source = 'fint' AND lesson.starts_at > this_batch.extracted_at
            AND lesson.rowid IN (SELECT place FROM absent_row)
        """
    )
    connection.execute(f"DELETE FROM absent_row WHERE lesson_id IN ({_REMOVED_LESSONS})")
