"""The landing contract: every table any source ends in, by name.

`TABLES` is ordered so that a table comes after those it references. Landing, the warehouse's DDL, the
dbt sources file and the data dictionary all derive from it.
"""

from __future__ import annotations

import dataframely as dy

from ingest.contract import absence, benefits, rollout, roster, timetable

TABLES: dict[str, type[dy.Schema]] = {
    "school": roster.School,
    "school_position": roster.SchoolPosition,
    "student": roster.Student,
    "enrolment": roster.Enrolment,
    "subject": roster.Subject,
    "curriculum_hours": roster.CurriculumHours,
    "curriculum_slot": roster.CurriculumSlot,
    "subject_enrolment": roster.SubjectEnrolment,
    "teaching_group": roster.TeachingGroup,
    "teaching_group_subject": roster.TeachingGroupSubject,
    "group_membership": roster.GroupMembership,
    "lesson": timetable.Lesson,
    "lesson_group": timetable.LessonGroup,
    "lesson_subject": timetable.LessonSubject,
    "lesson_teacher": timetable.LessonTeacher,
    "absence": absence.Absence,
    "exam_period": timetable.ExamPeriod,
    "absence_summary": absence.AbsenceSummary,
    "decision": absence.Decision,
    "absence_warning": absence.AbsenceWarning,
    "school_day": timetable.SchoolDay,
    "work_process": benefits.WorkProcess,
    "time_sample": benefits.TimeSample,
    "process_volume": benefits.ProcessVolume,
    "benefit_target": benefits.BenefitTarget,
    "staff_position": benefits.StaffPosition,
    "training": rollout.Training,
    "support_case": rollout.SupportCase,
    "role_assignment": rollout.RoleAssignment,
    "integration_run": rollout.IntegrationRun,
    "migration_check": rollout.MigrationCheck,
    "acceptance_test": rollout.AcceptanceTest,
    "milestone": rollout.Milestone,
    "release": rollout.Release,
}

PROVENANCE = ("batch_id", "source_file", "source_row")


def references(table: str) -> dict[str, tuple[str, str]]:
    """Column → (table, column) it must point at, for one landing table."""
    found: dict[str, tuple[str, str]] = {}
    for name, column in TABLES[table].columns().items():
        target = (column.metadata or {}).get("references")
        if target:
            parent, parent_column = target.split(".")
            found[name] = (parent, parent_column)
    return found
