"""How much of a change is the system's: schools that adopted against those that had not yet.

Every indicator gets an event study and a verdict: a code with the figures it rests on, or the reason why
nothing can be said. The choice of words is the screens'. Method and limits: docs/method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from scipy import stats

from estimation.competing import events_met
from estimation.event_study import LEVEL, Effect, estimate_effect
from estimation.panel import LEAST_SCHOOLS, Controls, Panel, prepare

# Reasons for saying nothing about an effect, in the order in which they are looked for.
TOO_FEW_SCHOOLS = "too_few_schools"
NO_COMPARISON = "no_comparison"
NO_HISTORY = "no_history"
MOVED_BEFORE = "moved_before"
CONTROLS_MOVED = "controls_moved"
COMPETING_EVENTS = "competing_events"
# What can be said.
INCREASE, DECREASE, NO_CLEAR_CHANGE = "increase", "decrease", "no_clear_change"
# What a negative control says.
FLAT, MOVED = "flat", "moved"
POWER = 0.8
# An event of these periods, counted from adoption, cannot be told from it.
SAME_TIME = (-1, 0, 1)
_INTERVAL = {"low": pl.Float64, "high": pl.Float64}
EVENT_STUDY = {
    "indicator": pl.String, "event_time": pl.Int64, "estimate": pl.Float64, "se": pl.Float64,
    "cohorts": pl.Int64, **_INTERVAL, "band_low": pl.Float64, "band_high": pl.Float64,
    "competing": pl.List(pl.String),
}  # fmt: skip
GROUPS = {
    "indicator": pl.String, "cohort": pl.Date, "period": pl.Date, "event_time": pl.Int64,
    "schools": pl.Int64, "estimate": pl.Float64, "se": pl.Float64, **_INTERVAL,
}  # fmt: skip
_NUMBERS = ("estimate", "low", "high", "p", "raw_change", "detectable", "pre_trend_p")
_COUNTS = (
    "pre_periods", "schools", "cohorts", "cohorts_estimated", "cohorts_with_competing_events",
    "schools_with_gaps", "schools_adopted_before", "schools_in_small_cohorts",
    "controls_tried", "controls_moved",
)  # fmt: skip
VERDICTS = (
    {"indicator": pl.String, "control": pl.Boolean, "verdict": pl.String}
    | dict.fromkeys(_NUMBERS, pl.Float64)
    | dict.fromkeys(_COUNTS, pl.Int64)
    | {"cohorts_are_counties": pl.Boolean}
)


@dataclass(frozen=True)
class Attribution:
    """`event_study`: indicator, event_time, estimate, se, cohorts, low, high, band_low, band_high, competing
    (names of events that met adopting schools then). `groups`: indicator, cohort, period, event_time,
    schools, estimate, se, low, high. `verdicts`: one row per indicator, see `_figures`."""

    event_study: pl.DataFrame
    groups: pl.DataFrame
    verdicts: pl.DataFrame


@dataclass(frozen=True)
class _Studied:
    indicator: str
    control: bool
    panel: Panel
    effect: Effect | None
    competing: pl.DataFrame | None  # as events_met gives them, of the cohorts with an estimate


def attribute(
    values: pl.DataFrame,
    indicators: pl.DataFrame,
    adoptions: pl.DataFrame,
    competing: pl.DataFrame,
    *,
    controls: Controls = "not_yet_adopted",
    seed: int = 0,
) -> Attribution:
    """values: indicator, school_id, period (first day), value: one per school and period, periods alike long.

    indicators: indicator, control (true: a process the system does not touch). adoptions: school_id,
    county_number, adopted_on (null: not yet). competing: event, school_id (`*`: all), starts_on, ends_on.
    """
    studied = []
    for name, is_control in indicators.select("indicator", "control").sort("indicator").iter_rows():
        panel = prepare(values.filter(pl.col("indicator") == name), adoptions)
        effect = estimate_effect(panel, controls, seed)
        met = _met(panel, effect, competing) if effect else None
        studied.append(_Studied(name, is_control, panel, effect, met))
    moved = _moved_controls(studied)
    tried = sum(one.control and one.effect is not None for one in studied)
    verdicts = [_figures(one, moved, tried, adoptions) for one in studied]
    found = [(one, one.effect) for one in studied if one.effect is not None]
    return Attribution(
        event_study=_stacked([_events(one, effect) for one, effect in found], EVENT_STUDY),
        groups=_stacked([_named(one, effect.groups) for one, effect in found], GROUPS),
        verdicts=pl.DataFrame(verdicts, schema=VERDICTS),
    )


def _met(panel: Panel, effect: Effect, competing: pl.DataFrame) -> pl.DataFrame:
    estimated = effect.groups.filter(pl.col("event_time") >= 0)["cohort"].unique().to_list()
    positions = [panel.periods.index(cohort) + 1 for cohort in estimated]
    return events_met(panel, competing).filter(pl.col("cohort").is_in(positions))


def _moved_controls(studied: list[_Studied]) -> list[str]:
    """Negative controls that were not flat; the limit is shared by all tests of all controls (Bonferroni)."""
    tests = {
        one.indicator: [p for p in (one.effect.p, one.effect.pre_trend_p) if p is not None]
        for one in studied
        if one.control and one.effect is not None
    }
    limit = (1 - LEVEL) / max(1, sum(len(each) for each in tests.values()))
    return [name for name, each in tests.items() if min(each) < limit]


def _figures(one: _Studied, moved: list[str], tried: int, adoptions: pl.DataFrame) -> dict[str, object]:
    """The verdict and what it rests on."""
    effect, panel = one.effect, one.panel
    cohorts = panel.cohorts()
    met = one.competing
    at_once = pl.col("partial") & pl.col("event_time").is_in(SAME_TIME)
    hit = met.filter(at_once)["cohort"].n_unique() if met is not None else 0
    estimated = effect.groups.filter(pl.col("event_time") >= 0)["cohort"].n_unique() if effect else 0
    return {
        "indicator": one.indicator,
        "control": one.control,
        "verdict": _verdict(one, moved, everyone_hit=0 < estimated == hit),
        "estimate": effect.estimate if effect else None,
        "low": effect.low if effect else None,
        "high": effect.high if effect else None,
        "p": effect.p if effect else None,
        "raw_change": effect.raw_change if effect else None,
        "detectable": _detectable(effect) if effect else None,
        "pre_trend_p": effect.pre_trend_p if effect else None,
        "pre_periods": effect.pre_periods if effect else 0,
        "schools": panel.schools(),
        "cohorts": len([cohort for cohort in cohorts if cohort]),
        "cohorts_estimated": estimated,
        "cohorts_with_competing_events": hit,
        "cohorts_are_counties": _one_county_each(panel, adoptions),
        "schools_with_gaps": panel.with_gaps,
        "schools_adopted_before": panel.adopted_before,
        "schools_in_small_cohorts": panel.in_small_cohorts,
        "controls_tried": tried,
        "controls_moved": len(moved),
    }


def _verdict(one: _Studied, moved: list[str], *, everyone_hit: bool) -> str:
    effect, cohorts = one.effect, one.panel.cohorts()
    if sum(size >= LEAST_SCHOOLS for size in cohorts.values()) < 2:
        return TOO_FEW_SCHOOLS
    if effect is None:
        return NO_COMPARISON
    if one.control:
        return MOVED if one.indicator in moved else FLAT
    reasons = {
        NO_HISTORY: effect.pre_trend_p is None,
        MOVED_BEFORE: effect.pre_trend_p is not None and effect.pre_trend_p < 1 - LEVEL,
        CONTROLS_MOVED: bool(moved),
        COMPETING_EVENTS: everyone_hit,
        INCREASE: effect.low > 0,
        DECREASE: effect.high < 0,
    }
    return next((code for code, holds in reasons.items() if holds), NO_CLEAR_CHANGE)


def _detectable(effect: Effect) -> float:
    """The smallest effect that would be found four times out of five."""
    both = stats.t.ppf((1 + LEVEL) / 2, effect.degrees) + stats.t.ppf(POWER, effect.degrees)
    return float(both * effect.se)


def _one_county_each(panel: Panel, adoptions: pl.DataFrame) -> bool:
    """Whether every cohort is of a single county: then the counties' own changes cannot be told apart."""
    counties = (
        panel.rows.filter(pl.col("cohort") > 0)
        .join(adoptions, on="school_id")
        .group_by("cohort")
        .agg(pl.col("county_number").n_unique())
    )
    return bool((counties["county_number"] == 1).all()) and counties.height > 0


def _events(one: _Studied, effect: Effect) -> pl.DataFrame:
    met = one.competing if one.competing is not None else pl.DataFrame()
    names = met.group_by("event_time").agg(competing=pl.col("event").unique().sort())
    marked = effect.events.join(names, on="event_time", how="left", maintain_order="left")
    return _named(one, marked.with_columns(pl.col("competing").fill_null([])))


def _named(one: _Studied, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.lit(one.indicator).alias("indicator"), pl.all())


def _stacked(frames: list[pl.DataFrame], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=schema), *frames])
