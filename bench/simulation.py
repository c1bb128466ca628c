"""`python -m bench.simulation`: do 95 % intervals hold the planted truth in 93 to 97 % of counties?

Minutes, and hours as the warehouse sums them: schools adopt one after the other, months of a school share its
baseline, and what some schools measured is borrowed by others.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from bench.counties import County, Scenario, simulate
from estimation.minutes import HIGH, LOW, Minutes, estimate_minutes
from estimation.saved_hours import BENEFIT, ESTIMATED, REALISED, SavedHours, saved_hours

SCENARIOS = (
    Scenario("ordinary"),
    Scenario("gamma cases", shape="gamma"),
    Scenario("few: 3-4 schools, 1 sample of 3-6", sampled=(3, 4), samples=(1, 1), cases=(3, 6)),
    Scenario("few: 5 schools in all, 2-3 sampled", schools=5, sampled=(2, 3)),
    Scenario("many: every school, 4-6 of 10-30", sampled=(15, 15), samples=(4, 6), cases=(10, 30)),
    Scenario("40 schools, 6-10 sampled", schools=40, sampled=(6, 10)),
    Scenario("single cases", cases=(1, 2), samples=(2, 4)),
    Scenario("very skewed, CV 1.2", variation=1.2),
    Scenario("clustered by person", likeness=0.4),
    Scenario("schools differ much", between=0.6),
    Scenario("schools alike", between=0.08),
    Scenario("processes differ much", unlike=0.6),
    Scenario("one school in five twice as slow", slow_schools=0.2),
    Scenario("very unequal volumes", volume_spread=1.5),
    Scenario("new work only", kinds=("new",) * 4),
    Scenario("removed work only", kinds=("removed",) * 4),
)
FIGURES = (
    "school means", "process means", "changed", "removed", "new", "school sum", "month sum", "running sum",
    "county sum",
)  # fmt: skip
Counts = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Covered:
    """Of one county: per figure how many intervals there are and how many hold the truth; and how wide the
    county sum's is, as a share of the true gross hours."""

    counts: Counts
    width: float


@dataclass(frozen=True)
class Coverage:
    """Of many counties: per figure the share of intervals that hold the truth (NaN: there were none)."""

    rates: dict[str, float]
    width: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=1000)
    parser.add_argument("--only", default="", help="part of the scenarios' names")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    print(f"{'scenario':<36}" + "".join(f"{name:>15}" for name in FIGURES) + f"{'width':>8}{'seconds':>9}")
    for scenario in SCENARIOS:
        if given.only in scenario.name:
            started = time.perf_counter()
            found = coverage(scenario, range(given.counties), given.workers)
            row = "".join(f"{found.rates[name]:>15.1%}" for name in FIGURES)
            spent = time.perf_counter() - started
            print(f"{scenario.name:<36}{row}{found.width:>8.0%}{spent:>9.0f}", flush=True)


def coverage(scenario: Scenario, seeds: Iterable[int], workers: int = 1) -> Coverage:
    """Simulated counties, one per seed, against what is estimated of them."""
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            each = list(pool.map(partial(check_county, scenario), seeds, chunksize=20))
    else:
        each = [check_county(scenario, seed) for seed in seeds]
    rates = {}
    for name in FIGURES:
        tried, held = np.array([one.counts[name] for one in each]).sum(axis=0)
        rates[name] = float(held / tried) if tried else float("nan")
    return Coverage(rates, float(np.nanmean([one.width for one in each])))


def check_county(scenario: Scenario, seed: int) -> Covered:
    """Simulate, estimate and compare one county."""
    county = simulate(scenario, seed)
    minutes = estimate_minutes(county.samples, county.schools, county.processes, seed=seed, draws=1000)
    drawn = _by_process(minutes, county)
    positive = county.minutes > 0
    schools = _holds(drawn, county.minutes)[positive]
    processes = _holds(drawn.mean(axis=2), county.minutes.mean(axis=2))[positive.any(axis=2)]
    hours = saved_hours(minutes, county.monthly(), county.adoptions)
    by_kind = _compared(hours, county, ["change_kind", "process_code"])
    whole = _compared(hours, county, [])
    counts = {
        "school means": _count(schools),
        "process means": _count(processes),
        **{kind: _count(by_kind.filter(change_kind=kind)["held"]) for kind in ("changed", "removed", "new")},
        "school sum": _count(_compared(hours, county, ["school_id"])["held"]),
        "month sum": _count(_compared(hours, county, ["month"])["held"]),
        "running sum": _count(_running(hours, county)["held"]),
        "county sum": _count(whole["held"]),
    }
    realised = whole.filter(state=REALISED)
    widths = ((realised["high"] - realised["low"]) / realised["gross"]).to_numpy()
    return Covered(counts, float(widths.sum()) if widths.size else float("nan"))


def _compared(hours: SavedHours, county: County, by: list[str]) -> pl.DataFrame:
    """What a sum comes to and whether its interval holds the truth; per state, since states never mix."""
    keys = list(dict.fromkeys([*by, "state"]))
    truth = _truth(hours, county).group_by(keys).agg(pl.col("true", "gross").sum())
    return _judged(hours.total(by).join(truth, on=keys))


def _running(hours: SavedHours, county: County) -> pl.DataFrame:
    """The running sums of every process, at the end of the year only: earlier ones are not independent."""
    keys = ["process_code", "state"]
    truth = _truth(hours, county).group_by(keys).agg(pl.col("true", "gross").sum())
    last = hours.cumulative(["process_code"]).filter(pl.col("month") == pl.col("month").max().over(keys))
    return _judged(last.join(truth, on=keys))


def _truth(hours: SavedHours, county: County) -> pl.DataFrame:
    """Rows of benefit with the hours truly saved, and the hours of both phases together."""
    before, after = county.minutes.reshape(2, -1) / 60
    pair, cases = pl.col("pair"), pl.col("cases")
    return hours.rows.filter(pl.col("state").is_in(BENEFIT)).with_columns(
        true=cases * pl.lit(pl.Series(before - after)).gather(pair),
        gross=cases * pl.lit(pl.Series(before + after)).gather(pair),
    )


def _judged(sums: pl.DataFrame) -> pl.DataFrame:
    # Sums of nothing but zeros are no test of an interval.
    known = sums.filter(pl.col("state").is_in([ESTIMATED, REALISED]), pl.col("gross") > 0)
    slack = 1e-9 * pl.col("gross")
    return known.with_columns(held=pl.col("true").is_between(pl.col("low") - slack, pl.col("high") + slack))


def _by_process(minutes: Minutes, county: County) -> np.ndarray:
    """Draws as phase x process x school x draw, in the county's own order."""
    shape = (*county.volumes.shape, -1)
    return np.stack([minutes.baseline.reshape(shape), minutes.follow_up.reshape(shape)])


def _holds(draws: np.ndarray, truth: np.ndarray) -> np.ndarray:
    low, high = np.percentile(draws, [LOW, HIGH], axis=-1)
    held: np.ndarray = (low <= truth) & (truth <= high)
    return held


def _count(held: np.ndarray | pl.Series) -> tuple[int, int]:
    return len(held), int(held.sum())


if __name__ == "__main__":
    main()
