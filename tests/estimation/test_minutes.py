"""Minutes per case: the situations a county brings, and what the draws must be."""

from __future__ import annotations

import polars as pl
import pytest

from estimation.minutes import Minutes, estimate_minutes

COLUMNS = ["process_code", "school_id", "phase", "minutes_per_case", "cases"]


def estimate(*samples: tuple[str, str, str, float, int], kind: str = "changed", draws: int = 2000) -> Minutes:
    return estimate_minutes(
        pl.DataFrame(
            samples,
            schema=dict(zip(COLUMNS, (pl.String, pl.String, pl.String, pl.Float64, pl.Int64), strict=True)),
            orient="row",
        ),
        pl.DataFrame({"school_id": ["A", "B", "C"], "pool": "08"}),
        pl.DataFrame({"process_code": ["WARN"], "change_kind": [kind]}),
        seed=7,
        draws=draws,
    )


def row(minutes: Minutes, school: str, phase: str) -> dict[str, object]:
    return minutes.table().row(
        by_predicate=(pl.col("school_id") == school) & (pl.col("phase") == phase), named=True
    )


def test_the_same_seed_gives_the_same_draws_whatever_the_order_of_rows() -> None:
    first, second = ("WARN", "A", "baseline", 30.0, 4), ("WARN", "B", "baseline", 20.0, 2)
    assert (estimate(first, second).table()).equals(estimate(second, first).table())


def test_no_samples_at_all_is_unknown_never_a_guess() -> None:
    assert estimate().table()["mean"].null_count() == 6
    assert estimate().process_table()["mean"].null_count() == 2


def test_a_phase_nobody_sampled_is_unknown_and_the_other_is_known() -> None:
    minutes = estimate(("WARN", "A", "baseline", 30.0, 4))
    assert row(minutes, "B", "baseline")["mean"] is not None
    assert row(minutes, "B", "follow_up")["mean"] is None


def test_one_sample_says_little_and_least_about_the_schools_that_did_not_give_it() -> None:
    minutes = estimate(("WARN", "A", "baseline", 30.0, 4))
    own, other = row(minutes, "A", "baseline"), row(minutes, "B", "baseline")
    assert own["low"] < 30 < own["high"]  # type: ignore[operator]
    assert own["high"] > 1.5 * own["low"]  # type: ignore[operator]
    assert other["high"] - other["low"] > own["high"] - own["low"]  # type: ignore[operator]
    assert (own["samples"], own["cases"], other["samples"]) == (1, 4, 0)


def test_identical_samples_leave_a_narrow_interval_that_is_not_nothing() -> None:
    minutes = estimate(*[("WARN", school, "baseline", 30.0, 5) for school in "ABC" for _ in range(3)])
    own = row(minutes, "A", "baseline")
    assert 25 < own["low"] < 30 < own["high"] < 36  # type: ignore[operator]


def test_a_school_of_few_cases_is_drawn_towards_the_others_and_one_of_many_is_not() -> None:
    def with_cases(cases: int) -> float:
        others = [("WARN", school, "baseline", 20.0, 30) for school in "AB" for _ in range(2)]
        return float(row(estimate(*others, ("WARN", "C", "baseline", 40.0, cases)), "C", "baseline")["mean"])  # type: ignore[arg-type]

    assert 20 < with_cases(1) < with_cases(10) < with_cases(500) < 41


def test_a_new_process_took_no_time_before_whatever_was_sampled() -> None:
    minutes = estimate(("WARN", "A", "baseline", 9.0, 3), ("WARN", "A", "follow_up", 12.0, 3), kind="new")
    assert (minutes.baseline == 0).all()
    assert minutes.saved().mean() < 0


def test_a_removed_process_takes_no_time_unless_a_sample_says_so() -> None:
    baseline = ("WARN", "A", "baseline", 12.0, 6)
    assert (estimate(baseline, kind="removed").follow_up == 0).all()
    assert (estimate(baseline, ("WARN", "A", "follow_up", 0.0, 1), kind="removed").follow_up == 0).all()
    assert (estimate(baseline, ("WARN", "A", "follow_up", 4.0, 3), kind="removed").follow_up > 0).all()


def test_schools_where_it_is_gone_are_zero_and_make_it_likelier_elsewhere() -> None:
    minutes = estimate(("WARN", "A", "follow_up", 0.0, 3), ("WARN", "B", "follow_up", 8.0, 5))
    assert row(minutes, "A", "follow_up")["high"] == 0
    gone = float((minutes.follow_up[2] == 0).mean())
    assert 0.3 < gone < 0.7
    assert (minutes.follow_up[1] > 0).all()


def test_pools_do_not_share_their_dice() -> None:
    samples = pl.DataFrame(
        {"process_code": ["W", "W"], "school_id": ["A", "B"], "phase": ["baseline"] * 2,
         "minutes_per_case": [30.0, 30.0], "cases": [3, 3]}
    )  # fmt: skip
    schools = pl.DataFrame({"school_id": ["A", "B"], "pool": ["06", "08"]})
    processes = pl.DataFrame({"process_code": ["W"], "change_kind": ["changed"]})
    first, second = estimate_minutes(samples, schools, processes, seed=1).baseline
    assert abs(pl.DataFrame({"a": first, "b": second}).select(pl.corr("a", "b")).item()) < 0.1


@pytest.mark.parametrize(
    "sample",
    [("WARN", "A", "before", 3.0, 1), ("WARN", "A", "baseline", -1.0, 1), ("WARN", "A", "baseline", 3.0, 0)],
)
def test_samples_that_cannot_be_are_refused(sample: tuple[str, str, str, float, int]) -> None:
    with pytest.raises(ValueError, match="WARN"):
        estimate(sample)
