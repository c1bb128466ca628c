"""FINT Utdanning: the counties' common interface (HAL JSON), from a folder of dumps or any other pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.delivery import Delivery, Kind, Person
from ingest.manifest import Manifest, read_manifest
from ingest.sources.fint.absences import read_absences
from ingest.sources.fint.assessments import read_summaries, read_warnings
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.enrolments import read_enrolments
from ingest.sources.fint.exams import read_exams
from ingest.sources.fint.groups import read_groups
from ingest.sources.fint.pages import Page, pages_of
from ingest.sources.fint.people import Persons, Staff, read_students
from ingest.sources.fint.schools import Schools, read_schools
from ingest.sources.fint.subjects import read_subjects
from ingest.sources.fint.timetable import read_lessons
from ingest.sources.fint.years import SchoolYears
from ingest.sources.output import Output

if TYPE_CHECKING:
    from ingest.identity import Pseudonyms
    from ingest.progress import Progress

SOURCE = "fint"
# What a resource makes when it is delivered, be it empty; a full snapshot replaces just that.
MAKES = {
    "skole": ("school",),
    "elev": ("student",),
    "elevforhold": ("enrolment",),
    "fag": ("subject",),
    "faggruppemedlemskap": ("subject_enrolment",),
    "undervisningsgruppe": ("teaching_group", "teaching_group_subject", "group_membership"),
    "undervisningsgruppemedlemskap": ("group_membership",),
    "time": ("lesson", "lesson_group", "lesson_teacher"),
    "fravarsregistrering": ("absence",),
    "aktivitetsfravar": ("absence",),
    "fravarsoversikt": ("absence_summary",),
    "varsel": ("absence_warning",),
    "eksamensgruppe": ("exam_period",),
}


def read(
    path: Path,
    *,
    pseudonyms: Pseudonyms,
    kind: Kind = "full",
    progress: Progress | None = None,
    spool: Path | None = None,
) -> Delivery:
    """Read a folder of dumps, one JSON file per resource and page (`utdanning.elev/elevforhold.json`)."""
    pages = pages_of(path)
    return read_pages(
        pages,
        manifest=read_manifest(path),
        pseudonyms=pseudonyms,
        kind=kind,
        progress=progress,
        spool=spool,
    )


def read_pages(
    pages: Sequence[Page],
    *,
    manifest: Manifest,
    pseudonyms: Pseudonyms,
    kind: Kind = "full",
    progress: Progress | None = None,
    spool: Path | None = None,
    source: str = SOURCE,
) -> Delivery:
    """Read pages of FINT resources, wherever they are kept.

    Links are resolved within the delivery, so a delta must bring the small resources (skole, elev,
    elevforhold, undervisningsgruppe, fag and the code lists) along with what has changed.
    """
    output = Output(pseudonyms, spool)
    dump = Dump(pages, output, progress, complete=kind == "full")
    if progress:
        progress.start("FINT", sum(page.size for page in pages))
    schools = read_schools(dump, output, manifest.county_number)
    persons = _read_all(dump, output, pseudonyms, schools, manifest.extracted_at)
    dump.count_unread()
    if progress:
        progress.finish()
    made = {table for resource, tables in MAKES.items() if dump.has(resource) for table in tables}
    return output.delivery(
        source=source,
        kind=kind,
        extracted_at=manifest.extracted_at,
        delivered=made,
        county_number=schools.county_number,
        schools=schools.school_ids,
        persons=persons,
        files=(page.name for page in pages),
        synthetic=manifest.synthetic,
    )


def _read_all(
    dump: Dump, output: Output, pseudonyms: Pseudonyms, schools: Schools, extracted_at: datetime
) -> Iterable[Person]:
    known = Persons(dump)
    students = read_students(dump, output, pseudonyms, known, schools.county_number)
    staff = Staff(dump, pseudonyms, known, schools)
    years = SchoolYears(dump)
    enrolments = read_enrolments(dump, output, students, schools, years)
    subjects = read_subjects(dump, output, enrolments)
    groups = read_groups(dump, output, schools, years, subjects=subjects, enrolments=enrolments)
    read_lessons(dump, output, groups, staff)
    read_absences(dump, output, enrolments, groups, subjects)
    read_summaries(dump, output, enrolments, subjects, extracted_at)
    read_warnings(dump, output, subjects)
    read_exams(dump, output, enrolments)
    return [*students.persons(enrolments.school_ids()), *staff.persons()]
