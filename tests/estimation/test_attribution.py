"""Attribution: the published example, planted effects, and saying nothing where nothing can be said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.adoption import DESIGNS, HETEROGENEOUS, adopting_schools, half_years, heterogeneous, rejections
from estimation.attribution import Attribution, attribute
from estimation.event_study import Effect, estimate_effect
from estimation.panel import Panel, prepare

NO_EVENTS = pl.DataFrame(
    schema={"event": pl.String, "school_id": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}
)
DESIGN = ((10, 3), (12, 5), (12, 7))


@pytest.fixture(scope="module")
def employment() -> Panel:
    """Callaway and Sant'Anna's example: counties as schools, minimum wages as the system."""
    rows = pl.read_csv(Path(__file__).parent / "published" / "mpdta.csv").with_columns(
        school_id=pl.col("countyreal").cast(pl.String)
    )
    raised = pl.when(pl.col("first_treat") > 0).then(pl.date("first_treat", 1, 1))
    return prepare(
        rows.select("school_id", period=pl.date("year", 1, 1), value="lemp"),
        rows.select("school_id", adopted_on=raised).unique(),
    )


@pytest.fixture(scope="module")
def published(employment: Panel) -> Effect:
    effect = estimate_effect(employment, "never_adopted")
    assert effect is not None
    return effect


@pytest.mark.parametrize(
    ("cohort", "year", "estimate"),
    [
        (2004, 2004, -0.0105), (2004, 2005, -0.0704), (2004, 2006, -0.1373), (2004, 2007, -0.1008),
        (2006, 2006, -0.0046), (2006, 2007, -0.0412), (2007, 2007, -0.0261),
    ],
)  # fmt: skip
def test_published_effects_by_cohort_and_year(
    published: Effect, cohort: int, year: int, estimate: float
) -> None:
    """Of the R package did, https://bcallaway11.github.io/did: outcome regression, never-treated controls."""
    cell = published.groups.filter(cohort=date(cohort, 1, 1), period=date(year, 1, 1))
    assert cell["estimate"].item() == pytest.approx(estimate, abs=5e-5)


def test_published_changes_before_adoption(published: Effect) -> None:
    """The publication gives them from year to year, and we against the year before adoption."""
    cells = published.groups.filter(pl.col("cohort") == date(2007, 1, 1), pl.col("event_time") < 0)
    levels = [*cells.sort("period")["estimate"], 0.0]
    assert np.diff(levels) == pytest.approx([0.0305, -0.0027, -0.0311], abs=5e-5)


def test_published_average_and_event_study(published: Effect) -> None:
    assert published.estimate == pytest.approx(-0.0400, abs=1e-4)
    assert published.se == pytest.approx(0.012, abs=5e-4)
    after = published.events.filter(pl.col("event_time") >= 0)["estimate"]
    assert after.to_list() == pytest.approx([-0.0199, -0.0510, -0.1373, -0.1008], abs=5e-5)
    assert after.mean() == pytest.approx(-0.0772, abs=5e-5)


@pytest.mark.parametrize("effect", ["grows, and early adopters gain most", "worse at first, better later"])
def test_effects_that_differ_are_found_where_two_way_fixed_effects_go_wrong(effect: str) -> None:
    """Of 40 panels 95 % are 38; fewer than 33 held has less than one chance in two hundred."""
    ours, two_way = heterogeneous(HETEROGENEOUS[effect], range(40))
    assert abs(ours.bias) < 4 * ours.scatter / 40**0.5
    assert ours.coverage * 40 >= 33
    assert abs(two_way.bias) > 5 * abs(ours.bias)
    assert two_way.coverage < 0.8


def test_without_effect_it_is_found_about_one_time_in_twenty() -> None:
    """150 panels: more than 17 rejections have less than one chance in a thousand at 5 %; so have 0."""
    effects, trends, _ = rejections(DESIGNS["cohorts of 10, 20, 20"], range(150))
    assert 0 < effects * 150 <= 17
    assert trends * 150 <= 17


