"""Which samples to ask for next, within what may be asked of anybody.

Greedy: the sample that narrows the interval of the year's saved hours most per minute asked, then the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from estimation.minutes import PHASES
from estimation.sampling_value import REACH, Knowledge
from estimation.school_means import Array

SIZES = np.array([1.0, 2, 3, 5, 8, 12, 20])
# A narrower interval is not time saved: an hour asked for must narrow its process' interval by ten.
WORTH = 10.0
# More than this a county does not carry out before it plans anew.
MOST_SAMPLES = 200
# Who takes part in a process without being the county's staff at a school.
NEVER_ASKED = ("student", "guardian", "county_office")
PLAN = {
    "pool": pl.String, "sample_order": pl.Int64, "process_code": pl.String, "school_id": pl.String,
    "role": pl.String, "phase": pl.String, "cases": pl.Int64, "minutes": pl.Int64, "narrowed": pl.Float64,
    "width": pl.Float64, "width_share": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Burden:
    """What may be asked and what asking costs."""

    minutes_per_person: int = 15  # a school year
    minutes_per_sample: int = 2  # to read the question and answer it
    seconds_per_case: int = 30  # to note one case's time

    def minutes(self, cases: Array) -> Array:
        """What a sample of so many cases asks of one person, in whole minutes."""
        result: Array = np.ceil(self.minutes_per_sample + self.seconds_per_case * cases / 60)
        return result


class People:
    """Minutes that may still be asked of everybody, by school and role."""

    def __init__(self, people: pl.DataFrame, minutes: int) -> None:
        """people: school_id, role, people."""
        self._each = minutes
        self._left = {
            (school, role): np.full(count, float(minutes))
            for school, role, count in people.select("school_id", "role", "people").iter_rows()
            if count > 0
        }

    def role_of(self, roles: str, school: str) -> str | None:
        """The first of a process' roles (`secretary;leader`) that somebody at the school has.

        Where none is on record somebody does the work all the same, and one person may be asked.
        """
        asked = [role.strip() for role in roles.split(";") if role.strip() not in NEVER_ASKED]
        known = next((role for role in asked if (school, role) in self._left), None)
        if known is None and asked:
            known = asked[0]
            self._left[school, known] = np.array([float(self._each)])
        return known

    def most(self, school: str, role: str | None) -> float:
        """The most that may still be asked of one person."""
        return float(self._left[school, role].max()) if role is not None else 0.0

    def ask(self, school: str, role: str, minutes: float) -> None:
        """Of whoever was asked least."""
        left = self._left[school, role]
        left[left.argmax()] -= minutes


@dataclass(frozen=True)
class Sample:
    """One sample that could be asked for, and the variance it would take."""

    position: int
    cases: int
    minutes: float
    taken: float


def best_sample(known: Knowledge, left: Array, burden: Burden, worth: float = WORTH) -> Sample | None:
    """The sample that takes most variance per minute, of those that narrow enough for what they ask.

    left: per school, the minutes that may be asked of one person. worth: hours by which the process' interval
    must narrow per hour asked.
    """
    cost = burden.minutes(SIZES)
    value = known.value(SIZES)
    remaining = np.sqrt(np.maximum(known.variance() - value, 0.0))
    narrowed = known.half_width() - REACH * remaining
    allowed = (cost[None, :] <= np.tile(left, 2)[:, None]) & (narrowed >= worth * cost[None, :] / 60)
    gain = np.where(allowed, value / cost, 0.0)
    position, size = np.unravel_index(int(gain.argmax()), gain.shape)
    if gain[position, size] <= 0:
        return None
    return Sample(int(position), int(SIZES[size]), float(cost[size]), float(value[position, size]))


def plan_samples(
    known: list[Knowledge], roles: dict[str, str], people: People, burden: Burden
) -> tuple[pl.DataFrame, list[Knowledge]]:
    """The plan of one pool, and what is known once it has been carried out.

    roles: of each process, joined by `;`. The plan's columns: see PLAN; `narrowed` and `width` are hours of
    half-width, of the process and of the sum.
    """
    standing = list(known)
    asked = [[people.role_of(roles[one.process_code], school) for school in one.schools] for one in known]
    start = sum(one.variance() for one in known)
    rows: list[tuple[object, ...]] = []
    bests = [best_sample(one, _left(one, asked[i], people), burden) for i, one in enumerate(standing)]
    while len(rows) < MOST_SAMPLES:
        found = [(i, sample) for i, sample in enumerate(bests) if sample is not None]
        if not found:
            break
        chosen, sample = max(found, key=lambda each: each[1].taken / each[1].minutes)
        before = standing[chosen]
        phase, place = divmod(sample.position, len(before.schools))
        role = str(asked[chosen][place])
        people.ask(before.schools[place], role, sample.minutes)
        after = before.after(sample.position, sample.cases)
        standing[chosen] = after
        for i, one in enumerate(standing):
            if i == chosen or _asks(one, bests[i], asked[i], before.schools[place], role):
                bests[i] = best_sample(one, _left(one, asked[i], people), burden)
        left = max(sum(one.variance() for one in standing), 0.0)
        rows.append(
            (before.pool, len(rows) + 1, before.process_code, before.schools[place], role, PHASES[phase],
             sample.cases, int(sample.minutes), before.half_width() - after.half_width(),
             REACH * left**0.5, (left / start) ** 0.5)
        )  # fmt: skip
    return pl.DataFrame(rows, schema=PLAN, orient="row"), standing


def _asks(known: Knowledge, best: Sample | None, roles: list[str | None], school: str, role: str) -> bool:
    """Whether a process' best sample is one of these people's; others are not worse for what these gave."""
    if best is None:
        return False
    place = best.position % len(known.schools)
    return known.schools[place] == school and roles[place] == role


def _left(known: Knowledge, roles: list[str | None], people: People) -> Array:
    return np.array([people.most(school, role) for school, role in zip(known.schools, roles, strict=True)])
