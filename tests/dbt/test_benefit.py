"""Saved hours through the warehouse: planned, estimated and realised never mix."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.dbt.county import SCHOOL, County, day
from tests.dbt.test_process_volume import process
from tests.dbt.warehouse import build, land, rows

AS_OF = day(60)
ADOPTED = date(2018, 9, 1)
MONTHS = [date(2018, month, 1) for month in (8, 9, 10, 11)]
OTHER = "1002"
MARTS = "+work_process_time +benefit +benefit_total +benefit_plan +measurement_due +work_process"
MARTS += " +sampling_plan +measuring_cost +standardisation"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written warnings as in the case from the field, at two schools of which one has measured itself."""
    county = County()
    county.rows["school"].append({**county.rows["school"][0], "school_id": OTHER, "name": "Fjellheim"})
    county.rows["milestone"].append(
        {
            "county_number": "02",
            "school_id": "*",
            "milestone": "adoption",
            "planned_on": date(2018, 8, 1),
            "actual_on": ADOPTED,
        }
    )
    county.rows["work_process"] = [
        process("WARN", "sheet"),
        process("ROLES", "sheet", change_kind="new"),
        process("TEACH", "sheet", change_kind="unchanged"),
        process("NEVER", "sheet"),
    ]
    for code, minutes in (("WARN", (30, 5)), ("ROLES", (0, 12)), ("TEACH", (45, 45))):
        for phase, value in zip(("baseline", "follow_up"), minutes, strict=True):
            for number in range(3):
                county.rows["time_sample"].append(
                    {
                        "sample_id": f"{code}-{phase}-{number}",
                        "process_code": code,
                        "school_id": SCHOOL,
                        "sampled_on": day(number) if phase == "baseline" else day(20 + number),
                        "phase": phase,
                        "minutes_per_case": value,
                        "cases": 20,
                        "method": "timed",
                    }
                )
    # Measured before the school took up the system: no follow-up.
    county.rows["time_sample"].append(
        {
            **county.rows["time_sample"][3],
            "sample_id": "too-early",
            "sampled_on": day(1),
            "minutes_per_case": 99,
        }
    )
    for school in (SCHOOL, OTHER):
        for month in MONTHS:
            for code in ("WARN", "ROLES", "TEACH", "NEVER"):
                county.rows["process_volume"].append(
                    {"process_code": code, "school_id": school, "month": month, "cases": 60}
                )
    county.rows["benefit_target"].append(
        {"process_code": "WARN", "county_number": "02", "month": MONTHS[1], "planned_hours": 40}
    )
    home = tmp_path_factory.mktemp("benefit")
    land(home, county.tables, AS_OF)
    build(home, AS_OF, select=MARTS)
    return home


def test_hours_are_cases_times_what_was_saved(home: Path) -> None:
    found = rows(
        home,
        f"select month, state, round(hours), planned_hours from marts.benefit where process_code = 'WARN'"
        f" and school_id = '{SCHOOL}' order by month",
    )
    assert found == [
        (MONTHS[0], "before_adoption", 0, None),
        (MONTHS[1], "realised", 25, 20),
        (MONTHS[2], "realised", 25, None),
        (MONTHS[3], "realised", 25, None),
    ]


def test_a_school_without_samples_borrows_and_is_not_realised(home: Path) -> None:
    states = rows(
        home,
        f"select distinct process_code, state, hours < 0 from marts.benefit"
        f" where school_id = '{OTHER}' and month > date '2018-08-31' order by all",
    )
    assert states == [
        ("NEVER", "planned", None),
        ("ROLES", "estimated", True),
        ("TEACH", "control", None),
        ("WARN", "estimated", False),
    ]
    assert rows(home, f"select count(realised_hours) from marts.benefit where school_id = '{OTHER}'") == [
        (0,)
    ]


def test_new_work_counts_against_and_sums_add_up(home: Path) -> None:
    by_process = rows(
        home,
        "select sum_key, round(hours_so_far) from marts.benefit_total"
        " where county_number = '02' and sum_by = 'process_code' and state = 'realised'"
        f" and month = date '{MONTHS[3]}' order by 1",
    )
    assert by_process == [("ROLES", -36), ("WARN", 75)]
    [(hours, low, high)] = rows(
        home,
        "select round(hours_so_far), low_so_far, high_so_far from marts.benefit_total"
        " where county_number = '*' and sum_by = 'all' and state = 'realised'"
        f" and month = date '{MONTHS[3]}'",
    )
    assert hours == 39
    assert low < 39 < high


def test_what_is_measured_and_what_is_due(home: Path) -> None:
    found = rows(
        home,
        "select process_code, last_baseline_on, last_follow_up_on, due_phase, due_on, days_overdue"
        " from marts.measurement_due where process_code in ('NEVER', 'WARN') order by 1",
    )
    assert found == [
        ("NEVER", None, None, "baseline", ADOPTED, (AS_OF - ADOPTED).days),
        ("WARN", day(2), day(22), "follow_up", date(2019, 9, 1), 0),
    ]


def test_where_to_measure_next_and_what_it_costs(home: Path) -> None:
    """WARN: three samples of twenty before and after, 12 minutes each; the school never asked comes first."""
    [(given, hours, cases, saved, low, high, share)] = rows(
        home,
        "select samples_given, hours_given, yearly_cases, saved_hours, low, high, cost_share"
        " from marts.measuring_cost where process_code = 'WARN'",
    )
    assert (given, hours, cases) == (6, pytest.approx(72 / 60), 480)
    assert low < 480 * 25 / 60 < high
    assert share > hours / saved
    verdicts = dict(rows(home, "select process_code, verdict from marts.measuring_cost"))
    assert verdicts == {"*": "measure", "WARN": "measure", "ROLES": verdicts["ROLES"], "NEVER": "no_baseline"}
    [(school, phase)] = rows(home, "select school_id, phase from marts.sampling_plan where sample_order = 1")
    assert (school, phase) == (OTHER, "follow_up")
    assert rows(home, "select bool_and(hours_narrowed >= 10 * minutes / 60) from marts.sampling_plan") == [
        (True,)
    ]


def test_a_school_counts_with_how_it_works_now(home: Path) -> None:
    """One school alone has no spread; before and after lie in the same school year."""
    found = rows(
        home,
        "select process_code, school_year, schools, schools_adopted, samples, round(minutes_per_case),"
        " school_spread from marts.standardisation where process_code in ('ROLES', 'WARN') order by all",
    )
    assert found == [("ROLES", "2018-19", 1, 1, 3, 12, None), ("WARN", "2018-19", 1, 1, 3, 5, None)]


def test_a_county_without_sheets_has_no_benefit_and_no_fault(tmp_path: Path) -> None:
    county = County()
    land(tmp_path, county.tables, AS_OF)
    build(tmp_path, AS_OF, select=MARTS)
    for table in ("benefit_total", "sampling_plan", "measuring_cost", "standardisation"):
        assert rows(tmp_path, f"select count(*) from marts.{table}") == [(0,)]
