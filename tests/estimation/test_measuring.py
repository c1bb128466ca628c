"""Where to measure next, what it costs, and when it is not worth it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from estimation.measuring import Measuring, measure
from estimation.minutes import estimate_minutes
from estimation.sampling_plan import WORTH, Burden

SCHOOLS = [f"08{number:03d}" for number in range(15)]
TEACHERS = 60  # at each of 15 schools: 900
WARNINGS = 14_000


def samples(*given: tuple[str, str, str, float, int]) -> pl.DataFrame:
    return pl.DataFrame(
        given,
        schema={"process_code": pl.String, "school_id": pl.String, "phase": pl.String,
                "minutes_per_case": pl.Float64, "cases": pl.Int64},
        orient="row",
    )  # fmt: skip


def timed(before: float, after: float, cases: int, schools: int = 5) -> pl.DataFrame:
    """The first schools' samples: one before and one after, a little apart from each other."""
    apart = [1.0, 0.9, 1.1, 1.05, 0.95]
    return samples(
        *(
            ("WARN-SEND", school, phase, minutes * apart[number % 5], cases)
            for number, school in enumerate(SCHOOLS[:schools])
            for phase, minutes in (("baseline", before), ("follow_up", after))
        )
    )


def measured(
    given: pl.DataFrame, *, yearly: int = WARNINGS, kind: str = "changed", adopted: bool = True,
    burden: Burden | None = None, role: str = "teacher", this_year: bool = False,
) -> Measuring:  # fmt: skip
    schools = pl.DataFrame({"school_id": SCHOOLS, "pool": "08", "adopted": adopted})
    each = [yearly // len(SCHOOLS) + (number < yearly % len(SCHOOLS)) for number in range(len(SCHOOLS))]
    minutes = estimate_minutes(
        given, schools, pl.DataFrame({"process_code": ["WARN-SEND"], "change_kind": [kind]}), seed=1
    )
    return measure(
        minutes,
        samples=given.with_columns(this_year=this_year),
        yearly=pl.DataFrame({"process_code": "WARN-SEND", "school_id": SCHOOLS, "cases": each}),
        people=pl.DataFrame({"school_id": SCHOOLS, "role": "teacher", "people": TEACHERS}),
        schools=schools,
        roles={"WARN-SEND": role},
        burden=burden or Burden(),
    )


def cost(found: Measuring, process: str = "WARN-SEND") -> dict[str, Any]:
    return found.cost.row(by_predicate=pl.col("process_code") == process, named=True)


def test_warnings_in_telemark_are_worth_measuring_and_cheap_to_measure() -> None:
    """30 to 5 minutes, 14,000 a year: about 5,833 hours, 6.5 a teacher, found for a thousandth of it."""
    found = measured(timed(30, 5, cases=12))
    own = cost(found)
    assert own["yearly_cases"] == WARNINGS
    assert own["low"] < 5833 < own["high"]
    assert own["saved_hours"] == pytest.approx(5833, rel=0.1)
    assert own["saved_hours"] / (TEACHERS * len(SCHOOLS)) == pytest.approx(6.5, rel=0.1)
    assert own["hours_given"] == pytest.approx(10 * 8 / 60)
    assert (own["verdict"], own["hours_to_know"]) == ("measure", 0)
    assert own["hours_planned"] < 0.005 * own["saved_hours"]
    assert own["width_planned"] < (own["high"] - own["low"]) / 2


def test_timing_every_case_of_a_small_saving_costs_more_than_it_finds() -> None:
    """Ten seconds a warning are 39 hours a year; noting all 28,000 times takes more than 200."""
    everyone = timed(1.0, 1.0 - 1 / 6, cases=WARNINGS // len(SCHOOLS), schools=len(SCHOOLS))
    own = cost(measured(everyone))
    assert own["hours_given"] > 200 > own["high"]
    assert own["verdict"] == "costs_more"
    assert own["samples_planned"] == 0
    assert cost(measured(everyone), "*")["verdict"] == "costs_more"


def test_savings_in_fragments_are_not_chased() -> None:
    """A case a year at each school: the few hours at stake are gone before they are known."""
    found = measured(timed(3.0, 2.0, cases=1, schools=1), yearly=len(SCHOOLS))
    assert cost(found)["verdict"] == "costs_more"
    assert found.plan.is_empty()
    assert cost(measured(timed(3.0, 2.0, cases=1, schools=1)))["verdict"] == "measure"


def test_every_sample_narrows_its_interval_by_ten_times_what_it_asks_and_the_plan_never_widens() -> None:
    plan = measured(timed(30, 5, cases=3, schools=2)).plan
    assert plan.height > 5
    assert (plan["narrowed"] >= WORTH * plan["minutes"] / 60 - 1e-9).all()
    assert plan["width"].is_sorted(descending=True)
    assert plan["sample_order"].to_list() == list(range(1, plan.height + 1))


def test_what_was_never_sampled_comes_first_and_from_schools_that_have_much_to_tell() -> None:
    """Five schools gave their baseline: what is asked for first is how it is now."""
    found = measured(timed(30, 5, cases=12).filter(phase="baseline"))
    assert found.plan["phase"].unique().to_list() == ["follow_up"]
    assert found.plan["width_share"][0] < 0.9


def test_before_the_system_only_baselines_and_after_it_only_follow_ups() -> None:
    before = measured(samples(), adopted=False)
    assert set(before.plan["phase"]) == {"baseline"}
    assert cost(before)["saved_hours"] is None
    new = measured(samples(), adopted=False, kind="new")
    assert (cost(new)["verdict"], new.plan.height) == ("not_yet", 0)


def test_a_baseline_that_was_never_taken_cannot_be_mended_by_asking_more() -> None:
    found = measured(samples())
    assert cost(found)["verdict"] == "no_baseline"
    assert found.plan.is_empty()
    assert cost(measured(samples(), kind="new"))["verdict"] == "measure"


def test_nobody_is_asked_for_more_than_the_year_allows() -> None:
    given = timed(30, 5, cases=3, schools=2)
    tight = measured(given, burden=Burden(minutes_per_person=4), role="secretary")
    # No secretary on record: one at each school, who has four minutes.
    asked = tight.plan.group_by("school_id").agg(pl.col("minutes").sum())
    assert (asked["minutes"] <= 4).all()
    assert tight.plan["role"].unique().to_list() == ["secretary"]
    assert cost(measured(given, burden=Burden(minutes_per_person=2)))["verdict"] == "not_asked"


def test_what_was_asked_this_year_cannot_be_asked_again() -> None:
    """The two schools' secretaries have given 4 of their 7 minutes for each of two samples."""
    given = timed(30, 5, cases=3, schools=2)
    seven = Burden(minutes_per_person=7)
    fresh = measured(given, burden=seven, role="secretary").plan
    spent = measured(given, burden=seven, role="secretary", this_year=True).plan
    assert set(SCHOOLS[:2]) & set(fresh["school_id"])
    assert not set(SCHOOLS[:2]) & set(spent["school_id"])


def test_students_are_never_asked() -> None:
    given = timed(30, 5, cases=3, schools=2)
    assert cost(measured(given, role="student"))["verdict"] == "not_asked"
    assert set(measured(given, role="student;teacher").plan["role"]) == {"teacher"}


def test_no_case_in_a_year_is_nothing_to_measure() -> None:
    assert cost(measured(timed(30, 5, cases=3), yearly=0))["verdict"] == "no_cases"


def test_the_planned_width_is_what_the_samples_give() -> None:
    """Carried out as planned, the interval comes to what the plan said, to a fifth."""
    given = timed(30, 5, cases=3, schools=3)
    plan, own = measured(given).plan, cost(measured(given))
    level = {"baseline": 30.0, "follow_up": 5.0}
    dice = np.random.default_rng(4)
    more = samples(
        *(
            (code, school, phase, level[phase] * float(np.exp(dice.normal(0, 0.25))), cases)
            for code, school, phase, cases in plan.select(
                "process_code", "school_id", "phase", "cases"
            ).rows()
        )
    )
    then = cost(measured(pl.concat([given, more])))
    assert (then["high"] - then["low"]) / 2 == pytest.approx(own["width_planned"], rel=0.35)
