"""Group-time effects and event study of one indicator, by Callaway and Sant'Anna's estimator (diff-diff).

Callaway and Sant'Anna (2021), Difference-in-Differences with Multiple Time Periods, Journal of Econometrics
225(2). Clustered by school; Student's t with schools less cohorts as degrees of freedom: schools are few.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from diff_diff import CallawaySantAnna
from scipy import stats

from estimation.panel import Controls, Panel
from estimation.school_means import Array

LEVEL = 0.95
# More periods before adoption than this would test noise: the test loses its size with few schools.
PRE_PERIODS = 4
SIMULATED = 20_000
LIBRARY_CONTROLS = {"not_yet_adopted": "not_yet_treated", "never_adopted": "never_treated"}


@dataclass(frozen=True)
class Effect:
    """`groups`: cohort, period, event_time, schools, estimate, se, low, high. `events`: event_time, estimate,
    se, low, high (pointwise), band_low, band_high (all at once), cohorts. In the indicator's own unit; the
    reference is the period before adoption. `pre_trend_p` and `pre_periods`: test that nothing moved before;
    null where it cannot be tested. `raw_change`: before to after where it was adopted, unadjusted."""

    groups: pl.DataFrame
    events: pl.DataFrame
    estimate: float
    se: float
    low: float
    high: float
    p: float
    degrees: int
    pre_trend_p: float | None
    pre_periods: int
    raw_change: float


def estimate_effect(panel: Panel, controls: Controls = "not_yet_adopted", seed: int = 0) -> Effect | None:
    """None where no cohort has a period in which both it and its comparison can be seen."""
    cohorts = panel.cohorts()
    if len(cohorts) < 2 or (controls == "never_adopted" and 0 not in cohorts):
        return None
    fitted = _fit(panel, controls)
    if fitted is None:
        return None
    degrees = panel.schools() - len(cohorts)
    # The library divides by schools; every cohort's mean has cost one of them.
    inflation = (panel.schools() / degrees) ** 0.5
    groups = _groups(fitted, panel, degrees, inflation)
    study = _Study(fitted.aggregate(type="event_study"), inflation)
    estimate, se = float(fitted.overall_att), float(fitted.overall_se) * inflation
    reach = _critical(degrees) * se
    test, tested = _pre_trend(study, degrees)
    return Effect(
        groups=groups,
        events=_events(study, degrees, seed),
        estimate=estimate,
        se=se,
        low=estimate - reach,
        high=estimate + reach,
        p=float(2 * stats.t.sf(abs(estimate) / se, degrees)),
        degrees=degrees,
        pre_trend_p=test,
        pre_periods=tested,
        raw_change=_raw_change(panel, groups),
    )


def _fit(panel: Panel, controls: Controls) -> Any:
    frame = pd.DataFrame(panel.rows.sort("school_id", "time").to_dict(as_series=False))
    estimator = CallawaySantAnna(
        control_group=LIBRARY_CONTROLS[controls], estimation_method="reg", base_period="universal"
    )
    with warnings.catch_warnings():
        # Cells without a comparison are expected (nobody is left when the last cohort adopts) and reported.
        warnings.simplefilter("ignore")
        try:
            fitted = estimator.fit(
                frame, outcome="value", unit="school_id", time="time", first_treat="cohort"
            )
        except ValueError:
            return None
    return fitted if np.isfinite(fitted.overall_att) and fitted.overall_se > 0 else None


def _critical(degrees: int) -> float:
    return float(stats.t.ppf((1 + LEVEL) / 2, degrees))


class _Study:
    """The library's event study with covariances that allow for few schools."""

    def __init__(self, study: Any, inflation: float) -> None:
        self.times: Array = study.event_time.astype(np.int64)
        self.estimates: Array = study.att
        self.cohorts: Array = study.n
        self.known = np.isfinite(study.se)
        place = {int(time): position for position, time in enumerate(study.vcov_index)}
        self._place = [place.get(int(time), -1) for time in self.times]
        self._covariance: Array = study.vcov * inflation**2

    def covariance(self, which: np.ndarray[Any, Any]) -> Array:
        """Of the estimates where `which` is true."""
        chosen = [place for place, wanted in zip(self._place, which, strict=True) if wanted]
        result: Array = self._covariance[np.ix_(chosen, chosen)]
        return result

    def se(self) -> Array:
        """NaN at the reference."""
        errors = np.full(len(self.times), np.nan)
        errors[self.known] = np.sqrt(np.diag(self.covariance(self.known)))
        return errors


