"""What OneRoster can say of the county, under the ids FINT gives it: rows by file, users apart.

Version 1.2 carries the id of the elevforhold in an extension column, as the standard allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.synthetic.fint_roster import class_id
from ingest.synthetic.model import ALWAYS, NEVER, Enrolment, Membership, World
from ingest.synthetic.programme import Curriculum
from ingest.synthetic.schools import COUNTY_NUMBER, School

OWN_ID = "metadata.elevforholdId"
COUNTY = f"ORG{COUNTY_NUMBER}"
Row = dict[str, str]


@dataclass(frozen=True)
class Known:
    """A row of a file, and the mornings between which an extract held it."""

    file: str
    row: Row
    since: int = ALWAYS
    until: int = NEVER


def day_text(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _after(ordinal: int) -> str:
    """End dates are exclusive in this standard."""
    return day_text(ordinal + 1)


def school_row(school: School) -> Row:
    return {
        "sourcedId": school.system_id,
        "name": school.name,
        "type": "school",
        "identifier": school.school_id,
        "parentSourcedId": COUNTY,
    }


def common(curriculum: Curriculum, years: Sequence[str]) -> Iterator[Known]:
    """The county, the school years with their halves, and the courses."""
    yield Known(
        "orgs", {"sourcedId": COUNTY, "name": "Syntetia", "type": "district", "identifier": COUNTY_NUMBER}
    )
    for year in years:
        start = int(year[:4])
        whole = f"SY{year}"
        turn = date(start + 1, 1, 16)
        ends = date(start + 1, 8, 1)
        parts = (
            (whole, "schoolYear", date(start, 8, 1), ends, ""),
            (f"{whole}-1", "semester", date(start, 8, 1), turn, whole),
            (f"{whole}-2", "semester", turn, ends, whole),
        )
        for key, kind, first, after, parent in parts:
            row = {
                "sourcedId": key,
                "title": key,
                "type": kind,
                "startDate": first.isoformat(),
                "endDate": after.isoformat(),
                "parentSourcedId": parent,
                "schoolYear": str(start + 1),
            }
            yield Known("academicSessions", row)
    for subject in curriculum.subjects.values():
        row = {
            "sourcedId": f"CO_{subject.code}",
            "title": subject.name,
            "courseCode": subject.code,
            "orgSourcedId": COUNTY,
        }
        yield Known("courses", row)


def school_year(world: World) -> Iterator[Known]:
    """What one school's year adds, users apart."""
    school, terms = world.school.system_id, f"SY{world.year.name}-1,SY{world.year.name}-2"
    for group in world.groups:
        if group.exists:
            row = {
                "sourcedId": group.group_id,
                "title": group.name,
                "courseSourcedId": f"CO_{group.subjects[0]}",
                "classType": "scheduled",
                "schoolSourcedId": school,
                "termSourcedIds": terms,
                "subjectCodes": ",".join(group.subjects),
            }
            yield Known("classes", row)
    for cohort in world.cohorts:
        for name in cohort.class_names:
            row = {
                "sourcedId": class_id(world, name),
                "title": name,
                "grades": f"Vg{cohort.level}",
                "classType": "homeroom",
                "schoolSourcedId": school,
                "termSourcedIds": terms,
            }
            yield Known("classes", row)
    for number in range(len(world.teachers)):
        staff = _staff_id(world, number)
        row = {"sourcedId": f"RO-{staff}-{world.year.short}", "userSourcedId": staff, "roleType": "primary"}
        yield Known("roles", {**row, "role": "teacher", "orgSourcedId": school})
    for enrolment in world.enrolments:
        yield from _student(world, enrolment)


def _staff_id(world: World, number: int) -> str:
    return f"SR{world.school.school_id}-{number:03d}"


def _student(world: World, enrolment: Enrolment) -> Iterator[Known]:
    school, user = world.school.system_id, f"EL{enrolment.student_number}"
    role = {
        "sourcedId": f"RO-{enrolment.enrolment_id}",
        "userSourcedId": user,
        "roleType": "primary",
        "role": "student",
        "beginDate": day_text(enrolment.start),
        "orgSourcedId": school,
        OWN_ID: enrolment.enrolment_id,
    }
    yield from _with_end(world, "roles", role, enrolment)
    suffix = enrolment.enrolment_id[2:]
    member = {
        "schoolSourcedId": school,
        "userSourcedId": user,
        "role": "student",
        OWN_ID: enrolment.enrolment_id,
    }
    homeroom = {
        "sourcedId": f"KLM{suffix}",
        "classSourcedId": class_id(world, enrolment.class_name),
        "beginDate": day_text(enrolment.start),
    }
    yield Known("enrollments", {**member, **homeroom}, enrolment.known_from)
    for membership in enrolment.memberships:
        group = membership.group.group_id
        taught = {
            "sourcedId": f"UGM{suffix}-{membership.start}-{group[2:]}",
            "classSourcedId": group,
            "beginDate": day_text(membership.start),
        }
        yield from _with_end(world, "enrollments", {**member, **taught}, membership)


def _with_end(world: World, file: str, row: Row, item: Enrolment | Membership) -> Iterator[Known]:
    """An end that came early was not yet known in earlier extracts."""
    if item.end_known_from > item.known_from and item.end < world.year_end:
        yield Known(file, {**row, "endDate": _after(world.year_end)}, item.known_from, item.end_known_from)
        yield Known(file, {**row, "endDate": _after(item.end)}, item.end_known_from)
    else:
        yield Known(file, {**row, "endDate": _after(item.end)}, item.known_from)


def users(world: World) -> Iterator[Known]:
    school = world.school.system_id
    for number, person in enumerate(world.teachers):
        key = _staff_id(world, number)
        row = {
            "sourcedId": key,
            "givenName": person.given_name,
            "familyName": person.family_name,
            "role": "teacher",
        }
        yield Known(
            "users", {**row, "userIds": f"{{fodselsnummer:{person.number}}}", "orgSourcedIds": school}
        )
    for enrolment in world.enrolments:
        person = enrolment.person
        row = {
            "sourcedId": f"EL{enrolment.student_number}",
            "givenName": person.given_name,
            "familyName": person.family_name,
            "role": "student",
            "userIds": f"{{fodselsnummer:{person.number}}}",
            "grades": f"Vg{enrolment.level}",
            "orgSourcedIds": school,
        }
        yield Known("users", row, enrolment.known_from)
