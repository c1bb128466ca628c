"""What was planted with lessons and groups stands in the published figures."""

from __future__ import annotations

import pytest

from tests.demo.county import DemoCounty, Planted, Row

STATE = "status, is_cancelled, is_ahead, is_assumed"


def _states(county: DemoCounty, planted: Planted, columns: str = STATE) -> set[Row]:
    """The different states of the planted lessons; every one of them is there."""
    found = county.rows(
        f"SELECT DISTINCT lesson_id, {columns} FROM marts.group_lesson WHERE list_contains(?, lesson_id)",
        planted["lesson_ids"],
    )
    assert sorted(row[0] for row in found) == sorted(planted["lesson_ids"]), planted
    return {row[1:] for row in found}


@pytest.mark.parametrize(
    ("situation", "state"),
    [
        ("cancelled_ahead", ("cancelled", True, True, False)),
        ("cancelled_for_exam", ("cancelled", True, False, False)),
        ("made_up", ("held", False, False, False)),
        ("made_up_ahead", ("timetabled", False, True, False)),
        ("removed_from_timetable", ("cancelled", True, True, False)),
        ("never_registered", ("timetabled", False, False, True)),
    ],
)
def test_a_lesson_has_the_state_it_should(
    demo_county: DemoCounty, situation: str, state: tuple[str, bool, bool, bool]
) -> None:
    stale = demo_county.part("loads_late")
    for planted in demo_county.planted(situation):
        wanted = {state}
        if planted["school_id"] == stale and state[2]:
            # What lay ahead of the school's last extract may lie behind today.
            wanted.add((state[0], state[1], False, state[3]))
        assert _states(demo_county, planted) <= wanted, (planted["school_id"], planted["expect"])


