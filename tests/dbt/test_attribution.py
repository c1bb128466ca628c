"""How much of a change is the system's, through the warehouse."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from tests.dbt.county import County
from tests.dbt.warehouse import build, land, rows

AS_OF = date(2024, 6, 1)
COHORTS = {2019: 8, 2020: 8, None: 8}
EFFECT = -0.05


def _positions(county: County, dice: random.Random) -> None:
    """Administration's share of teachers' hours falls by five points where and when the system came."""
    number = 0
    for adopted, schools in COHORTS.items():
        for _ in range(schools):
            number += 1
            school = f"20{number:02d}"
            county.rows["school"].append(
                {**county.rows["school"][0], "school_id": school, "name": school, "county_number": "99"}
            )
            county.rows["milestone"].append(
                {
                    "county_number": "99",
                    "school_id": school,
                    "milestone": "adoption",
                    "planned_on": date(2019, 8, 1),
                    "actual_on": date(adopted, 8, 15) if adopted else None,
                }
            )
            level = 0.25 + dice.gauss(0, 0.02)
            for year in range(2015, 2023):
                share = level + 0.004 * (year - 2015) + dice.gauss(0, 0.004)
                share += EFFECT if adopted and year >= adopted else 0
                administrative = round(1687 * share)
                county.rows["staff_position"].append(
                    {
                        "school_id": school,
                        "school_year": f"{year}-{(year + 1) % 100:02d}",
                        "position_id": "1",
                        "plan": "actual",
                        "role": "teacher",
                        "teaching_hours": 700,
                        "pedagogical_hours": 987 - administrative,
                        "administrative_hours": administrative,
                    }
                )


def test_a_planted_effect_is_found_and_says_what_it_rests_on(tmp_path: Path) -> None:
    county = County()
    _positions(county, random.Random(5))
    land(tmp_path, county.tables, AS_OF)
    build(tmp_path, AS_OF, select="+attribution +attribution_summary")
    found = {
        indicator: figures
        for indicator, *figures in rows(
            tmp_path,
            "select indicator, verdict, low, estimate, high, schools, cohorts_estimated"
            " from marts.attribution_summary",
        )
    }
    verdict, low, estimate, high, schools, cohorts = found["hours:administrative"]
    assert (verdict, schools, cohorts) == ("decrease", 24, 2)
    assert low < EFFECT < high
    assert abs(estimate - EFFECT) < 0.01
    assert found["hours:pedagogical"][0] == "increase"
    before, after = rows(
        tmp_path,
        "select max(abs(estimate)) filter (event_time < -1), max(estimate) filter (event_time >= 0)"
        " from marts.attribution where indicator = 'hours:administrative'",
    )[0]
    assert before < 0.02
    assert after < -0.03
