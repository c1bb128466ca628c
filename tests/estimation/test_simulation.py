"""95 % intervals against planted truth: a small version of `python -m bench.simulation`."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from bench.counties import Scenario, simulate
from bench.simulation import Coverage, coverage
from estimation.minutes import estimate_minutes
from estimation.saved_hours import saved_hours

# Of so many counties a rate may stray from 95 % by so much; the full table has a thousand.
COUNTIES, STRAY = 80, 0.035
HARD = Scenario("few, skewed, clustered", schools=12, sampled=(3, 5), variation=1.0, likeness=0.25)


@pytest.fixture(scope="module")
def found() -> Coverage:
    return coverage(HARD, range(COUNTIES))


@pytest.mark.parametrize(
    "figure", ["school means", "process means", "changed", "new", "school sum", "month sum", "county sum"]
)
def test_intervals_hold_the_truth_as_often_as_they_say(found: Coverage, figure: str) -> None:
    assert found.rates[figure] == pytest.approx(0.95, abs=STRAY)


def test_hours_of_removed_work_are_held_too(found: Coverage) -> None:
    """One process a county only, so that chance may stray further."""
    assert found.rates["removed"] == pytest.approx(0.95, abs=2 * STRAY)


def test_intervals_of_sums_as_if_months_shared_nothing_would_hold_too_little() -> None:
    """What the joint draws are for: squares of widths added up miss the truth most of the time."""
    naive = 0
    for seed in range(20):
        county = simulate(HARD, seed)
        minutes = estimate_minutes(county.samples, county.schools, county.processes, seed=seed, draws=500)
        hours = saved_hours(minutes, county.monthly(), county.adoptions)
        months = hours.total(["month"]).filter(state="realised")
        half = float(np.hypot.reduce((months["high"] - months["low"]).to_numpy() / 2))
        before, after = county.minutes.reshape(2, -1) / 60
        saved = pl.Series(before - after)
        true = hours.rows.filter(state="realised").select(
            (pl.col("cases") * pl.lit(saved).gather(pl.col("pair"))).sum()
        )
        naive += abs(months["hours"].sum() - true.item()) < half
    assert naive < 15
