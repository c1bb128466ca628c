"""Schools that adopt at different times, with a planted effect; what is found, and what is found of nothing.

`python -m bench.adoption` prints how often "no effect" and "nothing moved before" are wrongly rejected; and,
where effects differ between schools and over time, bias and coverage of ours and of two-way fixed effects.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from scipy import stats

from estimation.event_study import LEVEL, estimate_effect
from estimation.panel import Panel, prepare

Effect = Callable[[int, int], float]
DESIGNS = {
    "cohorts of 5, 10, 10": ((5, 3), (10, 5), (10, 7)),
    "cohorts of 8, 8, 8": ((8, 3), (8, 5), (8, 7)),
    "cohorts of 10, 20, 20": ((10, 3), (20, 5), (20, 7)),
    "cohorts of 34, 20, 27": ((34, 3), (20, 5), (27, 7)),
    "two cohorts of 5": ((5, 4), (5, 7)),
}
# Three cohorts and schools that never adopt, so that both estimators have every adopted half-year to average.
STAGGERED = ((10, 3), (12, 5), (12, 7), (12, 9))
PERIODS = 9
HETEROGENEOUS: dict[str, Effect] = {
    "the same everywhere, at once": lambda time, cohort: -3.0,
    "grows by one each half-year": lambda time, cohort: -1.0 * (time + 1),
    "fades by half each half-year": lambda time, cohort: -4.0 * 0.5**time,
    "early adopters gain four times as much": lambda time, cohort: -4.0 if cohort == 3 else -1.0,
    "grows, and early adopters gain most": lambda time, cohort: (
        -2.0 * (time + 1) * (1 if cohort == 3 else 0.1)
    ),
    "worse at first, better later": lambda time, cohort: 2.0 - 1.5 * time,
}


@dataclass(frozen=True)
class Performance:
    """Of many panels: the planted effect averaged over adopted school half-years, how far off an estimator
    is on average, how much it scatters, and how often its 95 % interval holds the effect."""

    truth: float
    bias: float
    scatter: float
    coverage: float


def half_years(count: int) -> list[date]:
    """First days of so many half-years from July 2016, as the warehouse counts them."""
    return [date(2016 + (number + 1) // 2, 1 if number % 2 else 7, 1) for number in range(count)]


def nothing(event_time: int, cohort: int) -> float:
    """No effect."""
    return 0.0


def adopting_schools(
    seed: int, design: tuple[tuple[int, int], ...], effect: Effect = nothing, periods: int = 9
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Values (school_id, period, value) and adoptions of schools that drift alike, with runs of luck.

    design: schools and period of adoption (position, from 0; past the last: never) of each cohort.
    """
    generator = np.random.default_rng([seed, 5])
    firsts = half_years(max([periods, *(start + 1 for _, start in design)]))
    values: list[tuple[str, date, float]] = []
    adoptions: list[tuple[str, str, date]] = []
    for schools, start in design:
        for _ in range(schools):
            school = f"{len(adoptions):05d}"
            adoptions.append((school, "03", firsts[start]))
            level, luck = generator.normal(20, 3), generator.normal(0, 1)
            for time, first in enumerate(firsts[:periods]):
                luck = 0.5 * luck + generator.normal(0, 1)
                value = level - 0.3 * time + luck
                values.append((school, first, value + (effect(time - start, start) if time >= start else 0)))
    return (
        pl.DataFrame(values, schema=["school_id", "period", "value"], orient="row"),
        pl.DataFrame(adoptions, schema=["school_id", "county_number", "adopted_on"], orient="row"),
    )


def rejections(design: tuple[tuple[int, int], ...], seeds: range) -> tuple[float, float, float]:
    """Share of panels without effect where one is found, a pre-trend is found, and the band excludes 0."""
    found = []
    for seed in seeds:
        effect = estimate_effect(prepare(*adopting_schools(seed, design)))
        if effect is not None and effect.pre_trend_p is not None:
            band = effect.events.filter((pl.col("band_low") > 0) | (pl.col("band_high") < 0))
            found.append((effect.p < 1 - LEVEL, effect.pre_trend_p < 1 - LEVEL, band.height > 0))
    effects, trends, bands = np.mean(found, axis=0).tolist()
    return effects, trends, bands


def two_way_fixed_effects(panel: Panel) -> tuple[float, float]:
    """What a regression on school and time effects says, and its standard error clustered by school."""
    rows = panel.rows.with_columns(
        treated=((pl.col("cohort") > 0) & (pl.col("time") >= pl.col("cohort"))).cast(pl.Float64)
    ).sort("school_id", "time")
    schools = panel.schools()
    value, treated = (
        _without_means(rows[name].to_numpy().reshape(schools, -1)) for name in ("value", "treated")
    )
    size = (treated**2).sum()
    estimate = float((value * treated).sum() / size)
    scores = ((value - estimate * treated) * treated).sum(axis=1)
    return estimate, float(np.sqrt((scores**2).sum() * schools / (schools - 1)) / size)


def _without_means(table: np.ndarray) -> np.ndarray:
    centred: np.ndarray = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    return centred


def heterogeneous(effect: Effect, seeds: range) -> tuple[Performance, Performance]:
    """Ours and two-way fixed effects', on panels of STAGGERED."""
    cells = [
        (schools, effect(time - start, start))
        for schools, start in STAGGERED
        for time in range(start, PERIODS)
    ]
    truth = sum(schools * size for schools, size in cells) / sum(schools for schools, _ in cells)
    ours, two_way = [], []
    for seed in seeds:
        panel = prepare(*adopting_schools(seed, STAGGERED, effect, PERIODS))
        if found := estimate_effect(panel):
            ours.append((found.estimate, found.low, found.high))
        estimate, se = two_way_fixed_effects(panel)
        reach = float(stats.t.ppf((1 + LEVEL) / 2, panel.schools() - 1)) * se
        two_way.append((estimate, estimate - reach, estimate + reach))
    return _performance(truth, ours), _performance(truth, two_way)


def _performance(truth: float, found: list[tuple[float, float, float]]) -> Performance:
    estimate, low, high = np.array(found).T
    held = (low <= truth) & (truth <= high)
    return Performance(truth, float(estimate.mean() - truth), float(estimate.std()), float(held.mean()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panels", type=int, default=1000)
    given = parser.parse_args()
    print(f"{'schools':<26}{'effect':>9}{'pre-trend':>11}{'band':>7}")
    for name, design in DESIGNS.items():
        effects, trends, bands = rejections(design, range(given.panels))
        print(f"{name:<26}{effects:>9.1%}{trends:>11.1%}{bands:>7.1%}", flush=True)
    print(f"\n{'effect':<42}{'planted':>9}{'ours: bias':>12}{'held':>10}{'two-way: bias':>15}{'held':>10}")
    for name, effect in HETEROGENEOUS.items():
        ours, two_way = heterogeneous(effect, range(given.panels))
        print(
            f"{name:<42}{ours.truth:>9.2f}{ours.bias:>12.3f}{ours.coverage:>10.1%}"
            f"{two_way.bias:>15.3f}{two_way.coverage:>10.1%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
