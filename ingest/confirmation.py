"""A confirmed lesson rides on the row it answers for, and goes with it.

A confirmation sheet says how a lesson went that no register knows of. Its row takes the place of the row it
answers for, whatever source that came from. It stands while that source, or a better one, still says the same
occasion is only timetabled. Once such a source says more (another time or school or subject, held, or
cancelled) that holds, and the confirmation is spent: an old answer never hides what has happened since.
"""

from __future__ import annotations

import duckdb

from ingest.precedence import rank_of

SHEET = rank_of("sheet")
# What makes it the same occasion; how it went and who led it is what was asked.
_OCCASION = ("school_id", "starts_at", "ends_at", "replaces_lesson_id", "subject_code")


def confirmed_join(row: str) -> str:
    """SQL that joins `c`, the confirmation that a lesson row is, and `base`, the batch it answers for."""
    return f"""
        LEFT JOIN landing.lesson_confirmation AS c
            ON c.lesson_id = {row}.lesson_id AND c.batch_id = {row}.batch_id
        LEFT JOIN origin AS base ON base.batch_id = c.confirmed_batch_id
    """


def answered_for(table: str, row: str) -> str:
    """SQL that joins `o`, the batch whose snapshots decide whether a row is still there."""
    if table != "lesson":
        return f"JOIN origin AS o ON o.batch_id = {row}.batch_id"
    return f"""
        LEFT JOIN landing.lesson_confirmation AS c
            ON c.lesson_id = {row}.lesson_id AND c.batch_id = {row}.batch_id
        JOIN origin AS o ON o.batch_id = coalesce(c.confirmed_batch_id, {row}.batch_id)
    """


def fate_cases() -> str:
    """SQL cases for what becomes of an incoming lesson `i` where `t` (of batch `o`) stands."""
    same = " AND ".join(f"t.{name} IS NOT DISTINCT FROM i.{name}" for name in _OCCASION)
    return f"""
        WHEN i.rank = {SHEET} AND o.rank <> {SHEET} THEN 'landed'
        WHEN i.rank <> {SHEET} AND base.rank IS NOT NULL THEN CASE
            WHEN i.age < o.age OR i.rank > base.rank THEN 'superseded'
            WHEN i.status = 'timetabled' AND {same} THEN 'superseded'
            ELSE 'landed'
        END
    """


def remember_answered(connection: duckdb.DuckDBPyConnection) -> None:
    """Note which row each confirmation about to land answers for: after judging, before the rows change."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE answered AS
        SELECT j.lesson_id, j.batch_id, coalesce(c.confirmed_batch_id, t.batch_id) AS confirmed_batch_id
        FROM judged AS j
        JOIN landing.lesson AS t ON t.rowid = j.target
        LEFT JOIN landing.lesson_confirmation AS c ON c.lesson_id = t.lesson_id AND c.batch_id = t.batch_id
        WHERE j.fate = 'landed' AND j.rank = {SHEET}
        """
    )
    connection.execute(
        "DELETE FROM landing.lesson_confirmation WHERE lesson_id IN "
        "(SELECT lesson_id FROM judged WHERE fate = 'landed')"
    )
    connection.execute("INSERT INTO landing.lesson_confirmation BY NAME SELECT * FROM answered")
