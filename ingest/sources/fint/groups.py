"""Teaching groups (undervisningsgruppe), their subjects and members.

Klasse and kontaktlarergruppe are groups, but nobody is taught in them.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from ingest.sources.fint.checks import require_link
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.enrolments import Enrolments
from ingest.sources.fint.links import parse
from ingest.sources.fint.members import PERIOD, Memberships, listed, period_texts
from ingest.sources.fint.relations import Index, PassingOn, Relation, pairs
from ingest.sources.fint.schools import Schools
from ingest.sources.fint.subjects import Subjects
from ingest.sources.fint.years import SchoolYears
from ingest.sources.output import Output

_RESOURCE = "undervisningsgruppe"
_MEMBERS = "undervisningsgruppemedlemskap"
_TABLE = "group_membership"
_TEXT = pl.String
_GROUP = {
    "source_file": _TEXT,
    "source_row": pl.Int64,
    "at": pl.Int64,
    **dict.fromkeys(("group_id", "name", "school_id", "school_year"), _TEXT),
}
_MEMBER = dict.fromkeys(("enrolment_id", "group_id", "start_text", "end_text"), _TEXT)


class Group(NamedTuple):
    group_id: str
    school_id: str | None


class Groups:
    """Every teaching group by its id."""

    def __init__(self, dump: Dump) -> None:
        self.index: Index[Group] = Index(_RESOURCE)
        self._dump = dump

    def relation(self, resource: str) -> Relation[Group]:
        return _GroupLinks(self._dump, resource, _RESOURCE, self.index)


class _GroupLinks(Relation[Group]):
    """A group outside the delivery is passed on: landing checks the reference."""

    def lookup(self, href: str) -> Group | None:
        found = super().lookup(href)
        _, field, value = parse(href)
        if found is None and field == "systemid" and value:
            return Group(value, None)
        return found


def ids(groups: list[Group | None]) -> list[str | None]:
    return [group.group_id if group else None for group in groups]


def read_groups(
    dump: Dump,
    output: Output,
    schools: Schools,
    years: SchoolYears,
    *,
    subjects: Subjects,
    enrolments: Enrolments,
) -> Groups:
    groups = Groups(dump)
    reading = _Reading(dump, output, schools, years, subjects=subjects, enrolments=enrolments)
    frames, direct = [pl.DataFrame(schema=_GROUP)], []
    relations = ("skole", "skolear", "fag", "elevforhold")
    for batch in dump.batches(_RESOURCE, "teaching_group", ("navn",), relations):
        frame = reading.groups(batch)
        groups.index.add(
            batch,
            [Group(own or "", school) for own, school in zip(batch.ids, frame["school_id"], strict=True)],
        )
        frames.append(reading.with_school(batch, frame))
        reading.add_subjects(batch)
        direct.append(listed(batch, reading.enrolled, "group_id", batch.ids, output=output, table=_TABLE))
    linked = groups.relation("elevforhold")

    def group_id(href: str) -> str | None:
        found = linked.lookup(href)
        return found.group_id if found else None

    direct.append(enrolments.named.found(_RESOURCE, "group_id", group_id, output, _TABLE))
    memberships = Memberships(output, _TABLE, "group_id", enrolments.periods(), pl.concat(direct))
    _add_groups(output, pl.concat(frames), _member_years(dump, output, groups, memberships, enrolments))
    return groups


class _Reading:
    """What a group's links lead to."""

    def __init__(
        self,
        dump: Dump,
        output: Output,
        schools: Schools,
        years: SchoolYears,
        *,
        subjects: Subjects,
        enrolments: Enrolments,
    ) -> None:
        self.enrolled = PassingOn(dump, _RESOURCE, "elevforhold", enrolments.index)
        self._output = output
        self._school = PassingOn(dump, _RESOURCE, "skole", schools.index, "skolenummer")
        self._year = years.relation(_RESOURCE)
        self._subject = subjects.relation(_RESOURCE)

    def groups(self, batch: Batch) -> pl.DataFrame:
        return pl.DataFrame(
            {
                **batch.place(),
                "group_id": batch.ids,
                "name": batch.values("navn"),
                "school_id": self._school.one(batch),
                "school_year": self._year.one(batch),
            },
            schema=_GROUP,
        )

    def with_school(self, batch: Batch, frame: pl.DataFrame) -> pl.DataFrame:
        return require_link(
            self._output,
            "teaching_group",
            frame,
            "school_id",
            target="skole",
            batch=batch,
            relations=(self._school,),
        )

    def add_subjects(self, batch: Batch) -> None:
        table = "teaching_group_subject"
        places, codes = pairs(self._subject.every(batch))
        frame = pl.DataFrame(
            {
                "source_file": batch.file,
                "source_row": [batch.rows[at] for at in places],
                "at": places,
                "group_id": [batch.ids[at] for at in places],
                "subject_code": codes,
            },
            schema_overrides={"source_file": _TEXT, "group_id": _TEXT, "subject_code": _TEXT},
        )
        frame = require_link(
            self._output,
            table,
            frame,
            "subject_code",
            target="fag",
            batch=batch,
            relations=(self._subject,),
        )
        # Two fag of a group, of different schools or years, may be one subject.
        frame = frame.unique(["group_id", "subject_code"], keep="first", maintain_order=True)
        self._output.add(table, frame)


def _member_years(
    dump: Dump, output: Output, groups: Groups, memberships: Memberships, enrolments: Enrolments
) -> pl.DataFrame:
    """Read the memberships; the latest school year of each group's members."""
    enrolled = PassingOn(dump, _MEMBERS, "elevforhold", enrolments.index)
    taught = groups.relation(_MEMBERS)
    years = enrolments.frame.select("enrolment_id", "school_year")
    found = [pl.DataFrame(schema={"group_id": _TEXT, "member_year": _TEXT})]
    for batch in dump.batches(_MEMBERS, _TABLE, PERIOD, ("elevforhold", _RESOURCE)):
        frame = pl.DataFrame(
            {
                **batch.place(),
                "enrolment_id": enrolled.one(batch),
                "group_id": ids(taught.one(batch)),
                **period_texts(batch),
            },
            schema_overrides=_MEMBER,
        )
        for column, target, relation in (
            ("enrolment_id", "elevforhold", enrolled),
            ("group_id", _RESOURCE, taught),
        ):
            frame = require_link(
                output, _TABLE, frame, column, target=target, batch=batch, relations=(relation,)
            )
        found.append(_years_of(memberships.add(frame), years))
    found.append(_years_of(memberships.add_direct(), years))
    return pl.concat(found).group_by("group_id").agg(pl.col("member_year").max())


def _years_of(memberships: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    found = memberships.select("group_id", "enrolment_id").join(years, on="enrolment_id")
    return found.group_by("group_id").agg(pl.col("school_year").max().alias("member_year"))


def _add_groups(output: Output, frame: pl.DataFrame, member_years: pl.DataFrame) -> None:
    """Land the groups; one without a skolear has its members' school year."""
    frame = frame.join(member_years, on="group_id", how="left", maintain_order="left")
    frame = frame.with_columns(pl.coalesce("school_year", "member_year").alias("school_year"))
    frame = output.require(
        "teaching_group", frame, "school_year", "has a skolear, or members in a school year"
    )
    output.add("teaching_group", frame)
