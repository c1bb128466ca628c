"""Eksamen: the days on which students sit exams."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from ingest.sources.fint.checks import IS_A_TIME, require_link
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.enrolments import Enrolments
from ingest.sources.fint.members import listed
from ingest.sources.fint.relations import Index, PassingOn, Relation
from ingest.sources.fint.times import local_dates
from ingest.sources.output import Output

_TABLE = "exam_period"
_RESOURCE = "eksamensgruppe"
_MEMBERS = "eksamensgruppemedlemskap"
_PLACE = {"source_file": pl.String, "source_row": pl.Int64}
_SEAT = {**_PLACE, "enrolment_id": pl.String, "group_id": pl.String}
_TIME = {"group_id": pl.String, "start_text": pl.String, "end_text": pl.String}


class _Time(NamedTuple):
    """When an exam is; both are one where only the day is known."""

    start: str | None
    end: str | None


def read_exams(dump: Dump, output: Output, enrolments: Enrolments) -> None:
    """By membership, or by the links between exam group and elevforhold that older payloads have."""
    groups: Index[str] = Index(_RESOURCE)
    exams = Relation(dump, _RESOURCE, "eksamen", _exam_times(dump))
    enrolled = PassingOn(dump, _RESOURCE, "elevforhold", enrolments.index)
    times, seats = [pl.DataFrame(schema=_TIME)], []
    for batch in dump.batches(_RESOURCE, _TABLE, ("eksamensdato",), ("eksamen", "elevforhold")):
        groups.add(batch, batch.ids)
        times.append(_times(batch, exams))
        seats.append(listed(batch, enrolled, "group_id", batch.ids, output=output, table=_TABLE))
    if dump.has(_RESOURCE):
        linked = Relation(dump, "elevforhold", _RESOURCE, groups)
        seats.append(enrolments.named.found(_RESOURCE, "group_id", linked.lookup, output, _TABLE))
    else:
        _count_unread(output, enrolments)
    seats += _members(dump, output, groups, enrolments)
    seats = [pl.DataFrame(schema=_SEAT), *(one.select(_SEAT.keys()) for one in seats)]
    when = pl.concat(times).unique("group_id", keep="first")
    output.add(_TABLE, _periods(pl.concat(seats), when, output))


def _count_unread(output: Output, enrolments: Enrolments) -> None:
    """Without the groups there is nothing to make of the seats that enrolments name."""
    for file in enrolments.named.files(_RESOURCE):
        label = f"{file}: {_RESOURCE}"
        output.unread[label] = output.unread.get(label, 0) + 1


def _exam_times(dump: Dump) -> Index[_Time]:
    index: Index[_Time] = Index("eksamen")
    for batch in dump.batches("eksamen", _TABLE, ("tidsrom.start", "tidsrom.slutt")):
        periods = zip(batch.values("tidsrom.start"), batch.values("tidsrom.slutt"), strict=True)
        index.add(batch, [_Time(start, end or start) if start else None for start, end in periods])
    return index


def _times(batch: Batch, exams: Relation[_Time]) -> pl.DataFrame:
    days = batch.values("eksamensdato")
    found = [exam or _Time(day, day) for exam, day in zip(exams.one(batch), days, strict=True)]
    rows = [(own, *time) for own, time in zip(batch.ids, found, strict=True)]
    return pl.DataFrame(rows, schema=_TIME, orient="row")


def _members(dump: Dump, output: Output, groups: Index[str], enrolments: Enrolments) -> list[pl.DataFrame]:
    enrolled = PassingOn(dump, _MEMBERS, "elevforhold", enrolments.index)
    sits = Relation(dump, _MEMBERS, _RESOURCE, groups)
    frames = []
    for batch in dump.batches(_MEMBERS, _TABLE, (), (enrolled.name, sits.name)):
        frame = pl.DataFrame(
            {**batch.place(), "enrolment_id": enrolled.one(batch), "group_id": sits.one(batch)},
            schema_overrides={"enrolment_id": pl.String, "group_id": pl.String},
        )
        for column, target, relation in (
            ("enrolment_id", "elevforhold", enrolled),
            ("group_id", _RESOURCE, sits),
        ):
            frame = require_link(
                output, _TABLE, frame, column, target=target, batch=batch, relations=(relation,)
            )
        frames.append(frame)
    return frames


def _periods(seats: pl.DataFrame, times: pl.DataFrame, output: Output) -> pl.DataFrame:
    frame = seats.join(times, on="group_id", how="left", maintain_order="left")
    frame = frame.with_columns(
        local_dates(frame["start_text"]).alias("start_date"),
        local_dates(frame["end_text"]).alias("end_date"),
        pl.lit("exam").alias("kind"),
    )
    frame = output.require(_TABLE, frame, "start_date", f"has an eksamen or an eksamensdato that {IS_A_TIME}")
    frame = output.require(_TABLE, frame, "end_date", IS_A_TIME, "end_text")
    # Two exams that start on one day are one period, as long as the longer.
    frame = frame.sort("end_date", descending=True, maintain_order=True)
    return frame.unique(["enrolment_id", "start_date"], keep="first", maintain_order=True)