def test_a_lesson_removed_from_the_timetable_says_so(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("removed_from_timetable"):
        assert _states(demo_county, planted, "cause") == {(planted["expect"]["cause"],)}


def test_what_is_cancelled_ahead_is_no_longer_expected(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("cancelled_ahead"):
        groups = demo_county.values(
            "SELECT DISTINCT group_id FROM marts.group_lesson WHERE list_contains(?, lesson_id)",
            planted["lesson_ids"],
        )
        for group in groups:
            assert demo_county.rows(
                "SELECT sum(remaining_minutes) FROM marts.group_week WHERE group_id = ?", group
            ) == demo_county.rows(
                "SELECT coalesce(sum(minutes), 0) FROM marts.group_lesson "
                "WHERE group_id = ? AND is_ahead AND NOT is_cancelled",
                group,
            ), (planted["school_id"], group)


def test_a_lesson_made_up_replaces_a_cancelled_one_and_counts(demo_county: DemoCounty) -> None:
    lost: dict[str, bool] = dict(
        demo_county.rows(
            "SELECT DISTINCT made_up.lesson_id, coalesce(lost.is_cancelled, lost.is_assumed) "
            "FROM marts.group_lesson AS made_up "
            "JOIN marts.group_lesson AS lost ON made_up.replaces_lesson_id = lost.lesson_id"
        )
    )
    for planted in demo_county.planted("made_up"):
        # The lesson that is replaced may not be registered yet.
        assert all(lost[lesson_id] for lesson_id in planted["lesson_ids"]), planted["school_id"]
        groups = demo_county.values(
            "SELECT DISTINCT group_id FROM marts.group_lesson WHERE list_contains(?, lesson_id)",
            planted["lesson_ids"],
        )
        assert demo_county.rows(
            "SELECT sum(made_up_minutes) FROM marts.group_week WHERE list_contains(?, group_id)", groups
        ) == demo_county.rows(
            "SELECT sum(minutes) FROM marts.group_lesson WHERE list_contains(?, group_id) "
            "AND replaces_lesson_id IS NOT NULL AND NOT is_cancelled",
            groups,
        ), planted["school_id"]


def test_a_joint_lesson_counts_once_for_each_student(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("joint_lesson"):
        counts = demo_county.rows(
            "SELECT count(*), count(DISTINCT (student_key, lesson_id)) "
            "FROM warehouse.coverage.student_lesson_part WHERE list_contains(?, lesson_id)",
            planted["lesson_ids"],
        )
        ((rows, lessons),) = counts
        assert rows == lessons > 0, planted
        groups = demo_county.values(
            "SELECT count(DISTINCT group_id) FROM marts.group_lesson "
            "WHERE list_contains(?, lesson_id) GROUP BY lesson_id",
            planted["lesson_ids"],
        )
        assert min(groups) > 1, planted


def test_a_cross_subject_day_falls_on_its_subjects_as_declared(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("cross_subject_day"):
        wrong = demo_county.rows(
            "SELECT part.lesson_id, part.subject_code, part.minutes, declared.minutes "
            "FROM warehouse.coverage.student_lesson_part AS part "
            "LEFT JOIN warehouse.landing.lesson_subject AS declared USING (lesson_id, subject_code) "
            "WHERE list_contains(?, lesson_id) AND part.minutes IS DISTINCT FROM declared.minutes",
            planted["lesson_ids"],
        )
        assert wrong == [], planted["school_id"]
        declared = demo_county.values(
            "SELECT count(DISTINCT lesson_id) FROM warehouse.landing.lesson_subject "
            "WHERE list_contains(?, lesson_id)",
            planted["lesson_ids"],
        )
        assert declared == [len(planted["lesson_ids"])], planted["school_id"]


def test_a_lesson_that_names_its_subject_is_not_split(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("subject_named_by_lesson"):
        assert (None,) not in _states(demo_county, planted, "subject_code"), planted["school_id"]
        split = demo_county.rows(
            "SELECT lesson_id, student_key FROM warehouse.coverage.student_lesson_part "
            "WHERE list_contains(?, lesson_id) GROUP BY ALL HAVING count(*) > 1",
            planted["lesson_ids"],
        )
        assert split == [], planted["school_id"]


def test_an_excursion_diverts_from_the_other_groups(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("excursion"):
        school = planted["school_id"]
        (wanted,) = demo_county.rows(
            "SELECT sum(least(coalesce(away.minutes, 1440), lesson.minutes)), count(DISTINCT enrolment_id) "
            "FROM warehouse.landing.absence AS away JOIN warehouse.coverage.lesson_fact AS lesson "
            "USING (lesson_id) WHERE away.code = '!' AND lesson.school_id = ?",
            school,
        )
        (found,) = demo_county.rows(
            "SELECT sum(diverted_minutes), count(DISTINCT student_key) FROM marts.student_subject_coverage "
            "WHERE school_id = ? AND diverted_minutes > 0",
            school,
        )
        assert found == wanted, school
        assert found[0] > 0, school


@pytest.mark.parametrize("situation", ["not_scheduled", "gap_in_timetable"])
def test_a_timetable_with_too_little_leaves_hours_not_scheduled(
    demo_county: DemoCounty, situation: str
) -> None:
    for planted in demo_county.planted(situation):
        (group,), expect = planted["group_ids"], planted["expect"]
        assert demo_county.values(
            "SELECT sum(minutes) FROM marts.group_lesson WHERE group_id = ? AND replaces_lesson_id IS NULL",
            group,
        ) == [expect["planned_minutes"]], planted
        wrong = demo_county.rows(
            "SELECT student_key, subject_code, not_scheduled_minutes "
            "FROM marts.student_subject_coverage AS row "
            "JOIN marts.student_subject_detail AS detail USING (school_year, student_key, subject_code) "
            "WHERE detail.group_ids = ? AND list_contains(?, subject_code) AND row.not_scheduled_minutes "
            "<> greatest(row.required_minutes - row.scheduled_minutes + row.outside_membership_minutes, 0)",
            group,
            expect["subject_codes"],
        )
        assert wrong == [], planted
        missing = demo_county.values(
            "SELECT max(not_scheduled_minutes) FROM marts.student_subject_coverage AS row "
            "JOIN marts.student_subject_detail AS detail USING (school_year, student_key, subject_code) "
            "WHERE detail.group_ids = ? AND list_contains(?, subject_code)",
            group,
            expect["subject_codes"],
        )
        assert missing[0] > 0, planted


def test_the_administration_systems_totals_differ_in_the_planted_groups(demo_county: DemoCounty) -> None:
    for planted in demo_county.planted("reconciliation_difference"):
        agreeing = demo_county.rows(
            "SELECT student_key, subject_code, probable_cause FROM marts.reconciliation AS row "
            "JOIN marts.student_subject_detail AS detail USING (school_year, student_key, subject_code) "
            "WHERE row.period = 'year' AND detail.group_ids = ? AND list_contains(?, subject_code) "
            "AND probable_cause <> 'unexplained'",
            planted["group_ids"][0],
            planted["expect"]["subject_codes"],
        )
        assert agreeing == [], planted


def test_ordinary_students_elsewhere_agree_with_the_administration_system(demo_county: DemoCounty) -> None:
    """Where a register is kept, what stays unexplained are exam days and lessons nobody confirmed."""
    differing = [
        group
        for planted in demo_county.planted("reconciliation_difference")
        for group in planted["group_ids"]
    ]
    ordinary = [
        student
        for planted in demo_county.planted("ordinary_student")
        for student in demo_county.students(planted)
    ]
    unexplained = demo_county.rows(
        "SELECT student_key, subject_code, teaching_difference_minutes, exam_minutes "
        "FROM marts.reconciliation AS row "
        "JOIN marts.student_subject_detail AS detail USING (school_year, student_key, subject_code) "
        "JOIN marts.student_subject_coverage USING (school_year, student_key, subject_code) "
        "WHERE row.period = 'year' AND probable_cause = 'unexplained' AND list_contains(?, student_key) "
        "AND NOT list_has_any(string_split(coalesce(detail.group_ids, ''), '|'), ?) "
        "AND NOT list_contains(?, row.school_id) "
        "AND abs(teaching_difference_minutes + exam_minutes) > 30 + assumed_minutes",
        ordinary,
        differing,
        [demo_county.part("loads_late"), demo_county.part("registers_nothing")],
    )
    assert unexplained == []
