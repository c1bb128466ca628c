"""One table of a batch into landing: what is new, what is known, what yields, what has gone."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from ingest.accounting import Accounts
from ingest.confirmation import SHEET, confirmed_join, fate_cases, remember_answered
from ingest.contract import TABLES
from ingest.departure import recall_yielded, remove_absent, remove_deleted
from ingest.quarantine import (
    resolve_covered,
    resolve_delivered_anew,
    set_aside_orphans,
    set_aside_shares,
    take_back,
)
from ingest.references import school_join
from ingest.snapshots import leave_out_outdated, remember_snapshot

NEVER_DELETED = frozenset({"student", "subject"})


@dataclass(frozen=True)
class Task:
    """What this batch does to one table."""

    table: str
    delivered: bool
    replaces: bool
    by_school: bool
    deletes: bool


def merge(connection: duckdb.DuckDBPyConnection, task: Task, accounts: Accounts, shrunk: set[str]) -> None:
    """Bring `incoming` (typed, one row per key) into the table; `shrunk` gains it if rows went."""
    table = task.table
    if task.delivered:
        _remember_schools(connection, table)
        leave_out_outdated(connection, table, accounts)
        resolve_delivered_anew(connection, table)
        set_aside_orphans(connection, table, "incoming")
    if table == "lesson_subject":
        _touch_lessons(connection, "arriving")
    returned = take_back(connection, table)
    anew = task.delivered and not returned and is_empty(connection, table)
    if anew:
        _land_all(connection, table, accounts)
    elif task.delivered or returned:
        _land_some(connection, table, accounts, returned=bool(returned))
    gone = 0
    if task.delivered and task.replaces and not anew and table not in NEVER_DELETED:
        gone += remove_absent(connection, table, by_school=task.by_school)
    if task.deletes:
        gone += remove_deleted(connection, table, accounts)
    if gone:
        shrunk.add(table)
    if shrunk and (gone := gone + _set_aside_landed(connection, table, accounts, shrunk)):
        shrunk.add(table)
    if gone and recall_yielded(connection, table):
        _set_aside_landed(connection, table, accounts, None)
    if table == "lesson_subject" and set_aside_shares(connection):
        accounts.landed_no_longer(table, "overshared")
    if task.delivered and task.replaces:
        remember_snapshot(connection, table, by_school=task.by_school)
        resolve_covered(connection, table)


def _set_aside_landed(
    connection: duckdb.DuckDBPyConnection, table: str, accounts: Accounts, parents: set[str] | None
) -> int:
    """Move landed rows that have lost a parent to quarantine."""
    count = set_aside_orphans(connection, table, f'landing."{table}"', parents)
    if count:
        accounts.landed_no_longer(table, "orphan")
    return count


def is_empty(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether nothing stands in the table, so that nothing is to be compared."""
    standing = f'SELECT 1 FROM landing."{table}" UNION ALL SELECT 1 FROM yielded."{table}" LIMIT 1'
    return not connection.execute(standing).fetchall()


def _land_all(connection: duckdb.DuckDBPyConnection, table: str, accounts: Accounts) -> None:
    accounts.count("landed", table, "arriving")
    if table == "lesson":
        _touch_lessons(connection, "arriving")
    connection.execute(f'INSERT INTO landing."{table}" SELECT {_columns(table)} FROM arriving')


def _land_some(
    connection: duckdb.DuckDBPyConnection, table: str, accounts: Accounts, *, returned: bool
) -> None:
    if returned:
        _yield_among_incoming(connection, table, accounts)
    _judge(connection, table)
    for fate, rows in (
        ("landed", "judged WHERE fate = 'landed'"),
        ("unchanged", "judged WHERE fate = 'unchanged'"),
        ("superseded", "judged WHERE fate IN ('superseded', 'aside')"),
    ):
        accounts.count(fate, table, rows)
    if table == "lesson":
        _touch_lessons(connection, "judged WHERE fate = 'landed'")
        remember_answered(connection)
    _apply(connection, table)


def _columns(table: str) -> str:
    names = [f'"{name}"' for name in TABLES[table].columns()]
    return ", ".join([*names, "batch_id", "source_file", "source_row"])


def same_key(table: str, left: str, right: str) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in TABLES[table].primary_key())


