"""Eksamen: the days on which students sit exams."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from ingest.sources.fint.checks import IS_A_TIME, require_link
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.enrolments import Enrolments
from ingest.sources.fint.links import Index, first
from ingest.sources.fint.models import Exam, ExamGroup, Membership
from ingest.sources.fint.times import local_dates
from ingest.sources.output import Output

_TABLE = "exam_period"


class _Time(NamedTuple):
    """When an exam group sits; both are one where only the day is known."""

    start: str | None
    end: str | None


class _Seat(NamedTuple):
    """One student in one exam group."""

    source_file: str
    source_row: int
    enrolment_id: str | None
    enrolment_link: str | None
    group_link: str | None


def read_exams(dump: Dump, output: Output, enrolments: Enrolments) -> None:
    """By membership, or by the links between exam group and elevforhold that older payloads have."""
    times: Index[_Time] = Index()
    seats = _linked_seats(dump, output, enrolments)
    exams = _exam_times(dump)
    for batch in dump.batches("eksamensgruppe", ExamGroup, _TABLE):
        for row, entry in batch:
            times.add([("systemid", entry.system_id)], _time(entry, exams))
            own = first(entry.links.own)
            for link in entry.links.enrolment:
                seats.append(_Seat(batch.file, row, enrolments.enrolment_id[link.href], link.href, own))
    for members in dump.batches("eksamensgruppemedlemskap", Membership, _TABLE):
        for row, member in members:
            href = first(member.links.enrolment)
            group = first(member.links.exam_group)
            seats.append(_Seat(members.file, row, enrolments.enrolment_id[href], href, group))
    output.add(_TABLE, _periods(seats, times, output))


def _exam_times(dump: Dump) -> Index[_Time]:
    index: Index[_Time] = Index()
    for batch in dump.batches("eksamen", Exam, _TABLE):
        for _, entry in batch:
            if entry.period:
                time = _Time(entry.period.start, entry.period.end or entry.period.start)
                index.add([("systemid", entry.system_id)], time)
    return index


def _time(entry: ExamGroup, exams: Index[_Time]) -> _Time:
    href = first(entry.links.exam)
    return (exams.find(href) if href else None) or _Time(entry.exam_date, entry.exam_date)


def _linked_seats(dump: Dump, output: Output, enrolments: Enrolments) -> list[_Seat]:
    """The seats an elevforhold itself names; without the groups there is nothing to make of them."""
    seats = [
        _Seat(file, row, entry.system_id.value, None, link.href)
        for file, row, entry in enrolments.entries
        for link in entry.links.exam_group
    ]
    if dump.has("eksamensgruppe"):
        return seats
    for seat in seats:
        label = f"{seat.source_file}: eksamensgruppe"
        output.unread[label] = output.unread.get(label, 0) + 1
    return []


def _periods(seats: list[_Seat], times: Index[_Time], output: Output) -> pl.DataFrame:
    text = pl.String
    columns = {"source_file": text, "source_row": pl.Int64, "enrolment_id": text, "enrolment_link": text}
    frame = pl.DataFrame(seats, schema={**columns, "group_link": text}, orient="row")
    found = [times.find(href) if href else None for href in frame["group_link"]]
    frame = frame.with_columns(
        pl.Series("known", [True if time else None for time in found], dtype=pl.Boolean),
        pl.Series("start_text", [time.start if time else None for time in found], dtype=text),
        pl.Series("end_text", [time.end if time else None for time in found], dtype=text),
        pl.lit("exam").alias("kind"),
    )
    frame = require_link(output, _TABLE, frame, "enrolment_id", target="elevforhold", link="enrolment_link")
    frame = require_link(output, _TABLE, frame, "known", target="eksamensgruppe", link="group_link")
    frame = frame.with_columns(
        local_dates(frame["start_text"]).alias("start_date"), local_dates(frame["end_text"]).alias("end_date")
    )
    frame = output.require(_TABLE, frame, "start_date", f"has an eksamen or an eksamensdato that {IS_A_TIME}")
    frame = output.require(_TABLE, frame, "end_date", IS_A_TIME, "end_text")
    # Two exams that start on one day are one period, as long as the longer.
    frame = frame.sort("end_date", descending=True, maintain_order=True)
    return frame.unique(["enrolment_id", "start_date"], keep="first", maintain_order=True)
