"""Time: lessons, the groups they serve and who leads them. FINT knows no status: all are timetabled."""

from __future__ import annotations

import polars as pl

from ingest.sources.fint.checks import IS_A_TIME, require_link
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.groups import Groups
from ingest.sources.fint.models import Lesson
from ingest.sources.fint.people import Staff
from ingest.sources.fint.times import instants
from ingest.sources.output import Output


def read_lessons(dump: Dump, output: Output, groups: Groups, staff: Staff) -> None:
    for batch in dump.batches("time", Lesson, "lesson"):
        output.add("lesson", _lessons(batch, output, groups, staff))
        output.add("lesson_group", _lesson_groups(batch, output, groups))
        output.add("lesson_teacher", _lesson_teachers(batch, staff))


def _lessons(batch: Batch[Lesson], output: Output, groups: Groups, staff: Staff) -> pl.DataFrame:
    entries = batch.entries
    frame = pl.DataFrame(
        {
            **batch.place(),
            "lesson_id": [entry.system_id.value for entry in entries],
            "school_id": [_school(entry, groups, staff) for entry in entries],
            "status": "timetabled",
            "start_text": [entry.period.start for entry in entries],
            "end_text": [entry.period.end for entry in entries],
        },
        schema_overrides=dict.fromkeys(("lesson_id", "school_id", "start_text", "end_text"), pl.String),
    )
    frame = frame.with_columns(
        instants(frame["start_text"]).alias("starts_at"), instants(frame["end_text"]).alias("ends_at")
    )
    for column, text in (("starts_at", "start_text"), ("ends_at", "end_text")):
        frame = output.require("lesson", frame, column, f"tidsrom {IS_A_TIME}", text)
    backwards = pl.col("ends_at") <= pl.col("starts_at")
    output.reject_rows("lesson", frame.filter(backwards), "ends_at", "ends after it starts", "end_text")
    frame = frame.filter(~backwards)
    return output.require(
        "lesson", frame, "school_id", "undervisningsgruppe or undervisningsforhold with a skole is delivered"
    )


def _school(entry: Lesson, groups: Groups, staff: Staff) -> str | None:
    """A lesson has no school of its own: its group's, else its teacher's."""
    for link in entry.links.group:
        if found := groups.school_id[link.href]:
            return found
    return next((found for link in entry.links.post if (found := staff.school_id[link.href])), None)


def _lesson_groups(batch: Batch[Lesson], output: Output, groups: Groups) -> pl.DataFrame:
    links = [(row, entry.system_id.value, link.href) for row, entry in batch for link in entry.links.group]
    frame = pl.DataFrame(
        {
            "source_file": batch.file,
            "source_row": [row for row, _, _ in links],
            "lesson_id": [lesson for _, lesson, _ in links],
            "group_id": [groups.group_id[href] for _, _, href in links],
            "link": [href for _, _, href in links],
        },
        schema_overrides={
            "source_row": pl.Int64,
            "lesson_id": pl.String,
            "group_id": pl.String,
            "link": pl.String,
        },
    )
    frame = require_link(output, "lesson_group", frame, "group_id", target="undervisningsgruppe", link="link")
    return frame.unique(["lesson_id", "group_id"], keep="first", maintain_order=True)


def _lesson_teachers(batch: Batch[Lesson], staff: Staff) -> pl.DataFrame:
    links = [(row, entry.system_id.value, link.href) for row, entry in batch for link in entry.links.post]
    frame = pl.DataFrame(
        {
            "source_file": batch.file,
            "source_row": [row for row, _, _ in links],
            "lesson_id": [lesson for _, lesson, _ in links],
            "teacher_key": [staff.key(href) for _, _, href in links],
        },
        schema_overrides={"source_row": pl.Int64, "lesson_id": pl.String, "teacher_key": pl.String},
    )
    return frame.unique(["lesson_id", "teacher_key"], keep="first", maintain_order=True)
