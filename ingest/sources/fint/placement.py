"""Which class and programme area an enrolment stands in, and so its level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ingest.sources.fint.codes import level_of_programme_area, level_of_text, programme_area_code
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.links import Index, Resolver, first, parse
from ingest.sources.fint.models import Enrolment, Group, Link, Membership
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


class Placement:
    """Answers by enrolment id; where there are several, the one that started last counts."""

    def __init__(self, dump: Dump, enrolment_id: Resolver, years: SchoolYears) -> None:
        self._enrolment_id = enrolment_id
        self._levels = _named_groups(dump, "arstrinn")
        self._classes: Index[SchoolClass] = Index()
        self._areas: Index[ProgrammeArea] = Index()
        self._class_of: dict[str, SchoolClass] = {}
        self._area_of: dict[str, ProgrammeArea] = {}
        self._read_classes(dump, years)
        self._read_areas(dump)

    def school_class(self, enrolment_id: str, entry: Enrolment) -> SchoolClass | None:
        found = self._class_of.get(enrolment_id)
        return found or _linked(self._classes, entry.links.school_class)

    def programme_area(self, enrolment_id: str, entry: Enrolment) -> ProgrammeArea | None:
        found = self._area_of.get(enrolment_id)
        return found or _linked(self._areas, entry.links.programme_area)

    def _read_classes(self, dump: Dump, years: SchoolYears) -> None:
        members: list[tuple[str, str, SchoolClass]] = []
        for batch in dump.batches("klasse", Group, "enrolment"):
            for _, entry in batch:
                found = SchoolClass(
                    self._level(entry.links.level), years.of_link(first(entry.links.school_year))
                )
                self._classes.add([("systemid", entry.system_id)], found)
                members += [(link.href, "", found) for link in entry.links.enrolment]
        members += _members(dump, "klassemedlemskap", lambda entry: entry.links.school_class, self._classes)
        self._class_of = self._latest(members)

    def _read_areas(self, dump: Dump) -> None:
        for batch in dump.batches("programomrade", Group, "enrolment"):
            for _, entry in batch:
                code = programme_area_code(entry)
                level = self._level(entry.links.level) or level_of_programme_area(code)
                self._areas.add([("systemid", entry.system_id)], ProgrammeArea(code, level))
        members = _members(
            dump, "programomrademedlemskap", lambda entry: entry.links.programme_area, self._areas
        )
        self._area_of = self._latest(members)

    def _latest(self, members: list[tuple[str, str, T]]) -> dict[str, T]:
        """The last membership to start; of those that start together, the first listed."""
        found: dict[str, tuple[str, T]] = {}
        for href, start, group in members:
            enrolment_id = self._enrolment_id[href]
            if enrolment_id and (enrolment_id not in found or start > found[enrolment_id][0]):
                found[enrolment_id] = (start, group)
        return {enrolment_id: group for enrolment_id, (_, group) in found.items()}

    def _level(self, links: list[Link]) -> str | None:
        for link in links:
            entry = self._levels.find(link.href)
            named = [entry.name, entry.system_id.value] if entry else []
            if level := level_of_text([*named, parse(link.href).value]):
                return level
        return None


def _named_groups(dump: Dump, resource: str) -> Index[Group]:
    index: Index[Group] = Index()
    for batch in dump.batches(resource, Group, "enrolment"):
        for _, entry in batch:
            index.add([("systemid", entry.system_id)], entry)
    return index


def _linked(index: Index[T], links: list[Link]) -> T | None:
    return next((found for link in links if (found := index.find(link.href))), None)


def _members(
    dump: Dump, resource: str, group: Callable[[Membership], list[Link]], index: Index[T]
) -> list[tuple[str, str, T]]:
    """Link to the enrolment, start (empty sorts first) and group of each membership."""
    found: list[tuple[str, str, T]] = []
    for batch in dump.batches(resource, Membership, "enrolment"):
        for _, entry in batch:
            target = _linked(index, group(entry))
            start = entry.period.start if entry.period else None
            found += [(link.href, start or "", target) for link in entry.links.enrolment if target]
    return found
