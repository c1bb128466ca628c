"""What a school's samples of one process in one phase say, for every assumed likeness within a sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

# Share of a case's variance that the cases of one sample have in common (same person, same day, same way
# of measuring). 0: a sample of 20 is worth 20 cases; 1: it would be worth one.
LIKENESS = np.array([0.0, 0.1, 0.25, 0.5, 0.8])
LIKENESS_PRIOR = np.array([0.35, 0.3, 0.2, 0.1, 0.05])
# A sample of a few seconds where the school's mean is minutes is read as a tenth of that mean when spread is
# judged: the logarithm would make it the most telling sample of all.
LEAST_SHARE_OF_MEAN = 0.1


@dataclass(frozen=True)
class Samples:
    """Samples as arrays, one entry each: block, school (both as positions), minutes per case, cases."""

    block: Whole
    school: Whole
    minutes: Array
    cases: Array
    blocks: int
    schools: int


@dataclass(frozen=True)
class SchoolMeans:
    """Per likeness x block x school: the weight of its samples, in cases, and the logarithm of its mean.

    `weight` is 0 where nothing was sampled. `gone` marks schools that spend no minutes at all, and has no
    likeness axis.
    """

    weight: Array
    log_mean: Array
    gone: npt.NDArray[np.bool_]


def positions(values: pl.Series, order: list[str]) -> Whole:
    """Where each value stands in `order`; a value that is not there is the caller's mistake."""
    index = {value: position for position, value in enumerate(order)}
    return np.array([index[value] for value in values.to_list()], dtype=np.int64)


def sample_weight(cases: Array, likeness: float) -> Array:
    """How many independent cases a sample is worth: 1 / (likeness + (1 - likeness) / cases)."""
    weight: Array = 1.0 / (likeness + (1.0 - likeness) / cases)
    return weight


def school_means(samples: Samples) -> SchoolMeans:
    """Means on the scale of minutes, since the mean is what a volume is multiplied by; see the method."""
    cell = samples.block * samples.schools + samples.school
    size = samples.blocks * samples.schools
    total = np.bincount(cell, samples.minutes, size)
    sampled = np.bincount(cell, minlength=size) > 0
    shape = (samples.blocks, samples.schools)
    gone = (sampled & (total == 0)).reshape(shape)
    weights, logs = [], []
    for likeness in LIKENESS:
        weight = sample_weight(samples.cases, float(likeness))
        heavy = np.bincount(cell, weight, size)
        heavy[gone.ravel()] = 0.0
        minutes = np.bincount(cell, weight * samples.minutes, size)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs.append(np.where(heavy > 0, np.log(minutes / heavy), 0.0).reshape(shape))
        weights.append(heavy.reshape(shape))
    return SchoolMeans(np.stack(weights), np.stack(logs), gone)


def log_variance(dispersion: Array | float, weight: Array) -> Array:
    """Variance of the logarithm of a mean of `weight` cases; dispersion is their squared CV."""
    variance: Array = np.log1p(dispersion / weight)
    return variance


def within_schools(samples: Samples, means: SchoolMeans, dispersions: Array) -> Array:
    """Log likelihood (likeness x block x dispersion) of how samples of one school differ from each other.

    Restricted likelihood of normal logarithms: the school's own level is integrated out.
    """
    keep = ~means.gone[samples.block, samples.school]
    block, school = samples.block[keep], samples.school[keep]
    minutes, cases = samples.minutes[keep], samples.cases[keep]
    cell = block * samples.schools + school
    size = samples.blocks * samples.schools
    own_mean = np.exp(means.log_mean[:, block, school])
    result = np.zeros((len(LIKENESS), samples.blocks, len(dispersions)))
    several = np.bincount(cell, minlength=size) > 1
    for i, likeness in enumerate(LIKENESS):
        logs = np.log(np.maximum(minutes, LEAST_SHARE_OF_MEAN * own_mean[i]))
        weight = sample_weight(cases, float(likeness))
        for k, dispersion in enumerate(dispersions):
            variance = log_variance(float(dispersion), weight)
            level = logs + variance / 2
            sums = [np.bincount(cell, x, size) for x in (1 / variance, level / variance, level**2 / variance)]
            logdet = np.bincount(cell, -np.log(variance) / 2, size)
            with np.errstate(divide="ignore", invalid="ignore"):
                each = logdet - np.log(sums[0]) / 2 - (sums[2] - sums[1] ** 2 / sums[0]) / 2
            each = np.where(several, each, 0.0).reshape(samples.blocks, samples.schools)
            result[i, :, k] = each.sum(axis=1)
    return result
