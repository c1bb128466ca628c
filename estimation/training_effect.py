"""What training did to support cases: trained schools against schools of the system that are not trained yet.

Every school is compared over its own months: three before and three after the month in which half of its
trainings in the format were completed, with schools that took up the system in the same half-year. Expected
after = before x (after / before) of those not trained yet; the effect is the ratio of what came to what was
expected, over all schools, and its interval from leaving out one school at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from scipy import stats

from estimation.event_study import LEVEL
from estimation.panel import LEAST_SCHOOLS
from estimation.school_means import Array

WINDOW = 3
# With fewer cases before, a ratio of counts says nothing.
LEAST_CASES = 20
NO_TRAINING, NO_BEFORE, TOO_FEW_SCHOOLS = "no_training", "no_before", "too_few_schools"
NO_COMPARISON, TOO_FEW_CASES, MOVED_BEFORE = "no_comparison", "too_few_cases", "moved_before"
FEWER, MORE, NO_CLEAR_CHANGE = "fewer_cases", "more_cases", "no_clear_change"
EVERYWHERE = "*"
EFFECTS = {
    "county_number": pl.String, "format": pl.String, "verdict": pl.String,
    "schools_trained": pl.Int64, "schools_used": pl.Int64, "schools_compared": pl.Int64,
    "trainings": pl.Int64, "cases_before": pl.Int64, "cases_after": pl.Int64,
    "cases_expected": pl.Float64, "change": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "avoided_per_training": pl.Float64, "change_before": pl.Float64, "before_p": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Cases:
    """Support cases, school x month; months are counted from year 0. `used_from`: the first whole month of
    use. `peers`: schools with the same number took up the system together."""

    schools: list[str]
    first_month: int
    counts: Array
    used_from: Array
    peers: Array

    def sums(self, start: int) -> Array:
        """Of each school in the months from `start` that make a window; NaN where it did not use the system
        through them, or they are not on record."""
        at = start - self.first_month
        if at < 0 or at + WINDOW > self.counts.shape[1]:
            return np.full(len(self.schools), np.nan)
        found = self.counts[:, at : at + WINDOW].sum(axis=1)
        return np.where(self.used_from <= start, found, np.nan)


@dataclass(frozen=True)
class Compared:
    """`used`, `others`: the schools compared. `before`, `after`, `expected`: cases of those used. `log_ratio`
    of what came to what was expected, its standard error and degrees of freedom."""

    used: list[int]
    others: list[int]
    before: float
    after: float
    expected: float
    log_ratio: float
    se: float
    degrees: int

    def p(self) -> float:
        """Chance of so large a change, had there been none."""
        return float(2 * stats.t.sf(abs(self.log_ratio) / self.se, self.degrees))

    def interval(self) -> tuple[float, float]:
        """Of the change, as a share."""
        reach = float(stats.t.ppf((1 + LEVEL) / 2, self.degrees)) * self.se
        return float(np.expm1(self.log_ratio - reach)), float(np.expm1(self.log_ratio + reach))


def training_effects(
    trainings: pl.DataFrame, cases: pl.DataFrame, schools: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Per county, and for all of them as `*`, and format; see EFFECTS.

    trainings: school_id, format, completed_on (null: not completed). cases: school_id, opened_on.
    schools: school_id, county_number, adopted_on (null: not yet).
    """
    table = support_cases(cases, schools, as_of)
    county = dict(schools.select("school_id", "county_number").iter_rows())
    rows = []
    for (name,), own in sorted(trainings.partition_by("format", as_dict=True).items()):
        trained = trained_months(own, table.schools)
        given = _completed(own, table.schools)
        registered = {county[school] for school in own["school_id"].unique().to_list() if school in county}
        for number in [EVERYWHERE, *sorted(registered)]:
            mine = np.array([number in (EVERYWHERE, county[school]) for school in table.schools], dtype=bool)
            found = _effect(table, trained, mine, given)
            rows.append({"county_number": number, "format": name, **found})
    return pl.DataFrame(rows, schema=EFFECTS)


def trained_months(trainings: pl.DataFrame, schools: list[str]) -> Array:
    """Per school the month in which half of its trainings of a format were completed; NaN: not yet."""
    half = (pl.len() + 1) // 2
    dates = trainings.group_by("school_id").agg(
        on=pl.col("completed_on").sort(nulls_last=True).slice(half - 1, 1).first()
    )
    month = dict(dates.select("school_id", pl.col("on").dt.year() * 12 + pl.col("on").dt.month()).iter_rows())
    return np.array([month.get(school) for school in schools], dtype=np.float64)


