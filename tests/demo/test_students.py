"""What was planted with single students stands in the published figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.demo.county import DemoCounty, Row

GAP = "class_change_with_gap"


@pytest.mark.parametrize(
    "situation",
    [
        "exempt",
        "recognised",
        "status_f",
        "individual_plan_with_hours",
        "slot_without_subject",
        "enrolled_in_no_group",
        "missing_language_group",
    ],
)
def test_the_subject_has_the_status_and_the_minutes_it_should(
    demo_county: DemoCounty, situation: str
) -> None:
    for planted in demo_county.planted(situation):
        wanted = {
            name: planted["expect"][name]
            for name in ("status", "required_minutes")
            if name in planted["expect"]
        }
        if situation in ("exempt", "recognised"):
            wanted["status"] = "exempt"
        for student in demo_county.students(planted):
            found = demo_county.coverage(student, *wanted)[planted["expect"]["subject_code"]]
            assert dict(zip(wanted, found, strict=True)) == wanted, (planted, student)


@pytest.mark.parametrize(
    ("situation", "kind", "basis"),
    [
        ("exempt", "exempt", "decision"),
        ("recognised", "recognised", "decision"),
        ("individual_plan_with_hours", "individual_plan", "decision"),
        ("individual_plan_without_hours", "individual_plan", "curriculum"),
        ("adapted_language", "adapted_language", "curriculum"),
    ],
)
def test_a_decision_is_in_force_and_is_the_ground_only_where_it_sets_the_hours(
    demo_county: DemoCounty, situation: str, kind: str, basis: str
) -> None:
    for planted in demo_county.planted(situation):
        (student,), (decision_id,) = demo_county.students(planted), planted["decision_ids"]
        assert demo_county.rows(
            "SELECT kind, subject_code, is_in_force FROM marts.student_decision WHERE decision_id = ?",
            decision_id,
        ) == [(kind, planted["expect"]["subject_code"], True)]
        found = demo_county.coverage(student, "requirement_basis", "required_minutes", "curriculum_minutes")
        ground, required, curriculum = found[planted["expect"]["subject_code"]]
        assert ground == basis, planted
        if basis == "curriculum":
            assert required == curriculum, planted


@pytest.mark.parametrize("situation", ["leaver", "membership_outlives_enrolment"])
def test_who_has_left_is_told_as_left(demo_county: DemoCounty, situation: str) -> None:
    for planted in demo_county.planted(situation):
        (student,) = demo_county.students(planted)
        found = demo_county.coverage(student, "status")
        assert set(found.values()) == {("left",)}, planted


def test_a_membership_that_outlives_the_enrolment_is_found(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("membership_outlives_enrolment"):
        (student,) = demo_county.students(planted)
        memberships = demo_county.values(
            "SELECT count(*) FROM marts.student_membership WHERE student_key = ?", student
        )[0]
        (found,) = demo_county.values(
            "SELECT rows FROM marts.data_quality WHERE check_code = 'membership_outside_enrolment' "
            "AND school_id = ?",
            planted["school_id"],
        )
        assert found == memberships, planted


@pytest.mark.parametrize("situation", ["private_candidate", "abroad"])
def test_who_is_owed_no_instruction_has_no_row(demo_county: DemoCounty, situation: str) -> None:
    for planted in demo_county.planted(situation):
        (student,) = demo_county.students(planted)
        assert demo_county.coverage(student, "status") == {}, planted
        assert not demo_county.rows("SELECT 1 FROM marts.student_coverage WHERE student_key = ?", student)


@pytest.mark.parametrize("situation", ["part_time", "adult", "no_subject_enrolments"])
def test_the_rows_are_those_of_the_subjects_taken(demo_county: DemoCounty, situation: str) -> None:
    for planted in demo_county.planted(situation):
        (student,) = demo_county.students(planted)
        found = demo_county.coverage(student, "slot_name")
        assert sorted(found) == planted["expect"]["subject_codes"], planted
        assert set(found.values()) == {(None,)}, planted


def test_a_dropped_subject_is_no_longer_due(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("subject_dropped"):
        (student,) = demo_county.students(planted)
        assert planted["expect"]["no_row_for"] not in demo_county.coverage(student, "status"), planted


def test_ordinary_students_fill_their_programme_area_and_early_mathematics_is_56_hours_more(
    demo_county: DemoCounty,
) -> None:
    sums: dict[str, dict[Row, set[int]]] = {}
    for situation in ("ordinary_student", "accelerated_mathematics"):
        areas = sums.setdefault(situation, {})
        for planted in demo_county.planted(situation):
            for student in demo_county.students(planted):
                found = demo_county.coverage(
                    student, "programme_area_code", "level", "curriculum_minutes", "slot_name"
                ).values()
                assert {row[3] for row in found} == {None}, student
                (area,) = {row[:2] for row in found}
                areas.setdefault(area, set()).add(sum(row[2] for row in found))
    ordinary, early = sums["ordinary_student"], sums["accelerated_mathematics"]
    assert {area: len(found) for area, found in ordinary.items()} == dict.fromkeys(ordinary, 1)
    assert early
    for area, minutes_taken in early.items():
        assert minutes_taken == {minutes + 56 * 60 for minutes in ordinary[area]}, area


def test_a_late_joiner_misses_what_the_group_had_before(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("late_joiner"):
        (student,) = demo_county.students(planted)
        joined = date.fromisoformat(planted["expect"]["outside_membership_before"])
        missed = _planned_outside(demo_county, student, date.min, joined)
        assert _outside(demo_county, student, missed) == missed, planted
        assert sum(missed.values()) > 0, planted


def test_a_class_change_loses_and_doubles_nothing(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("class_change"):
        (student,) = demo_county.students(planted)
        last = date.fromisoformat(planted["last_day_in_old"])
        found = demo_county.coverage(student, "outside_membership_minutes", "scheduled_minutes", "group_ids")
        for old, new in planted["moved"]:
            (subject,) = [code for code, row in found.items() if set(row[2].split("|")) == {old, new}]
            before = _minutes(demo_county, old, "lesson_date <= ?", last)
            after = _minutes(demo_county, new, "lesson_date > ?", last)
            assert found[subject][:2] == (0, before + after), (planted, subject)


def test_a_class_change_with_a_gap_loses_the_gap(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted(GAP):
        (student,) = demo_county.students(planted)
        last = date.fromisoformat(planted["last_day_in_old"])
        found = demo_county.coverage(student, "outside_membership_minutes", "group_ids")
        for old, new in planted["moved"]:
            (lost,) = [row[0] for row in found.values() if set(row[1].split("|")) == {old, new}]
            days = "lesson_date - ? BETWEEN 1 AND 14"
            assert lost in (_minutes(demo_county, group, days, last) for group in (old, new)), planted
            assert lost > 0, planted


def test_a_change_of_school_leaves_one_row_a_subject_at_the_new_school(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("school_change"):
        first, second = planted["enrolment_ids"]
        student = demo_county.student(second)
        assert demo_county.student(first) == student
        assert demo_county.rows(
            "SELECT enrolment_id, school_id FROM marts.student_coverage WHERE student_key = ?", student
        ) == [(second, planted["school_id"])]
        subjects = demo_county.values(
            "SELECT subject_code FROM marts.student_subject_coverage WHERE student_key = ?", student
        )
        assert len(subjects) == len(set(subjects)) > 0


def test_lessons_cancelled_on_the_day_of_the_exam_count_as_given(demo_county: DemoCounty) -> None:
    sat = 0
    for planted in demo_county.planted("drawn_for_exam"):
        for student in demo_county.students(planted):
            (wanted,) = demo_county.values(
                "SELECT coalesce(sum(minutes), 0) FROM (SELECT DISTINCT lesson.lesson_id, lesson.minutes "
                "FROM marts.student_exam_period AS exam JOIN marts.student_membership AS member "
                "USING (student_key) JOIN marts.group_lesson AS lesson USING (group_id) "
                "WHERE student_key = ? AND lesson.is_cancelled AND NOT lesson.is_ahead "
                "AND lesson.replaces_lesson_id IS NULL "
                "AND lesson.lesson_date BETWEEN exam.start_date AND exam.end_date "
                "AND lesson.lesson_date >= member.start_date "
                "AND lesson.lesson_date <= coalesce(member.end_date, '9999-12-31'))",
                student,
            )
            found = sum(row[0] for row in demo_county.coverage(student, "exam_minutes").values())
            assert found == wanted, student
            sat += found
    assert sat > 0


def test_only_the_drawn_sit_for_exams(demo_county: DemoCounty) -> None:
    drawn = {
        student
        for planted in demo_county.planted("drawn_for_exam")
        for student in demo_county.students(planted)
    }
    assert set(demo_county.values("SELECT student_key FROM marts.student_exam_period")) == drawn


def _minutes(county: DemoCounty, group: str, condition: str, *values: Any) -> int:
    """Ordinary minutes on a group's timetable."""
    (found,) = county.values(
        "SELECT coalesce(sum(minutes), 0)::INTEGER FROM marts.group_lesson "
        f"WHERE group_id = ? AND replaces_lesson_id IS NULL AND {condition}",
        group,
        *values,
    )
    return int(found)


def _planned_outside(county: DemoCounty, student: str, first: date, joined: date) -> dict[str, int]:
    """Subject → what its only group planned, where it has no other subject and shares no lesson."""
    alone = county.rows(
        "SELECT detail.subject_code, detail.group_ids FROM marts.student_subject_detail AS detail "
        "JOIN marts.teaching_group AS team ON detail.group_ids = team.group_id "
        "AND detail.subject_code = team.subject_codes WHERE detail.student_key = ? AND NOT EXISTS ("
        "SELECT 1 FROM marts.group_lesson AS lesson JOIN warehouse.landing.lesson_subject USING (lesson_id) "
        "WHERE lesson.group_id = team.group_id)",
        student,
    )
    days = "lesson_date >= ? AND lesson_date < ?"
    return {code: _minutes(county, group, days, first, joined) for code, group in alone}


def _outside(county: DemoCounty, student: str, subjects: dict[str, int]) -> dict[str, int]:
    found = county.coverage(student, "outside_membership_minutes")
    return {code: found[code][0] for code in subjects}
