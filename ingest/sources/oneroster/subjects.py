"""Subjects from courses, and the groups that are taught from classes.

A subject's code is the course's `courseCode`; homeroom classes are groups nobody is taught in.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.sources.oneroster.calendar import Calendar, Session
from ingest.sources.oneroster.rows import Rows, listed
from ingest.sources.oneroster.schools import Schools
from ingest.sources.output import PLACE, schema

SCHEDULED = "scheduled"


class Courses:
    """Subject codes by course id."""

    def __init__(self, rows: Rows) -> None:
        self.codes: dict[str, str] = {}
        landed: set[str] = set()
        for batch in rows.active("courses"):
            first = pl.col("subjectCodes").str.split(",").list.first().str.strip_chars()
            frame = batch.with_columns(pl.coalesce("courseCode", first).alias("subject_code"))
            output = rows.outputs.of("subject")
            frame = output.require("subject", frame, "subject_code", "has a courseCode (fagkode)")
            self.codes.update(frame.select("sourcedId", "subject_code").rows())
            # Every school has its own course of one and the same subject.
            new = frame.filter(~pl.col("subject_code").is_in(list(landed))).unique(
                "subject_code", keep="first", maintain_order=True
            )
            landed.update(new["subject_code"])
            output.add("subject", new.with_columns(pl.col("title").alias("name")))


@dataclass(frozen=True)
class ClassRecord:
    """One class; `taught` is false for homerooms."""

    org: str
    taught: bool
    session: Session | None
    subjects: tuple[str, ...]


def read_classes(
    rows: Rows, schools: Schools, calendar: Calendar, courses: Courses
) -> dict[str, ClassRecord]:
    classes: dict[str, ClassRecord] = {}
    for batch in rows.all("classes"):
        output = rows.outputs.of("teaching_group")
        groups: list[tuple[object, ...]] = []
        subjects: list[tuple[object, ...]] = []
        homerooms = 0
        for one in batch.iter_rows(named=True):
            where = (one["source_file"], one["source_row"], one["sourcedId"])
            taught = (one["classType"] or "").casefold() == SCHEDULED
            session = calendar.of_terms(listed(one["termSourcedIds"]))
            codes = _codes(one["courseSourcedId"], one["subjectCodes"], courses)
            if one["deleted"]:
                continue
            classes[one["sourcedId"]] = ClassRecord(one["schoolSourcedId"] or "", taught, session, codes)
            if not taught:
                homerooms += 1
                continue
            school = schools.numbers.get(one["schoolSourcedId"] or "")
            groups.append(
                (*where, one["title"], school, one["schoolSourcedId"], session.year if session else None)
            )
            subjects += [(*where, code) for code in codes]
        if homerooms:
            rows.outputs.unread["classes.csv: homerooms, in which nobody is taught"] += homerooms
        output.delete("teaching_group", batch.filter("deleted").rename({"sourcedId": "group_id"}))
        _add_groups(rows, groups)
        columns = {**_PLACED, "subject_code": pl.String}
        rows.outputs.of("teaching_group_subject").add(
            "teaching_group_subject", pl.DataFrame(subjects, schema=columns, orient="row")
        )
    return classes


_PLACED = {"source_file": pl.String, "source_row": pl.Int64, "group_id": pl.String}


def _codes(course: str | None, stated: str | None, courses: Courses) -> tuple[str, ...]:
    """The course's subject, then the others the class names."""
    own = courses.codes.get(course or "")
    return tuple(dict.fromkeys([*([own] if own else []), *listed(stated)]))


def _add_groups(rows: Rows, groups: list[tuple[object, ...]]) -> None:
    names = ("name", "school_id", "school_link", "school_year")
    columns = {**_PLACED, **dict.fromkeys(names, pl.String)}
    frame = pl.DataFrame(groups, schema=columns, orient="row")
    output = rows.outputs.of("teaching_group")
    rule = "schoolSourcedId names a school of orgs.csv"
    frame = output.require("teaching_group", frame, "school_id", rule, "school_link")
    rule = "termSourcedIds names a session of academicSessions.csv"
    frame = output.require("teaching_group", frame, "school_year", rule)
    output.add(
        "teaching_group", frame.select(*PLACE, *(c for c in schema("teaching_group") if c not in PLACE))
    )
