"""Whose rows outrank whose, and whose rows a snapshot replaces."""

from __future__ import annotations

import duckdb
import polars as pl

from ingest.bridge import fetch, store
from ingest.delivery import Delivery

# Of two sources with the same key the earlier one rules; one report may go before or after the others.
PRECEDENCE = ("landing", "sheet", "report:lesson_register", "report", "report:timetable", "oneroster", "fint")


def rank_of(source: str) -> int:
    for name in (source, source.partition(":")[0]):
        if name in PRECEDENCE:
            return PRECEDENCE.index(name)
    return len(PRECEDENCE)


def is_report(delivery: Delivery) -> bool:
    """A report's scope is the schools its rows belong to, found while they land."""
    return delivery.source.partition(":")[0] == "report"


def lay_out(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    """Set up `origin`, `this_batch`, `scope_school`, `stated_school` and `touched_lesson`."""
    store(connection, "origin", _origins(connection))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE this_batch AS SELECT b.*, o.age, o.scope, o.rank "
        "FROM this_batch AS b JOIN origin AS o USING (batch_id)"
    )
    schools = [] if is_report(delivery) else sorted(delivery.schools or ())
    stated = pl.DataFrame({"school_id": schools}, schema={"school_id": pl.String})
    store(connection, "stated_school", stated)
    store(connection, "scope_school", stated)
    connection.execute("CREATE OR REPLACE TEMP TABLE touched_lesson (lesson_id VARCHAR)")


def _origins(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every batch that ever landed, this one too.

    Its rank, its scope (source and county), its age (later is more) and whether this snapshot replaces it.
    What was extracted later is later; of two extracts of one moment, what was loaded later.
    """
    batches = fetch(
        connection,
        """
        SELECT b.batch_id, b.source, b.loaded_at,
            dense_rank() OVER (ORDER BY b.source, b.county_number) AS scope,
            row_number() OVER (ORDER BY b.extracted_at, b.loaded_at) AS age,
            b.source = this_batch.source AND b.county_number IS NOT DISTINCT FROM this_batch.county_number
                AS in_scope
        FROM landing.batch AS b, this_batch
        """,
    )
    ranks = [rank_of(source) for source in batches["source"]]
    return batches.with_columns(rank=pl.Series(ranks, dtype=pl.Int64))
