"""Lessons, who they serve and who leads them, exams and school days."""

from __future__ import annotations

import dataframely as dy

from ingest.contract.columns import code, date, text, timestamp, whole
from ingest.contract.roster import ENROLMENT, GROUP, SCHOOL
from ingest.contract.rules import Must

STATUSES = ("timetabled", "held", "cancelled")
COVERS = ("own", "substitute", "merged", "supervised", "self_study")
LESSON = "lesson.lesson_id"


class Lesson(dy.Schema):
    """One timetabled occasion (time); may serve several groups."""

    lesson_id = text("The source's id of the lesson.", key=True)
    school_id = text("School number.", references=SCHOOL)
    starts_at = timestamp("Start, UTC.")
    ends_at = timestamp("End, UTC.")
    status = code("`timetabled` says only that it stands in the timetable.", *STATUSES)
    cover = code("Who led it; empty is the own teacher.", *COVERS, optional=True)
    replaces_lesson_id = text("The lesson this one makes up for.", optional=True)
    subject_code = text("The one subject it serves, where it names one.", optional=True)
    cause = text("Why it was cancelled or covered, as registered.", optional=True)

    ends_after_it_starts = Must("ends_at > starts_at")

    lasts_no_longer_than_a_day = Must("ends_at - starts_at <= INTERVAL '24 hours'")

    does_not_replace_itself = Must("replaces_lesson_id <> lesson_id")


class LessonGroup(dy.Schema):
    """A group the lesson serves."""

    lesson_id = text("Lesson.", key=True, references=LESSON)
    group_id = text("Group.", key=True, references=GROUP)


class LessonSubject(dy.Schema):
    """A declared share of a lesson; the shares sum to at most the lesson."""

    lesson_id = text("Lesson.", key=True, references=LESSON)
    subject_code = text("Subject code.", key=True)
    minutes = whole("Declared minutes.")


class LessonTeacher(dy.Schema):
    """A teacher of the lesson, known by pseudonym alone."""

    lesson_id = text("Lesson.", key=True, references=LESSON)
    teacher_key = text("Pseudonym of the teacher.", key=True)


class ExamPeriod(dy.Schema):
    """Days on which a student sits or prepares for an exam."""

    enrolment_id = text("Enrolment.", key=True, references=ENROLMENT)
    start_date = date("First day.", key=True)
    end_date = date("Last day.")
    kind = code("Exam or preparation.", "exam", "preparation")

    end_is_not_before_start = Must("end_date >= start_date")


class SchoolDay(dy.Schema):
    """What kind of day it is at a school, or at all schools of a county."""

    county_number = text("County number.", key=True, regex=r"^\d{2}$")
    school_id = text("School number, `*` for all.", key=True)
    date = date("The day.", key=True)
    kind = code("What kind of day.", "teaching", "planning", "holiday", "exam")
