"""Step 3 of docs "Coverage" (the waterfall) and the status of step 4."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle.absence import AbsenceLedger
from tests.oracle.lessons import Lesson, Parts, StudentLessons
from tests.oracle.requirement import Entitlement, Requirement
from tests.oracle.tables import Tables

Steps = dict[str, int]
STEPS = (
    *("scheduled", "outside_membership", "cancelled", "diverted", "made_up", "remaining"),
    *("offered", "substitute", "exam", "assumed"),
    *("absent_undocumented", "absent_documented", "absent_rights", "absent_deducted", "attended"),
)
ABSENT = {
    "X": "absent_undocumented",
    "M": "absent_undocumented",
    "D": "absent_documented",
    "R": "absent_rights",
    "§": "absent_deducted",
    "!": "diverted",
}


def waterfall(tables: Tables, entitlement: Entitlement, own: StudentLessons, as_of: date) -> dict[str, Steps]:
    """Minutes by step, for every row of the student."""
    rows = {subject: dict.fromkeys(STEPS, 0) for subject in entitlement.rows}
    exam_days = _exam_days(tables, entitlement)
    open_to_absence: list[tuple[Lesson, Parts]] = []
    for lesson, parts in own.as_member():
        is_exam = lesson.is_cancelled and not lesson.is_replacement and exam_days(lesson.day)
        if lesson.is_replacement and lesson.is_cancelled:
            continue
        if not lesson.is_cancelled and lesson.day <= as_of:
            open_to_absence.append((lesson, parts))
        for subject, minutes in parts.items():
            row = rows[subject]
            row["made_up" if lesson.is_replacement else "scheduled"] += minutes
            if lesson.is_cancelled and not is_exam:
                row["cancelled"] += minutes
            elif lesson.day > as_of:
                row["remaining"] += minutes
            elif is_exam:
                row["exam"] += minutes
            else:
                row["substitute"] += minutes * (lesson.cover == "substitute")
                row["assumed"] += minutes * (lesson.status == "timetabled")
    for subject, row in rows.items():
        row["outside_membership"] = own.outside_membership(subject)
        row["scheduled"] += row["outside_membership"]
    _take_absence(tables, entitlement, open_to_absence, rows)
    for row in rows.values():
        row["offered"] = row["scheduled"] + row["made_up"] - row["outside_membership"] - row["cancelled"]
        row["offered"] -= row["diverted"] + row["remaining"]
        row["attended"] = row["offered"] - sum(row[step] for step in set(ABSENT.values()) - {"diverted"})
    return rows


def _exam_days(tables: Tables, entitlement: Entitlement) -> Any:
    ids = {e["enrolment_id"] for e in entitlement.enrolments}
    periods = [(p["start_date"], p["end_date"]) for p in tables["exam_period"] if p["enrolment_id"] in ids]
    return lambda day: any(first <= day <= last for first, last in periods)


def _take_absence(
    tables: Tables,
    entitlement: Entitlement,
    open_to_absence: list[tuple[Lesson, Parts]],
    rows: dict[str, Steps],
) -> None:
    ids = {e["enrolment_id"] for e in entitlement.enrolments}
    lessons = {lesson.lesson_id: lesson for lesson, _ in open_to_absence}
    absences = [a for a in tables["absence"] if a["enrolment_id"] in ids]
    for taken in AbsenceLedger(open_to_absence).take_all(absences):
        row = rows[taken.subject]
        row[ABSENT[taken.code]] += taken.minutes
        if taken.code == "!":
            lesson = lessons[taken.lesson_id]
            row["substitute"] -= taken.minutes * (lesson.cover == "substitute")
            row["assumed"] -= taken.minutes * (lesson.status == "timetabled")


def not_scheduled(requirement: Requirement, row: Steps) -> int | None:
    if requirement.required_minutes is None:
        return None
    return max(0, requirement.required_minutes - (row["scheduled"] - row["outside_membership"]))


def has_left(tables: Tables, lessons: list[Lesson], entitlement: Entitlement, as_of: date) -> bool:
    """Every enrolment has ended, the last of them before the last lesson of the primary school's groups."""
    ends = [e["end_date"] or date.max for e in entitlement.enrolments]
    school = entitlement.primary["school_id"]
    groups = {
        g["group_id"]
        for g in tables["teaching_group"]
        if g["school_id"] == school and g["school_year"] == entitlement.school_year
    }
    days = [lesson.day for lesson in lessons if lesson.groups & groups]
    return max(ends) < as_of and bool(days) and max(ends) < max(days)


def status(subject: str, requirement: Requirement, row: Steps, own: StudentLessons, left: bool) -> str:
    groups = own.groups_of_subject(subject)
    required = requirement.required_minutes
    if required == 0 and requirement.basis == "decision":
        return "exempt"
    if left:
        return "left"
    if not groups:
        return "not_assigned"
    if required is None or not any(lesson.groups & groups for lesson in own.lessons):
        return "unknown"
    if row["offered"] >= required:
        return "met"
    return "on_track|at_risk" if row["offered"] + row["remaining"] >= required else "short"
