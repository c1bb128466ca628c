"""`python -m bench.simulation`: do 95 % intervals hold the planted truth in 93 to 97 % of counties?"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from bench.counties import County, Scenario, simulate
from estimation.minutes import HIGH, LOW, Minutes, estimate_minutes

SCENARIOS = (
    Scenario("ordinary"),
    Scenario("gamma cases", shape="gamma"),
    Scenario("few: 3-4 schools, 1 sample of 3-6", sampled=(3, 4), samples=(1, 1), cases=(3, 6)),
    Scenario("single cases", cases=(1, 2), samples=(2, 4)),
    Scenario("very skewed, CV 1.2", variation=1.2),
    Scenario("clustered by person", likeness=0.4),
    Scenario("schools differ much", between=0.6),
    Scenario("schools alike", between=0.08),
    Scenario("processes differ much", unlike=0.6),
    Scenario("one school in five twice as slow", slow_schools=0.2),
    Scenario("very unequal volumes", volume_spread=1.5),
    Scenario("40 schools, 6-10 sampled", schools=40, sampled=(6, 10)),
)
FIGURES = ("school means", "process means", "county sum")


@dataclass(frozen=True)
class Covered:
    """Of one county: per figure how many intervals there are, how many hold the truth, and their width."""

    tried: tuple[int, int, int]
    held: tuple[int, int, int]
    width: float  # of the county sum's interval, as a share of the true gross hours


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
            rates, width = coverage(scenario, range(given.counties), given.workers)
            row = "".join(f"{rate:>14.1%} " for rate in rates)
            print(f"{scenario.name:<36}{row}{width:>7.0%}{time.perf_counter() - started:>9.0f}", flush=True)


def coverage(
    scenario: Scenario, seeds: Iterable[int], workers: int = 1
) -> tuple[tuple[float, float, float], float]:
    """Share of intervals that hold the truth: school means, process means, county sum; and the mean width."""
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            each = list(pool.map(partial(check_county, scenario), seeds, chunksize=20))
    else:
        each = [check_county(scenario, seed) for seed in seeds]
    tried = np.array([one.tried for one in each]).sum(axis=0)
    held = np.array([one.held for one in each]).sum(axis=0)
    schools, processes, sums = (held / tried).tolist()
    return (schools, processes, sums), float(np.mean([one.width for one in each]))


def check_county(scenario: Scenario, seed: int) -> Covered:
    """Simulate, estimate and compare one county."""
    county = simulate(scenario, seed)
    minutes = estimate_minutes(county.samples, county.schools, county.processes, seed=seed, draws=1000)
    drawn = by_process(minutes, county)
    positive = county.minutes > 0
    schools = _holds(drawn, county.minutes)[positive]
    processes = _holds(drawn.mean(axis=2), county.minutes.mean(axis=2))[positive.any(axis=2)]
    sums = np.einsum("ps,psd->d", county.volumes, drawn[0] - drawn[1]) / 60
    low, high = np.percentile(sums, [LOW, HIGH])
    gross = float((county.volumes * county.minutes).sum() / 60)
    return Covered(
        (schools.size, processes.size, 1),
        (int(schools.sum()), int(processes.sum()), int(low <= county.saved_hours() <= high)),
        (high - low) / gross,
    )


def by_process(minutes: Minutes, county: County) -> np.ndarray:
    """Draws as phase x process x school x draw, in the county's own order."""
    shape = (*county.volumes.shape, -1)
    return np.stack([minutes.baseline.reshape(shape), minutes.follow_up.reshape(shape)])


def _holds(draws: np.ndarray, truth: np.ndarray) -> np.ndarray:
    low, high = np.percentile(draws, [LOW, HIGH], axis=-1)
    return (low <= truth) & (truth <= high)


if __name__ == "__main__":
    main()
