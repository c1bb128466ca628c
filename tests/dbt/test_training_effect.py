"""Training and support cases through the warehouse."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from tests.dbt.county import County
from tests.dbt.warehouse import build, land, rows

AS_OF = date(2020, 9, 15)
ADOPTED = date(2019, 8, 12)
UTC = ZoneInfo("UTC")
MARTS = "+training_effect"


def _school(county: County, number: int, trained: date | None, dice: np.random.Generator) -> None:
    """Ten cases a month, four where and when people were trained."""
    school = f"30{number:02d}"
    county.rows["school"].append({**county.rows["school"][0], "school_id": school, "name": school})
    for person in range(2):
        county.rows["training"].append(
            {"training_id": f"{school}-{person}", "staff_key": f"{school}-{person}", "school_id": school,
             "format": "classroom", "topic": "absence", "due_on": date(2020, 2, 1), "completed_on": trained}
        )  # fmt: skip
    day = ADOPTED
    while day < AS_OF:
        rate = 4 if trained and day >= trained else 10
        for case in range(int(dice.poisson(rate * 7 / 30))):
            opened = datetime.combine(day, datetime.min.time().replace(hour=9), UTC)
            county.rows["support_case"].append(
                {"case_id": f"{school}-{day}-{case}", "school_id": school, "kind": "question",
                 "area": "absence", "severity": "low", "opened_at": opened.isoformat()}
            )  # fmt: skip
        day += timedelta(days=7)


def test_fewer_cases_after_training_than_where_nobody_was_trained(tmp_path: Path) -> None:
    county = County()
    county.rows["milestone"].append(
        {"county_number": "02", "school_id": "*", "milestone": "adoption", "planned_on": ADOPTED,
         "actual_on": ADOPTED}
    )  # fmt: skip
    dice = np.random.default_rng(1)
    for number in range(20):
        _school(county, number, date(2020, 2, 10) if number % 2 else None, dice)
    land(tmp_path, county.tables, AS_OF)
    build(tmp_path, AS_OF, select=MARTS)
    found = rows(
        tmp_path,
        "select county_number, verdict, schools_trained, schools_used, schools_compared, trainings,"
        " change between -0.8 and -0.4, low < change and change < high and high < 0,"
        " avoided_per_training > 0 from marts.training_effect order by 1",
    )
    answer = ("fewer_cases", 10, 10, 10, 20, True, True, True)
    assert found == [("*", *answer), ("02", *answer)]
