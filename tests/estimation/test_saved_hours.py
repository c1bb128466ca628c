"""Saved hours: the field's golden case, states, and sums whose intervals add up."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from estimation.minutes import Minutes, estimate_minutes
from estimation.saved_hours import SavedHours, saved_hours

MONTHS = [date(2019, month, 1) for month in range(6, 12)]
ADOPTED = pl.DataFrame(
    {"school_id": ["A", "B", "C"], "adopted_on": [date(2019, 8, 19), date(2019, 8, 19), None]},
    schema_overrides={"adopted_on": pl.Date},
)


def measured(
    *, kind: str = "changed", phases: tuple[str, ...] = ("baseline", "follow_up"), schools: str = "A"
) -> Minutes:
    """The schools were sampled twice in each of the phases, the others never."""
    rows = [
        ("P", school, phase, 30.0 if phase == "baseline" else 10.0, 8)
        for school in schools
        for phase in phases
        for _ in range(2)
    ]
    return estimate_minutes(
        pl.DataFrame(
            rows,
            schema={"process_code": pl.String, "school_id": pl.String, "phase": pl.String,
                    "minutes_per_case": pl.Float64, "cases": pl.Int64},
            orient="row",
        ),
        pl.DataFrame({"school_id": ["A", "B", "C"], "pool": "02"}),
        pl.DataFrame({"process_code": ["P"], "change_kind": [kind]}),
        seed=3,
    )  # fmt: skip


def volumes(cases: int = 100) -> pl.DataFrame:
    schools = pl.DataFrame({"school_id": ["A", "B", "C"], "role": ["teacher"] * 3})
    months = pl.DataFrame({"month": MONTHS})
    return schools.join(months, how="cross").with_columns(process_code=pl.lit("P"), cases=pl.lit(cases))


def states(hours: SavedHours) -> dict[str, list[str]]:
    rows = hours.rows.sort("school_id", "month").group_by("school_id", maintain_order=True).agg("state")
    return dict(rows.iter_rows())


def test_written_warnings_in_telemark() -> None:
    """30 to 5 minutes, 14,000 a year, 900 teachers: 5,833 hours a year, 6.5 a teacher."""
    pairs = pl.DataFrame(
        {"process_code": ["WARN-SEND"], "pool": ["08"], "school_id": ["08001"], "change_kind": ["changed"],
         "baseline_samples": [1], "follow_up_samples": [1]}
    )  # fmt: skip
    minutes = Minutes(pairs, np.full((1, 10), 30.0), np.full((1, 10), 5.0), pl.DataFrame())
    months = [date(2019, month, 1) for month in range(1, 13)]
    cases = [1_167] * 8 + [1_166] * 4
    year = pl.DataFrame({"process_code": "WARN-SEND", "school_id": "08001", "month": months, "cases": cases})
    adopted = pl.DataFrame({"school_id": ["08001"], "adopted_on": [date(2019, 1, 1)]})
    total = saved_hours(minutes, year, adopted).total([]).row(0, named=True)
    assert total["cases"] == 14_000
    assert total["hours"] == pytest.approx(5_833.33, abs=0.01)
    assert total["low"] == total["high"] == pytest.approx(total["hours"])
    assert total["hours"] / 900 == pytest.approx(6.5, abs=0.05)


def test_nothing_before_the_month_of_adoption_and_the_whole_of_that_month() -> None:
    hours = saved_hours(measured(), volumes(), ADOPTED)
    table = hours.table().sort("school_id", "month")
    own = table.filter(pl.col("school_id") == "A")
    assert own["hours"].to_list()[:2] == [0.0, 0.0]
    assert own["hours"].to_list()[2] == pytest.approx(100 * 20 / 60, rel=0.15)
    assert table.filter(pl.col("school_id") == "C")["hours"].to_list() == [0.0] * 6


def test_realised_is_what_this_school_measured_and_estimated_is_borrowed() -> None:
    before, estimated, realised = ["before_adoption"], ["estimated"], ["realised"]
    assert states(saved_hours(measured(), volumes(), ADOPTED)) == {
        "A": before * 2 + realised * 4,
        "B": before * 2 + estimated * 4,
        "C": before * 6,
    }


@pytest.mark.parametrize("kind", ["changed", "removed", "new"])
def test_without_a_follow_up_sample_it_is_planned(kind: str) -> None:
    hours = saved_hours(measured(kind=kind, phases=("baseline",)), volumes(), ADOPTED)
    assert set(hours.rows.filter(pl.col("month") >= date(2019, 8, 1), school_id="A")["state"]) == {"planned"}


def test_without_a_baseline_a_changed_process_is_planned_and_a_new_one_counts_against() -> None:
    only_after = ("follow_up",)
    changed = saved_hours(measured(phases=only_after), volumes(), ADOPTED)
    assert changed.total([])["state"].to_list() == ["planned"]
    assert changed.total([])["hours"].to_list() == [None]
    new = saved_hours(measured(kind="new", phases=only_after), volumes(), ADOPTED).total([])
    assert set(new["state"]) == {"estimated", "realised"}
    assert (new["high"] < 0).all()


def test_an_unchanged_process_is_a_control_and_never_a_benefit() -> None:
    hours = saved_hours(measured(kind="unchanged"), volumes(), ADOPTED)
    assert hours.total([]).is_empty()
    assert hours.table()["hours"].null_count() == hours.rows.height


def test_states_never_mix() -> None:
    total = saved_hours(measured(), volumes(), ADOPTED).total(["process_code"])
    assert total["state"].to_list() == ["estimated", "realised"]


def test_months_of_one_school_share_their_minutes_so_widths_add_up_in_full() -> None:
    hours = saved_hours(measured(), volumes(), ADOPTED)
    months = hours.table().filter(pl.col("state") == "realised")
    total = hours.total(["state"]).row(by_predicate=pl.col("state") == "realised", named=True)
    assert total["hours"] == pytest.approx(months["hours"].sum())
    assert total["high"] - total["low"] == pytest.approx((months["high"] - months["low"]).sum())


def width(frame: pl.DataFrame) -> pl.Series:
    return frame["high"] - frame["low"]


@pytest.mark.parametrize(("schools", "state"), [("ABC", "realised"), ("A", "estimated")])
def test_a_sum_over_schools_is_surer_than_its_parts_and_less_than_if_they_shared_nothing(
    schools: str, state: str
) -> None:
    everyone = ADOPTED.with_columns(adopted_on=date(2019, 6, 1))
    hours = saved_hours(measured(schools=schools), volumes(), everyone)
    parts = hours.total(["school_id"]).filter(state=state)
    total = hours.total([]).filter(state=state)
    assert total["hours"][0] == pytest.approx(parts["hours"].sum())
    independent = (width(parts) ** 2).sum() ** 0.5
    assert independent < width(total)[0] < 1.1 * width(parts).sum()


def test_the_running_sum_ends_at_the_total_and_grows_from_the_first_month() -> None:
    hours = saved_hours(measured(), volumes(), ADOPTED)
    running = hours.cumulative(["school_id", "role"])
    own = running.filter(school_id="A")
    assert own["month"].to_list() == MONTHS[2:]
    assert own["cases"].to_list() == [100, 200, 300, 400]
    total = hours.total(["school_id", "role"]).filter(school_id="A")
    last = own.drop("month").tail(1)
    assert last.select("cases", "hours", "low", "high").rows() == [
        pytest.approx(row) for row in total.select("cases", "hours", "low", "high").rows()
    ]
    assert running.filter(school_id="B")["cases"].to_list() == [100, 200, 300, 400]
