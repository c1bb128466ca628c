"""How much schools and cases differ: a posterior on a grid, pooled over the processes of a county.

The model and its priors are stated in docs/method. A *block* is one process in one phase.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.school_means import (
    LIKENESS_PRIOR,
    Array,
    Samples,
    SchoolMeans,
    Whole,
    log_variance,
    within_schools,
)

# Standard deviation of schools' logarithms, and squared coefficient of variation of single cases.
BETWEEN = np.geomspace(0.03, 1.2, 12)
DISPERSION = np.geomspace(0.02, 4.0, 12)
# What is typical before anything is measured, how far off that may be, and how far (sd of logarithms) one
# process may be from the typical one; each of these is as likely as the other before it is seen.
TYPICAL_BETWEEN, TYPICAL_DISPERSION = 0.24, 0.4
DOUBT_BETWEEN, DOUBT_DISPERSION = 0.8, 0.8
UNLIKENESS = np.array([0.2, 0.55])
CORRELATIONS = np.array([0.0, 0.25, 0.5, 0.75, 0.95])


@dataclass(frozen=True)
class Variances:
    """Draws: likeness (position, D), between-school sd and dispersion (D x blocks)."""

    likeness: Whole
    between: Array
    dispersion: Array


def draw_variances(
    samples: Samples, means: SchoolMeans, draws: int, generator: np.random.Generator
) -> Variances:
    """`draws` joint draws of the variance parameters of every block from their posterior."""
    likelihood = np.exp(
        _normalised(_between_schools(means) + within_schools(samples, means, DISPERSION)[:, :, None, :])
    )
    prior_between, prior_dispersion = _around(BETWEEN), _around(DISPERSION)
    common = _common(likelihood, prior_between, prior_dispersion)
    chosen = generator.choice(common.size, size=draws, p=common.ravel())
    between = np.empty((draws, samples.blocks))
    dispersion = np.empty((draws, samples.blocks))
    for cell in np.unique(chosen):
        i, u, j, k = np.unravel_index(cell, common.shape)
        who = np.flatnonzero(chosen == cell)
        weights = likelihood[i] * prior_between[u, j][:, None] * prior_dispersion[u, k][None, :]
        picked = _pick(weights.reshape(samples.blocks, -1), generator.random((len(who), samples.blocks)))
        between[who] = _within_step(BETWEEN, picked // len(DISPERSION), generator)
        dispersion[who] = _within_step(DISPERSION, picked % len(DISPERSION), generator)
    likeness = np.unravel_index(chosen, common.shape)[0].astype(np.int64)
    return Variances(likeness, between, dispersion)


def _between_schools(means: SchoolMeans) -> Array:
    """Log likelihood (likeness x block x between x dispersion) of schools' means, their level set free."""
    weight = means.weight[:, :, None, None, :]
    seen = weight > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(seen, log_variance(DISPERSION[:, None], np.where(seen, weight, 1.0)), 0.0)
        precision = np.where(seen, 1.0 / (BETWEEN[:, None, None] ** 2 + variance), 0.0)
        logdet = np.where(seen, np.log(np.where(seen, precision, 1.0)), 0.0).sum(-1) / 2
        level = means.log_mean[:, :, None, None, :] + variance / 2
        total = precision.sum(-1)
        mean = np.where(total > 0, (precision * level).sum(-1) / total, 0.0)
        square = (precision * (level - mean[..., None]) ** 2).sum(-1)
        result: Array = np.where(
            total > 0, logdet - np.log(np.where(total > 0, total, 1.0)) / 2 - square / 2, 0.0
        )
    return result


def _normalised(loglik: Array) -> Array:
    """Per block the highest value over everything else is 0, so that no exponential vanishes."""
    highest: Array = loglik.max(axis=(0, 2, 3), keepdims=True)
    return loglik - highest


def _around(grid: Array) -> Array:
    """unlikeness x typical x grid: what a block's parameter may be where grid[typical] is the typical one."""
    away = np.log(grid)[None, :] - np.log(grid)[:, None]
    density = np.exp(-((away / UNLIKENESS[:, None, None]) ** 2) / 2)
    result: Array = density / density.sum(axis=-1, keepdims=True)
    return result


def _common(likelihood: Array, prior_between: Array, prior_dispersion: Array) -> Array:
    """Posterior of (likeness, unlikeness, typical between, typical dispersion), from all blocks together."""
    each = np.einsum("ujx,ibxy,uky->ibujk", prior_between, likelihood, prior_dispersion, optimize=True)
    with np.errstate(divide="ignore"):
        log_posterior = np.log(each).sum(axis=1)
    log_posterior += np.log(LIKENESS_PRIOR)[:, None, None, None]
    log_posterior -= ((np.log(BETWEEN / TYPICAL_BETWEEN) / DOUBT_BETWEEN) ** 2 / 2)[:, None]
    log_posterior -= (np.log(DISPERSION / TYPICAL_DISPERSION) / DOUBT_DISPERSION) ** 2 / 2
    posterior = np.exp(log_posterior - log_posterior.max())
    result: Array = posterior / posterior.sum()
    return result


def _within_step(grid: Array, position: Whole, generator: np.random.Generator) -> Array:
    """A point of the grid stands for its whole step: drawn anywhere in it, evenly in the logarithm."""
    half = np.log(grid[1] / grid[0]) / 2
    result: Array = grid[position] * np.exp(generator.uniform(-half, half, position.shape))
    return result


def _pick(weights: Array, uniform: Array) -> Whole:
    """For each column one position, with probability proportional to that column's row of `weights`."""
    cumulative = np.cumsum(weights, axis=1)
    cumulative /= cumulative[:, -1:]
    columns = [np.searchsorted(row, uniform[:, b]) for b, row in enumerate(cumulative)]
    picked: Whole = np.minimum(np.stack(columns, axis=1), weights.shape[1] - 1)
    return picked
