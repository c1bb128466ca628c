"""Whose rows outrank whose, and whose rows a snapshot replaces."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import polars as pl

from ingest.delivery import Delivery
from timerett.warehouse import fetch, store

# Of two sources with the same key the earlier one rules; a profile goes before or after its source.
PRECEDENCE = ("landing", "sheet", "report/lesson_register", "report", "report/timetable", "oneroster", "fint")


def rank_of(source: str, profile: str) -> int:
    for name in (f"{source}/{profile}", source):
        if name in PRECEDENCE:
            return PRECEDENCE.index(name)
    return len(PRECEDENCE)


def files_of(delivery: Delivery) -> list[str]:
    """Every file that some row of the delivery came from."""
    named = {name for frame in delivery.frames.values() for name in frame["source_file"].unique()}
    return sorted(named | {rejection.source_file for rejection in delivery.rejections})


def file_ranks(delivery: Delivery) -> dict[str, int]:
    return {file: rank_of(delivery.source, delivery.profiles.get(file, "")) for file in files_of(delivery)}


def lay_out(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    """Set up `origin`, `scope_school`, `stated_school` and `touched_lesson` beside `this_batch`."""
    profiles = sorted(set(delivery.profiles.values()) or {""})
    store(connection, "origin", _origins(connection, delivery, profiles))
    # A report's scope is the schools its rows belong to, found while they land.
    stated = sorted(delivery.schools or ()) if delivery.source != "report" else []
    store(connection, "stated_school", _texts(["school_id"], [(school,) for school in stated]))
    pairs = [(profile, school) for profile in profiles for school in stated]
    store(connection, "scope_school", _texts(["profile", "school_id"], pairs))
    connection.execute("CREATE OR REPLACE TEMP TABLE touched_lesson (lesson_id VARCHAR)")


def _origins(connection: duckdb.DuckDBPyConnection, delivery: Delivery, profiles: list[str]) -> pl.DataFrame:
    """Every file that ever delivered, with its rank and whether this snapshot replaces its rows."""
    earlier = fetch(
        connection,
        """
        SELECT DISTINCT batch_id, source_file, profile, b.source, b.loaded_at,
            b.source = this_batch.source AND b.county_number IS NOT DISTINCT FROM this_batch.county_number
                AS in_scope
        FROM landing.batch_file JOIN landing.batch AS b USING (batch_id), this_batch
        """,
    )
    files = [(file, delivery.profiles.get(file, "")) for file in files_of(delivery)]
    store(connection, "own_file", _texts(["source_file", "profile"], files))
    own = fetch(
        connection,
        "SELECT batch_id, source_file, profile, source, loaded_at, true AS in_scope "
        "FROM own_file, this_batch",
    )
    origins = pl.concat([earlier, own]).with_columns(
        pl.col("in_scope") & pl.col("profile").is_in(profiles),
    )
    ranks = [rank_of(source, profile) for source, profile in origins.select("source", "profile").iter_rows()]
    return origins.with_columns(rank=pl.Series(ranks, dtype=pl.Int64))


def _texts(columns: list[str], rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
