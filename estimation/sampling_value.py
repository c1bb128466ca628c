"""What one more sample would be worth: the variance it takes from a year's saved hours.

Given the variance parameters, the logarithms of all schools' minutes are jointly Gaussian, and a sample of
any of them takes `cov(sample, hours)² / (own variance + the sample's)` from the variance of the hours (to
first order, since hours are exponentials of logarithms). Nothing needs to be simulated to know it beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import stats

from estimation.minutes import PHASES, Minutes
from estimation.school_means import Array, log_variance, sample_weight

# Variance of a logarithm of which nothing is known: a factor e either way; and of a level that is sampled.
UNKNOWN, VAGUE = 1.0, 100.0
# Minutes per case where neither phase, nor any other process, was measured.
ORDINARY_MINUTES = 10.0
REACH = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class Knowledge:
    """What is known of one process in one pool; positions are phase x school, one after the other.

    `covariance` of the logarithms, `gradient` of the year's hours to each (0 where no sample can tell any
    more, or yet), `dispersion` per phase and `likeness` of new samples. `may_ask`: the positions that can be
    sampled at all. `cases`: of the year, per school.
    """

    process_code: str
    pool: str
    change_kind: str
    schools: list[str]
    cases: Array
    covariance: Array
    gradient: Array
    dispersion: Array
    likeness: float
    may_ask: Array

    def half_width(self) -> float:
        """Of the 95 % interval of the year's hours."""
        return REACH * float(np.sqrt(max(self.variance(), 0.0)))

    def variance(self) -> float:
        """Of the year's hours, in square hours."""
        return float(self.gradient @ self.covariance @ self.gradient)

    def value(self, sizes: Array) -> Array:
        """Variance that a sample would take, position x number of cases; 0 where it cannot be asked."""
        along = self.covariance @ self.gradient
        own = np.diag(self.covariance)[:, None] + self._noise(sizes)
        enough = sizes[None, :] <= np.tile(self.cases, 2)[:, None]
        result: Array = along[:, None] ** 2 / own * enough * self.may_ask[:, None]
        return result

    def after(self, position: int, cases: int) -> Knowledge:
        """What is known once the sample is given."""
        along = self.covariance[:, position]
        noise = self._noise(np.array([float(cases)]))[position, 0]
        left = self.covariance - np.outer(along, along) / (along[position] + noise)
        return replace(self, covariance=left)

    def _noise(self, cases: Array) -> Array:
        weight = sample_weight(cases, self.likeness)
        return np.repeat(log_variance(self.dispersion[:, None], weight[None, :]), len(self.schools), axis=0)


def knowledge(minutes: Minutes, yearly: pl.DataFrame, adopted: pl.DataFrame) -> list[Knowledge]:
    """Per process and pool, without the unchanged.

    yearly: process_code, school_id, cases a year. adopted: school_id, adopted (bool): where the system is in
    use only the follow-up can be measured, elsewhere only the baseline.
    """
    rows = (
        minutes.pairs.with_row_index("row")
        .join(yearly.select("process_code", "school_id", yearly="cases"), on=["process_code", "school_id"],
              how="left", maintain_order="left")
        .join(adopted.select("school_id", "adopted"), on="school_id", how="left", maintain_order="left")
        .with_columns(pl.col("yearly").fill_null(0), pl.col("adopted").fill_null(value=False))
        .filter(pl.col("change_kind") != "unchanged")
    )  # fmt: skip
    means = np.stack([minutes.baseline.mean(axis=1), minutes.follow_up.mean(axis=1)])
    return [
        _of_process(part, means[:, part["row"].to_numpy()], minutes.variances, _ordinary(means))
        for part in rows.partition_by("process_code", "pool", maintain_order=True)
    ]


def _ordinary(means: Array) -> float:
    known = means[np.isfinite(means) & (means > 0)]
    return float(np.median(known)) if known.size else ORDINARY_MINUTES


