"""Schools, students, enrolments, subjects, curriculum and groups."""

from __future__ import annotations

import dataframely as dy

from ingest.contract.columns import boolean, code, date, decimal, school_year, text
from ingest.contract.rules import Must

CATEGORIES = ("full_time", "part_time", "adult", "private_candidate", "abroad")
ENROLMENT = "enrolment.enrolment_id"
SCHOOL = "school.school_id"
GROUP = "teaching_group.group_id"


class School(dy.Schema):
    """One school under one owner, for as long as its particulars were valid."""

    school_id = text("School number.", key=True)
    valid_from = date("First day of these particulars.", key=True)
    valid_to = date("Last day of these particulars; empty while they hold.", optional=True)
    county_number = text("Number of the county the school lies in.", regex=r"^\d{2}$")
    name = text("Name of the school.")
    organisation_number = text("Number in the register of legal entities.", optional=True)
    owner = code("Who owns the school.", "county", "private", "state")

    valid_to_is_not_before_valid_from = Must("valid_to >= valid_from")


class SchoolPosition(dy.Schema):
    """Where a school lies, for the map."""

    school_id = text("School number.", key=True, references=SCHOOL)
    latitude = decimal("Degrees north (WGS 84).")
    longitude = decimal("Degrees east (WGS 84).")

    lies_in_norway = Must("latitude BETWEEN 57 AND 81 AND longitude BETWEEN 4 AND 32")


class Student(dy.Schema):
    """One student, known by pseudonym alone."""

    student_key = text("Pseudonym of the student.", key=True)
    county_number = text("County that delivered the student.", regex=r"^\d{2}$")


class Enrolment(dy.Schema):
    """One student at one school in one school year (elevforhold)."""

    enrolment_id = text("The source's id of the enrolment.", key=True)
    student_key = text("Pseudonym of the student.", references="student.student_key")
    school_id = text("School number.", references=SCHOOL)
    school_year = school_year()
    programme_area_code = text("Programme area (programområde), e.g. `STUSP1----`.", optional=True)
    level = text("Level (trinn), e.g. `Vg1`.", optional=True)
    category = code("What kind of student.", *CATEGORIES)
    start_date = date("First day.")
    end_date = date("Last day; empty while it lasts.", optional=True)
    main_school = boolean("Whether this is the student's main school.")

    end_is_not_before_start = Must("end_date >= start_date")


class Subject(dy.Schema):
    """One subject (fag)."""

    subject_code = text("Subject code (fagkode).", key=True)
    name = text("Name of the subject.")
    kind = text("Kind of subject, as registered.", optional=True)


class CurriculumHours(dy.Schema):
    """Local and later curriculum hours, beside the shipped seed."""

    subject_code = text("Subject code.", key=True)
    programme_area_code = text("Programme area; a trailing `*` matches any ending.", key=True)
    valid_from_year = school_year("First school year.", key=True)
    valid_to_year = school_year("Last school year; empty while valid.", optional=True)
    hours = decimal("Hours of 60 minutes; 0 for an assessment code.")


class CurriculumSlot(dy.Schema):
    """One part of what a programme area demands, and the subjects that fill it."""

    programme_area_code = text("Programme area; a trailing `*` matches any ending.", key=True)
    level = text("Level, for display.", optional=True)
    slot_code = text("Code; sorts as slots are filled.", key=True)
    valid_from_year = school_year("First school year.", key=True)
    valid_to_year = school_year("Last school year; empty while valid.", optional=True)
    name = text("Name of the slot.")
    hours = decimal("Hours of 60 minutes; 0 removes a shipped slot.")
    subjects = text(
        "Subject codes joined by `|`; a trailing `*` matches any ending.", regex=r"^[^|\s]+(\|[^|\s]+)*$"
    )


class SubjectEnrolment(dy.Schema):
    """A student takes a subject, or is exempt from it (faggruppemedlemskap)."""

    enrolment_id = text("Enrolment.", key=True, references=ENROLMENT)
    subject_code = text("Subject code.", key=True)
    start_date = date("First day.", key=True)
    end_date = date("Last day; empty while it lasts.", optional=True)
    subject_status = text("As registered: E takes it, F is exempt, …")

    end_is_not_before_start = Must("end_date >= start_date")


class TeachingGroup(dy.Schema):
    """Those who are taught together (undervisningsgruppe)."""

    group_id = text("The source's id of the group.", key=True)
    school_id = text("School number.", references=SCHOOL)
    school_year = school_year()
    name = text("Name of the group.")


class TeachingGroupSubject(dy.Schema):
    """A subject the group is taught."""

    group_id = text("Group.", key=True, references=GROUP)
    subject_code = text("Subject code.", key=True)


class GroupMembership(dy.Schema):
    """A student's membership of a group, both days included."""

    enrolment_id = text("Enrolment.", key=True, references=ENROLMENT)
    group_id = text("Group.", key=True, references=GROUP)
    start_date = date("First day.", key=True)
    end_date = date("Last day; empty while it lasts.", optional=True)

    end_is_not_before_start = Must("end_date >= start_date")
