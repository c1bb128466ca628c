"""Schools that adopt at different times, with a planted effect; and how often nothing is taken for something.

`python -m bench.adoption` prints how often "no effect" and "nothing moved before" are wrongly rejected.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from estimation.event_study import LEVEL, estimate_effect
from estimation.panel import prepare

Effect = Callable[[int, int], float]
DESIGNS = {
    "cohorts of 5, 10, 10": ((5, 3), (10, 5), (10, 7)),
    "cohorts of 8, 8, 8": ((8, 3), (8, 5), (8, 7)),
    "cohorts of 10, 20, 20": ((10, 3), (20, 5), (20, 7)),
    "cohorts of 34, 20, 27": ((34, 3), (20, 5), (27, 7)),
    "two cohorts of 5": ((5, 4), (5, 7)),
}


def half_years(count: int) -> list[date]:
    """First days of so many half-years from August 2016."""
    return [date(2016 + (number + 1) // 2, 1 if number % 2 else 8, 1) for number in range(count)]


def nothing(event_time: int, cohort: int) -> float:
    """No effect."""
    return 0.0


def adopting_schools(
    seed: int, design: tuple[tuple[int, int], ...], effect: Effect = nothing, periods: int = 9
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Values (school_id, period, value) and adoptions of schools that drift alike, with runs of luck.

    design: schools and period of adoption (position, from 0) of each cohort.
    """
    generator = np.random.default_rng([seed, 5])
    firsts = half_years(periods)
    values: list[tuple[str, date, float]] = []
    adoptions: list[tuple[str, str, date]] = []
    for schools, start in design:
        for _ in range(schools):
            school = f"{len(adoptions):05d}"
            adoptions.append((school, "03", firsts[start]))
            level, luck = generator.normal(20, 3), generator.normal(0, 1)
            for time, first in enumerate(firsts):
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panels", type=int, default=1000)
    given = parser.parse_args()
    print(f"{'schools':<26}{'effect':>9}{'pre-trend':>11}{'band':>7}")
    for name, design in DESIGNS.items():
        effects, trends, bands = rejections(design, range(given.panels))
        print(f"{name:<26}{effects:>9.1%}{trends:>11.1%}{bands:>7.1%}", flush=True)


if __name__ == "__main__":
    main()