def support_cases(cases: pl.DataFrame, schools: pl.DataFrame, as_of: date) -> Cases:
    """Whole months only: neither the one a school adopted in nor the one that is not over counts."""
    adopted = schools.drop_nulls("adopted_on").sort("school_id")
    order = adopted["school_id"].to_list()
    last = as_of.year * 12 + as_of.month - 1
    month = pl.col("opened_on").dt.year() * 12 + pl.col("opened_on").dt.month()
    known = cases.select("school_id", month=month.cast(pl.Int64)).filter(
        pl.col("school_id").is_in(order), pl.col("month") <= last
    )
    start = adopted.select(pl.col("adopted_on").dt.year() * 12 + pl.col("adopted_on").dt.month())
    used_from = start.to_series().cast(pl.Float64).to_numpy() + 1
    place = {school: number for number, school in enumerate(order)}
    first = int(known["month"].min()) if known.height else last + 1  # type: ignore[arg-type]
    counts = np.zeros((len(order), max(last - first + 1, 0)))
    np.add.at(
        counts,
        (
            np.array([place[school] for school in known["school_id"].to_list()], dtype=np.int64),
            known["month"].to_numpy() - first,
        ),
        1,
    )
    # A school without a case on record may be one whose cases were never delivered.
    with_cases = counts.sum(axis=1) > 0
    return Cases(
        schools=[school for school, kept in zip(order, with_cases, strict=True) if kept],
        first_month=first,
        counts=counts[with_cases],
        used_from=used_from[with_cases],
        # Half-years from February and from August, so that nobody is split at a school start.
        peers=((used_from[with_cases] - 1 - 2) // 6),
    )


def compare(table: Cases, trained: Array, mine: Array, *, shift: int = 0) -> Compared | None:
    """None where no trained school has both windows and schools to be compared with.

    mine: the trained schools asked about; any county's schools may be compared with. shift: months by which
    both windows are moved back, to see whether anything moved before the training.
    """
    stacks = []
    for month in np.unique(trained[mine & np.isfinite(trained)]).astype(int):
        # Moved back, both windows end before the training; else its own month is left out.
        before = table.sums(month - WINDOW - shift)
        after = table.sums(month + 1 if shift == 0 else month - shift)
        seen = np.isfinite(before) & np.isfinite(after)
        end = month + WINDOW
        later = ~(trained <= end)
        for peers in np.unique(table.peers):
            together = seen & (table.peers == peers)
            own, others = together & mine & (trained == month), together & later
            if own.any() and others.sum() >= LEAST_SCHOOLS and before[others].sum() >= LEAST_CASES:
                stacks.append([np.where(who, sums, 0.0) for who in (own, others) for sums in (before, after)])
                stacks[-1].extend([own.astype(float), others.astype(float)])
    if not stacks:
        return None
    each: Array = np.array(stacks).transpose(1, 0, 2)  # figure x stack x school
    own_schools, other_schools = each[4].any(axis=0), each[5].any(axis=0)
    totals = each[:4].sum(axis=2)
    log_ratio, expected = _log_ratio(totals)
    # Leaving out one school at a time, also those that stand in several comparisons.
    involved = np.flatnonzero(own_schools | other_schools)
    without = np.array([_log_ratio(totals - each[:4, :, school])[0] for school in involved])
    count = len(involved)
    se = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
    return Compared(
        used=np.flatnonzero(own_schools).tolist(),
        others=np.flatnonzero(other_schools).tolist(),
        before=float(totals[0].sum()),
        after=float(totals[1].sum()),
        expected=expected,
        log_ratio=log_ratio,
        se=se,
        degrees=int(min(own_schools.sum(), other_schools.sum())) - 1,
    )


def _log_ratio(totals: Array) -> tuple[float, float]:
    """Of what came to what was expected. Half a case keeps a count of none from being infinitely few."""
    own_before, own_after, before, after = totals
    expected = float((own_before * (after + 0.5) / (before + 0.5)).sum())
    return float(np.log((own_after.sum() + 0.5) / (expected + 0.5))), expected


def _effect(table: Cases, trained: Array, mine: Array, given: Array) -> dict[str, object]:
    known = mine & np.isfinite(trained)
    found = compare(table, trained, mine)
    figures: dict[str, object] = {
        "schools_trained": int(known.sum()), "schools_used": 0, "schools_compared": 0, "trainings": 0,
        "cases_before": 0, "cases_after": 0,
    }  # fmt: skip
    with_before = known & (table.used_from <= trained - WINDOW)
    if not known.any():
        return figures | {"verdict": NO_TRAINING}
    if not with_before.any():
        return figures | {"verdict": NO_BEFORE}
    if found is None:
        few = with_before.sum() < LEAST_SCHOOLS
        return figures | {"verdict": TOO_FEW_SCHOOLS if few else NO_COMPARISON}
    trainings = int(given[found.used].sum())
    figures |= {
        "schools_used": len(found.used), "schools_compared": len(found.others), "trainings": trainings,
        "cases_before": round(found.before), "cases_after": round(found.after),
    }  # fmt: skip
    if len(found.used) < LEAST_SCHOOLS:
        return figures | {"verdict": TOO_FEW_SCHOOLS}
    if found.before < LEAST_CASES or found.se == 0:
        return figures | {"verdict": TOO_FEW_CASES}
    earlier = compare(table, trained, mine, shift=WINDOW)
    tested = earlier is not None and len(earlier.used) >= LEAST_SCHOOLS and earlier.se > 0
    low, high = found.interval()
    return figures | {
        "cases_expected": found.expected,
        "change": float(np.expm1(found.log_ratio)),
        "low": low,
        "high": high,
        "avoided_per_training": (found.expected - found.after) / trainings if trainings else None,
        "change_before": float(np.expm1(earlier.log_ratio)) if tested and earlier else None,
        "before_p": earlier.p() if tested and earlier else None,
        "verdict": _verdict(low, high, earlier.p() if tested and earlier else None),
    }


def _verdict(low: float, high: float, before_p: float | None) -> str:
    if before_p is not None and before_p < 1 - LEVEL:
        return MOVED_BEFORE
    if high < 0:
        return FEWER
    return MORE if low > 0 else NO_CLEAR_CHANGE


def _completed(trainings: pl.DataFrame, schools: list[str]) -> Array:
    counted = dict(trainings.group_by("school_id").agg(pl.col("completed_on").count()).iter_rows())
    return np.array([counted.get(school, 0) for school in schools], dtype=np.float64)