def attributed(
    *indicators: tuple[str, bool, pl.DataFrame],
    adoptions: pl.DataFrame,
    competing: pl.DataFrame = NO_EVENTS,
) -> Attribution:
    return attribute(
        pl.concat([frame.with_columns(indicator=pl.lit(name)) for name, _, frame in indicators]),
        pl.DataFrame([(name, control) for name, control, _ in indicators],
                     schema={"indicator": pl.String, "control": pl.Boolean}, orient="row"),
        adoptions,
        competing,
    )  # fmt: skip


def verdict(found: Attribution, indicator: str = "minutes") -> dict[str, object]:
    return found.verdicts.row(by_predicate=pl.col("indicator") == indicator, named=True)


def falls_by_eight(event_time: int, cohort: int) -> float:
    return -8.0


def test_a_planted_fall_is_found_beside_a_control_that_did_not_move() -> None:
    values, adoptions = adopting_schools(1, DESIGN, falls_by_eight)
    control, _ = adopting_schools(2, DESIGN)
    found = attributed(("minutes", False, values), ("teaching", True, control), adoptions=adoptions)
    said = verdict(found)
    assert said["verdict"] == "decrease"
    assert said["low"] < -8 < said["high"]  # type: ignore[operator]
    assert said["raw_change"] < said["estimate"]  # type: ignore[operator]  # everyone drifts down as well
    assert (said["schools"], said["cohorts"], said["cohorts_estimated"]) == (34, 3, 2)
    assert verdict(found, "teaching")["verdict"] == "flat"
    events = found.event_study.filter(indicator="minutes")
    assert events.filter(event_time=-1).row(0, named=True)["estimate"] == 0
    known = events.drop_nulls("low")
    assert (known["band_low"] <= known["low"]).all()


def test_nothing_to_see_says_what_could_have_been_seen() -> None:
    values, adoptions = adopting_schools(3, DESIGN)
    said = verdict(attributed(("minutes", False, values), adoptions=adoptions))
    assert said["verdict"] == "no_clear_change"
    assert 0.5 < said["detectable"] < 4  # type: ignore[operator]


def test_schools_that_moved_before_they_adopted_say_nothing() -> None:
    values, adoptions = adopting_schools(4, DESIGN)
    moving = values.join(adoptions, on="school_id").with_columns(
        value=pl.when(pl.col("adopted_on") == half_years(9)[5]).then(
            pl.col("value") - 4 * pl.col("period").rank("dense")
        ).otherwise("value")
    ).select("school_id", "period", "value")  # fmt: skip
    said = verdict(attributed(("minutes", False, moving), adoptions=adoptions))
    assert said["verdict"] == "moved_before"
    assert said["pre_trend_p"] < 0.05  # type: ignore[operator]


def test_a_control_that_moves_silences_every_other_indicator() -> None:
    values, adoptions = adopting_schools(1, DESIGN, falls_by_eight)
    found = attributed(("minutes", False, values), ("teaching", True, values), adoptions=adoptions)
    assert verdict(found)["verdict"] == "controls_moved"
    assert verdict(found, "teaching")["verdict"] == "moved"
    assert verdict(found)["controls_moved"] == 1


def test_few_schools_cannot_say() -> None:
    values, adoptions = adopting_schools(5, ((2, 3), (10, 5)))
    found = attributed(("minutes", False, values), adoptions=adoptions)
    said = verdict(found)
    assert said["verdict"] == "too_few_schools"
    assert said["estimate"] is None
    assert said["schools_in_small_cohorts"] == 2
    assert found.event_study.is_empty()


def test_without_two_periods_before_there_is_no_history() -> None:
    values, adoptions = adopting_schools(6, ((10, 1), (10, 2)), periods=5)
    assert verdict(attributed(("minutes", False, values), adoptions=adoptions))["verdict"] == "no_history"


def test_all_at_once_leaves_nobody_to_compare_with() -> None:
    values, adoptions = adopting_schools(6, ((20, 3),))
    assert verdict(attributed(("minutes", False, values), adoptions=adoptions))["verdict"] == (
        "too_few_schools"
    )


