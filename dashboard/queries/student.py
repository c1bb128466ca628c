"""One student: every subject and what stands behind it, through the reader's scope for students."""

from collections.abc import Sequence

from dashboard.access.scope import Reader, Row
from dashboard.queries import common

OF_STUDENT = "school_year = $year and school_id = $school and student_key = $student"
WORST_FIRST = "['not_assigned', 'short', 'at_risk', 'unknown', 'on_track', 'met', 'exempt', 'left']"
MINUTES = (
    "required",
    "curriculum",
    "scheduled",
    "outside_membership",
    "cancelled",
    "diverted",
    "made_up",
    "remaining",
    "offered",
    "substitute",
    "exam",
    "assumed",
    "absent_undocumented",
    "absent_documented",
    "absent_rights",
    "absent_deducted",
    "attended",
    "not_scheduled",
    "projected",
    "missing",
)


def subjects(reader: Reader, year: str, school: str, student: str) -> list[Row]:
    """The rows of the student, the worst first, each with its groups and its source."""
    minutes = ", ".join(f"{name}_minutes as {name}" for name in MINUTES)
    rows = reader.students(
        f"subject_code, programme_area_code, level, requirement_basis, status, {minutes}",
        "student_subject_coverage",
        where=OF_STUDENT,
        order=f"list_position({WORST_FIRST}, status), missing_minutes desc, subject_code",
        year=year,
        school=school,
        student=student,
    )
    details = reader.students(
        """subject_code, coalesce(subject_name, subject_code) as subject_name, slot_name, known_from,
           shortfall_cause, coalesce(group_ids, '') as group_ids, coalesce(group_names, '') as group_names,
           curriculum_source, decision_id""",
        "student_subject_detail",
        where=OF_STUDENT,
        order="subject_code",
        year=year,
        school=school,
        student=student,
    )
    by_subject = {row["subject_code"]: row for row in details}
    return [_joined(row, by_subject.get(row["subject_code"])) for row in rows]


def _joined(row: Row, detail: Row | None) -> Row:
    found = detail or {"subject_name": row["subject_code"], "group_ids": "", "group_names": ""}
    groups = [group for group in found["group_ids"].split("|") if group]
    names = [name for name in found["group_names"].split("|") if name]
    return {**found, **row, "groups": groups, "group_names": names}


def decisions(reader: Reader, year: str, school: str, student: str) -> list[Row]:
    return reader.students(
        "decision_id, subject_code, kind, decided_minutes, valid_from, valid_to, decided_on, is_in_force",
        "student_decision",
        where=OF_STUDENT,
        order="decided_on, decision_id",
        year=year,
        school=school,
        student=student,
    )


def exam_periods(reader: Reader, year: str, school: str, student: str) -> list[Row]:
    return reader.students(
        "kind, start_date, coalesce(end_date, start_date) as end_date",
        "student_exam_period",
        where=OF_STUDENT,
        order="start_date, kind",
        year=year,
        school=school,
        student=student,
    )


def absences(reader: Reader, year: str, school: str, student: str) -> list[Row]:
    """What was taken from each lesson, subject by subject."""
    return reader.students(
        "subject_code, lesson_id, lesson_date, absence_code, minutes",
        "student_absence",
        where=OF_STUDENT,
        order="lesson_date, lesson_id, absence_code",
        year=year,
        school=school,
        student=student,
    )


def rules(reader: Reader, year: str, programme_area: str | None) -> dict[str, Row]:
    """The curriculum row behind each subject's hours, for the student's programme area."""
    rows = reader.reference(
        "curriculum_rule_used",
        where="school_year = $year and programme_area_code = $area",
        year=year,
        area=programme_area or "",
    )
    return {row["subject_code"]: row for row in rows}


def recovery(reader: Reader, year: str, school: str, groups: Sequence[str]) -> list[Row]:
    """What would help: extra lessons for the student's own groups."""
    return [row for row in common.recovery(reader, year, None, school) if row["group_id"] in groups]


def spans(reader: Reader, year: str, school: str, student: str, groups: Sequence[str]) -> list[Row]:
    """The student's time in each group of a subject, with the lessons of the group all year."""
    return reader.students(
        """group_id, group_name, start_date, coalesce(end_date, date '9999-12-31') as end_date,
           (select list(lesson order by lesson.starts_at, lesson.lesson_id)
            from marts.group_lesson as lesson
            where lesson.school_id = $school and lesson.group_id = rows.group_id) as lessons""",
        "student_membership",
        where=f"{OF_STUDENT} and list_contains($groups, group_id)",
        order="start_date, group_id",
        year=year,
        school=school,
        student=student,
        groups=list(groups),
    )
