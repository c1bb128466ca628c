"""Indicators by school and period, made ready for a comparison of schools that adopted at different times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

# With fewer schools a cohort's own scatter cannot be known, and no interval drawn from it means anything.
LEAST_SCHOOLS = 5
# A period in which fewer of the schools were measured is left out rather than the schools that were not.
LEAST_SHARE = 0.5
Controls = Literal["not_yet_adopted", "never_adopted"]


@dataclass(frozen=True)
class Panel:
    """One indicator: `rows` has school_id, time, cohort and value, every school in every period. Time and
    cohort are positions in `periods`, from 1; cohort 0 has not adopted within them. `ends`: the first day
    after each period. The other figures count the schools left out, and why."""

    rows: pl.DataFrame
    periods: list[date]
    ends: list[date]
    with_gaps: int
    adopted_before: int
    in_small_cohorts: int

    def schools(self) -> int:
        """How many schools are left."""
        return self.rows["school_id"].n_unique()

    def cohorts(self) -> dict[int, int]:
        """Schools by cohort, the not adopted under 0."""
        counted = self.rows.group_by("cohort").agg(pl.col("school_id").n_unique()).sort("cohort")
        return dict(counted.iter_rows())


def prepare(values: pl.DataFrame, adoptions: pl.DataFrame, least_schools: int = LEAST_SCHOOLS) -> Panel:
    """values: school_id, period (its first day), value. adoptions: school_id, adopted_on (date or null).

    A school counts as adopting in the period its date falls in, or in the next one that was measured where it
    falls between two. Left out: periods in which fewer than half of the schools have a value, or which would
    cost more values of others than they have; schools without a value in every other period, schools that had
    adopted before the second period (nothing to compare with), and cohorts (also the not adopted) of fewer
    than `least_schools`.
    """
    values = values.drop_nulls("value")
    periods = _common_periods(values)
    complete = values.filter(pl.col("period").is_in(periods)).filter(
        pl.len().over("school_id") == len(periods)
    )
    ends = period_ends(periods)
    placed = _placed(complete, adoptions, periods, ends)
    early = placed.filter(pl.col("cohort") == 1)
    later = placed.filter(pl.col("cohort") != 1)
    size = pl.col("school_id").n_unique().over("cohort")
    kept = later.filter(size >= least_schools)
    counts = [frame["school_id"].n_unique() for frame in (values, complete, early, later, kept)]
    return Panel(
        rows=kept.select("school_id", "time", "cohort", "value"),
        periods=periods,
        ends=ends,
        with_gaps=counts[0] - counts[1],
        adopted_before=counts[2],
        in_small_cohorts=counts[3] - counts[4],
    )


def _common_periods(values: pl.DataFrame) -> list[date]:
    """Some schools go on measuring, or began later: their periods must not cost the others their place.

    Of the periods in order of how many schools they have, so many as leave most values to compare.
    """
    schools = values["school_id"].n_unique()
    measured = (
        values.group_by("period")
        .agg(pl.col("school_id").n_unique())
        .filter(pl.col("school_id") >= LEAST_SHARE * schools)
        .sort("school_id", "period", descending=[True, False])
    )["period"].to_list()
    rank = pl.DataFrame(
        {"period": measured, "rank": range(len(measured))}, schema_overrides={"period": pl.Date}
    )
    # A school can be compared over the first n periods where it has a value in each of them.
    places = values.join(rank, on="period").sort("school_id", "rank")
    complete = places.filter(pl.col("rank") == pl.int_range(pl.len()).over("school_id"))
    left = complete.group_by("rank").len().sort("rank")["len"].to_list()
    kept = max(range(len(left)), key=lambda n: (left[n] * (n + 1), -n), default=-1)
    return sorted(measured[: kept + 1])


def period_ends(periods: list[date]) -> list[date]:
    """The first day after each period: all are as many months long as the closest two lie apart."""
    months = pl.Series([first.year * 12 + first.month for first in periods], dtype=pl.Int64)
    apart: list[int] = months.diff().drop_nulls().to_list()
    if not apart:
        return [date.max for _ in periods]
    return pl.Series(periods, dtype=pl.Date).dt.offset_by(f"{min(apart)}mo").to_list()


def _placed(
    values: pl.DataFrame, adoptions: pl.DataFrame, periods: list[date], ends: list[date]
) -> pl.DataFrame:
    """Who adopts after the last period has not adopted yet."""
    first, end = pl.Series(periods, dtype=pl.Date), pl.Series(ends, dtype=pl.Date)
    known = adoptions.drop_nulls("adopted_on").select("school_id", "adopted_on")
    cohort = end.search_sorted(known["adopted_on"], side="right").cast(pl.Int64) + 1
    dated = known.select("school_id", cohort=pl.when(cohort <= len(periods)).then(cohort))
    return values.join(dated, on="school_id", how="left").with_columns(
        pl.col("cohort").fill_null(0),
        time=first.search_sorted(values["period"], side="right").cast(pl.Int64),
    )
