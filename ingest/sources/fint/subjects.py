"""Fag, faggruppe and faggruppemedlemskap: subjects, and who takes them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.sources.fint.checks import require_link
from ingest.sources.fint.codes import SUBJECT_CODE, CodeList, subject_code
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.enrolments import Enrolments, with_membership_dates
from ingest.sources.fint.links import Index, Resolver, first, parse
from ingest.sources.fint.models import Group, Membership
from ingest.sources.output import Output

TAKES_IT = "E"
_TABLE = "subject_enrolment"
_TEXTS = ("enrolment_id", "enrolment_link", "subject_code", "group_link", "start_text", "end_text")
_TYPES = dict.fromkeys(_TEXTS, pl.String)


@dataclass(frozen=True)
class SubjectMember:
    """A faggruppemedlemskap, which warnings link to."""

    enrolment_id: str | None
    subject_code: str | None


class SubjectResolver(Resolver):
    """Link to a fag → subject code; outside the delivery a link may still carry the code itself."""

    def __missing__(self, href: str | None) -> str | None:
        found = super().__missing__(href)
        if found is None and href and SUBJECT_CODE.fullmatch(value := parse(href).value):
            found = self[href] = value
        return found


@dataclass
class Subjects:
    code: SubjectResolver
    code_of_group: Resolver
    members: Index[SubjectMember]


def read_subjects(dump: Dump, output: Output, enrolments: Enrolments) -> Subjects:
    index: Index[str] = Index()
    rows: dict[str, tuple[str, int, str, str]] = {}
    for batch in dump.batches("fag", Group, "subject"):
        for row, entry in batch:
            named = subject_code(entry)
            index.add([("systemid", entry.system_id)], named)
            # The same subject stands once per school or year; its name is the same.
            rows.setdefault(named, (batch.file, row, named, _name(entry, named)))
    columns = {"source_file": pl.String, "source_row": pl.Int64, "subject_code": pl.String, "name": pl.String}
    output.add("subject", pl.DataFrame(list(rows.values()), schema=columns, orient="row"))
    code = SubjectResolver(index, lambda found: found, passes_on=None)
    groups: Index[str | None] = Index()
    for batch in dump.batches("faggruppe", Group, "subject_enrolment"):
        for _, entry in batch:
            groups.add([("systemid", entry.system_id)], code[first(entry.links.subject)])
    code_of_group = Resolver(groups, lambda found: found, passes_on=None)
    subjects = Subjects(code, code_of_group, Index())
    _read_members(dump, output, enrolments, subjects)
    return subjects


def _name(entry: Group, code: str) -> str:
    return entry.description if entry.name == code and entry.description else entry.name


def _read_members(dump: Dump, output: Output, enrolments: Enrolments, subjects: Subjects) -> None:
    statuses = CodeList(dump, "fagstatus")
    for batch in dump.batches("faggruppemedlemskap", Membership, "subject_enrolment"):
        frame = _members(batch, enrolments, subjects, statuses)
        for (_, entry), enrolment_id, code in zip(
            batch, frame["enrolment_id"], frame["subject_code"], strict=True
        ):
            subjects.members.add([("systemid", entry.system_id)], SubjectMember(enrolment_id, code))
        frame = require_link(
            output, _TABLE, frame, "enrolment_id", target="elevforhold", link="enrolment_link"
        )
        frame = require_link(
            output, _TABLE, frame, "subject_code", target="faggruppe with its fag", link="group_link"
        )
        frame = with_membership_dates(frame, enrolments, output, _TABLE)
        output.add(_TABLE, frame)


def _members(
    batch: Batch[Membership], enrolments: Enrolments, subjects: Subjects, statuses: CodeList
) -> pl.DataFrame:
    entries = batch.entries
    students = [first(entry.links.enrolment) for entry in entries]
    groups = [first(entry.links.subject_group) for entry in entries]
    words = [
        statuses.words(found) if (found := first(entry.links.subject_status)) else [] for entry in entries
    ]
    return pl.DataFrame(
        {
            **batch.place(),
            "enrolment_id": [enrolments.enrolment_id[href] for href in students],
            "enrolment_link": students,
            "subject_code": [subjects.code_of_group[href] for href in groups],
            "group_link": groups,
            "subject_status": [found[0] if found else TAKES_IT for found in words],
            "start_text": [entry.period.start if entry.period else None for entry in entries],
            "end_text": [entry.period.end if entry.period else None for entry in entries],
        },
        schema_overrides=_TYPES,
    )
