"""Privacy reaches closed school years: a file of its own is written without those who go, and says so."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from ingest.bridge import quoted, store
from ingest.privacy import PERSON, PSEUDONYM_COLUMNS
from timerett.closed_years import closed_years, file_of, noted, put
from timerett.removal import Gone
from timerett.rewriting import Rename, retold
from timerett.settings import Settings

_ABOUT_ONE = frozenset({*PSEUDONYM_COLUMNS, "enrolment_id", "group_id"})
"""A table with any of these columns has rows that lead to single students, or to the few of a group."""


def rewrite_closed(place: Settings, beside: Settings, why: str, *, gone: Gone, rename: Rename | None) -> None:
    """The closed years without those who go, in `beside`; years older than what is kept stay as sums."""
    for closed in closed_years(place):
        old = file_of(place, closed.school_year)
        new = file_of(beside, closed.school_year).with_suffix(".unfinished")
        new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_past = gone.before is not None and closed.school_year < gone.before
        changed = _write(old, new, gone, rename, is_past=is_past)
        if changed:
            put(beside, noted(closed, new, why), new)
        else:
            new.unlink()


def _write(old: Path, new: Path, gone: Gone, rename: Rename | None, *, is_past: bool) -> bool:
    """Whether anything changed."""
    with duckdb.connect(str(new)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH {quoted(old)} AS old (READ_ONLY)")
        connection.execute("CREATE SCHEMA marts")
        tables = _tables(connection)
        store(connection, "leaving", pl.DataFrame({"id": sorted(gone.students)}, schema={"id": pl.String}))
        renamed = _lay_out_names(connection, tables, rename)
        removed = 0
        for table, columns in tables.items():
            check = _goes(set(columns), gone, is_past=is_past)
            values = ", ".join(_value(name, kind) for name, kind in columns.items())
            connection.execute(
                f'CREATE TABLE marts."{table}" AS SELECT {values} FROM old.marts."{table}" AS r '
                f"WHERE NOT {check}"
            )
            counts = [
                connection.execute(f'SELECT count(*) FROM {schema}."{table}"').fetchall()[0][0]
                for schema in ("old.marts", "marts")
            ]
            removed += counts[0] - counts[1]
        connection.execute("DROP TABLE renamed")
        connection.execute("DROP TABLE leaving")
        connection.execute("DETACH old")
        connection.execute("CHECKPOINT")
    return removed > 0 or renamed > 0


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = 'old' AND schema_name = 'marts' ORDER BY table_name, column_index"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _goes(columns: set[str], gone: Gone, *, is_past: bool) -> str:
    """SQL that holds for the rows (as `r`) that go."""
    if is_past and columns & _ABOUT_ONE:
        return "true"
    if is_past and "students" in columns:
        return f"r.students < {gone.threshold}"
    keys = sorted(columns & PSEUDONYM_COLUMNS)
    checks = [f'coalesce(r."{key}" IN (SELECT id FROM leaving), false)' for key in keys]
    return f"({' OR '.join(checks)})" if checks else "false"


def _value(column: str, kind: str) -> str:
    if kind != "VARCHAR":
        return f'r."{column}"'
    return f'coalesce((SELECT new FROM renamed WHERE old = r."{column}"), r."{column}") AS "{column}"'


def _lay_out_names(
    connection: duckdb.DuckDBPyConnection, tables: dict[str, dict[str, str]], rename: Rename | None
) -> int:
    """Fill a table of every text that holds a pseudonym, and what it becomes; how many change."""
    found: dict[str, str] = {}
    for table, columns in tables.items():
        for column, kind in columns.items():
            if kind != "VARCHAR" or rename is None:
                continue
            is_key = column in PSEUDONYM_COLUMNS
            wanted = "true" if is_key else f"contains(\"{column}\", '{PERSON}')"
            for (text,) in connection.execute(
                f'SELECT DISTINCT "{column}" FROM old.marts."{table}" '
                f'WHERE "{column}" IS NOT NULL AND {wanted}'
            ).fetchall():
                found[text] = rename(text) if is_key else retold(text, rename)
    changed = [(old, new) for old, new in found.items() if old != new]
    store(
        connection,
        "renamed",
        pl.DataFrame(changed, schema={"old": pl.String, "new": pl.String}, orient="row"),
    )
    return len(changed)
