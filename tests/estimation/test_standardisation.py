"""How alike counties work: planted spread is found, and sampling noise is not taken for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from estimation.standardisation import standardisation

COUNTIES, SCHOOLS = 6, 8


def year(
    *, counties: float = 0.0, schools: float = 0.0, cases: int = 6, samples: int = 2, seed: int = 1,
    school_year: str = "2018-19", size: tuple[int, int] = (COUNTIES, SCHOOLS),
) -> pl.DataFrame:  # fmt: skip
    """Samples of a process that takes about 20 minutes; the spreads are of logarithms, cases have CV 0.7."""
    dice = np.random.default_rng([seed, 11])
    sigma = np.sqrt(np.log1p(0.49))
    rows = []
    for county in range(size[0]):
        centre = 3 + dice.normal(0, counties)
        for school in range(size[1]):
            level = np.exp(centre + dice.normal(0, schools))
            for _ in range(samples):
                minutes = level * float(np.exp(dice.normal(-(sigma**2) / 2, sigma, cases)).mean())
                rows.append(("P", f"{county:02d}{school:03d}", school_year, "baseline", minutes, cases))
    return pl.DataFrame(
        rows,
        schema=["process_code", "school_id", "school_year", "phase", "minutes_per_case", "cases"],
        orient="row",
    )


def found(samples: pl.DataFrame) -> dict[str, Any]:
    schools = samples.select("school_id", pool=pl.col("school_id").str.head(2)).unique()
    return standardisation(samples, schools, seed=1).row(0, named=True)


def test_sampling_noise_is_not_taken_for_spread() -> None:
    """Schools are alike; two samples of six cases scatter by a fifth."""
    alike = found(year())
    assert alike["observed_spread"] > 0.15
    assert alike["school_spread"] < 0.08
    assert alike["school_spread_low"] < 0.02
    assert alike["county_spread"] < 0.1
    assert alike["common_share"] > 0.95


def test_planted_spreads_are_found_and_kept_apart() -> None:
    apart = found(year(counties=0.4, schools=0.1, cases=15, seed=3))
    assert apart["county_spread_low"] < 0.417 < apart["county_spread_high"]
    assert apart["school_spread_high"] < apart["county_spread"]
    within = found(year(counties=0.0, schools=0.4, cases=15, seed=3))
    assert within["school_spread_low"] < 0.417 < within["school_spread_high"]
    assert within["school_spread_low"] > 0.25
    assert within["common_share"] < 0.6


def test_intervals_hold_the_planted_spread_as_often_as_they_say() -> None:
    """40 years: fewer than 34 held has less than one chance in a hundred at 95 %."""
    held = {"county_spread": 0, "school_spread": 0}
    truth = float(np.sqrt(np.expm1(0.25**2)))
    for seed in range(40):
        one = found(year(counties=0.25, schools=0.25, seed=seed))
        for name in held:
            held[name] += one[f"{name}_low"] <= truth <= one[f"{name}_high"]
    assert min(held.values()) >= 34


def test_over_time_counties_come_to_work_alike() -> None:
    samples = pl.concat(
        [year(counties=0.5, schools=0.3, cases=15), year(cases=15, school_year="2021-22", seed=2)]
    )
    schools = samples.select("school_id", pool=pl.col("school_id").str.head(2)).unique()
    before, after = standardisation(samples, schools, seed=1).rows(named=True)
    assert after["county_spread"] < before["county_spread_low"]
    assert after["common_share"] > before["common_share_high"]


def test_where_most_no_longer_do_the_work_that_is_the_common_variant() -> None:
    samples = year(cases=15)
    gone = samples.with_columns(
        minutes_per_case=pl.when(pl.col("school_id") < "04").then(0.0).otherwise("minutes_per_case")
    )
    assert found(gone)["common_share"] == pytest.approx(4 / 6)
    assert found(gone)["minutes_per_case"] == 0
    few = samples.with_columns(
        minutes_per_case=pl.when(pl.col("school_id") < "01").then(0.0).otherwise("minutes_per_case")
    )
    assert 0.75 < found(few)["common_share"] <= 5 / 6
    assert found(few)["minutes_per_case"] == pytest.approx(20, rel=0.1)


def test_a_school_counts_with_how_it_works_now() -> None:
    before = year(cases=15)
    after = before.with_columns(phase=pl.lit("follow_up"), minutes_per_case=pl.col("minutes_per_case") / 4)
    both = found(pl.concat([before, after]))
    assert both["schools_adopted"] == both["schools"] == COUNTIES * SCHOOLS
    assert both["minutes_per_case"] == pytest.approx(5, rel=0.1)
    assert both["samples"] == after.height


def test_what_cannot_be_said_is_empty() -> None:
    one_county = found(year(size=(1, 8)))
    assert one_county["county_spread"] is None
    assert one_county["school_spread"] is not None
    one_each = found(year(size=(6, 1)))
    assert one_each["school_spread"] is None
    assert one_each["county_spread"] is not None
    alone = found(year(size=(1, 1)))
    assert (alone["observed_spread"], alone["common_share"], alone["school_spread"]) == (None, None, None)
    assert alone["minutes_per_case"] > 0
    assert standardisation(year().clear(), pl.DataFrame(schema={"school_id": pl.String, "pool": pl.String}),
                           seed=1).is_empty()  # fmt: skip
