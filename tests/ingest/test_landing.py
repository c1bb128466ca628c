"""What a batch does to the landing tables."""

from __future__ import annotations

import duckdb
import pytest

from ingest.landing import BatchStoppedError, land
from tests.ingest.county import contents, county, delivery, keys, land_rows, waiting

Warehouse = duckdb.DuckDBPyConnection


def test_a_first_delivery_lands_whole_and_every_row_is_accounted_for(warehouse: Warehouse) -> None:
    landed = land_rows(warehouse, county())
    assert landed.quarantined == 0
    for account in landed.accounts:
        assert account.read == account.landed == len(county()[account.table])
    assert warehouse.execute("SELECT count(*) FROM landing.batch_file").fetchall() == [
        (len(landed.accounts),)
    ]


def test_the_same_delivery_again_changes_nothing(warehouse: Warehouse) -> None:
    land_rows(warehouse, county())
    assert land_rows(warehouse, county()).already_landed
    assert warehouse.execute("SELECT count(*) FROM landing.batch").fetchall() == [(1,)]


def test_the_same_rows_in_a_newer_extract_are_unchanged_and_keep_their_batch(warehouse: Warehouse) -> None:
    first = land_rows(warehouse, county())
    again = land_rows(warehouse, county(), day=1)
    assert all(account.unchanged == account.read for account in again.accounts)
    assert warehouse.execute("SELECT DISTINCT batch_id FROM landing.lesson").fetchall() == [(first.batch_id,)]
    schools = warehouse.execute(
        "SELECT school_id FROM landing.batch_school WHERE batch_id = ? AND table_name = 'absence' ORDER BY 1",
        [again.batch_id],
    ).fetchall()
    assert schools == [("1001",), ("1002",)]


def test_a_check_reports_and_lands_nothing(warehouse: Warehouse) -> None:
    assert land(warehouse, delivery(county()), check=True).accounts
    assert keys(warehouse, "lesson") == []
    assert warehouse.execute("SELECT count(*) FROM landing.batch").fetchall() == [(0,)]


def test_a_full_snapshot_replaces_its_scope_and_a_delta_only_adds_and_changes(warehouse: Warehouse) -> None:
    land_rows(warehouse, county())
    changed = {**county()["absence"][0], "minutes": "45"}
    land_rows(warehouse, {"absence": [changed]}, kind="delta", day=1)
    assert keys(warehouse, "absence") == ["a1", "a2"]
    assert warehouse.execute("SELECT minutes FROM landing.absence WHERE absence_id = 'a1'").fetchall() == [
        (45,)
    ]
    land_rows(warehouse, {"absence": [changed]}, day=2)
    assert keys(warehouse, "absence") == ["a1"]


def test_a_snapshot_of_one_school_leaves_the_others(warehouse: Warehouse) -> None:
    land_rows(warehouse, county(), source="fint", schools=["1001", "1002"])
    lessons = county()["lesson"][:1]
    land_rows(warehouse, {"lesson": lessons, "absence": []}, source="fint", schools=["1001"], day=10)
    assert keys(warehouse, "lesson") == ["ahead2", "past1", "past2"]
    assert keys(warehouse, "absence") == ["a2"]


def test_students_are_never_deleted_by_a_snapshot(warehouse: Warehouse) -> None:
    land_rows(warehouse, county())
    land_rows(warehouse, {"student": county()["student"][:1]}, day=1)
    assert keys(warehouse, "student") == ["s1", "s2"]


def test_an_orphan_waits_and_comes_back_when_its_parent_lands(warehouse: Warehouse) -> None:
    rows = county()
    late = rows["enrolment"].pop()
    first = land_rows(warehouse, rows)
    assert waiting(warehouse) == [
        ("absence", "enrolment_id", "must point at a known enrolment", True),
        ("group_membership", "enrolment_id", "must point at a known enrolment", True),
    ]
    land_rows(warehouse, {"enrolment": [late]}, kind="delta", day=1)
    assert waiting(warehouse) == []
    back = warehouse.execute(
        "SELECT batch_id, minutes FROM landing.absence WHERE absence_id = 'a2'"
    ).fetchall()
    assert back == [(first.batch_id, 30)]


