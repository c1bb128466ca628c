"""Other events that met schools around the time they adopted, and so cannot be told from the adoption."""

from __future__ import annotations

import polars as pl

from estimation.panel import Panel


def events_met(panel: Panel, competing: pl.DataFrame) -> pl.DataFrame:
    """cohort, event_time, event, partial: what concerned schools of a cohort in one of its periods.

    competing: event, school_id (`*`: all), starts_on, ends_on (null: the same day). `partial`: the event
    concerned some schools only, so that comparing schools does not take it away.
    """
    members = panel.rows.filter(pl.col("cohort") > 0).select("school_id", "cohort").unique()
    cohorts = members.select("cohort").unique()
    everywhere = competing.filter(pl.col("school_id") == "*").join(cohorts, how="cross")
    somewhere = competing.join(members, on="school_id").unique(["event", "starts_on", "cohort"])
    columns = ["event", "starts_on", "ends_on", "cohort"]
    events = pl.concat([everywhere.select(*columns, partial=False), somewhere.select(*columns, partial=True)])
    # What happens between two measured periods shows in the later one.
    periods = pl.DataFrame(
        {"starts": [*panel.periods[:1], *panel.ends[:-1]], "next": panel.ends},
        schema={"starts": pl.Date, "next": pl.Date},
    ).with_row_index("time", offset=1)
    return (
        events.join(periods, how="cross")
        .filter(
            (pl.col("starts_on") < pl.col("next")) & (pl.coalesce("ends_on", "starts_on") >= pl.col("starts"))
        )
        .select("cohort", "event", "partial", event_time=pl.col("time").cast(pl.Int64) - pl.col("cohort"))
        .unique()
        .sort("cohort", "event_time", "event")
    )
