"""The rows that did not land: kept with their reason, and taken back when the reason is gone.

A statement here reads three temporary tables of the running batch: `this_batch` (its row of
`landing.batch`), `origin` (rank and scope of every batch that ever landed) and `incoming`.
"""

from __future__ import annotations

import duckdb
import polars as pl

from ingest.bridge import store
from ingest.contract import TABLES, references
from ingest.contract.ddl import sql_type
from ingest.delivery import Rejection
from ingest.privacy import masked_texts
from ingest.references import is_orphan, known_school, missing_parent, orphan_rule

SHARES_RULE = "must, with the other shares, sum to at most the lesson"
_WAITING = "q.resolved_at IS NULL AND q.batch_id <> this_batch.batch_id"
_SAME_BATCH = "o.batch_id = q.batch_id"


def payload(table: str, row: str) -> str:
    """SQL for a landing row as JSON, every value as text, so that it comes back exactly."""
    fields = ", ".join(f"'{name}': {row}.{name}::VARCHAR" for name in TABLES[table].columns())
    return f"to_json({{{fields}}})"


def _value(table: str, column: str, row: str) -> str:
    """SQL for the value in the column that the SQL `column` names."""
    cases = " ".join(f"WHEN '{name}' THEN {row}.{name}::VARCHAR" for name in references(table))
    return f"CASE {column} {cases} END"


def keep_bad_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Quarantine rows that break a rule of their own."""
    if rows.is_empty():
        return
    store(connection, "bad_row", rows)
    connection.execute(
        f"""
        INSERT INTO landing.quarantine
        SELECT batch_id, source_file, source_row, '{table}', column_name, rule, value, false, payload,
            loaded_at, NULL
        FROM bad_row, this_batch
        """
    )


def keep_rejections(connection: duckdb.DuckDBPyConnection, rejections: list[Rejection]) -> None:
    """Quarantine what a source could not turn into landing rows."""
    texts = ("source_file", "table_name", "column_name", "rule", "value")
    rows = pl.DataFrame(
        [(r.source_file, r.table, r.column, r.rule, r.value, r.source_row) for r in rejections],
        schema=dict.fromkeys(texts, pl.String) | {"source_row": pl.Int64},
        orient="row",
    )
    # Sources mask too; nothing gets here in clear, whatever a new source forgets.
    store(connection, "rejection", rows.with_columns(masked_texts(rows["value"])))
    connection.execute(
        """
        INSERT INTO landing.quarantine
        SELECT batch_id, source_file, source_row, table_name, column_name, rule, value, false, NULL,
            loaded_at, NULL
        FROM rejection, this_batch
        """
    )


def set_aside_orphans(
    connection: duckdb.DuckDBPyConnection, table: str, relation: str, parents: set[str] | None = None
) -> int:
    """Move rows of `relation` that point at nothing (of `parents`) to quarantine; how many."""
    missing = missing_parent(table, "r", parents)
    if missing is None:
        return 0
    rows = "FROM arriving" if relation == "incoming" else f"SELECT *, rowid AS place FROM {relation}"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE orphan_place AS
        SELECT r.rowid AS place FROM {relation} AS r WHERE {is_orphan(table, "r", parents)}
        """
    )
    count = _count(connection, "orphan_place")
    if not count:
        return 0
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE orphan AS
        SELECT r.*, {missing} AS missing FROM ({rows}) AS r WHERE place IN (FROM orphan_place)
        """
    )
    connection.execute(
        f"""
        INSERT INTO landing.quarantine
        SELECT o.batch_id, o.source_file, o.source_row, '{table}', missing, {orphan_rule(table, "missing")},
            {_value(table, "missing", "o")}, true, {payload(table, "o")}, this_batch.loaded_at, NULL
        FROM orphan AS o, this_batch
        """
    )
    connection.execute(f"DELETE FROM {relation} WHERE rowid IN (FROM orphan_place)")
    return count


def set_aside_shares(connection: duckdb.DuckDBPyConnection) -> int:
    """Move the declared shares of a lesson to quarantine where they sum to more than the lesson; how many."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE overshared AS
        SELECT * FROM landing.lesson_subject WHERE lesson_id IN (
            SELECT lesson_id FROM landing.lesson_subject JOIN landing.lesson AS l USING (lesson_id)
            GROUP BY lesson_id, l.starts_at, l.ends_at
            HAVING sum(minutes) * 60 > date_diff('second', l.starts_at, l.ends_at)
        )
        """
    )
    connection.execute(
        f"""
        INSERT INTO landing.quarantine
        SELECT o.batch_id, o.source_file, o.source_row, 'lesson_subject', 'minutes', '{SHARES_RULE}',
            o.minutes::VARCHAR, false, {payload("lesson_subject", "o")}, this_batch.loaded_at, NULL
        FROM overshared AS o, this_batch
        """
    )
    connection.execute(
        "DELETE FROM landing.lesson_subject WHERE lesson_id IN (SELECT lesson_id FROM overshared)"
    )
    return _count(connection, "overshared")


def resolve_delivered_anew(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Close what waits under a key that this delivery brings again, from a source as good or better."""
    key = TABLES[table].primary_key()
    same_key = " AND ".join(f"(q.payload ->> '{name}') = i.{name}::VARCHAR" for name in key)
    connection.execute(
        f"""
        UPDATE landing.quarantine AS q SET resolved_at = b.loaded_at
        FROM incoming AS i, origin AS o, this_batch AS b
        WHERE q.table_name = '{table}' AND q.resolved_at IS NULL AND q.batch_id <> b.batch_id
            AND {_SAME_BATCH} AND {same_key}
            AND (b.rank < o.rank OR (b.rank = o.rank AND b.age > o.age))
        """
    )


