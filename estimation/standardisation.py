"""How alike counties and schools do the same work: spread without sampling noise, and the common variant.

One process in one school year at a time. A school's logarithm is the common level, plus its county's part,
plus its own, plus what few samples get wrong; the spreads of county and school have a posterior on a grid,
the common level a flat prior. Half-normal priors: Gelman (2006), Prior distributions for variance parameters
in hierarchical models, Bayesian Analysis 1(3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from estimation.minutes import HIGH, LOW
from estimation.school_means import (
    LIKENESS_PRIOR,
    Array,
    Samples,
    SchoolMeans,
    Whole,
    log_variance,
    positions,
    school_means,
    within_schools,
)
from estimation.variances import DISPERSION, DOUBT_DISPERSION, TYPICAL_DISPERSION

DRAWS = 2000
# Standard deviations of logarithms, from none to a factor of five, and what is likely unseen.
SPREADS = np.linspace(0.0, 1.6, 33)
LIKELY_SPREAD = 0.5
# A school does the work as most do where it takes within a quarter of the common level.
COMMON = float(np.log(1.25))
_FIGURES = ("county_spread", "school_spread", "common_share")
COLUMNS = {
    "process_code": pl.String, "school_year": pl.String, "counties": pl.Int64, "schools": pl.Int64,
    "schools_adopted": pl.Int64, "samples": pl.Int64, "minutes_per_case": pl.Float64,
    "observed_spread": pl.Float64,
    **dict.fromkeys((f"{name}{end}" for name in _FIGURES for end in ("", "_low", "_high")), pl.Float64),
}  # fmt: skip


@dataclass(frozen=True)
class Work:
    """One process in one year: means of the schools that still do it, and which county each lies in.

    `membership`: schools x counties, 1 where the school lies. `within`: log likelihood (likeness x
    dispersion) of how samples of one school differ.
    """

    weight: Array  # likeness x school
    log_mean: Array
    membership: Array
    within: Array


@dataclass(frozen=True)
class Spread:
    """Draws: sd of logarithms between counties and between schools of one, and schools' logarithms."""

    counties: Array
    schools: Array
    levels: Array  # draw x school


