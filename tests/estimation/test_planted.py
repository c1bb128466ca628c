"""What the synthetic rollout plants is found as often as intervals say: one county alone may be unlucky."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from estimation.training_effect import training_effects
from ingest.synthetic.rollout import people
from ingest.synthetic.rollout.counties import history_schools
from ingest.synthetic.rollout.planted import CLASSROOM_EFFECT, WEBINAR_EFFECT

AS_OF = date(2026, 3, 1)
COUNTIES = 20


def effects(seed: int) -> dict[str, dict[str, Any]]:
    """Of each format at all schools of the story together."""
    schools = history_schools()
    trainings = pl.DataFrame(people.trainings(schools, seed, AS_OF), infer_schema_length=None)
    cases = pl.DataFrame(people.support_cases(schools, seed, AS_OF), infer_schema_length=None)
    found = training_effects(
        trainings.select("school_id", "format", "completed_on"),
        cases.select("school_id", opened_on=pl.col("opened_at").dt.date()),
        pl.DataFrame(
            [(school.school_id, school.county_number, school.adopted_on) for school in schools],
            schema=["school_id", "county_number", "adopted_on"],
            orient="row",
        ),
        as_of=AS_OF,
    )
    return {row["format"]: row for row in found.filter(county_number="*").iter_rows(named=True)}


def test_what_courses_do_to_support_cases_is_held_by_the_intervals() -> None:
    """Of 20 stories 19; fewer than 16 has less than one chance in three hundred."""
    stories = [effects(seed) for seed in range(1, COUNTIES + 1)]
    for format_, effect in (("classroom", CLASSROOM_EFFECT), ("webinar", WEBINAR_EFFECT)):
        held = [story[format_]["low"] < effect - 1 < story[format_]["high"] for story in stories]
        assert sum(held) >= 16, format_
    assert sum(story["classroom"]["verdict"] == "fewer_cases" for story in stories) >= 16
