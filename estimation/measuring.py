"""What measuring costs beside what it finds, and where to measure next: one county after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from estimation.minutes import HIGH, LOW, Minutes
from estimation.sampling_plan import MOST_SAMPLES, PLAN, Burden, People, best_sample, plan_samples
from estimation.sampling_value import Knowledge, knowledge
from estimation.school_means import Array

MEASURE, ENOUGH, COSTS_MORE, NOT_ASKED = "measure", "enough", "costs_more", "not_asked"
NO_CASES, NO_BASELINE, NOT_YET = "no_cases", "no_baseline", "not_yet"
# Hours are known where their interval reaches no further than half of them to either side; or no further than
# a fifth of the time the work takes, which tells that little was saved.
OF_SAVED, OF_WORK = 0.5, 0.2
ALL = "*"
COST = {
    "pool": pl.String, "process_code": pl.String,
    "samples_given": pl.Int64, "cases_given": pl.Int64, "hours_given": pl.Float64,
    "samples_planned": pl.Int64, "cases_planned": pl.Int64, "hours_planned": pl.Float64,
    "yearly_cases": pl.Int64, "saved_hours": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "width_planned": pl.Float64, "hours_to_know": pl.Float64, "verdict": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Measuring:
    """`plan`: see sampling_plan.PLAN. `cost`: pool x process, and x `*`, see COST."""

    plan: pl.DataFrame
    cost: pl.DataFrame


@dataclass(frozen=True)
class _Standing:
    """One process of a pool before any plan: `year` are draws of its yearly hours, NaN where not known;
    `given` its samples with the minutes they took."""

    known: Knowledge
    year: Array
    given: pl.DataFrame
    burden: Burden

    def hours_given(self) -> float:
        return int(self.given["minutes"].sum()) / 60

    def is_known(self) -> bool:
        return not bool(np.isnan(self.year).any())

    def work(self) -> float:
        """Hours a year that the work takes, in the phase in which it takes more."""
        return float(np.abs(self.known.gradient.reshape(2, -1).sum(axis=1)).max())

    def stake(self) -> float:
        """The most hours a year that may be saved or lost; where that is not known, what the work takes."""
        return _largest(self.year) if self.is_known() else self.work()

    def wanted(self) -> float:
        """The half-width at which the hours are known."""
        saved = abs(float(self.year.mean())) if self.is_known() else 0.0
        return max(OF_SAVED * saved, OF_WORK * self.work())

    @cached_property
    def price(self) -> float:
        """Hours of sampling until the hours of a year are known, whoever is asked: a price, not a plan.

        Infinite where it takes more hours than are at stake, NaN where what can be asked does not lead there.
        """
        free = np.full(len(self.known.schools), np.inf)
        known, spent, wanted, stake = self.known, 0.0, self.wanted(), self.stake()
        for _ in range(MOST_SAMPLES):
            if known.half_width() <= wanted:
                return spent
            sample = best_sample(known, free, self.burden, worth=0.0)
            if sample is None:
                break
            spent += sample.minutes / 60
            if spent > stake:
                return float("inf")
            known = known.after(sample.position, sample.cases)
        return float("nan")


def measure(
    minutes: Minutes,
    *,
    samples: pl.DataFrame,
    yearly: pl.DataFrame,
    people: pl.DataFrame,
    schools: pl.DataFrame,
    roles: dict[str, str],
    burden: Burden,
) -> Measuring:
    """samples: process_code, school_id, cases, this_year (bool: given in the running school year).

    yearly: process_code, school_id, cases of twelve months. people: school_id, role, people. schools:
    school_id, pool, adopted (bool). roles: of each process, several joined by `;`.
    """
    given = samples.with_columns(minutes=_asked(samples["cases"], burden)).join(schools, on="school_id")
    staff = People(people, burden.minutes_per_person)
    _take_away(staff, given.filter("this_year"), roles)
    standing = [
        _standing(known, minutes, yearly, given, burden) for known in knowledge(minutes, yearly, schools)
    ]
    plans, costs = [pl.DataFrame(schema=PLAN)], [pl.DataFrame(schema=COST)]
    for pool in sorted({one.known.pool for one in standing}):
        plan, cost = _of_pool([one for one in standing if one.known.pool == pool], roles, staff, burden)
        plans.append(plan)
        costs.append(cost)
    return Measuring(pl.concat(plans), pl.concat(costs))


def _asked(cases: pl.Series, burden: Burden) -> pl.Series:
    return pl.Series(burden.minutes(cases.cast(pl.Float64).to_numpy()), dtype=pl.Int64)


def _take_away(staff: People, given: pl.DataFrame, roles: dict[str, str]) -> None:
    """What was asked this school year cannot be asked again."""
    for school, code, spent in given.select("school_id", "process_code", "minutes").iter_rows():
        role = staff.role_of(roles.get(code, ""), school)
        if role is not None:
            staff.ask(school, role, spent)


def _standing(
    known: Knowledge, minutes: Minutes, yearly: pl.DataFrame, given: pl.DataFrame, burden: Burden
) -> _Standing:
    rows = (
        minutes.pairs.with_row_index("row")
        .filter(process_code=known.process_code, pool=known.pool)
        .join(yearly.select("process_code", "school_id", yearly="cases"), on=["process_code", "school_id"])
    )
    saved = minutes.saved(rows["row"].cast(pl.Int64).to_numpy()) / 60
    own = given.filter(process_code=known.process_code, pool=known.pool)
    return _Standing(known, rows["yearly"].cast(pl.Float64).to_numpy() @ saved, own, burden)


def _of_pool(
    standing: list[_Standing], roles: dict[str, str], staff: People, burden: Burden
) -> tuple[pl.DataFrame, pl.DataFrame]:
    without = {one.known.process_code: _without_plan(one) for one in standing}
    asked = [one.known for one in standing if without[one.known.process_code] is None]
    plan, learnt = plan_samples(asked, roles, staff, burden)
    after = {one.process_code: one for one in learnt}
    rows = []
    for one in standing:
        code = one.known.process_code
        planned = plan.filter(process_code=code)
        then = after.get(code, one.known)
        rows.append(_row(one, planned, then) | {"verdict": without[code] or _verdict(one, planned)})
    widths = (
        [one.known.variance() for one in standing],
        [after.get(one.known.process_code, one.known).variance() for one in standing],
    )
    rows.append(_total(standing, plan, (sum(widths[0]), sum(widths[1]))))
    return plan, pl.DataFrame(rows, schema=COST)


def _without_plan(one: _Standing) -> str | None:
    """Why nothing is planned, where that is plain before any plan."""
    if one.known.cases.sum() == 0:
        return NO_CASES
    if not one.is_known() and not one.known.may_ask.any():
        return NOT_YET if one.known.change_kind == "new" else NO_BASELINE
    too_much = one.hours_given() > one.stake() or np.isposinf(one.price)
    return COSTS_MORE if too_much else None


def _verdict(one: _Standing, planned: pl.DataFrame) -> str:
    if planned.height:
        return MEASURE
    free = np.full(len(one.known.schools), np.inf)
    if best_sample(one.known, free, one.burden) is not None:
        return NOT_ASKED
    return ENOUGH if one.known.half_width() <= one.wanted() else COSTS_MORE


def _row(one: _Standing, planned: pl.DataFrame, then: Knowledge) -> dict[str, object]:
    some = one.known.cases.sum() > 0
    price = one.price if some else float("nan")
    return {
        "pool": one.known.pool,
        "process_code": one.known.process_code,
        **_spent([one], planned),
        **_found(one.year, one.known.variance(), then.variance()),
        "hours_to_know": price if np.isfinite(price) else None,
    }


def _total(
    standing: list[_Standing], plan: pl.DataFrame, variances: tuple[float, float]
) -> dict[str, object]:
    """All processes of a pool: hours of those that are known, with the interval of the sum."""
    known = [one.year for one in standing if one.is_known()]
    year = np.sum(known, axis=0) if known else np.array([np.nan])
    spent = _spent(standing, plan)
    hours = float(str(spent["hours_given"])) + float(str(spent["hours_planned"]))
    too_much = bool(known) and hours > _largest(year)
    return {
        "pool": standing[0].known.pool,
        "process_code": ALL,
        **spent,
        **_found(year, *variances),
        "hours_to_know": None,
        "verdict": COSTS_MORE if too_much else MEASURE if plan.height else ENOUGH,
    }


def _spent(standing: list[_Standing], planned: pl.DataFrame) -> dict[str, object]:
    return {
        "samples_given": sum(one.given.height for one in standing),
        "cases_given": sum(int(one.given["cases"].sum()) for one in standing),
        "hours_given": sum(one.hours_given() for one in standing),
        "samples_planned": planned.height,
        "cases_planned": int(planned["cases"].sum()),
        "hours_planned": int(planned["minutes"].sum()) / 60,
        "yearly_cases": sum(int(one.known.cases.sum()) for one in standing),
    }


def _found(year: Array, before: float, after: float) -> dict[str, object]:
    """The plan narrows what the draws say in the proportion in which it narrows it to first order."""
    if np.isnan(year).any():
        return {"saved_hours": None, "low": None, "high": None, "width_planned": None}
    low, high = np.percentile(year, [LOW, HIGH])
    share = (max(after, 0.0) / before) ** 0.5 if before > 0 else 1.0
    return {
        "saved_hours": float(year.mean()), "low": float(low), "high": float(high),
        "width_planned": float(high - low) / 2 * share,
    }  # fmt: skip


def _largest(draws: Array) -> float:
    return float(np.abs(np.percentile(draws, [LOW, HIGH])).max())
