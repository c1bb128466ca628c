"""Rows that go: dropped by a snapshot or deleted by a delta; and rows that return in their place."""

from __future__ import annotations

import duckdb

from ingest.accounting import Accounts
from ingest.confirmation import answered_for
from ingest.contract import TABLES
from ingest.contract.ddl import sql_type
from ingest.references import school_join
from ingest.snapshots import EVERYWHERE, key_hash

REMOVED = "removed from timetable"
_OF_A_LESSON = frozenset({"lesson_group", "lesson_subject", "lesson_teacher"})
_REMOVED_LESSONS = f"SELECT lesson_id FROM landing.lesson WHERE status = 'cancelled' AND cause = '{REMOVED}'"


def remove_absent(connection: duckdb.DuckDBPyConnection, table: str, *, by_school: bool) -> int:
    """Delete what a full snapshot no longer has in its scope; a lesson ahead becomes cancelled instead.

    A row that came but cannot be read keeps what stood: it is bad, not gone.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE present AS
        SELECT {key_hash(table, "a")} AS key_hash FROM arriving AS a JOIN this_batch USING (batch_id)
        UNION ALL
        SELECT md5(concat_ws(chr(31), {_payload_key(table)})) FROM landing.quarantine AS q JOIN this_batch
            USING (batch_id)
        WHERE q.table_name = '{table}' AND NOT q.is_orphan AND q.payload IS NOT NULL
        """
    )
    kept = f"AND t.lesson_id NOT IN ({_REMOVED_LESSONS})" if table in _OF_A_LESSON else ""
    for schema in ("landing", "yielded"):
        join, within = _scope(table, by_school=by_school)
        joined = answered_for(table, "t") if schema == "landing" else _ORIGIN
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE absent_{schema} AS
            SELECT t.*, t.rowid AS place FROM {schema}."{table}" AS t {joined} {join}, this_batch AS b
            WHERE o.in_scope AND o.age < b.age {within} {kept}
                AND {key_hash(table, "t")} NOT IN (FROM present)
                AND '{EVERYWHERE}' NOT IN (FROM newer_school)
            """
        )
    if table == "lesson":
        _cancel_removed(connection)
    for schema in ("landing", "yielded"):
        connection.execute(
            f'DELETE FROM {schema}."{table}" WHERE rowid IN (SELECT place FROM absent_{schema})'
        )
    return _count(connection, "absent_landing")


_ORIGIN = "JOIN origin AS o ON o.batch_id = t.batch_id"


def _payload_key(table: str) -> str:
    return ", ".join(f"(q.payload ->> '{name}')" for name in TABLES[table].primary_key())


def _scope(table: str, *, by_school: bool) -> tuple[str, str]:
    """SQL that limits rows `t` to the schools this batch covers, and no later one has."""
    found = school_join(table, "t")
    if not by_school or not found:
        return "", ""
    school, parent = found
    join = f"{parent} LEFT JOIN scope_school AS s ON s.school_id = {school}"
    # A row whose parent this snapshot has just removed has lost its school; it goes with its parent.
    within = (
        f"AND (s.school_id IS NOT NULL OR {school} IS NULL) "
        f"AND coalesce({school} NOT IN (FROM newer_school), true)"
    )
    return join, within


def _cancel_removed(connection: duckdb.DuckDBPyConnection) -> None:
    """A lesson FINT drops while it still lies ahead was called off, and stays known as such."""
    connection.execute(
        f"""
        UPDATE landing.lesson SET status = 'cancelled', cause = '{REMOVED}'
        FROM this_batch
        WHERE this_batch.source = 'fint' AND lesson.starts_at > this_batch.extracted_at
            AND lesson.rowid IN (SELECT place FROM absent_landing)
        """
    )
    connection.execute(f"DELETE FROM absent_landing WHERE lesson_id IN ({_REMOVED_LESSONS})")


def lay_out_deletions(connection: duckdb.DuckDBPyConnection, table: str, relations: list[str]) -> None:
    """Fill `deleting` with the keys a delta says are gone."""
    key = {name: sql_type(TABLES[table].columns()[name]) for name in TABLES[table].primary_key()}
    columns = ", ".join(f'"{name}" {dtype}' for name, dtype in key.items())
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE deleting (
            {columns}, source_file VARCHAR, source_row BIGINT, batch_id VARCHAR, found BOOLEAN
        )
        """
    )
    names = ", ".join(f'"{name}"' for name in key)
    for relation in relations:
        connection.execute(
            f"INSERT INTO deleting SELECT {names}, source_file, source_row, b.batch_id, false "
            f"FROM {relation}, this_batch AS b"
        )


