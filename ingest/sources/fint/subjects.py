"""Fag, faggruppe and faggruppemedlemskap: subjects, and who takes them."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

import polars as pl

from ingest.sources.fint.checks import require_link
from ingest.sources.fint.codes import REFERENCES, SUBJECT_CODE, CodeList, Meaning, named, subject_code
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.enrolments import Enrolments
from ingest.sources.fint.links import hrefs, parse
from ingest.sources.fint.members import PERIOD, Memberships, listed, period_texts
from ingest.sources.fint.relations import Index, PassingOn, Relation
from ingest.sources.output import Output

TAKES_IT = "E"
_TABLE = "subject_enrolment"
_MEMBERS = "faggruppemedlemskap"
_TYPES = dict.fromkeys(("enrolment_id", "subject_code", "start_text", "end_text"), pl.String)


class SubjectMember(NamedTuple):
    """A faggruppemedlemskap, which warnings link to."""

    enrolment_id: str | None
    subject_code: str | None


class Subjects:
    """Every subject's code by the ids of its fag and faggruppe, and the memberships that warnings link to."""

    def __init__(self, dump: Dump) -> None:
        self.index: Index[str] = Index("fag")
        self.groups: Index[str] = Index("faggruppe")
        self.members: Index[SubjectMember] = Index(_MEMBERS)
        self._dump = dump

    def relation(self, resource: str) -> Relation[str]:
        """Links to fag, as subject codes."""
        return _SubjectLinks(self._dump, resource, "fag", self.index)

    def group_relation(self, resource: str) -> Relation[str]:
        """Links to faggruppe, as subject codes."""
        return Relation(self._dump, resource, "faggruppe", self.groups)


class _SubjectLinks(Relation[str]):
    """Outside the delivery a link may still carry the code itself."""

    def lookup(self, href: str) -> str | None:
        found = super().lookup(href)
        if found is None and SUBJECT_CODE.fullmatch(value := parse(href).value):
            return value
        return found


def read_subjects(dump: Dump, output: Output, enrolments: Enrolments) -> Subjects:
    subjects = Subjects(dump)
    rows: dict[str, tuple[str, int, str, str]] = {}
    for batch in dump.batches("fag", "subject", ("navn", "beskrivelse"), REFERENCES):
        codes = list(map(subject_code, named(batch)))
        subjects.index.add(batch, codes)
        columns = (batch.rows, codes, batch.values("navn"), batch.values("beskrivelse"))
        for row, code, name, description in zip(*columns, strict=True):
            # The same subject stands once per school or year; its name is the same.
            rows.setdefault(code, (batch.file, row, code, (name == code and description) or name or code))
    types = {"source_file": pl.String, "source_row": pl.Int64, "subject_code": pl.String, "name": pl.String}
    output.add("subject", pl.DataFrame(list(rows.values()), schema=types, orient="row"))
    direct = _read_groups(dump, output, subjects, enrolments)
    memberships = Memberships(output, _TABLE, "subject_code", enrolments.periods(), direct)
    _read_members(dump, output, enrolments, subjects, memberships)
    memberships.add_direct()
    return subjects


def _read_groups(dump: Dump, output: Output, subjects: Subjects, enrolments: Enrolments) -> pl.DataFrame:
    """Index the groups; the members that only they or the enrolments name."""
    taught = subjects.relation("faggruppe")
    enrolled = PassingOn(dump, "faggruppe", "elevforhold", enrolments.index)
    direct = []
    for batch in dump.batches("faggruppe", _TABLE, (), ("fag", "elevforhold")):
        codes = taught.one(batch)
        subjects.groups.add(batch, codes)
        direct.append(listed(batch, enrolled, "subject_code", codes, output=output, table=_TABLE))
    lookup = subjects.group_relation("elevforhold").lookup
    direct.append(enrolments.named.found("faggruppe", "subject_code", lookup, output, _TABLE))
    return pl.concat(direct).with_columns(pl.lit(TAKES_IT).alias("subject_status"))


def _read_members(
    dump: Dump, output: Output, enrolments: Enrolments, subjects: Subjects, memberships: Memberships
) -> None:
    status = Meaning(dump, _MEMBERS, "fagstatus", CodeList(dump, "fagstatus"))
    enrolled = PassingOn(dump, _MEMBERS, "elevforhold", enrolments.index)
    taught = subjects.group_relation(_MEMBERS)
    warned = _Warned(dump)
    relations = ("elevforhold", "faggruppe", "fagstatus", *warned.relations)
    for batch in dump.batches(_MEMBERS, _TABLE, PERIOD, relations):
        frame = pl.DataFrame(
            {
                **batch.place(),
                "enrolment_id": enrolled.one(batch),
                "subject_code": taught.one(batch),
                "subject_status": [found or TAKES_IT for found in status.one(batch)],
                **period_texts(batch),
            },
            schema_overrides=_TYPES,
        )
        members = zip(frame["enrolment_id"], frame["subject_code"], strict=True)
        found = [
            SubjectMember(*member) if wanted else None
            for member, wanted in zip(members, warned.of(batch), strict=True)
        ]
        subjects.members.add(batch, found)
        for column, target, relation in (
            ("enrolment_id", "elevforhold", enrolled),
            ("subject_code", "faggruppe with its fag", taught),
        ):
            frame = require_link(
                output, _TABLE, frame, column, target=target, batch=batch, relations=(relation,)
            )
        memberships.add(frame)


class _Warned:
    """Which memberships warnings link to, or link to warnings: only those need be remembered."""

    def __init__(self, dump: Dump) -> None:
        self._ids: set[str] = set()
        self.relations: tuple[str, ...] = ()
        for batch in dump.again("varsel", (_MEMBERS,)):
            for written in batch.links(_MEMBERS):
                found = hrefs(written)
                self._ids.update(parse(href).value.casefold() for href in found)
                if not found:
                    self.relations = ("varsel",)

    def of(self, batch: Batch) -> list[bool]:
        wanted: Container[str] = self._ids
        found = [bool(own) and own.casefold() in wanted for own in map(str, batch.ids)]
        for relation in self.relations:
            found = [one or bool(hrefs(it)) for one, it in zip(found, batch.links(relation), strict=True)]
        return found
