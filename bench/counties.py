"""Counties with planted minutes per case, to check what the estimation says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[np.float64]
KINDS = ("changed", "changed", "changed", "changed", "new", "removed")
MONTHS = [date(2019, month, 1) for month in range(1, 13)]


@dataclass(frozen=True)
class Scenario:
    """What a county is like and how it was sampled."""

    name: str
    schools: int = 15
    sampled: tuple[int, int] = (4, 9)  # schools per process and phase
    samples: tuple[int, int] = (1, 3)  # per sampled school
    cases: tuple[int, int] = (3, 15)  # per sample
    variation: float = 0.7  # coefficient of variation of single cases
    between: float = 0.25  # sd of schools' logarithms
    correlation: float = 0.6  # of a school's level before and after
    likeness: float = 0.1  # share of variance common to the cases of a sample
    unlike: float = 0.25  # how far processes' variances are from the typical
    shape: str = "lognormal"  # or gamma
    slow_schools: float = 0.0  # share of schools twice as slow, instead of normal effects
    volume_spread: float = 0.8  # sd of the logarithm of volumes
    kinds: tuple[str, ...] = KINDS  # one process each

    def __post_init__(self) -> None:
        if self.sampled[1] > self.schools:
            raise ValueError("no more schools can be sampled than there are")


@dataclass(frozen=True)
class County:
    """Frames as estimation takes them, and the truth: minutes (phase x process x school), yearly volumes."""

    samples: pl.DataFrame
    schools: pl.DataFrame
    processes: pl.DataFrame
    adoptions: pl.DataFrame
    minutes: Array
    volumes: Array

    def monthly(self) -> pl.DataFrame:
        """Cases by process, school and month, a twelfth of the year each."""
        pairs = self.processes.select("process_code").join(self.schools.select("school_id"), how="cross")
        yearly = pairs.with_columns(cases=pl.Series(self.volumes.ravel()) / len(MONTHS))
        return yearly.join(pl.DataFrame({"month": MONTHS}), how="cross")


@dataclass(frozen=True)
class Cases:
    """How the cases of one process scatter."""

    dispersion: float
    likeness: float
    shape: str

    def mean_of(self, level: float, cases: int, generator: np.random.Generator) -> float:
        """Minutes per case as a sample of so many cases reports them."""
        shared = _scatter(self.dispersion * self.likeness, 1, self.shape, generator)
        own = (1 + self.dispersion) / (1 + self.dispersion * self.likeness) - 1
        return float(level * shared[0] * _scatter(own, cases, self.shape, generator).mean())


def _scatter(dispersion: float, size: int, shape: str, generator: np.random.Generator) -> Array:
    """Numbers of mean 1 and the given squared coefficient of variation."""
    if dispersion <= 0:
        return np.ones(size)
    if shape == "gamma":
        return generator.gamma(1 / dispersion, dispersion, size)
    variance = np.log1p(dispersion)
    return np.exp(generator.normal(-variance / 2, np.sqrt(variance), size))


def simulate(scenario: Scenario, seed: int) -> County:
    """One county of a scenario."""
    generator = np.random.default_rng([seed, 20180801])
    codes = [f"P{number}" for number in range(len(scenario.kinds))]
    schools = [f"9{number:05d}" for number in range(scenario.schools)]
    minutes = np.stack([_levels(scenario, kind, generator) for kind in scenario.kinds], axis=1)
    scatter = [_cases(scenario, generator) for _ in codes]
    size = np.exp(generator.normal(0, 0.5, scenario.schools))
    volumes = np.round(
        np.exp(generator.normal(5, scenario.volume_spread, (len(codes), scenario.schools))) * size
    )
    adopted = [MONTHS[month] for month in generator.integers(0, 9, scenario.schools)]
    rows = [
        (codes[p], schools[s], phase, scatter[p].mean_of(minutes[i, p, s], cases, generator), cases)
        for p, kind in enumerate(scenario.kinds)
        for i, phase in enumerate(("baseline", "follow_up"))
        if not (kind == "new" and i == 0)
        for s, cases in _asked(scenario, generator, few=kind == "removed" and i == 1)
    ]
    return County(
        pl.DataFrame(
            rows,
            schema={"process_code": pl.String, "school_id": pl.String, "phase": pl.String,
                    "minutes_per_case": pl.Float64, "cases": pl.Int64},
            orient="row",
        ),
        pl.DataFrame({"school_id": schools, "pool": "30"}),
        pl.DataFrame({"process_code": codes, "change_kind": scenario.kinds}),
        pl.DataFrame({"school_id": schools, "adopted_on": adopted}),
        minutes,
        volumes,
    )  # fmt: skip


def _levels(scenario: Scenario, kind: str, generator: np.random.Generator) -> Array:
    """Minutes per case, phase x school."""
    baseline = np.exp(generator.normal(np.log(15), 0.8))
    follow_up = baseline * generator.uniform(0.2, 1.1)
    common, own = generator.normal(size=scenario.schools), generator.normal(size=(2, scenario.schools))
    if scenario.slow_schools:
        slow = (generator.random(scenario.schools) < scenario.slow_schools) + 1.0
        effect = np.stack([slow, slow]) * np.exp(0.05 * own)
    else:
        between = scenario.between * np.exp(generator.normal(0, scenario.unlike))
        mixed = np.sqrt(scenario.correlation) * common + np.sqrt(1 - scenario.correlation) * own
        effect = np.exp(between * mixed)
    minutes: Array = np.array([[baseline], [follow_up]]) * effect
    if kind == "new":
        minutes[0] = 0
    if kind == "removed":
        minutes[1] = 0
    return minutes


def _cases(scenario: Scenario, generator: np.random.Generator) -> Cases:
    variation = scenario.variation * np.exp(generator.normal(0, scenario.unlike))
    return Cases(float(variation**2), scenario.likeness, scenario.shape)


def _asked(scenario: Scenario, generator: np.random.Generator, *, few: bool) -> list[tuple[int, int]]:
    """(school, cases) of every sample of one process and phase; that a process is gone is asked of few."""
    low, high = scenario.sampled
    count = 2 if few else int(generator.integers(low, high + 1))
    asked = []
    for school in generator.choice(scenario.schools, size=count, replace=False):
        for _ in range(int(generator.integers(scenario.samples[0], scenario.samples[1] + 1))):
            asked.append((int(school), int(generator.integers(scenario.cases[0], scenario.cases[1] + 1))))
    return asked
