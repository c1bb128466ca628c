"""Students and staff as pseudonyms; names go to the identity store alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import polars as pl

from ingest.delivery import Person
from ingest.identity import Pseudonyms, identifier
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.links import hrefs, parse
from ingest.sources.fint.relations import Index, PassingOn, Relation
from ingest.sources.fint.schools import Schools
from ingest.sources.output import Output

Kind = Literal["student", "staff"]
_NAME = ("navn.fornavn", "navn.mellomnavn", "navn.etternavn")


class Persons:
    """Who the person resource describes, by identity number, and which employees it names."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self.index: Index[str] = Index("person")
        self._names: dict[str, str] = {}
        self._employees: dict[tuple[str, str], str] = {}
        for batch in dump.batches("person", "student", _NAME, ("personalressurs",)):
            numbers = [identifier("fodselsnummer", number) for number in batch.values("fodselsnummer")]
            self.index.add(batch, numbers)
            names = zip(*map(batch.values, _NAME), strict=True)
            employees = batch.links("personalressurs")
            for number, parts, written in zip(numbers, names, employees, strict=True):
                if name := " ".join(filter(None, parts)):
                    self._names.setdefault(number, name)
                for href in hrefs(written):
                    _, field, value = parse(href)
                    self._employees[field, value] = number

    def relation(self, resource: str) -> Relation[str]:
        """The resource's links to persons, as identity numbers."""
        return _Number(self._dump, resource, "person", self.index, "fodselsnummer")

    def employee(self, href: str) -> str | None:
        _, field, value = parse(href)
        return self._employees.get((field, value))

    def person(self, key: str, kind: Kind, number: str, school_ids: Iterable[str]) -> Person:
        digits = number if number.isdigit() else None
        return Person(key, kind, self._names.get(number), digits, tuple(sorted(school_ids)))


class _Number(PassingOn):
    def lookup(self, href: str) -> str | None:
        found = super().lookup(href)
        return identifier("fodselsnummer", found) if found else None


class Students:
    """Every student's key by their id fields."""

    def __init__(self, persons: Persons) -> None:
        self.index: Index[str] = Index("elev")
        self.numbers: dict[str, str] = {}
        self._persons = persons

    def persons(self, school_ids: dict[str, set[str]]) -> Iterable[Person]:
        for key, number in self.numbers.items():
            yield self._persons.person(key, "student", number, school_ids.get(key, ()))


def read_students(
    dump: Dump, output: Output, pseudonyms: Pseudonyms, persons: Persons, county: str | None
) -> Students:
    students = Students(persons)
    linked = persons.relation("elev")
    seen: set[str] = set()
    for batch in dump.batches("elev", "student", (), ("person",)):
        keys, new = [], []
        for number, system_id in zip(linked.one(batch), batch.ids, strict=True):
            key = pseudonyms.student(number or identifier("systemid", system_id or ""))
            if number:
                students.numbers[key] = number
            keys.append(key)
            new.append(key not in seen)
            seen.add(key)
        students.index.add(batch, keys)
        frame = pl.DataFrame({**batch.place(), "student_key": keys}).filter(pl.Series(new, dtype=pl.Boolean))
        output.add("student", frame.with_columns(pl.lit(county, pl.String).alias("county_number")))
    return students


@dataclass(frozen=True)
class StaffRecord:
    key: str
    number: str | None = None
    school_ids: tuple[str, ...] = ()


class Post(NamedTuple):
    """Undervisningsforhold: one teacher's post at one school."""

    teacher_key: str
    school_id: str | None


