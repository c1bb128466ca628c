"""Which class and programme area an enrolment stands in, and so its level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.sources.fint.codes import (
    REFERENCES,
    level_of_programme_area,
    level_of_text,
    named,
    programme_area_code,
)
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.links import hrefs, parse
from ingest.sources.fint.relations import Index, PassingOn, Relation
from ingest.sources.fint.years import SchoolYears

T = TypeVar("T")


@dataclass(frozen=True)
class SchoolClass:
    level: str | None
    school_year: str | None


@dataclass(frozen=True)
class ProgrammeArea:
    code: str
    level: str | None


class Stays(Generic[T]):
    """One kind of group and who is in it; where an enrolment is in several, the one that started last."""

    def __init__(self, dump: Dump, group: str) -> None:
        self.index: Index[T] = Index(group)
        self._dump = dump
        self._group = group
        self._listed: list[tuple[str, T]] = []
        self._linked: dict[str, T] = {}
        self._latest: dict[str, tuple[str, T]] = {}

    def add(self, batch: Batch, groups: list[T]) -> None:
        """Groups, and the enrolments they link to themselves, as older payloads do."""
        self.index.add(batch, groups)
        for group, written in zip(groups, batch.links("elevforhold"), strict=True):
            self._listed += [(href, group) for href in hrefs(written)]

    def from_enrolments(self) -> Relation[T]:
        return Relation(self._dump, "elevforhold", self._group, self.index)

    def link(self, enrolment_ids: Iterable[str | None], groups: Iterable[T | None]) -> None:
        """What the enrolments themselves name; it counts where nothing else does."""
        for enrolment_id, linked in zip(enrolment_ids, groups, strict=True):
            if enrolment_id and linked:
                self._linked.setdefault(enrolment_id, linked)

    def read_members(self, enrolments: Index[str]) -> None:
        """The memberships; of those that start together, the first listed counts."""
        resource = f"{self._group}medlemskap"
        enrolled = PassingOn(self._dump, resource, "elevforhold", enrolments)
        for href, group in self._listed:
            self._stay(enrolled.lookup(href), "", group)
        groups = Relation(self._dump, resource, self._group, self.index)
        start = "gyldighetsperiode.start"
        for batch in self._dump.batches(resource, "enrolment", (start,), ("elevforhold", self._group)):
            columns = (enrolled.one(batch), batch.values(start), groups.one(batch))
            for enrolment_id, text, joined in zip(*columns, strict=True):
                if joined:
                    self._stay(enrolment_id, text or "", joined)

    def of(self, enrolment_id: str) -> T | None:
        found = self._latest.get(enrolment_id)
        return found[1] if found else self._linked.get(enrolment_id)

    def _stay(self, enrolment_id: str | None, start: str, group: T) -> None:
        if enrolment_id and (enrolment_id not in self._latest or start > self._latest[enrolment_id][0]):
            self._latest[enrolment_id] = (start, group)


class Placement:
    """The classes and programme areas."""

    def __init__(self, dump: Dump, years: SchoolYears) -> None:
        self._levels: Index[tuple[str, str]] = Index("arstrinn")
        for batch in dump.batches("arstrinn", "enrolment", ("navn",)):
            names = [
                (name or "", own or "") for name, own in zip(batch.values("navn"), batch.ids, strict=True)
            ]
            self._levels.add(batch, names)
        self.classes: Stays[SchoolClass] = Stays(dump, "klasse")
        self.areas: Stays[ProgrammeArea] = Stays(dump, "programomrade")
        self._read_classes(dump, years)
        self._read_areas(dump)

    def read_members(self, enrolments: Index[str]) -> None:
        self.classes.read_members(enrolments)
        self.areas.read_members(enrolments)

    def _read_classes(self, dump: Dump, years: SchoolYears) -> None:
        relation = years.relation("klasse")
        for batch in dump.batches("klasse", "enrolment", (), ("trinn", "skolear", "elevforhold")):
            levels = map(self._level, batch.links("trinn"))
            self.classes.add(batch, list(map(SchoolClass, levels, relation.one(batch))))

    def _read_areas(self, dump: Dump) -> None:
        relations = ("trinn", "elevforhold", *REFERENCES)
        for batch in dump.batches("programomrade", "enrolment", ("navn",), relations):
            codes = list(map(programme_area_code, named(batch)))
            areas = [
                ProgrammeArea(code, self._level(written) or level_of_programme_area(code))
                for code, written in zip(codes, batch.links("trinn"), strict=True)
            ]
            self.areas.add(batch, areas)

    def _level(self, written: bytes) -> str | None:
        for href in hrefs(written):
            if level := level_of_text([*(self._levels.find(href) or ()), parse(href).value]):
                return level
        return None
