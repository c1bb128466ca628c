"""The warehouse written anew, without what is to go and with pseudonyms renamed.

A row that is deleted in place stays readable in the file until something else is written there. So the new
file gets only what remains. What a build computes is not copied: the next build makes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import duckdb
import polars as pl

from ingest.bridge import quoted, store
from ingest.contract import TABLES
from ingest.erased import RULE
from ingest.privacy import PERSON, PSEUDONYM_COLUMNS
from timerett import removal
from timerett.removal import LANDED, Gone
from timerett.warehouse import connect

KEPT_SCHEMAS = (*LANDED, "history")
OWN_PIPELINE = "landing"
Rename = Callable[[str], str]
_TOKEN = re.compile(rf"{PERSON}([0-9a-f]{{32}})")
_STUB = {
    "column_name": "NULL",
    "rule": f"'{RULE}'",
    "value": "NULL",
    "is_orphan": "false",
    "payload": "NULL",
    "resolved_at": "coalesce(r.resolved_at, current_timestamp)",
}


@contextmanager
def examined(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse attached as `old`, only to look at."""
    with connect(warehouse):
        """Its tables are those of today, and what a killed run left is taken in."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET temp_directory = {quoted(f'{warehouse}.tmp')}")
        connection.execute("SET TimeZone = 'UTC'")
        _attach(connection, warehouse)
        yield connection


def rewrite(warehouse: Path, new: Path, *, gone: Gone | None = None, rename: Rename | None = None) -> None:
    """A new warehouse of what stays."""
    leaving = gone or Gone()
    with connect(warehouse):
        """Its tables are those of today, and what a killed run left is taken in."""
    with connect(new) as connection:
        _attach(connection, warehouse)
        removal.mark(connection, leaving)
        if rename:
            _lay_out_names(connection, rename)
        connection.execute("CREATE SCHEMA IF NOT EXISTS history")
        for schema in KEPT_SCHEMAS:
            for table in removal.tables(connection, schema):
                _copy(connection, schema, table, leaving, renamed=rename is not None)
        connection.execute("DETACH old")
        connection.execute("CHECKPOINT")


def keys_of_own_pipeline(warehouse: Path) -> tuple[set[str], set[str]]:
    """Pseudonyms that the county's own pipeline made: all, and those that other sources use too."""
    own: set[str] = set()
    others: set[str] = set()
    with examined(warehouse) as connection:
        for schema, table in product(LANDED, TABLES):
            for column in PSEUDONYM_COLUMNS & set(TABLES[table].columns()):
                for key, is_own in connection.execute(
                    f"SELECT DISTINCT r.{column}, b.source = '{OWN_PIPELINE}' FROM old.{schema}.{table} AS r "
                    "JOIN old.landing.batch AS b USING (batch_id)"
                ).fetchall():
                    (own if is_own else others).add(key)
    return own, own & others


def _attach(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    connection.execute(f"ATTACH {quoted(warehouse)} AS old (READ_ONLY)")


def _copy(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, gone: Gone, *, renamed: bool
) -> None:
    source, target = f'old.{schema}."{table}"', f'{schema}."{table}"'
    types = removal.columns(connection, schema, table)
    values = {name: _value(name, kind, renamed=renamed) for name, kind in types.items()}
    check = "false"
    if schema == "history":
        check = removal.history(types, gone)
    elif table in TABLES:
        check = removal.landing(table, gone)
    elif table == "deletion":
        check = removal.deletion(renamed=renamed)
    elif table == "quarantine":
        # The row was counted, so it stays; what it held goes.
        emptied = removal.quarantine(gone)
        values |= {
            name: f"CASE WHEN {emptied} THEN {stub} ELSE {values[name]} END" for name, stub in _STUB.items()
        }
    chosen = ", ".join(f'{value} AS "{name}"' for name, value in values.items())
    connection.execute(f"CREATE TABLE IF NOT EXISTS {target} AS SELECT * FROM {source} LIMIT 0")
    connection.execute(f"INSERT INTO {target} BY NAME SELECT {chosen} FROM {source} AS r WHERE NOT {check}")


def _value(column: str, kind: str, *, renamed: bool) -> str:
    value = f'r."{column}"'
    if not renamed or kind not in ("VARCHAR", "JSON"):
        return value
    return f"coalesce((SELECT new FROM renamed WHERE old = {value}::VARCHAR), {value}::VARCHAR)::{kind}"


def _lay_out_names(connection: duckdb.DuckDBPyConnection, rename: Rename) -> None:
    """Fill a table of every text that holds a pseudonym, and what it becomes."""
    found: dict[str, str] = {}
    for schema in KEPT_SCHEMAS:
        for table in removal.tables(connection, schema):
            for column, kind in removal.columns(connection, schema, table).items():
                if column in PSEUDONYM_COLUMNS:
                    found |= {
                        key: rename(key) for key in _distinct(connection, schema, table, column, "true")
                    }
                elif kind == "JSON":
                    texts = _distinct(connection, schema, table, column, "true")
                    found |= {text: _payload(text, rename) for text in texts}
                elif kind == "VARCHAR":
                    texts = _distinct(connection, schema, table, column, f"contains(text, '{PERSON}')")
                    found |= {text: retold(text, rename) for text in texts}
    for (key,) in connection.execute(
        "SELECT DISTINCT value FROM old.landing.quarantine "
        f"WHERE column_name IN ({', '.join(map(repr, sorted(PSEUDONYM_COLUMNS)))}) AND value IS NOT NULL"
    ).fetchall():
        found[key] = rename(key)
    changed = [(old, new) for old, new in found.items() if old != new]
    names = pl.DataFrame(changed, schema={"old": pl.String, "new": pl.String}, orient="row")
    store(connection, "renamed", names)


def _distinct(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, column: str, wanted: str
) -> list[str]:
    rows = connection.execute(
        f'SELECT DISTINCT text FROM (SELECT "{column}"::VARCHAR AS text FROM old.{schema}."{table}") '
        f"WHERE text IS NOT NULL AND {wanted}"
    ).fetchall()
    return [text for (text,) in rows]


def retold(text: str, rename: Rename) -> str:
    return _TOKEN.sub(lambda found: PERSON + rename(found.group(1)), text)


def _payload(text: str, rename: Rename) -> str:
    """A quarantined row with its pseudonyms renamed, else to the letter as it was."""
    row = json.loads(text)
    keys = [name for name in sorted(PSEUDONYM_COLUMNS & set(row)) if row[name]]
    if not keys:
        return retold(text, rename)
    for name in keys:
        row[name] = rename(row[name])
    return retold(json.dumps(row, ensure_ascii=False, separators=(",", ":")), rename)
