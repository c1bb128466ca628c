"""Students and staff as pseudonyms; names go to the identity store alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from ingest.delivery import Person
from ingest.identity import Pseudonyms, identifier
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.links import Index, Resolver, first, parse
from ingest.sources.fint.models import Employee, PersonName, SchoolStaff, Student, TeachingPost
from ingest.sources.fint.models import Person as PersonEntry
from ingest.sources.fint.schools import Schools
from ingest.sources.output import Output, schema


@dataclass(frozen=True)
class StudentRecord:
    key: str
    number: str | None


@dataclass(frozen=True)
class StaffRecord:
    identifier: str
    number: str | None
    school_ids: tuple[str, ...] = ()


class Names:
    """Who the person resource describes, and whom it links to."""

    def __init__(self, dump: Dump) -> None:
        self._names: dict[str, str] = {}
        self._students: dict[tuple[str, str], str] = {}
        self._employees: dict[tuple[str, str], str] = {}
        for batch in dump.batches("person", PersonEntry, "student"):
            for _, entry in batch:
                number = identifier("fodselsnummer", entry.number.value)
                if entry.name:
                    self._names.setdefault(number, _full_name(entry.name))
                for links, known in (
                    (entry.links.student, self._students),
                    (entry.links.employee, self._employees),
                ):
                    for link in links:
                        target = parse(link.href)
                        known[target.field, target.value] = number

    def name(self, number: str | None) -> str | None:
        return self._names.get(number) if number else None

    def student(self, ids: Iterable[tuple[str, str]]) -> str | None:
        return next((self._students[one] for one in ids if one in self._students), None)

    def employee(self, ids: Iterable[tuple[str, str]]) -> str | None:
        return next((self._employees[one] for one in ids if one in self._employees), None)


def _full_name(name: PersonName) -> str:
    return " ".join(part for part in (name.first, name.middle, name.last) if part)


def _linked_number(href: str | None) -> str | None:
    return identifier("fodselsnummer", parse(href).value) if href else None


@dataclass
class Students:
    """Every student by their id fields."""

    names: Names
    index: Index[StudentRecord] = field(default_factory=Index)

    def persons(self, school_ids: dict[str, set[str]]) -> Iterable[Person]:
        for record in {record.key: record for record in self.index.records}.values():
            if record.number is None:
                continue
            schools = tuple(sorted(school_ids.get(record.key, ())))
            yield Person(
                record.key, "student", self.names.name(record.number), _digits(record.number), schools
            )


def _digits(number: str | None) -> str | None:
    return number if number and number.isdigit() else None


def read_students(
    dump: Dump, output: Output, pseudonyms: Pseudonyms, names: Names, county: str | None
) -> Students:
    students = Students(names)
    rows: dict[str, tuple[str, int]] = {}
    for batch in dump.batches("elev", Student, "student"):
        for row, entry in batch:
            ids = (
                ("systemid", entry.system_id),
                ("elevnummer", entry.number),
                ("brukernavn", entry.username),
                ("feidenavn", entry.feide_name),
            )
            number = _linked_number(first(entry.links.person))
            number = number or names.student((name, one.value) for name, one in ids if one)
            key = pseudonyms.student(number or identifier("systemid", entry.system_id.value))
            students.index.add(ids, StudentRecord(key, number))
            rows.setdefault(key, (batch.file, row))
    frame = pl.DataFrame(
        [(file, row, key, county) for key, (file, row) in rows.items()],
        schema={
            name: schema("student")[name]
            for name in ("source_file", "source_row", "student_key", "county_number")
        },
        orient="row",
    )
    output.add("student", frame)
    return students


class Staff:
    """Teachers by the posts that lessons link to."""

    def __init__(self, dump: Dump, pseudonyms: Pseudonyms, names: Names, schools: Schools) -> None:
        self._pseudonyms = pseudonyms
        self._names = names
        self._school = Resolver(schools.index, lambda record: record.school_id, passes_on="skolenummer")
        self._employees = self._read_employees(dump)
        self._resources = self._read_resources(dump)
        self._posts: Index[tuple[StaffRecord, str | None]] = Index()
        for batch in dump.batches("undervisningsforhold", TeachingPost, "lesson_teacher"):
            for _, entry in batch:
                school_id = self._school[first(entry.links.school)]
                staff = self._of_post(entry, school_id)
                self._posts.add([("systemid", entry.system_id)], (staff, school_id))
        self.teacher_key = Resolver(self._posts, lambda post: self._key(post[0]), passes_on=None)
        self.school_id = Resolver(self._posts, lambda post: post[1], passes_on=None)

    def key(self, href: str) -> str:
        """The teacher's pseudonym; a post outside the delivery stands for its teacher."""
        return self.teacher_key[href] or self._pseudonyms.staff(identifier(*parse(href)[1:]))

    def persons(self) -> Iterable[Person]:
        found: dict[str, tuple[StaffRecord, set[str]]] = {}
        staffs = [*self._resources.records, *(post[0] for post in self._posts.records)]
        for record in staffs:
            found.setdefault(self._key(record), (record, set()))[1].update(record.school_ids)
        for key, (record, school_ids) in found.items():
            number = record.number
            if number:
                name, ids = self._names.name(number), tuple(sorted(school_ids))
                yield Person(key, "staff", name, _digits(number), ids)

    def _key(self, record: StaffRecord) -> str:
        return self._pseudonyms.staff(record.identifier)

    def _read_employees(self, dump: Dump) -> Index[str | None]:
        index: Index[str | None] = Index()
        for batch in dump.batches("personalressurs", Employee, "lesson_teacher"):
            for _, entry in batch:
                ids = (
                    ("ansattnummer", entry.number),
                    ("brukernavn", entry.username),
                    ("systemid", entry.system_id),
                )
                number = _linked_number(first(entry.links.person))
                index.add(ids, number or self._names.employee((name, one.value) for name, one in ids if one))
        return index

    def _read_resources(self, dump: Dump) -> Index[StaffRecord]:
        index: Index[StaffRecord] = Index()
        for batch in dump.batches("skoleressurs", SchoolStaff, "lesson_teacher"):
            for _, entry in batch:
                number = _linked_number(first(entry.links.person))
                employee = first(entry.links.employee)
                if number is None and employee:
                    target = parse(employee)
                    number = self._employees.find(employee)
                    number = number or self._names.employee([(target.field, target.value)])
                found = [self._school[link.href] for link in entry.links.school]
                record = StaffRecord(
                    number or identifier("systemid", entry.system_id.value),
                    number,
                    tuple(school for school in found if school),
                )
                index.add([("systemid", entry.system_id), ("feidenavn", entry.feide_name)], record)
        return index

    def _of_post(self, entry: TeachingPost, school_id: str | None) -> StaffRecord:
        href = first(entry.links.staff)
        found = self._resources.find(href) if href else None
        if found is None:
            own = identifier(*parse(href)[1:]) if href else identifier("systemid", entry.system_id.value)
            found = StaffRecord(own, None)
        return StaffRecord(found.identifier, found.number, (school_id,) if school_id else ())