def test_an_orphan_that_a_later_snapshot_drops_does_not_come_back(warehouse: Warehouse) -> None:
    rows = county()
    late = rows["enrolment"].pop()
    land_rows(warehouse, rows)
    rows["absence"].pop()
    land_rows(warehouse, rows, day=1)
    land_rows(warehouse, {"enrolment": [late]}, kind="delta", day=2)
    assert keys(warehouse, "absence") == ["a1"]


def test_children_go_with_a_parent_that_a_snapshot_drops(warehouse: Warehouse) -> None:
    rows = county()
    land_rows(warehouse, rows)
    rows["enrolment"].pop()
    rows["group_membership"].pop()
    del rows["absence"]
    land_rows(warehouse, rows, day=1)
    assert keys(warehouse, "group_membership") == ["e1"]
    assert keys(warehouse, "absence") == ["a1"]
    assert waiting(warehouse) == [("absence", "enrolment_id", "must point at a known enrolment", True)]
    land_rows(warehouse, {"enrolment": county()["enrolment"]}, day=2)
    assert keys(warehouse, "absence") == ["a1", "a2"]


def test_a_lesson_that_vanishes_while_ahead_was_cancelled_and_keeps_its_groups(warehouse: Warehouse) -> None:
    schools = ["1001", "1002"]
    land_rows(warehouse, county(), source="fint", schools=schools)
    rows = county()
    for table in ("lesson", "lesson_group", "lesson_subject"):
        rows[table] = [row for row in rows[table] if row["lesson_id"].endswith("2")]
    rows["absence"].pop(0)
    for day in (1, 30):
        land_rows(warehouse, rows, source="fint", schools=schools, day=day)
        found = warehouse.execute(
            "SELECT lesson_id, status, cause FROM landing.lesson WHERE lesson_id LIKE '%1'"
        ).fetchall()
        assert found == [("ahead1", "cancelled", "removed from timetable")]
        assert keys(warehouse, "lesson_group") == ["ahead1", "ahead2", "past2"]
    land_rows(warehouse, county(), source="fint", schools=schools, day=31)
    assert warehouse.execute("SELECT DISTINCT status FROM landing.lesson").fetchall() == [("timetabled",)]


def test_a_lesson_another_source_drops_is_gone(warehouse: Warehouse) -> None:
    land_rows(warehouse, county())
    land_rows(warehouse, {"lesson": [], "lesson_group": [], "lesson_subject": [], "absence": []}, day=1)
    assert keys(warehouse, "lesson") == []


def test_the_better_source_rules_whichever_comes_first(warehouse: Warehouse) -> None:
    land_rows(warehouse, county(), source="fint")
    held = {**county()["lesson"][0], "status": "held"}
    report = land_rows(warehouse, {"lesson": [held]}, source="report:lesson_register", day=1)
    assert report.accounts[0].landed == 1
    fint = land_rows(warehouse, {"lesson": county()["lesson"]}, source="fint", day=2)
    assert (fint.accounts[0].superseded, fint.accounts[0].unchanged) == (1, 3)
    status = "SELECT status FROM landing.lesson WHERE lesson_id = 'past1'"
    assert warehouse.execute(status).fetchall() == [("held",)]


@pytest.mark.parametrize("order", [("timetable", "lesson_register"), ("lesson_register", "timetable")])
def test_the_lesson_register_goes_before_the_timetable(warehouse: Warehouse, order: tuple[str, str]) -> None:
    rows = county()
    land_rows(warehouse, {table: rows[table] for table in ("school", "student")})
    statuses = {"timetable": "timetabled", "lesson_register": "held"}
    for day, report in enumerate(order, start=1):
        lesson = {**rows["lesson"][0], "status": statuses[report]}
        land_rows(warehouse, {"lesson": [lesson]}, source=f"report:{report}", day=day)
    assert warehouse.execute("SELECT status FROM landing.lesson").fetchall() == [("held",)]