def remove_deleted(connection: duckdb.DuckDBPyConnection, table: str, accounts: Accounts) -> int:
    """Delete the rows of this source that a delta says are gone, waiting ones too, and remember it."""
    hashed = key_hash(table, "t")
    wanted = f"SELECT {key_hash(table, 'd')} FROM deleting AS d"
    newer = f"'{EVERYWHERE}' NOT IN (FROM newer_school)"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE going AS
        SELECT 'landing' AS home, t.rowid AS place, {hashed} AS key_hash
        FROM landing."{table}" AS t {_ORIGIN}, this_batch AS b
        WHERE o.in_scope AND o.age <= b.age AND {newer} AND {hashed} IN ({wanted})
        UNION ALL
        SELECT 'yielded', t.rowid, {hashed} FROM yielded."{table}" AS t {_ORIGIN}, this_batch AS b
        WHERE o.in_scope AND o.age <= b.age AND {newer} AND {hashed} IN ({wanted})
        UNION ALL
        SELECT 'quarantine', q.rowid, md5(concat_ws(chr(31), {_payload_key(table)}))
        FROM landing.quarantine AS q JOIN origin AS o ON o.batch_id = q.batch_id, this_batch AS b
        WHERE q.table_name = '{table}' AND q.resolved_at IS NULL AND o.in_scope AND o.age <= b.age AND {newer}
            AND md5(concat_ws(chr(31), {_payload_key(table)})) IN ({wanted})
        """
    )
    connection.execute(f"UPDATE deleting AS t SET found = {hashed} IN (SELECT key_hash FROM going)")
    # Of two lines that say the same is gone, the first found it.
    connection.execute(
        f"""
        UPDATE deleting SET found = false WHERE rowid IN (
            SELECT t.rowid FROM deleting AS t
            QUALIFY row_number() OVER (PARTITION BY {hashed} ORDER BY source_file, source_row) > 1
        )
        """
    )
    accounts.deleted(table, "deleting")
    for schema in ("landing", "yielded"):
        connection.execute(
            f'DELETE FROM {schema}."{table}" WHERE rowid IN '
            f"(SELECT place FROM going WHERE home = '{schema}')"
        )
    connection.execute(
        "UPDATE landing.quarantine SET resolved_at = (SELECT loaded_at FROM this_batch) "
        "WHERE rowid IN (SELECT place FROM going WHERE home = 'quarantine')"
    )
    connection.execute(
        f"""
        INSERT INTO landing.deletion
        SELECT DISTINCT source, county_number, '{table}', {key_hash(table, "d")}, b.batch_id
        FROM deleting AS d, this_batch AS b
        """
    )
    return _count(connection, "going WHERE home = 'landing'")


def recall_yielded(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows that had to yield return where the better row has gone; how many."""
    if not connection.execute(f'SELECT 1 FROM yielded."{table}" LIMIT 1').fetchall():
        return 0
    key = ", ".join(f'y."{name}"' for name in TABLES[table].primary_key())
    same = " AND ".join(f't."{name}" = y."{name}"' for name in TABLES[table].primary_key())
    names = ", ".join(
        [*(f'"{name}"' for name in TABLES[table].columns()), "batch_id, source_file, source_row"]
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE recalled AS
        SELECT y.*, y.rowid AS place FROM yielded."{table}" AS y JOIN origin AS o ON o.batch_id = y.batch_id
        ANTI JOIN landing."{table}" AS t ON {same}
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY o.rank, o.age DESC) = 1
        """
    )
    connection.execute(f'INSERT INTO landing."{table}" SELECT {names} FROM recalled')
    connection.execute(f'DELETE FROM yielded."{table}" WHERE rowid IN (SELECT place FROM recalled)')
    return _count(connection, "recalled")


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
