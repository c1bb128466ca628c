"""What was planted with absence stands in the published figures."""

from __future__ import annotations

from tests.demo.county import DemoCounty, Planted, Row


def _limit(county: DemoCounty, planted: Planted, columns: str) -> Row:
    (student,) = county.students(planted)
    (found,) = county.rows(
        f"SELECT {columns} FROM marts.absence_limit JOIN marts.student_subject_coverage "
        "USING (school_year, student_key, subject_code) "
        "WHERE period = 'year' AND student_key = ? AND subject_code = ?",
        student,
        planted["expect"]["subject_code"],
    )
    return found


def test_who_is_over_the_limit_is_told_with_the_percentage(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("over_absence_limit"):
        expect = planted["expect"]
        status, counted, curriculum = _limit(
            demo_county, planted, "absence_limit.status, counted_minutes, curriculum_minutes"
        )
        assert status == expect["absence_limit"], planted
        percent = 100 * counted / curriculum
        # How a lesson of two subjects falls on them is planted by a coarser rule.
        assert abs(percent - expect["percent"]) <= (1 if _is_shared(demo_county, planted) else 0.5), (
            planted,
            counted,
        )


def _is_shared(county: DemoCounty, planted: Planted) -> bool:
    """Whether a group of the student's has the subject beside another."""
    (student,) = county.students(planted)
    return county.values(
        "SELECT bool_or(team.subject_codes <> subject_code) FROM marts.student_subject_detail AS detail "
        "JOIN marts.teaching_group AS team ON list_contains(string_split(group_ids, '|'), team.group_id) "
        "WHERE student_key = ? AND subject_code = ?",
        student,
        planted["expect"]["subject_code"],
    ) == [True]


def test_nobody_ordinary_is_over_the_limit_but_those_planted(demo_county: DemoCounty) -> None:
    ordinary = [
        student
        for situation in ("ordinary_student", "accelerated_mathematics")
        for planted in demo_county.planted(situation)
        for student in demo_county.students(planted)
    ]
    over = demo_county.rows(
        "SELECT student_key, subject_code FROM marts.absence_limit "
        "WHERE period = 'year' AND status = 'over' AND list_contains(?, student_key)",
        ordinary,
    )
    wanted = {
        (student, planted["expect"]["subject_code"])
        for planted in demo_county.planted("over_absence_limit")
        for student in demo_county.students(planted)
        if student in set(ordinary)
    }
    assert set(over) == wanted


def test_a_warning_that_was_due_and_not_sent_is_found(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("over_limit_without_warning"):
        assert _limit(demo_county, planted, "warned_on, warning_due") == (None, True), planted


def test_who_was_warned_has_no_warning_due(demo_county: DemoCounty) -> None:
    unwarned = {
        (student, planted["expect"]["subject_code"])
        for planted in demo_county.planted("over_limit_without_warning")
        for student in demo_county.students(planted)
    }
    for planted in demo_county.planted("over_absence_limit"):
        (student,) = demo_county.students(planted)
        due = (student, planted["expect"]["subject_code"]) in unwarned
        assert _limit(demo_county, planted, "warning_due") == (due,), planted


def test_absence_on_a_cancelled_lesson_counts_nothing_and_is_found(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("absence_on_cancelled_lesson"):
        counted = demo_county.rows(
            "SELECT absence_id FROM warehouse.landing.absence AS row "
            "JOIN warehouse.landing.enrolment USING (enrolment_id) "
            "JOIN marts.student_absence USING (student_key, lesson_id) WHERE list_contains(?, absence_id)",
            planted["absence_ids"],
        )
        assert counted == [], planted
        found = demo_county.values(
            "SELECT rows FROM marts.data_quality WHERE school_id = ? "
            "AND check_code = 'absence_found_nothing' AND detail = 'lesson_cancelled'",
            planted["school_id"],
        )
        assert found == [len(planted["absence_ids"])], planted


def test_absence_longer_than_its_lesson_lands_and_takes_the_lesson(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("absence_longer_than_lesson"):
        found = demo_county.rows(
            "SELECT absence_id, lesson.minutes, sum(taken.minutes) FROM warehouse.landing.absence AS row "
            "JOIN warehouse.landing.enrolment USING (enrolment_id) "
            "JOIN warehouse.coverage.lesson_fact AS lesson USING (lesson_id) "
            "JOIN marts.student_absence AS taken USING (student_key, lesson_id) "
            "WHERE list_contains(?, absence_id) GROUP BY ALL",
            planted["absence_ids"],
        )
        assert sorted(row[0] for row in found) == sorted(planted["absence_ids"]), planted
        assert all(lesson == taken for _, lesson, taken in found), found