def _of_process(part: pl.DataFrame, means: Array, variances: pl.DataFrame, ordinary: float) -> Knowledge:
    first = part.row(0, named=True)
    own = variances.filter(process_code=first["process_code"], pool=first["pool"])
    spread = pl.DataFrame({"phase": PHASES}).join(own, on="phase", maintain_order="left")
    dispersion, likeness = spread["dispersion"].to_numpy(), float(spread["likeness"][0])
    may_ask = _may_ask(part, first["change_kind"])
    learnable = np.array([_learnable(part, first["change_kind"], i, may_ask) for i in (0, 1)])
    prior = _prior(
        spread["between"].to_numpy(),
        float(spread["correlation"][0]),
        np.array([part[f"{phase}_samples"].sum() > 0 for phase in PHASES]),
        part.height,
    )
    precision = np.stack([_precision(part, phase, dispersion[i], likeness) for i, phase in enumerate(PHASES)])
    # A school that was seen to spend no time has no logarithm.
    precision[np.nan_to_num(means, nan=1.0) == 0] = 0.0
    cases = part["yearly"].to_numpy().astype(float)
    hours = _filled(means, ordinary) * cases / 60 * learnable[:, None]
    return Knowledge(
        process_code=first["process_code"],
        pool=first["pool"],
        change_kind=first["change_kind"],
        schools=part["school_id"].to_list(),
        cases=cases,
        covariance=_posterior(prior, precision.ravel()),
        gradient=np.concatenate([hours[0], -hours[1]]),
        dispersion=dispersion,
        likeness=likeness,
        may_ask=may_ask.ravel().astype(float),
    )


def _may_ask(part: pl.DataFrame, change_kind: str) -> Array:
    """Phase x school. What can no longer be compared with anything is not worth asking for."""
    adopted = part["adopted"].to_numpy()
    baseline = ~adopted & (change_kind != "new")
    comparable = change_kind == "new" or part["baseline_samples"].sum() > 0 or bool(baseline.any())
    follow_up = adopted & (change_kind != "removed") & comparable
    return np.stack([baseline, follow_up])


def _learnable(part: pl.DataFrame, change_kind: str, phase: int, may_ask: Array) -> bool:
    """Whether a phase's part of the hours is known, or can be: else it would drown every other part.

    Before anybody uses the system a baseline is worth its own precision, whatever the follow-up will show.
    """
    if change_kind == ("new", "removed")[phase]:
        return phase == 1 and part["follow_up_samples"].sum() > 0
    return bool(part[f"{PHASES[phase]}_samples"].sum() > 0 or may_ask[phase].any())


def _prior(between: Array, correlation: float, seen: Array, schools: int) -> Array:
    shared = correlation * between[0] * between[1]
    own = np.array([[between[0] ** 2, shared], [shared, between[1] ** 2]])
    level = np.diag(np.where(seen, VAGUE, UNKNOWN))
    result: Array = np.kron(own, np.eye(schools)) + np.kron(level, np.ones((schools, schools)))
    return result


def _posterior(covariance: Array, precision: Array) -> Array:
    root = np.sqrt(precision)
    inner = np.eye(len(root)) + root[:, None] * covariance * root[None, :]
    result: Array = covariance - (covariance * root) @ np.linalg.solve(inner, root[:, None] * covariance)
    return result


def _precision(part: pl.DataFrame, phase: str, dispersion: float, likeness: float) -> Array:
    """Of what each school has given so far, as if its samples were of equal size."""
    samples = part[f"{phase}_samples"].to_numpy().astype(float)
    cases = part[f"{phase}_cases"].to_numpy().astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = samples * sample_weight(cases / samples, likeness)
        result: Array = np.where(samples > 0, 1.0 / log_variance(dispersion, weight), 0.0)
    return result


def _filled(means: Array, ordinary: float) -> Array:
    """Where a phase was never measured the other stands in, then what other processes take."""
    known = np.where(np.isnan(means), means[::-1], means)
    # A baseline that is 0 because the work is new says nothing of how long it takes.
    known = np.where(np.isnan(means) & (known == 0), np.nan, known)
    result: Array = np.where(np.isnan(known), ordinary, known)
    return result
