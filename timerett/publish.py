"""The published file: what readers see, swapped in one step."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingest import durable
from ingest.bridge import quoted, store
from scenario.chain import chain
from scenario.store import lay_out
from timerett.closed_years import splice
from timerett.settings import Settings

SCHEMAS = ("marts", "history")
ROWS_TOGETHER = 24_576
"""Who asks about a school reads groups of so many rows; it has some thousands in a large table."""
KEPT_VERSIONS = 3
KEPT_WEEKS = 8
"""Of older versions the last of each week stays, so that a page can be opened as it was then."""
Nodes = list[dict[str, Any]]


def publish(place: Settings) -> Path:
    """Copy the outward models into a new file and point `current.duckdb` at it."""
    place.published.mkdir(parents=True, exist_ok=True)
    target = next_version(place)
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    _write(place, _manifest(place), unfinished)
    durable.replace(unfinished, target)
    point(place.current, target)
    forget_old(place, keep=KEPT_VERSIONS, weeks=KEPT_WEEKS)
    return target


def versions(place: Settings) -> list[Path]:
    """Published files, oldest first: by number, since a clock may go backwards."""
    return sorted(place.published.glob("serving-*.duckdb"), key=_number)


def next_version(place: Settings) -> Path:
    newest = max((_number(file) for file in versions(place)), default=0)
    return place.published / f"serving-{newest + 1:06d}.duckdb"


def _number(file: Path) -> int:
    found = re.match(r"serving-(\d+)", file.name)
    return int(found.group(1)) if found else 0


def _manifest(place: Settings) -> dict[str, dict[str, Any]]:
    """What the build knew of its nodes."""
    manifest = json.loads((place.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    return dict(manifest["nodes"])


def _models(nodes: dict[str, dict[str, Any]]) -> Nodes:
    """The models of the outward schemas; what an older version left in the warehouse is none."""
    return sorted(
        (n for n in nodes.values() if n["resource_type"] == "model" and n["schema"] in SCHEMAS),
        key=lambda node: (node["schema"], node["name"]),
    )


def _write(place: Settings, nodes: dict[str, dict[str, Any]], file: Path) -> None:
    models = _models(nodes)
    with duckdb.connect() as connection:
        create(connection, file)
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH {quoted(place.warehouse)} AS warehouse (READ_ONLY)")
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA {schema}")
        for model in models:
            name = f'{model["schema"]}."{model["name"]}"'
            # School by school, so that who asks about one reads the rows of few others.
            order = "ORDER BY school_id" if "school_id" in model["columns"] else ""
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM warehouse.{name} {order}")
        store(connection, "described", _descriptions(models))
        connection.execute(
            "CREATE TABLE marts.column_definition AS SELECT d.* FROM described AS d "
            "JOIN information_schema.columns USING (table_name, column_name) WHERE table_schema = 'marts' "
            "AND table_catalog <> 'warehouse'"
        )
        lay_out(connection, chain(nodes, place.dbt_target / "compiled"))
        connection.execute("DETACH warehouse")
        splice(place, connection)
        connection.execute("CHECKPOINT")


def create(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Make a file to publish what the connection writes from now on."""
    connection.execute(f"SET temp_directory = {quoted(f'{file}.tmp')}")
    connection.execute(f"ATTACH {quoted(file)} AS published (ROW_GROUP_SIZE {ROWS_TOGETHER})")
    connection.execute("USE published")


def _descriptions(models: Nodes) -> pl.DataFrame:
    """What every outward column means, as the models' own documentation says."""
    rows = [
        (node["name"], place, name, " ".join(column["description"].split()))
        for node in models
        if node["schema"] == "marts"
        for place, (name, column) in enumerate(node["columns"].items(), start=1)
    ]
    schema = {
        "table_name": pl.String,
        "position": pl.Int64,
        "column_name": pl.String,
        "description": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def point(link: Path, target: Path) -> None:
    """Replace the link in one step: a reader sees the old file or the new one, never neither."""
    beside = link.with_suffix(".next")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target.name)
    beside.replace(link)
    durable.settle(link.parent)


def forget_old(place: Settings, *, keep: int, weeks: int = 0) -> None:
    """A reader that still holds a removed file keeps it until it closes."""
    older = versions(place)[:-keep]
    last_of_week = {_week(file): file for file in older}
    kept = set(list(last_of_week.values())[-weeks:]) if weeks else set()
    for old in older:
        if old in kept:
            continue
        old.unlink()
        # What a reader spilled to disk while the version was current.
        shutil.rmtree(old.with_name(f"{old.name}.tmp"), ignore_errors=True)


def _week(file: Path) -> tuple[int, int]:
    """The ISO week in which a version was published."""
    year, week, _ = datetime.fromtimestamp(file.stat().st_mtime, UTC).isocalendar()
    return year, week