def _touch_lessons(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Lessons whose declared shares must be weighed anew, where any wait."""
    connection.execute(
        f"""
        INSERT INTO touched_lesson SELECT lesson_id FROM (FROM {relation})
        SEMI JOIN (
            SELECT payload ->> 'lesson_id' AS lesson_id FROM landing.quarantine
            WHERE table_name = 'lesson_subject' AND resolved_at IS NULL
        ) USING (lesson_id)
        """
    )


def _remember_schools(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Which schools this batch covers, in this table and so far."""
    found = school_join(table, "i")
    if found is None:
        return
    school, join = found
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE found_school AS
        SELECT DISTINCT {school} AS school_id FROM incoming AS i {join} WHERE {school} IS NOT NULL
        """
    )
    connection.execute(
        """
        INSERT INTO scope_school SELECT school_id FROM found_school EXCEPT SELECT school_id FROM scope_school
        """
    )
    connection.execute(
        f"""
        INSERT INTO landing.batch_school
        SELECT DISTINCT batch_id, '{table}', school_id
        FROM this_batch, (FROM found_school UNION SELECT school_id FROM stated_school)
        """
    )


def _yield_among_incoming(connection: duckdb.DuckDBPyConnection, table: str, accounts: Accounts) -> None:
    """Rows taken back meet rows just delivered: one of each key goes on, the best source's newest."""
    key = ", ".join(TABLES[table].primary_key())
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE outdone AS
        SELECT i.* FROM arriving AS i JOIN origin AS o USING (batch_id)
        QUALIFY row_number() OVER (
            PARTITION BY {key} ORDER BY o.rank, o.age DESC, source_file, source_row
        ) > 1
        """
    )
    accounts.count("superseded", table, "outdone")
    connection.execute("DELETE FROM incoming WHERE rowid IN (SELECT place FROM outdone)")


def _judge(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Say of every incoming row whether it lands, is known already, or yields.

    `t` is what stands in landing under its key, `y` what its own source has said and had to yield.
    """
    key = TABLES[table].primary_key()
    content = [name for name in TABLES[table].columns() if name not in key]
    is_lesson = table == "lesson"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE judged AS
        SELECT {", ".join(f'i."{name}"' for name in key)}, i.batch_id, i.source_file, i.place, i.rank,
            t.rowid AS target, y.place AS yielded, o.scope IS DISTINCT FROM i.scope AS displaces, CASE
                {fate_cases() if is_lesson else ""}
                WHEN o.scope = i.scope AND o.age > i.age THEN 'superseded'
                WHEN o.scope = i.scope AND {_same(content, "t")} THEN 'unchanged'
                WHEN o.scope = i.scope THEN 'landed'
                WHEN y.age > i.age THEN 'superseded'
                WHEN t.rowid IS NULL THEN 'landed'
                WHEN i.rank < o.rank OR (i.rank = o.rank AND i.age > o.age) THEN 'landed'
                WHEN y.place IS NOT NULL AND {_same(content, "y")} THEN 'superseded'
                ELSE 'aside'
            END AS fate
        FROM (
            SELECT a.*, io.rank, io.age, io.scope FROM arriving AS a JOIN origin AS io USING (batch_id)
        ) AS i
        LEFT JOIN landing."{table}" AS t ON {same_key(table, "t", "i")}
        LEFT JOIN origin AS o ON o.batch_id = t.batch_id
        LEFT JOIN (
            SELECT y.*, y.rowid AS place, yo.age, yo.scope
            FROM yielded."{table}" AS y JOIN origin AS yo USING (batch_id)
        ) AS y ON {same_key(table, "y", "i")} AND y.scope = i.scope
        {confirmed_join("t") if is_lesson else ""}
        """
    )


def _same(content: list[str], row: str) -> str:
    return " AND ".join(f"{row}.{name} IS NOT DISTINCT FROM i.{name}" for name in content) or "true"


def _apply(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    names = _columns(table)
    landed = "SELECT {} FROM judged WHERE fate = 'landed'"
    spent = (
        f"AND batch_id NOT IN (SELECT batch_id FROM origin WHERE rank = {SHEET})" if table == "lesson" else ""
    )
    statements = [
        # A row that a better source's row takes the place of waits, and returns when that row goes.
        f'INSERT INTO yielded."{table}" SELECT {names} FROM landing."{table}" '
        f"WHERE rowid IN ({landed.format('target')} AND displaces) {spent}",
        f'DELETE FROM landing."{table}" WHERE rowid IN ({landed.format("target")})',
        f'DELETE FROM yielded."{table}" WHERE rowid IN '
        "(SELECT yielded FROM judged WHERE fate IN ('landed', 'aside'))",
        f'INSERT INTO landing."{table}" SELECT {names} FROM arriving '
        f"WHERE place IN ({landed.format('place')})",
        f'INSERT INTO yielded."{table}" SELECT {names} FROM arriving '
        "WHERE place IN (SELECT place FROM judged WHERE fate = 'aside')",
        # A change that only says again what stands is still the newest word on it.
        f'UPDATE landing."{table}" AS t SET batch_id = a.batch_id, source_file = a.source_file, '
        "source_row = a.source_row FROM judged AS j, arriving AS a, this_batch AS b "
        "WHERE t.rowid = j.target AND NOT j.displaces AND j.fate = 'unchanged' AND a.place = j.place "
        "AND b.kind = 'delta' AND a.batch_id = b.batch_id",
    ]
    for statement in statements:
        connection.execute(statement)
