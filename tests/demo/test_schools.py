"""What was planted with whole schools, and with rows that must not land."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader
from dashboard.access.suppression import Hidden
from dashboard.queries import common
from tests.demo.county import DemoCounty

MEMBERSHIP = "undervisningsgruppemedlemskap.json"
PERIOD_ABSENCE = "fravarsregistrering.json"
# What each rule of the plan is called when it is broken: file → rule → the rule's name on its main table.
RULES = {
    "timeregister.csv": {
        "bad_date": "is a date and a local time that exists",
        "unknown_code": "is one of planlagt, holdt, avlyst",
        "end_before_start": "ends after it starts",
        "truncated": "has 12 fields",
        "orphan": "must point at a known school",
    },
    "fravaer.csv": {
        "bad_date": "is a date",
        "unknown_code": "is one of X, M, D, !, R, §",
        "end_before_start": "ends after it starts",
        "truncated": "has 11 fields",
        "orphan": "must point at a known enrolment",
    },
    "vedtak.csv": {
        "end_before_start": "valid to is not before valid from",
        "orphan": "must point at a known enrolment",
    },
    "time.json": {
        "bad_date": "tidsrom is a date or a time in ISO 8601",
        "end_before_start": "ends after it starts",
    },
    MEMBERSHIP: {
        "end_before_start": "end is not before start",
        "orphan": "must point at a known enrolment",
    },
    PERIOD_ABSENCE: {
        "unknown_code": "is one of X, M, D, !, R, §",
        "bad_date": "is a date or a time in ISO 8601",
        "orphan": "must point at a known teaching_group",
    },
}
MAIN_TABLE = {
    "timeregister.csv": "lesson",
    "time.json": "lesson",
    "fravaer.csv": "absence",
    PERIOD_ABSENCE: "absence",
    "vedtak.csv": "decision",
    MEMBERSHIP: "group_membership",
}


def test_every_situation_has_a_test(demo_county: DemoCounty) -> None:
    """A situation that is planted anew must be looked for as well."""
    written = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    planted = {entry["situation"] for entry in demo_county.truth["situations"]}
    assert {name for name in planted if f'"{name}"' not in written} == set()


def test_the_school_that_registers_nothing_rests_on_its_timetable(demo_county: DemoCounty) -> None:
    school = demo_county.part("registers_nothing")
    (planted,) = demo_county.planted("registers_nothing")
    assert planted["school_id"] == school
    assert demo_county.rows(
        "SELECT DISTINCT status, is_assumed FROM marts.group_lesson "
        "WHERE school_id = ? AND NOT is_ahead AND NOT is_cancelled",
        school,
    ) == [("timetabled", True)]
    unconfirmed = demo_county.rows(
        "SELECT student_key, subject_code, offered_minutes, assumed_minutes, diverted_minutes, exam_minutes "
        "FROM marts.student_subject_coverage WHERE school_id = ? AND offered_minutes <> assumed_minutes",
        school,
    )
    elsewhere = set(demo_county.values("SELECT student_key FROM marts.student_exam_period"))
    assert [row for row in unconfirmed if row[0] not in elsewhere] == []
    assert demo_county.rows(
        "SELECT school_id, severity, rows FROM marts.data_quality "
        "WHERE check_code = 'school_confirms_nothing'"
    ) == [(school, "error", 1)]


def test_the_school_that_stopped_delivering_is_unknown(demo_county: DemoCounty) -> None:
    (planted,) = demo_county.planted("loads_late")
    school, known = planted["school_id"], date.fromisoformat(planted["expect"]["last_day_known"])
    assert demo_county.rows("SELECT school_id, extracted_on FROM marts.school WHERE is_stale") == [
        (school, known + timedelta(days=1))
    ]
    statuses = demo_county.values(
        "SELECT DISTINCT status FROM marts.student_subject_coverage WHERE school_id = ?", school
    )
    assert set(statuses) == {"unknown", "left", "exempt", "not_assigned"}
    assert demo_county.rows(
        "SELECT school_id, first_seen FROM marts.data_quality WHERE check_code = 'stale_extract'"
    ) == [(school, known + timedelta(days=1))]


def test_no_other_school_is_unknown(demo_county: DemoCounty) -> None:
    assert demo_county.values(
        "SELECT DISTINCT school_id FROM marts.student_subject_coverage WHERE status = 'unknown'"
    ) == [demo_county.part("loads_late")]


def test_the_small_school_shows_no_small_number(demo_county: DemoCounty) -> None:
    (planted,) = demo_county.planted("small_school")
    school = planted["school_id"]
    assert demo_county.values("SELECT students FROM marts.school_coverage WHERE school_id = ?", school) == [
        planted["expect"]["students"]
    ]
    with duckdb.connect(str(demo_county.published), read_only=True) as connection:
        director = Reader(connection.cursor(), Viewer(Role.DIRECTOR, "test", "99", (), ()), 10)
        rows = {row["school_id"]: row for row in common.by_school(director, "2025-26")}
    counts = {name: rows[school][name] for name in rows[school] if name.startswith("students")}
    shown = [count for count in counts.values() if not isinstance(count, Hidden)]
    assert len(shown) < len(counts)
    assert [count for count in shown if 0 < count < 10] == []


@pytest.mark.parametrize("file", RULES)
def test_rows_that_must_not_land_are_in_quarantine_by_rule(demo_county: DemoCounty, file: str) -> None:
    """Delivery by delivery, to the row; a repeated row is superseded instead."""
    for delivery in demo_county.truth["deliveries"]:
        (planted,) = [rules for name, rules in delivery["dirty"].items() if name.endswith(file)] or [{}]
        wanted = {RULES[file][rule]: rows for rule, rows in planted.items() if rule != "duplicate"}
        found = demo_county.rows(
            "SELECT rule, count(*) FROM warehouse.landing.quarantine AS row "
            "JOIN warehouse.landing.batch USING (batch_id) WHERE extracted_at = ?::TIMESTAMPTZ "
            "AND source_file LIKE '%' || ? AND table_name = ? GROUP BY rule",
            delivery["extracted_at"],
            f"/{file}" if file.endswith("json") else file,
            MAIN_TABLE[file],
        )
        assert dict(found) == wanted, delivery["folder"]


def test_only_planted_files_have_rows_in_quarantine(demo_county: DemoCounty) -> None:
    files = demo_county.values("SELECT DISTINCT source_file FROM marts.quarantine")
    planted = Counter(name for delivery in demo_county.truth["deliveries"] for name in delivery["dirty"])
    assert set(files) <= set(planted)


def test_rows_that_point_nowhere_wait_as_orphans(demo_county: DemoCounty) -> None:
    orphan_rules = demo_county.values("SELECT DISTINCT rule FROM marts.quarantine WHERE is_orphan")
    assert all(rule.startswith("must point at a known") for rule in orphan_rules)
    others = demo_county.values("SELECT DISTINCT rule FROM marts.quarantine WHERE NOT is_orphan")
    assert not any(rule.startswith("must point at a known") for rule in others)


@pytest.mark.parametrize("file", ["fravaer.csv", PERIOD_ABSENCE])
def test_a_row_given_twice_counts_once(demo_county: DemoCounty, file: str) -> None:
    for delivery in demo_county.truth["deliveries"]:
        (planted,) = [rules for name, rules in delivery["dirty"].items() if name.endswith(file)] or [{}]
        found = demo_county.values(
            "SELECT rows_superseded FROM marts.batch_file JOIN marts.batch USING (batch_id) "
            "WHERE extracted_at = ?::TIMESTAMPTZ AND ends_with(source_file, ?)",
            delivery["extracted_at"],
            file,
        )
        assert found == [planted.get("duplicate", 0)], delivery["folder"]


def test_findings_of_the_newest_delivery_are_counted_by_rule(demo_county: DemoCounty) -> None:
    newest = demo_county.truth["deliveries"][-1]
    wanted: Counter[str] = Counter()
    for name, rules in newest["dirty"].items():
        file = name.rsplit("/", 1)[-1]
        for rule, rows in rules.items():
            if rule != "duplicate":
                wanted[f"{MAIN_TABLE[file]}: {RULES[file][rule]}"] += rows
    found: Counter[str] = Counter()
    for detail, rows in demo_county.rows(
        "SELECT detail, rows FROM marts.data_quality WHERE check_code IN ('orphans', 'quarantined_rows')"
    ):
        place, _, rule = detail.partition(": ")
        found[f"{place.partition('.')[0]}: {rule}"] += rows
    assert {rule: found[rule] for rule in wanted} == wanted