def _groups(fitted: Any, panel: Panel, degrees: int, inflation: float) -> pl.DataFrame:
    rows = [
        {
            "cohort": panel.periods[int(cohort) - 1],
            "period": panel.periods[int(time) - 1],
            "event_time": int(time) - int(cohort),
            "schools": int(cell["n_treated"]),
            "estimate": float(cell["effect"]),
            "se": float(cell["se"]) * inflation,
        }
        for (cohort, time), cell in fitted.group_time_effects.items()
        if np.isfinite(cell["effect"]) and np.isfinite(cell["se"])
    ]
    reach = _critical(degrees) * pl.col("se")
    frame = pl.DataFrame(rows).sort("cohort", "period")
    return frame.with_columns(low=pl.col("estimate") - reach, high=pl.col("estimate") + reach)


def _events(study: _Study, degrees: int, seed: int) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"event_time": study.times, "estimate": study.estimates, "se": study.se(), "cohorts": study.cohorts}
    ).with_columns(pl.col("se").fill_nan(None), pl.col("cohorts").fill_nan(None).cast(pl.Int64))
    point, band = _critical(degrees), _simultaneous(study.covariance(study.known), degrees, seed)
    bounds = {"low": -point, "high": point, "band_low": -band, "band_high": band}
    return frame.with_columns(
        (pl.col("estimate") + reach * pl.col("se")).alias(name) for name, reach in bounds.items()
    ).sort("event_time")


def _simultaneous(covariance: Array, degrees: int, seed: int) -> float:
    """Critical value of the largest of several correlated t values (a sup-t band), by seeded simulation."""
    scale = np.sqrt(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    generator = np.random.default_rng(seed)
    normal = generator.standard_normal((SIMULATED, len(scale))) * np.sqrt(np.maximum(values, 0)) @ vectors.T
    largest = np.abs(normal).max(axis=1) / np.sqrt(generator.chisquare(degrees, SIMULATED) / degrees)
    return float(np.quantile(largest, LEVEL))


def _pre_trend(study: _Study, degrees: int) -> tuple[float | None, int]:
    """Two tests of the last periods before the reference, their limit shared (Bonferroni): that none differs
    from it, and that there is no slope through them. A slope is what schools that were on their way already
    look like; the first test alone, spread over all periods, would seldom see it with few schools. The
    number of periods tested is 0 where there are none."""
    before = study.known & (study.times < -1)
    before &= study.times >= -1 - PRE_PERIODS
    tested = int(before.sum())
    covariance = study.covariance(before)
    rank = int(np.linalg.matrix_rank(covariance)) if tested else 0
    if rank == 0 or degrees <= rank:
        return None, 0
    estimates = study.estimates[before]
    wald = float(estimates @ np.linalg.pinv(covariance) @ estimates)
    scaled = wald * (degrees - rank + 1) / (rank * degrees)
    joint = float(stats.f.sf(scaled, rank, degrees - rank + 1))
    if tested == 1:
        return joint, tested
    return min(1.0, 2 * min(joint, _slope(study.times[before], estimates, covariance, degrees))), tested


def _slope(times: Array, estimates: Array, covariance: Array, degrees: int) -> float:
    """p of the slope of a line through the estimates and the reference, which is 0 by definition."""
    weights = times - np.append(times, -1).mean()
    slope, variance = float(weights @ estimates), float(weights @ covariance @ weights)
    return float(2 * stats.t.sf(abs(slope) / variance**0.5, degrees))


def _raw_change(panel: Panel, groups: pl.DataFrame) -> float:
    """Mean change from the period before adoption, over the same schools and periods as the estimate."""
    index = {period: position + 1 for position, period in enumerate(panel.periods)}
    after = groups.filter(pl.col("event_time") >= 0).select(
        pl.col("cohort", "period").replace_strict(index, return_dtype=pl.Int64)
    )
    values = panel.rows.join(
        after.rename({"period": "time"}), on=["cohort", "time"], how="inner"
    ).with_columns(base=pl.col("cohort") - 1)
    base = panel.rows.select("school_id", base="time", before="value")
    change = values.join(base, on=["school_id", "base"]).select(pl.col("value") - pl.col("before"))
    return float(change.to_series().mean())  # type: ignore[arg-type]
