"""History across county mergers: a county has its schools' past, and sums agree on every date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.dbt.county import County
from tests.dbt.test_process_volume import process
from tests.dbt.warehouse import build, land, rows

MERGED, SPLIT = date(2020, 1, 1), date(2024, 1, 1)
# School → its county before the merger and after the split; in between all lay in Viken.
LINES = {"9801": ("02", "32"), "9802": ("02", "32"), "9803": ("06", "33")}
VIKEN = "30"
ADOPTED = date(2019, 8, 19)
MONTHS = [date(2019, 10, 1), date(2021, 10, 1), date(2023, 10, 1), date(2024, 10, 1)]
# Cases a month, and what each county planned for a month in which it existed.
CASES = {"9801": 60, "9802": 180, "9803": 120}
PLANS = {("02", MONTHS[0]): 100, ("06", MONTHS[0]): 40, (VIKEN, MONTHS[1]): 180, (VIKEN, MONTHS[2]): 90,
         ("32", MONTHS[3]): 120, ("33", MONTHS[3]): 50}  # fmt: skip
DATES = [date(2019, 12, 31), date(2020, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31)]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    county = County()
    county.rows["school"] = [
        {
            "school_id": school,
            "valid_from": since,
            "valid_to": until,
            "county_number": number,
            "name": school,
            "owner": "county",
        }
        for school, (before, after) in LINES.items()
        for number, since, until in (
            (before, date(2010, 1, 1), date(2019, 12, 31)),
            (VIKEN, MERGED, date(2023, 12, 31)),
            (after, SPLIT, None),
        )
    ]
    county.rows["milestone"] = [
        {
            "county_number": number,
            "school_id": "*",
            "milestone": "adoption",
            "planned_on": ADOPTED,
            "actual_on": ADOPTED,
        }
        for number in ("02", "06")
    ]
    county.rows["work_process"] = [process("WARN", "sheet"), process("ROLES", "sheet", change_kind="new")]
    county.rows["time_sample"] = [
        {
            "sample_id": f"{school}-{code}-{phase}",
            "process_code": code,
            "school_id": school,
            "sampled_on": date(2019, 5, 6) if phase == "baseline" else date(2019, 9, 16),
            "phase": phase,
            "minutes_per_case": minutes,
            "cases": 20,
            "method": "timed",
        }
        for school in LINES
        for code, phase, minutes in (
            ("WARN", "baseline", 30),
            ("WARN", "follow_up", 5),
            ("ROLES", "follow_up", 6),
        )
    ]
    county.rows["process_volume"] = [
        {"process_code": code, "school_id": school, "month": month, "cases": CASES[school]}
        for school in LINES
        for month in MONTHS
        for code in ("WARN", "ROLES")
    ]
    county.rows["benefit_target"] = [
        {"process_code": "WARN", "county_number": number, "month": month, "planned_hours": hours}
        for (number, month), hours in PLANS.items()
    ]
    home = tmp_path_factory.mktemp("mergers")
    land(home, county.tables, DATES[-1])
    return home


@pytest.fixture(scope="module", params=DATES, ids=str)
def home(landed: Path, request: pytest.FixtureRequest) -> tuple[Path, date]:
    """The same landing, as it was known on a day before, between and after the mergers."""
    as_of: date = request.param
    build(landed, as_of, select="+benefit +benefit_total +benefit_plan +milestone")
    return landed, as_of


def county_of(school: str, as_of: date) -> str:
    before, after = LINES[school]
    return before if as_of < MERGED else after if as_of >= SPLIT else VIKEN


def test_a_county_has_the_past_of_its_schools(home: tuple[Path, date]) -> None:
    """Viken that of its predecessors' schools, a successor that of its own."""
    warehouse, as_of = home
    expected = sorted(
        (county_of(school, as_of), school, month, CASES[school])
        for school in LINES
        for month in MONTHS
        if month <= as_of
    )
    assert expected == rows(
        warehouse,
        "select county_number, school_id, month, volume from marts.benefit where process_code = 'WARN'"
        " order by all",
    )


@pytest.mark.parametrize("sum_by", ["school_id", "process_code", "role", "change_kind"])
def test_counties_sum_to_all_and_their_parts_to_them(home: tuple[Path, date], sum_by: str) -> None:
    warehouse, as_of = home
    whole = rows(
        warehouse,
        "select month, round(sum(hours), 6), round(sum(hours_so_far), 6), sum(cases) from marts.benefit_total"
        " where county_number = '*' and sum_by = 'all' group by month order by month",
    )
    assert [month for month, *_ in whole] == [month for month in MONTHS if month <= as_of]
    for by in ("all", sum_by):
        assert whole == rows(
            warehouse,
            "select month, round(sum(hours), 6), round(sum(hours_so_far), 6), sum(cases)"
            f" from marts.benefit_total where county_number <> '*' and sum_by = '{by}'"
            " group by month order by month",
        )
    numbers = rows(warehouse, "select distinct county_number from marts.benefit_total where sum_by = 'all'")
    assert {number for (number,) in numbers} == {"*", *(county_of(school, as_of) for school in LINES)}


def test_a_plan_goes_with_the_schools_it_was_made_for(home: tuple[Path, date]) -> None:
    """Viken's plan of 180 hours is for 360 cases: 120 of them are Akershus' schools', 60 Buskerud's."""
    warehouse, as_of = home
    expected: dict[str, float] = {}
    for school, cases in CASES.items():
        for (number, month), hours in PLANS.items():
            if month <= as_of and county_of(school, month) == number:
                of_all = sum(CASES[each] for each in LINES if county_of(each, month) == number)
                now = county_of(school, as_of)
                expected[now] = expected.get(now, 0) + hours * cases / of_all
    for source in ("benefit_plan", "benefit"):
        planned = rows(
            warehouse,
            f"select county_number, round(sum(planned_hours), 6) from marts.{source}"
            f" where month <= date '{as_of}' and process_code = 'WARN' group by all",
        )
        assert dict(planned) == pytest.approx(expected)
    if as_of == DATES[-1]:
        assert expected == {"32": 100 + 120 + 60 + 120, "33": 40 + 60 + 30 + 50}


def test_milestones_stay_with_the_schools_of_the_county_that_planned_them(home: tuple[Path, date]) -> None:
    warehouse, as_of = home
    assert rows(warehouse, "select school_id, county_number, state from marts.milestone order by all") == [
        (school, county_of(school, as_of), "reached") for school in LINES
    ]