def resolve_covered(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Close what waits although a later snapshot of its scope has come: that says it anew or drops it.

    This is the one rule for what is still waiting: `resolved_at` says it, and all others read that. The
    scope is the row's school, known by itself or by a parent; where nobody knows it, every school of its
    delivery must have come again since.
    """
    later = """
        SELECT 1 FROM landing.snapshot AS s JOIN origin AS so ON so.batch_id = s.batch_id
        WHERE s.table_name = w.table_name AND so.scope = w.scope AND so.age > w.age
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE waiting_row AS
        SELECT q.rowid AS place, q.table_name, q.batch_id, o.scope, o.age,
            {known_school(table, "q.payload")} AS school_id
        FROM landing.quarantine AS q JOIN origin AS o ON {_SAME_BATCH}
        WHERE q.table_name = '{table}' AND q.resolved_at IS NULL
        """
    )
    connection.execute(
        f"""
        UPDATE landing.quarantine SET resolved_at = (SELECT loaded_at FROM this_batch)
        WHERE rowid IN (
            SELECT place FROM waiting_row AS w
            WHERE EXISTS ({later} AND s.school_id IN ('*', w.school_id))
                OR (w.school_id IS NULL AND EXISTS ({later}) AND NOT EXISTS (
                    SELECT 1 FROM landing.batch_school AS c
                    WHERE c.batch_id = w.batch_id AND c.table_name = w.table_name
                        AND NOT EXISTS ({later} AND s.school_id = c.school_id)
                ))
        )
        """
    )


def take_back(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Add rows that need wait no longer to `incoming`; how many.

    They are orphans whose parents have landed, and shares of a lesson that this batch touches.
    """
    columns = ", ".join(
        f"(q.payload ->> '{name}')::{sql_type(column)} AS {name}"
        for name, column in TABLES[table].columns().items()
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE candidate AS
        SELECT *, {missing_parent(table, "r") or "NULL::VARCHAR"} AS missing FROM (
            SELECT {columns}, q.batch_id, q.source_file, q.source_row, q.rowid AS place
            FROM landing.quarantine AS q, this_batch, origin AS o
            WHERE q.table_name = '{table}' AND {_WAITING} AND {_SAME_BATCH} AND (
                q.is_orphan OR q.rule = '{SHARES_RULE}'
                AND (q.payload ->> 'lesson_id') IN (SELECT lesson_id FROM touched_lesson)
            )
        ) AS r
        """
    )
    _say_what_is_missing_now(connection, table)
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE taken_back AS
        SELECT * EXCLUDE (missing) FROM candidate WHERE missing IS NULL
        """
    )
    count = _count(connection, "taken_back")
    if count:
        connection.execute(
            """
            UPDATE landing.quarantine SET resolved_at = (SELECT loaded_at FROM this_batch)
            WHERE rowid IN (SELECT place FROM taken_back)
            """
        )
        connection.execute("INSERT INTO incoming BY NAME SELECT * EXCLUDE (place) FROM taken_back")
    return count


def _say_what_is_missing_now(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """A row may wait for several parents; when one has landed, the next is what it waits for."""
    if not references(table):
        return
    connection.execute(
        f"""
        UPDATE landing.quarantine AS q
        SET column_name = missing, rule = {orphan_rule(table, "missing")},
            value = {_value(table, "missing", "c")}
        FROM candidate AS c
        WHERE q.rowid = c.place AND q.is_orphan AND c.missing <> q.column_name
        """
    )


def tables_waiting(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Tables with rows that may come back, or that this batch's lessons may send away."""
    rows = connection.execute(
        "SELECT DISTINCT table_name FROM landing.quarantine WHERE resolved_at IS NULL"
    ).fetchall()
    return {name for (name,) in rows} | {"lesson_subject"}


def take_over_repeated(connection: duckdb.DuckDBPyConnection) -> None:
    """A row that is bad again in the same way waits in the place of the earlier one, since its first day.

    What makes it the same is what it says, not where it stood: a bad row that comes every night waits once.
    The earlier one stays as its delivery's account has it, and is closed.
    """
    same = """
        SELECT q.rowid AS place, q.batch_id, q.first_seen, o.scope, q.table_name, q.rule,
            md5(
                coalesce(q.payload::VARCHAR, concat_ws('|', q.source_file, q.column_name, q.value))
            ) AS content
        FROM landing.quarantine AS q JOIN origin AS o ON o.batch_id = q.batch_id, this_batch AS b
        WHERE o.in_scope AND coalesce(q.resolved_at, b.loaded_at) = b.loaded_at
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE repeated AS
        WITH bad AS ({same})
        SELECT new.place, old.place AS earlier, old.first_seen
        FROM bad AS new JOIN this_batch AS b ON new.batch_id = b.batch_id
        JOIN bad AS old ON old.batch_id <> b.batch_id AND old.table_name = new.table_name
            AND old.rule = new.rule AND old.content = new.content
        """
    )
    connection.execute(
        """
        UPDATE landing.quarantine AS q SET first_seen = r.since
        FROM (SELECT place, min(first_seen) AS since FROM repeated GROUP BY place) AS r
        WHERE q.rowid = r.place
        """
    )
    connection.execute(
        """
        UPDATE landing.quarantine SET resolved_at = (SELECT loaded_at FROM this_batch)
        WHERE resolved_at IS NULL AND rowid IN (SELECT earlier FROM repeated)
        """
    )


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
