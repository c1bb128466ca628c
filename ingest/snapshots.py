"""Which full deliveries have come, and what an older delivery may no longer say."""

from __future__ import annotations

import duckdb

from ingest.accounting import Accounts
from ingest.contract import TABLES
from ingest.references import school_join

EVERYWHERE = "*"


def key_hash(table: str, row: str) -> str:
    """SQL for a row's key as it is remembered where the key itself need not be known."""
    texts = ", ".join(f"{row}.{name}::VARCHAR" for name in TABLES[table].primary_key())
    return f"md5(concat_ws(chr(31), {texts}))"


def leave_out_outdated(connection: duckdb.DuckDBPyConnection, table: str, accounts: Accounts) -> None:
    """Drop from `incoming` what a later delivery of the same scope has spoken on; fill `newer_school`."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE newer_school AS
        SELECT s.school_id
        FROM landing.snapshot AS s JOIN origin AS o ON o.batch_id = s.batch_id, this_batch AS b
        WHERE s.table_name = '{table}' AND o.scope = b.scope AND o.age > b.age
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE newer_deletion AS
        SELECT d.key_hash
        FROM landing.deletion AS d JOIN origin AS o ON o.batch_id = d.batch_id, this_batch AS b
        WHERE d.table_name = '{table}' AND o.scope = b.scope AND o.age > b.age
        """
    )
    if _is_any(connection, "newer_school"):
        school, join = school_join(table, "a") or (f"'{EVERYWHERE}'", "")
        newer = f"SELECT school_id FROM newer_school WHERE school_id = '{EVERYWHERE}'"
        _leave_out(
            connection,
            table,
            accounts,
            f"SELECT a.* FROM arriving AS a {join} "
            f"WHERE {school} IN (SELECT school_id FROM newer_school) OR EXISTS ({newer})",
        )
    if _is_any(connection, "newer_deletion"):
        _leave_out(
            connection,
            table,
            accounts,
            f"SELECT a.* FROM arriving AS a WHERE {key_hash(table, 'a')} IN (FROM newer_deletion)",
        )


def _leave_out(connection: duckdb.DuckDBPyConnection, table: str, accounts: Accounts, rows: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE outdated AS {rows}")
    accounts.count("superseded", table, "outdated")
    connection.execute("DELETE FROM incoming WHERE rowid IN (SELECT place FROM outdated)")


def remember_snapshot(connection: duckdb.DuckDBPyConnection, table: str, *, by_school: bool) -> None:
    """This full delivery is the newest of the schools it covers in the table, where none is newer."""
    limited = by_school and school_join(table, "i") is not None
    schools = "SELECT school_id FROM scope_school" if limited else f"SELECT '{EVERYWHERE}' AS school_id"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE now_covered AS
        SELECT school_id FROM ({schools})
        WHERE school_id NOT IN (FROM newer_school) AND '{EVERYWHERE}' NOT IN (FROM newer_school)
        """
    )
    replaced = "school_id IN (FROM now_covered)" if limited else "EXISTS (FROM now_covered)"
    connection.execute(
        f"""
        DELETE FROM landing.snapshot WHERE table_name = '{table}' AND {replaced}
            AND batch_id IN (
                SELECT o.batch_id FROM origin AS o, this_batch AS b WHERE o.in_scope AND o.age < b.age
            )
        """
    )
    connection.execute(
        f"""
        INSERT INTO landing.snapshot
        SELECT source, county_number, '{table}', school_id, batch_id FROM this_batch, now_covered
        """
    )
    if not limited:
        connection.execute(
            f"""
            DELETE FROM landing.deletion WHERE table_name = '{table}' AND batch_id IN (
                SELECT o.batch_id FROM origin AS o, this_batch AS b WHERE o.in_scope AND o.age < b.age
            )
            """
        )


def _is_any(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())
