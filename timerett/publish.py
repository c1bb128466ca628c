"""The published file: what readers see, swapped in one step."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from timerett.settings import Settings
from timerett.warehouse import store

SCHEMAS = ("marts", "history")
KEPT_VERSIONS = 3


def publish(place: Settings) -> Path:
    """Copy the outward schemas into a new file and point `current.duckdb` at it."""
    place.published.mkdir(parents=True, exist_ok=True)
    target = place.published / f"serving-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.duckdb"
    unfinished = target.with_suffix(".unfinished")
    for leftover in place.published.glob("*.unfinished*"):
        leftover.unlink()
    _write(place.warehouse, place.dbt_target / "manifest.json", unfinished)
    unfinished.rename(target)
    _point(place.current, target)
    _forget_old(place)
    return target


def _write(warehouse: Path, manifest: Path, file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH '{_quoted(warehouse)}' AS warehouse (READ_ONLY)")
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA {schema}")
            for table in _tables(connection, schema):
                connection.execute(
                    f'CREATE TABLE {schema}."{table}" AS SELECT * FROM warehouse.{schema}."{table}"'
                )
        store(connection, "described", _descriptions(manifest))
        connection.execute(
            "CREATE TABLE marts.column_definition AS SELECT d.* FROM described AS d "
            "JOIN information_schema.columns USING (table_name, column_name) WHERE table_schema = 'marts' "
            "AND table_catalog <> 'warehouse'"
        )
        connection.execute("DETACH warehouse")
        connection.execute("CHECKPOINT")


def _descriptions(manifest: Path) -> pl.DataFrame:
    """What every outward column means, as the models' own documentation says."""
    nodes = json.loads(manifest.read_text())["nodes"].values() if manifest.exists() else ()
    rows = [
        (node["name"], place, name, " ".join(column["description"].split()))
        for node in nodes
        if node["resource_type"] == "model" and node["schema"] == "marts"
        for place, (name, column) in enumerate(node["columns"].items(), start=1)
    ]
    schema = {
        "table_name": pl.String,
        "position": pl.Int64,
        "column_name": pl.String,
        "description": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'warehouse' "
        "AND table_schema = ? ORDER BY table_name",
        [schema],
    ).fetchall()
    return [name for (name,) in rows]


def _point(link: Path, target: Path) -> None:
    """Replace the link in one step: a reader sees the old file or the new one, never neither."""
    beside = link.with_suffix(".next")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target.name)
    beside.replace(link)


def _forget_old(place: Settings) -> None:
    """A reader that still holds a removed file keeps it until it closes."""
    versions = sorted(place.published.glob("serving-*.duckdb"))
    for old in versions[:-KEPT_VERSIONS]:
        old.unlink()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