def standardisation(samples: pl.DataFrame, schools: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Process x school year, see COLUMNS.

    samples: process_code, school_id, school_year, phase, minutes_per_case, cases. schools: school_id, pool.
    A school that has given follow-ups in the year counts with those alone: it is how it works now.
    """
    known = samples.join(schools.select("school_id", "pool"), on="school_id")
    has_follow_up = (pl.col("phase") == "follow_up").any().over("process_code", "school_year", "school_id")
    now = known.filter((pl.col("phase") == "follow_up") | ~has_follow_up)
    generator = np.random.default_rng(seed)
    order = ["process_code", "school_year"]
    parts = now.sort(*order, *now.columns).partition_by(order, maintain_order=True)
    return pl.DataFrame([_figures(part, generator) for part in parts], schema=COLUMNS)


def _figures(part: pl.DataFrame, generator: np.random.Generator) -> dict[str, object]:
    of_school = part.group_by("school_id").agg(
        pl.col("pool").first(),
        mean=(pl.col("minutes_per_case") * pl.col("cases")).sum() / pl.col("cases").sum(),
        adopted=(pl.col("phase") == "follow_up").any(),
    )
    still = of_school.filter(pl.col("mean") > 0).sort("school_id")
    gone = of_school.height - still.height
    found = draw_spread(_work(part, still), DRAWS, generator) if still.height else None
    counties = still["pool"].n_unique()
    mean, deviation = of_school["mean"].mean(), of_school["mean"].std()
    several = of_school.height > 1
    figures: dict[str, object] = {
        "process_code": part["process_code"][0],
        "school_year": part["school_year"][0],
        "counties": of_school["pool"].n_unique(),
        "schools": of_school.height,
        "schools_adopted": int(of_school["adopted"].sum()),
        "samples": part.height,
        "minutes_per_case": 0.0,
        "observed_spread": float(str(deviation)) / float(str(mean)) if several and mean else None,
    }
    if found is not None and gone < still.height:
        figures["minutes_per_case"] = float(np.exp(np.median(found.levels, axis=1)).mean())
    if found is not None and counties > 1:
        figures |= _interval("county_spread", variation(found.counties))
    if found is not None and still.height > counties:
        figures |= _interval("school_spread", variation(found.schools))
    if several:
        figures |= _interval("common_share", common_share(found, gone))
    return dict.fromkeys(COLUMNS) | figures


def variation(deviation: Array) -> Array:
    """The coefficient of variation of minutes whose logarithms have this standard deviation."""
    result: Array = np.sqrt(np.expm1(deviation**2))
    return result


def common_share(found: Spread | None, gone: int) -> Array:
    """Draws of the share of sampled schools on the common variant: without the work, where most are."""
    still = found.levels.shape[1] if found is not None else 0
    if found is None or gone >= still:
        return np.array([gone / (gone + still)])
    middle = np.median(found.levels, axis=1, keepdims=True)
    result: Array = (np.abs(found.levels - middle) <= COMMON).sum(axis=1) / (gone + still)
    return result


def draw_spread(work: Work, draws: int, generator: np.random.Generator) -> Spread:
    """Joint draws of both spreads and of what each school takes."""
    posterior = _posterior(work)
    chosen = generator.choice(posterior.size, size=draws, p=posterior.ravel())
    likeness, dispersion, own, county = np.unravel_index(chosen, posterior.shape)
    half = (SPREADS[1] - SPREADS[0]) / 2
    # A point of the grid stands for its whole step.
    between = np.abs(SPREADS[county] + generator.uniform(-half, half, draws))
    within = np.abs(SPREADS[own] + generator.uniform(-half, half, draws))
    noise = log_variance(DISPERSION[dispersion][:, None], work.weight[likeness])
    level = work.log_mean[likeness] + noise / 2
    centres = _county_levels(level, noise + within[:, None] ** 2, work.membership, between, generator)
    own_part = within[:, None] ** 2
    mean = (own_part * level + noise * (centres @ work.membership.T)) / (own_part + noise)
    spread = np.sqrt(own_part * noise / (own_part + noise))
    return Spread(between, within, mean + spread * generator.standard_normal(mean.shape))


def _work(part: pl.DataFrame, still: pl.DataFrame) -> Work:
    rows = part.filter(pl.col("school_id").is_in(still["school_id"].to_list()))
    samples = Samples(
        block=np.zeros(rows.height, dtype=np.int64),
        school=positions(rows["school_id"], still["school_id"].to_list()),
        minutes=rows["minutes_per_case"].cast(pl.Float64).to_numpy(),
        cases=rows["cases"].cast(pl.Float64).to_numpy(),
        blocks=1,
        schools=still.height,
    )
    means: SchoolMeans = school_means(samples)
    pools = still["pool"].unique().sort().to_list()
    county: Whole = positions(still["pool"], pools)
    return Work(
        weight=means.weight[:, 0],
        log_mean=means.log_mean[:, 0],
        membership=np.eye(len(pools))[county],
        within=within_schools(samples, means, DISPERSION)[:, 0],
    )


def _posterior(work: Work) -> Array:
    """likeness x dispersion x spread of schools x spread of counties."""
    noise = log_variance(DISPERSION[:, None], work.weight[:, None, :])
    level = (work.log_mean[:, None, :] + noise / 2)[:, :, None, :]
    variance = noise[:, :, None, :] + SPREADS[:, None] ** 2
    precision = (1 / variance) @ work.membership
    mean = (level / variance) @ work.membership / precision
    # Squares around a weighted mean, as what is left of the squares: no array of all differences.
    inside = (level**2 / variance + np.log(variance)).sum(axis=-1) - (precision * mean**2).sum(axis=-1)
    log_posterior = -(inside + np.log(precision).sum(axis=-1))[..., None] / 2
    outer = 1 / (SPREADS[:, None] ** 2 + 1 / precision[..., None, :])
    total = outer.sum(axis=-1)
    pull = np.einsum("ldsbc,ldsc->ldsb", outer, mean)
    square = np.einsum("ldsbc,ldsc->ldsb", outer, mean**2) - pull**2 / total
    # One logarithm of a product of some twenty counties instead of twenty.
    log_posterior = log_posterior + (np.log(outer.prod(axis=-1)) - np.log(total) - square) / 2
    likely = -((SPREADS / LIKELY_SPREAD) ** 2) / 2
    log_posterior += likely[:, None] + likely[None, :]
    usual = -((np.log(DISPERSION / TYPICAL_DISPERSION) / DOUBT_DISPERSION) ** 2) / 2
    log_posterior += (work.within + usual + np.log(LIKENESS_PRIOR)[:, None])[:, :, None, None]
    posterior = np.exp(log_posterior - log_posterior.max())
    result: Array = posterior / posterior.sum()
    return result


def _county_levels(
    level: Array, variance: Array, membership: Array, between: Array, generator: np.random.Generator
) -> Array:
    """Draws of the counties' levels, their common level drawn too; draw x county."""
    precision = (1 / variance) @ membership
    mean = (level / variance) @ membership / precision
    outer = 1 / (between[:, None] ** 2 + 1 / precision)
    total = outer.sum(axis=1)
    common = (outer * mean).sum(axis=1) / total + generator.standard_normal(len(total)) / np.sqrt(total)
    pull = between[:, None] ** 2 * precision
    centre = (pull * mean + common[:, None]) / (pull + 1)
    spread = np.sqrt(between[:, None] ** 2 / (pull + 1))
    result: Array = centre + spread * generator.standard_normal(centre.shape)
    return result


def _interval(name: str, draws: Array) -> dict[str, object]:
    low, high = np.percentile(draws, [LOW, HIGH])
    return {name: float(draws.mean()), f"{name}_low": float(low), f"{name}_high": float(high)}
