"""Saved hours per process, school and month, and sums of them whose intervals add up.

`volume x (baseline - follow_up) / 60` from the month a school adopts; docs/method says what the
states mean. Sums are sums of joint draws: two months of a school share one baseline, so their uncertainty
does not average out, and two schools share what was learnt from either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from scipy import sparse

from estimation.minutes import Minutes, interval
from estimation.school_means import Array

BEFORE = "before_adoption"
CONTROL = "control"
PLANNED = "planned"
ESTIMATED = "estimated"
REALISED = "realised"
# What a sum may be of. Before adoption nothing is saved, and a control process is never a benefit.
BENEFIT = (PLANNED, ESTIMATED, REALISED)


@dataclass(frozen=True)
class SavedHours:
    """`rows`: process x school x month with cases, change_kind, state, `pair` (row of the draws) and whatever
    else the volumes carried. `hours_per_case`: pairs x draws."""

    rows: pl.DataFrame
    hours_per_case: Array

    def table(self) -> pl.DataFrame:
        """Every row with hours, low and high (95 %). Null: a control process, or planned and not known."""
        per_case = interval(self.hours_per_case).with_row_index("pair")
        counts = pl.col("state").is_in(BENEFIT)
        rows = self.rows.join(per_case, on="pair", how="left", maintain_order="left")
        zero = pl.when(pl.col("state") == BEFORE).then(0.0)
        return rows.with_columns(
            pl.when(counts).then(pl.col(source) * pl.col("cases")).otherwise(zero).alias(name)
            for name, source in (("hours", "mean"), ("low", "low"), ("high", "high"))
        ).drop("pair", "mean")

    def total(self, by: Sequence[str]) -> pl.DataFrame:
        """Per group and state: cases, hours, low, high (95 %). `by`: columns of `rows`, or none for one sum.

        The state is always part of the group: planned, estimated and realised never mix. Planned hours are
        null where one of the summands is unknown.
        """
        groups, draws = self._draws(list(dict.fromkeys([*by, "state"])))
        return groups.hstack(_hours(draws))

    def cumulative(self, by: Sequence[str]) -> pl.DataFrame:
        """Per group, state and month: cases, hours, low and high from the first month to this one's end."""
        keys = list(dict.fromkeys([*by, "state"]))
        groups, draws = self._draws([*keys, "month"])
        first = groups.select(new=pl.struct(keys) != pl.struct(keys).shift())["new"].fill_null(value=True)
        starts = [*np.flatnonzero(first.to_numpy()), groups.height]
        for start, end in pairwise(starts):
            np.cumsum(draws[start:end], axis=0, out=draws[start:end])
        return groups.with_columns(pl.col("cases").cum_sum().over(keys)).hstack(_hours(draws))

    def _draws(self, keys: list[str]) -> tuple[pl.DataFrame, Array]:
        """Groups in order of their keys, and their summed draws."""
        rows = self.rows.filter(pl.col("state").is_in(BENEFIT))
        groups = rows.group_by(keys).agg(pl.col("cases").sum()).sort(keys, nulls_last=True)
        cells = (
            rows.group_by([*keys, "pair"])
            .agg(pl.col("cases").sum())
            .join(groups.drop("cases").with_row_index("group"), on=keys, nulls_equal=True)
        )
        weights = sparse.csr_matrix(
            (cells["cases"].cast(pl.Float64), (cells["group"], cells["pair"])),
            shape=(groups.height, len(self.hours_per_case)),
        )
        return groups, weights @ self.hours_per_case


def saved_hours(minutes: Minutes, volumes: pl.DataFrame, adoptions: pl.DataFrame) -> SavedHours:
    """Saved hours of every volume row whose process and school have minutes.

    volumes: process_code, school_id, month (first day), cases (>= 0), and any columns to group by later
    (role, county_number ...). adoptions: school_id (unique), adopted_on (date or null).
    """
    pairs = minutes.pairs.with_row_index("pair").with_columns(
        pl.Series("known", ~np.isnan(minutes.saved()).any(axis=1))
    )
    rows = (
        volumes.join(
            pairs.select("process_code", "school_id", "change_kind", "pair", "known", "follow_up_samples",
                         anywhere=pl.col("follow_up_samples").sum().over("process_code", "pool")),
            on=["process_code", "school_id"], how="inner", maintain_order="left",
        )
        .join(adoptions.select("school_id", "adopted_on"), on="school_id", how="left", maintain_order="left")
        .with_columns(state=_state())
        .drop("known", "follow_up_samples", "anywhere", "adopted_on")
    )  # fmt: skip
    return SavedHours(rows, minutes.saved() / 60)


def _state() -> pl.Expr:
    adopted = (pl.col("month") >= pl.col("adopted_on").dt.month_start()).fill_null(value=False)
    return (
        pl.when(pl.col("change_kind") == "unchanged").then(pl.lit(CONTROL))
        .when(~adopted).then(pl.lit(BEFORE))
        .when((pl.col("anywhere") == 0) | ~pl.col("known")).then(pl.lit(PLANNED))
        .when(pl.col("follow_up_samples") == 0).then(pl.lit(ESTIMATED))
        .otherwise(pl.lit(REALISED))
    )  # fmt: skip


def _hours(draws: Array) -> pl.DataFrame:
    return interval(draws).rename({"mean": "hours"})