def test_a_report_of_one_school_leaves_the_others_and_other_reports(warehouse: Warehouse) -> None:
    rows = county()
    land_rows(
        warehouse, {table: rows[table] for table in ("school", "student", "enrolment", "teaching_group")}
    )
    land_rows(warehouse, {"lesson": rows["lesson"][1:2]}, source="report:timetable", day=1)
    own = {"lesson": [row for row in rows["lesson"] if row["lesson_id"] != "ahead1"]}
    own["lesson_subject"] = [row for row in rows["lesson_subject"] if row["lesson_id"] != "ahead1"]
    land_rows(warehouse, own, source="report:lesson_register", day=1)
    first = {"lesson": rows["lesson"][:1], "lesson_subject": []}
    land_rows(warehouse, first, source="report:lesson_register", day=2)
    assert keys(warehouse, "lesson") == ["ahead1", "ahead2", "past1", "past2"]
    assert keys(warehouse, "lesson_subject") == ["ahead2", "past2"]


def test_identical_copies_land_once_and_contradicting_ones_are_quarantined(warehouse: Warehouse) -> None:
    rows = county()
    absence = rows["absence"][0]
    rows["absence"] += [absence, {**absence, "minutes": "10"}]
    landed = land_rows(warehouse, rows)
    account = next(account for account in landed.accounts if account.table == "absence")
    assert (account.read, account.landed, account.superseded, account.quarantined) == (4, 2, 1, 1)
    assert waiting(warehouse) == [
        ("absence", "absence_id", "must not contradict an earlier row with the same key", False)
    ]
    assert warehouse.execute("SELECT minutes FROM landing.absence WHERE absence_id = 'a1'").fetchall() == [
        (30,)
    ]


def test_shares_that_exceed_the_lesson_wait_until_they_fit(warehouse: Warehouse) -> None:
    rows = county()
    rows["lesson_subject"] = [
        {"lesson_id": "past1", "subject_code": "NOR1260", "minutes": "40"},
        {"lesson_id": "past1", "subject_code": "ENG1007", "minutes": "21"},
        {"lesson_id": "past2", "subject_code": "ENG1007", "minutes": "60"},
    ]
    landed = land_rows(warehouse, rows)
    assert landed.quarantined == 2
    assert keys(warehouse, "lesson_subject") == ["past2"]
    longer = {**rows["lesson"][0], "ends_at": "2026-01-08T09:30:00Z"}
    land_rows(warehouse, {"lesson": [longer]}, kind="delta", day=1)
    assert keys(warehouse, "lesson_subject") == ["past1", "past1", "past2"]


def test_too_many_bad_rows_stop_the_batch_and_leave_what_was(warehouse: Warehouse) -> None:
    land_rows(warehouse, county())
    before = contents(warehouse)
    bad = [{"student_key": f"x{number}", "county_number": "nine"} for number in range(101)]
    with pytest.raises(BatchStoppedError, match=r"101 of 101 rows are bad.*(\n.*)*county_number"):
        land_rows(warehouse, {"student": bad}, day=1)
    assert contents(warehouse) == before
    assert waiting(warehouse) == []


def test_a_mended_row_closes_its_case_and_a_bad_one_keeps_its_first_day(warehouse: Warehouse) -> None:
    rows = county()
    rows["absence"][0]["minutes"] = "many"
    land_rows(warehouse, rows)
    first = warehouse.execute("SELECT first_seen FROM landing.quarantine").fetchall()
    land_rows(warehouse, rows, day=1)
    again = "SELECT first_seen FROM landing.quarantine WHERE resolved_at IS NULL"
    assert warehouse.execute(again).fetchall() == first
    land_rows(warehouse, county(), day=2)
    assert waiting(warehouse) == []
