"""Teaching groups (undervisningsgruppe), their subjects and members.

Klasse and kontaktlarergruppe are groups, but nobody is taught in them.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.sources.fint.checks import require_link
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.enrolments import Enrolments, with_membership_dates
from ingest.sources.fint.links import Index, Resolver, first
from ingest.sources.fint.models import Group, Membership
from ingest.sources.fint.schools import Schools
from ingest.sources.fint.subjects import Subjects
from ingest.sources.fint.years import SchoolYears
from ingest.sources.output import Output

_TEXT = pl.String
_PAIR = {"source_file": _TEXT, "source_row": pl.Int64, "group_id": _TEXT}
_GROUP = {**_PAIR, "name": _TEXT, "school_id": _TEXT, "school_link": _TEXT, "school_year": _TEXT}
_MEMBER = dict.fromkeys(
    ("enrolment_id", "group_id", "enrolment_link", "group_link", "start_text", "end_text"), _TEXT
)


@dataclass(frozen=True)
class GroupRecord:
    group_id: str
    school_id: str | None


@dataclass
class Groups:
    """Every teaching group by its id."""

    index: Index[GroupRecord]
    group_id: Resolver
    school_id: Resolver


def read_groups(
    dump: Dump,
    output: Output,
    schools: Schools,
    years: SchoolYears,
    *,
    subjects: Subjects,
    enrolments: Enrolments,
) -> Groups:
    index: Index[GroupRecord] = Index()
    school_id = Resolver(schools.index, lambda school: school.school_id, passes_on="skolenummer")
    group_rows: list[tuple[object, ...]] = []
    subject_rows: list[tuple[object, ...]] = []
    direct: list[tuple[object, ...]] = []
    for batch in dump.batches("undervisningsgruppe", Group, "teaching_group"):
        for row, entry in batch:
            place = (batch.file, row, entry.system_id.value)
            school_link = first(entry.links.school)
            school = school_id[school_link]
            index.add([("systemid", entry.system_id)], GroupRecord(entry.system_id.value, school))
            members = [link.href for link in entry.links.enrolment]
            direct += [(*place, enrolments.enrolment_id[href], href) for href in members]
            year = years.of_link(first(entry.links.school_year))
            group_rows.append((*place, entry.name, school, school_link, year))
            subject_rows += [(*place, subjects.code[link.href], link.href) for link in entry.links.subject]
    groups = Groups(
        index,
        Resolver(index, lambda group: group.group_id),
        Resolver(index, lambda group: group.school_id, passes_on=None),
    )
    memberships = _memberships(dump, output, enrolments, groups)
    memberships = _with_direct(memberships, direct, output, enrolments, groups)
    _add_groups(output, group_rows, memberships, enrolments)
    _add_subjects(output, subject_rows)
    output.add("group_membership", memberships)
    return groups


def _add_groups(
    output: Output, rows: list[tuple[object, ...]], memberships: pl.DataFrame, enrolments: Enrolments
) -> None:
    """Land the groups; one without a skolear has its members' school year."""
    frame = pl.DataFrame(rows, schema=_GROUP, orient="row")
    member_years = (
        memberships.join(enrolments.frame.select("enrolment_id", "school_year"), on="enrolment_id")
        .group_by("group_id")
        .agg(pl.col("school_year").max().alias("member_year"))
    )
    frame = frame.join(member_years, on="group_id", how="left", maintain_order="left")
    frame = frame.with_columns(pl.coalesce("school_year", "member_year").alias("school_year"))
    frame = require_link(output, "teaching_group", frame, "school_id", target="skole", link="school_link")
    frame = output.require(
        "teaching_group", frame, "school_year", "has a skolear, or members in a school year"
    )
    output.add("teaching_group", frame)


def _add_subjects(output: Output, rows: list[tuple[object, ...]]) -> None:
    columns = {**_PAIR, "subject_code": _TEXT, "link": _TEXT}
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    frame = require_link(output, "teaching_group_subject", frame, "subject_code", target="fag", link="link")
    # Two fag of a group, of different schools or years, may be one subject.
    frame = frame.unique(["group_id", "subject_code"], keep="first", maintain_order=True)
    output.add("teaching_group_subject", frame)


def _memberships(dump: Dump, output: Output, enrolments: Enrolments, groups: Groups) -> pl.DataFrame:
    frames = [
        _checked(_members(batch, enrolments, groups), output, enrolments)
        for batch in dump.batches("undervisningsgruppemedlemskap", Membership, "group_membership")
    ]
    empty = pl.DataFrame(schema={**_PAIR, "enrolment_id": _TEXT, "start_date": pl.Date, "end_date": pl.Date})
    return pl.concat([empty, *frames], how="diagonal")


def _members(batch: Batch[Membership], enrolments: Enrolments, groups: Groups) -> pl.DataFrame:
    entries = batch.entries
    students = [first(entry.links.enrolment) for entry in entries]
    taught = [first(entry.links.teaching_group) for entry in entries]
    return pl.DataFrame(
        {
            **batch.place(),
            "enrolment_id": [enrolments.enrolment_id[href] for href in students],
            "enrolment_link": students,
            "group_id": [groups.group_id[href] for href in taught],
            "group_link": taught,
            "start_text": [entry.period.start if entry.period else None for entry in entries],
            "end_text": [entry.period.end if entry.period else None for entry in entries],
        },
        schema_overrides=_MEMBER,
    )


def _checked(frame: pl.DataFrame, output: Output, enrolments: Enrolments) -> pl.DataFrame:
    table = "group_membership"
    frame = require_link(output, table, frame, "enrolment_id", target="elevforhold", link="enrolment_link")
    frame = require_link(output, table, frame, "group_id", target="undervisningsgruppe", link="group_link")
    return with_membership_dates(frame, enrolments, output, table)


def _with_direct(
    memberships: pl.DataFrame,
    direct: list[tuple[object, ...]],
    output: Output,
    enrolments: Enrolments,
    groups: Groups,
) -> pl.DataFrame:
    """Add the members that only a link between group and elevforhold names, as older payloads do."""
    rows = list(direct)
    for file, row, entry in enrolments.entries:
        for link in entry.links.teaching_group:
            rows.append((file, row, groups.group_id[link.href], entry.system_id.value, link.href))
    frame = pl.DataFrame(rows, schema={**_PAIR, "enrolment_id": _TEXT, "enrolment_link": _TEXT}, orient="row")
    frame = frame.join(memberships, on=["enrolment_id", "group_id"], how="anti", nulls_equal=False)
    frame = frame.unique(["enrolment_id", "group_id"], keep="first", maintain_order=True)
    none = pl.lit(None, pl.String)
    frame = frame.with_columns(
        none.alias("start_text"), none.alias("end_text"), pl.col("enrolment_link").alias("group_link")
    )
    return pl.concat([memberships, _checked(frame, output, enrolments)], how="diagonal")
