"""Time: lessons, the groups they serve and who leads them. FINT knows no status: all are timetabled."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ingest.sources.fint.checks import IS_A_TIME, require_link
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.groups import Group, Groups
from ingest.sources.fint.people import Post, Staff
from ingest.sources.fint.relations import Relation, pairs
from ingest.sources.fint.times import instants
from ingest.sources.output import Output

_TEXTS = dict.fromkeys(("lesson_id", "school_id", "start_text", "end_text"), pl.String)


def read_lessons(dump: Dump, output: Output, groups: Groups, staff: Staff) -> None:
    taught, led = groups.relation("time"), staff.posts("time")
    periods = ("tidsrom.start", "tidsrom.slutt")
    for batch in dump.batches("time", "lesson", periods, (taught.name, led.name)):
        served, posts = taught.every(batch), led.every(batch)
        output.add("lesson", _lessons(batch, output, served, posts))
        output.add("lesson_group", _lesson_groups(batch, output, taught, served))
        output.add("lesson_teacher", _lesson_teachers(batch, posts))


def _lessons(
    batch: Batch,
    output: Output,
    served: list[tuple[Group | None, ...]],
    posts: list[tuple[Post | None, ...]],
) -> pl.DataFrame:
    start, end = batch.values("tidsrom.start"), batch.values("tidsrom.slutt")
    schools = [
        (each[0] and each[0].school_id if each else None) or _school(each, others)
        for each, others in zip(served, posts, strict=True)
    ]
    frame = pl.DataFrame(
        {
            **batch.place(),
            "lesson_id": batch.id_texts,
            "school_id": schools,
            "status": "timetabled",
            "start_text": start,
            "end_text": end,
        },
        schema_overrides=_TEXTS,
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


def _school(groups: tuple[Group | None, ...], posts: tuple[Post | None, ...]) -> str | None:
    """A lesson has no school of its own: its group's, else its teacher's."""
    return next((one.school_id for one in (*groups, *posts) if one and one.school_id), None)


def _lesson_groups(
    batch: Batch, output: Output, taught: Relation[Group], served: list[tuple[Group | None, ...]]
) -> pl.DataFrame:
    places, groups = pairs(served)
    frame = _of_lessons(batch, places, "group_id", [group.group_id if group else None for group in groups])
    frame = require_link(
        output,
        "lesson_group",
        frame,
        "group_id",
        target="undervisningsgruppe",
        batch=batch,
        relations=(taught,),
    )
    return _each_once(frame, "group_id", places)


def _lesson_teachers(batch: Batch, posts: list[tuple[Post | None, ...]]) -> pl.DataFrame:
    places, led = pairs(posts)
    frame = _of_lessons(batch, places, "teacher_key", [post.teacher_key if post else None for post in led])
    frame = frame.filter(pl.col("teacher_key").is_not_null())
    return _each_once(frame, "teacher_key", places)


def _each_once(frame: pl.DataFrame, column: str, places: Sequence[int]) -> pl.DataFrame:
    """A lesson that names the same twice has it once; where each names one there is nothing to look for."""
    if isinstance(places, range):
        return frame
    return frame.unique(["lesson_id", column], keep="first", maintain_order=True)


def _of_lessons(batch: Batch, places: Sequence[int], column: str, values: list[str | None]) -> pl.DataFrame:
    """One row per lesson and link."""
    at = pl.Series("at", places, dtype=pl.Int64)
    lessons = batch.id_texts.alias("lesson_id")
    rows = pl.Series("source_row", batch.rows, dtype=pl.Int64)
    found = pl.DataFrame(
        [at, rows.gather(at), lessons.gather(at), pl.Series(column, values, dtype=pl.String)]
    )
    return found.with_columns(pl.lit(batch.file).alias("source_file"))
