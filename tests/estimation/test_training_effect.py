"""Training and support cases: a planted effect is found, none is made up, and silence has its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from estimation.training_effect import training_effects

AS_OF = date(2021, 9, 15)
ADOPTED = date(2019, 8, 12)
# Months from adoption to training, of 40 schools: ten each after 5, 8 and 11 months, ten never.
PLAN = (5, 8, 11, None)
COUNTY = ("30", "34")


def month(number: int, day: int = 10) -> date:
    """So many months after that of adoption."""
    return date(2019 + (7 + number) // 12, (7 + number) % 12 + 1, day)


def year(
    effect: float, *, seed: int = 1, plan: tuple[int | None, ...] = PLAN, schools: int = 40,
    rate: float = 12.0, drift: float = 0.0,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Cases surge at adoption and ebb away, more at some schools, in runs; training multiplies them by
    `effect`; `drift` is the monthly log change before the training at schools that get any."""
    dice = np.random.default_rng([seed, 3])
    common = dice.normal(0, 0.2, 24)
    trainings, cases, known = [], [], []
    for number in range(schools):
        school, trained = f"{number:05d}", plan[number % len(plan)]
        known.append((school, COUNTY[number % 8 // 4], ADOPTED))
        level, luck = rate * dice.gamma(4, 0.25), 0.0
        for person in range(4):
            done = month(trained, person + 1) if trained is not None else None
            trainings.append((school, "webinar", done))
        for time in range(24):
            luck = 0.5 * luck + dice.normal(0, 0.2)
            expected = level * (0.5 + 2 * np.exp(-time / 4)) * np.exp(common[time] + luck)
            if trained is not None:
                expected *= effect if time >= trained else np.exp(drift * (time - trained))
            cases += [(school, month(time))] * int(dice.poisson(expected))
    return (
        pl.DataFrame(
            trainings,
            schema={"school_id": pl.String, "format": pl.String, "completed_on": pl.Date},
            orient="row",
        ),
        pl.DataFrame(cases, schema=["school_id", "opened_on"], orient="row"),
        pl.DataFrame(known, schema=["school_id", "county_number", "adopted_on"], orient="row"),
    )


def found(
    frames: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame], county: str = "*", as_of: date = AS_OF
) -> dict[str, Any]:
    trainings, cases, schools = frames
    table = training_effects(trainings, cases, schools, as_of=as_of)
    return table.row(by_predicate=pl.col("county_number") == county, named=True)


def test_a_planted_effect_is_found() -> None:
    """A third fewer cases, while everybody's cases ebb away: the ebb is not taken for the training's."""
    one = found(year(2 / 3))
    assert one["verdict"] == "fewer_cases"
    assert one["low"] < -1 / 3 < one["high"] < 0
    assert (one["schools_trained"], one["schools_used"]) == (30, 30)
    assert one["trainings"] == 120
    assert one["avoided_per_training"] == pytest.approx(
        (one["cases_expected"] - one["cases_after"]) / one["trainings"]
    )
    assert one["before_p"] > 0.05


def test_intervals_hold_what_was_planted_and_nothing_is_made_up_of_nothing() -> None:
    """120 years: 95 % are 114; fewer than 107 has less than one chance in five hundred."""
    held, moved = 0, 0
    for seed in range(120):
        effect = (1.0, 0.7, 1.3)[seed % 3]
        one = found(year(effect, seed=seed))
        held += one["low"] <= effect - 1 <= one["high"]
        moved += one["before_p"] < 0.05
    assert held >= 107
    assert moved <= 14


def test_cases_that_moved_apart_before_the_training_leave_nothing_to_say() -> None:
    """Schools were trained because their cases grew."""
    one = found(year(0.8, drift=0.3, rate=30))
    assert one["verdict"] == "moved_before"
    assert one["change_before"] > 0.3


def test_training_before_the_system_came_has_no_before() -> None:
    assert found(year(0.5, plan=(-2, None)))["verdict"] == "no_before"
    assert found(year(0.5, plan=(1, 6)))["verdict"] == "no_comparison"


def test_too_few_schools_or_cases_and_no_training() -> None:
    assert found(year(0.5, schools=8))["verdict"] == "no_comparison"
    few = found(year(0.5, schools=12, plan=(6, None, None, None)))
    assert few["verdict"] == "too_few_schools"
    assert few["change"] is None
    assert found(year(0.5, rate=0.15))["verdict"] in {"no_comparison", "too_few_cases"}
    assert found(year(0.5, plan=(None,)))["verdict"] == "no_training"


def test_a_county_is_compared_with_every_school_not_trained_yet() -> None:
    frames = year(2 / 3, schools=80)
    both, one = found(frames), found(frames, "30")
    assert one["schools_used"] == both["schools_used"] / 2
    assert one["schools_compared"] == both["schools_compared"]


def test_half_of_a_school_s_trainings_make_it_trained() -> None:
    """Of four, two: the third is still to come, and the month is that of the second."""
    trainings, cases, schools = year(2 / 3)
    late = trainings.with_columns(
        completed_on=pl.when(pl.int_range(pl.len()).over("school_id") < 2).then("completed_on")
    )
    assert found((late, cases, schools))["schools_trained"] == 30
    later = trainings.with_columns(
        completed_on=pl.when(pl.int_range(pl.len()).over("school_id") < 1).then("completed_on")
    )
    assert found((later, cases, schools))["verdict"] == "no_training"


def test_without_cases_or_trainings_there_is_nothing_and_no_fault() -> None:
    trainings, cases, schools = year(1.0, schools=4)
    assert training_effects(trainings.clear(), cases, schools, as_of=AS_OF).is_empty()
    assert set(training_effects(trainings, cases.clear(), schools, as_of=AS_OF)["verdict"]) == {"no_training"}
