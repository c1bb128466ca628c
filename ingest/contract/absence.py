"""Absence, the register's own totals, decisions and warnings."""

from __future__ import annotations

import dataframely as dy

from ingest.contract.columns import boolean, code, date, decimal, text, timestamp, whole
from ingest.contract.roster import ENROLMENT, GROUP
from ingest.contract.rules import Must
from ingest.contract.timetable import LESSON

ABSENCE_CODES = ("X", "M", "D", "!", "R", "§")
PERIODS = ("autumn", "spring", "year")


class Absence(dy.Schema):
    """One registration of absence: on a lesson, over a period, or minutes on a date."""

    absence_id = text("The source's id of the registration.", key=True)
    enrolment_id = text("Enrolment.", references=ENROLMENT)
    group_id = text("Group.", references=GROUP)
    lesson_id = text("Lesson, where the register names it.", optional=True, references=LESSON)
    subject_code = text("Subject, where the register names it.", optional=True)
    starts_at = timestamp("Start, UTC.", optional=True)
    ends_at = timestamp("End, UTC.", optional=True)
    absence_date = date("Local date, as registered.")
    minutes = whole("Minutes, as registered.", optional=True)
    code = code("The register's code.", *ABSENCE_CODES)
    on_certificate = boolean("Whether it is to stand on the certificate.", optional=True)

    ends_after_it_starts = Must("ends_at > starts_at")

    has_a_lesson_or_a_period_or_minutes = Must(
        "lesson_id IS NOT NULL OR minutes IS NOT NULL OR (starts_at IS NOT NULL AND ends_at IS NOT NULL)"
    )


class AbsenceSummary(dy.Schema):
    """The administration system's own totals (fraværsoversikt)."""

    enrolment_id = text("Enrolment.", key=True, references=ENROLMENT)
    subject_code = text("Subject code.", key=True)
    period = code("Half-year or year.", *PERIODS, key=True)
    absence_hours = decimal("Hours of absence.")
    teaching_hours = decimal("Hours of teaching.")
    percent = decimal("Absence in percent.")


class Decision(dy.Schema):
    """A decision (vedtak) that changes what a student is due."""

    decision_id = text("The source's id of the decision.", key=True)
    enrolment_id = text("Enrolment.", references=ENROLMENT)
    subject_code = text("Subject; empty concerns every subject.", optional=True)
    kind = text("`exempt`, `recognised`, `individual_plan`, `adapted_language`, `accelerated`, …")
    hours = decimal("Hours of an individual plan.", optional=True)
    valid_from = date("First day.")
    valid_to = date("Last day; empty while it holds.", optional=True)
    decided_on = date("Day of the decision.")

    valid_to_is_not_before_valid_from = Must("valid_to >= valid_from")


class AbsenceWarning(dy.Schema):
    """A written warning (varsel) that the grade is at risk."""

    warning_id = text("The source's id of the warning.", key=True)
    enrolment_id = text("Enrolment.", references=ENROLMENT)
    subject_code = text("Subject code.")
    sent_on = date("Day it was sent.")
    percent = decimal("Absence in percent, as it stood in the warning.")