class Staff:
    """Teachers by the posts that lessons link to."""

    def __init__(self, dump: Dump, pseudonyms: Pseudonyms, persons: Persons, schools: Schools) -> None:
        self._dump = dump
        self._pseudonyms = pseudonyms
        self._persons = persons
        self._schools = schools
        self._known: dict[str, tuple[str, set[str]]] = {}
        self._resources = self._read_resources(self._read_employees())
        self._posts = self._read_posts()

    def posts(self, resource: str) -> Relation[Post]:
        """The resource's links to posts; one outside the delivery stands for its teacher."""
        return _Posts(self._dump, resource, self._posts, self._pseudonyms)

    def persons(self) -> Iterable[Person]:
        for key, (number, school_ids) in self._known.items():
            yield self._persons.person(key, "staff", number, school_ids)

    def _remember(self, record: StaffRecord, school_ids: Iterable[str]) -> None:
        if record.number:
            self._known.setdefault(record.key, (record.number, set()))[1].update(school_ids)

    def _read_employees(self) -> Index[str]:
        index: Index[str] = Index("personalressurs")
        persons = self._persons.relation("personalressurs")
        for batch in self._dump.batches("personalressurs", "lesson_teacher", (), ("person",)):
            index.add(batch, persons.one(batch))
        return index

    def _read_resources(self, employees: Index[str]) -> Index[StaffRecord]:
        index: Index[StaffRecord] = Index("skoleressurs")
        persons = self._persons.relation("skoleressurs")
        employed = _Employed(self._dump, employees, self._persons)
        schools = _school(self._dump, "skoleressurs", self._schools)
        relations = ("person", "personalressurs", "skole")
        for batch in self._dump.batches("skoleressurs", "lesson_teacher", (), relations):
            columns = (persons.one(batch), employed.one(batch), schools.every(batch), batch.ids)
            records = []
            for number, employee, school_ids, system_id in zip(*columns, strict=True):
                known = number or employee
                key = self._pseudonyms.staff(known or identifier("systemid", system_id or ""))
                records.append(StaffRecord(key, known, tuple(filter(None, school_ids))))
                self._remember(records[-1], records[-1].school_ids)
            index.add(batch, records)
        return index

    def _read_posts(self) -> Index[Post]:
        index: Index[Post] = Index("undervisningsforhold")
        resources = _Resources(self._dump, self._resources, self._pseudonyms)
        schools = _school(self._dump, "undervisningsforhold", self._schools)
        for batch in self._dump.batches(
            "undervisningsforhold", "lesson_teacher", (), ("skoleressurs", "skole")
        ):
            posts = []
            columns = (resources.one(batch), schools.one(batch), batch.ids)
            for found, school_id, system_id in zip(*columns, strict=True):
                own = identifier("systemid", system_id or "")
                record = found or StaffRecord(self._pseudonyms.staff(own))
                self._remember(record, [school_id] if school_id else [])
                posts.append(Post(record.key, school_id))
            index.add(batch, posts)
        return index


def _school(dump: Dump, resource: str, schools: Schools) -> Relation[str]:
    return PassingOn(dump, resource, "skole", schools.index, "skolenummer")


class _Employed(Relation[str]):
    """School staff as employees, by identity number."""

    def __init__(self, dump: Dump, employees: Index[str], persons: Persons) -> None:
        self._persons = persons
        super().__init__(dump, "skoleressurs", "personalressurs", employees)

    def lookup(self, href: str) -> str | None:
        return super().lookup(href) or self._persons.employee(href)


class _Resources(Relation[StaffRecord]):
    """Posts to school staff; one outside the delivery goes by the link to it."""

    def __init__(self, dump: Dump, index: Index[StaffRecord], pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        super().__init__(dump, "undervisningsforhold", "skoleressurs", index)

    def lookup(self, href: str) -> StaffRecord | None:
        found = super().lookup(href)
        _, field, value = parse(href)
        if found is None and value:
            return StaffRecord(self._pseudonyms.staff(identifier(field, value)))
        return found


class _Posts(Relation[Post]):
    def __init__(self, dump: Dump, resource: str, index: Index[Post], pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        super().__init__(dump, resource, "undervisningsforhold", index)

    def lookup(self, href: str) -> Post | None:
        found = super().lookup(href)
        _, field, value = parse(href)
        if found is None and value:
            return Post(self._pseudonyms.staff(identifier(field, value)), None)
        return found
