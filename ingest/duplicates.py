"""Rows of one delivery with the same key: one copy lands."""

from __future__ import annotations

import duckdb

from ingest.accounting import Accounts
from ingest.contract import TABLES
from ingest.quarantine import payload

CONFLICT = "must not contradict an earlier row with the same key"


def settle_copies(connection: duckdb.DuckDBPyConnection, table: str, accounts: Accounts) -> None:
    """Keep the first row of each key, in order of file and row, in `incoming`.

    A copy that says the same is superseded, one that contradicts is quarantined. Keys are first compared by
    a short hash, which finds the few rows worth a closer look.
    """
    key = TABLES[table].primary_key()
    names = ", ".join(key)
    hashed = f"(hash({names}) >> 32)::UINTEGER"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE repeated_hash AS
        SELECT {hashed} AS hashed FROM incoming GROUP BY hashed HAVING count(*) > 1
        """
    )
    if not connection.execute("SELECT 1 FROM repeated_hash LIMIT 1").fetchall():
        return
    content = [name for name in TABLES[table].columns() if name not in key]
    same = " AND ".join(f"{name} IS NOT DISTINCT FROM first_value({name}) OVER copies" for name in content)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE copied AS
        SELECT *, row_number() OVER copies AS nth, {same or "true"} AS says_the_same FROM arriving
        WHERE place IN (SELECT rowid FROM incoming WHERE {hashed} IN (SELECT hashed FROM repeated_hash))
        WINDOW copies AS (PARTITION BY {names} ORDER BY source_file, source_row)
        """
    )
    value = " || ', ' || ".join(f"c.{name}::VARCHAR" for name in key)
    connection.execute(
        f"""
        INSERT INTO landing.quarantine
        SELECT c.batch_id, source_file, source_row, '{table}', '{names}', '{CONFLICT}', {value}, false,
            {payload(table, "c")}, loaded_at, NULL
        FROM copied AS c, this_batch WHERE nth > 1 AND NOT says_the_same
        """
    )
    accounts.count("superseded", table, "copied WHERE nth > 1 AND says_the_same")
    connection.execute("DELETE FROM incoming WHERE rowid IN (SELECT place FROM copied WHERE nth > 1)")