def test_schools_left_out_are_counted() -> None:
    values, adoptions = adopting_schools(7, (*DESIGN, (3, 4), (2, 0)))
    gap = values.with_row_index().filter(pl.col("index") != 4).drop("index")
    said = verdict(attributed(("minutes", False, gap), adoptions=adoptions))
    left_out = ("schools_with_gaps", "schools_adopted_before", "schools_in_small_cohorts", "schools")
    assert [said[name] for name in left_out] == [1, 2, 3, 33]


def seen_alike(periods: list[date]) -> pl.DataFrame:
    """Five schools with the value 1 in every period."""
    rows = [(f"{school}", period, 1.0) for school in range(5) for period in periods]
    return pl.DataFrame(rows, schema=["school_id", "period", "value"], orient="row")


@pytest.mark.parametrize(
    ("adopted_on", "cohort"),
    [
        (date(2018, 7, 1), 2), (date(2018, 12, 31), 2), (date(2019, 1, 1), 3),
        # Nobody measured in the autumn of 2019: what was taken up then shows in the spring.
        (date(2019, 6, 30), 3), (date(2019, 7, 1), 4), (date(2019, 12, 31), 4), (date(2020, 1, 1), 4),
        # Half-years are six months, whether of 181 days or 184.
        (date(2020, 6, 30), 4), (date(2020, 7, 1), 0), (None, 0),
    ],
)  # fmt: skip
def test_a_school_adopts_in_the_period_that_first_shows_it(adopted_on: date | None, cohort: int) -> None:
    values = seen_alike([date(2018, 1, 1), date(2018, 7, 1), date(2019, 1, 1), date(2020, 1, 1)])
    adoptions = values.select("school_id").unique().with_columns(adopted_on=pl.lit(adopted_on, pl.Date))
    assert prepare(values, adoptions).cohorts() == {cohort: 5}


def events_at(adoptions: pl.DataFrame, cohorts: list[int]) -> pl.DataFrame:
    """itslearning is phased out at the schools of some cohorts, two months before they adopt."""
    days = [half_years(9)[cohort] for cohort in cohorts]
    return adoptions.filter(pl.col("adopted_on").is_in(days)).select(
        "school_id", event=pl.lit("itslearning phased out"),
        starts_on=pl.col("adopted_on").dt.offset_by("-2mo"), ends_on=pl.lit(None, pl.Date),
    )  # fmt: skip


def test_an_event_at_one_cohort_is_marked_and_at_every_cohort_it_silences() -> None:
    values, adoptions = adopting_schools(1, DESIGN, falls_by_eight)
    indicator = ("minutes", False, values)
    one = attributed(indicator, adoptions=adoptions, competing=events_at(adoptions, [5]))
    assert verdict(one)["verdict"] == "decrease"
    assert verdict(one)["cohorts_with_competing_events"] == 1
    marked = one.event_study.filter(pl.col("competing").list.len() > 0)
    assert marked["event_time"].to_list() == [-1]
    both = attributed(indicator, adoptions=adoptions, competing=events_at(adoptions, [3, 5]))
    assert verdict(both)["verdict"] == "competing_events"


def test_an_event_at_all_schools_is_marked_and_silences_nothing() -> None:
    values, adoptions = adopting_schools(1, DESIGN, falls_by_eight)
    covid = pl.DataFrame(
        {
            "event": ["schools closed"],
            "school_id": ["*"],
            "starts_on": [date(2018, 3, 12)],
            "ends_on": [None],
        },
        schema=NO_EVENTS.schema,
    )
    found = attributed(("minutes", False, values), adoptions=adoptions, competing=covid)
    assert verdict(found)["verdict"] == "decrease"
    assert found.event_study.filter(pl.col("competing").list.len() > 0)["event_time"].to_list() == [-2, 0]


def test_cohorts_that_are_counties_are_said_to_be() -> None:
    values, adoptions = adopting_schools(1, DESIGN)
    by_cohort = adoptions.with_columns(county_number=pl.col("adopted_on").rank("dense").cast(pl.String))
    mixed = adoptions.with_columns(county_number=pl.col("school_id").str.slice(-1))
    for frame, alone in ((by_cohort, True), (mixed, False)):
        assert (
            verdict(attributed(("m", False, values), adoptions=frame), "m")["cohorts_are_counties"] is alone
        )
