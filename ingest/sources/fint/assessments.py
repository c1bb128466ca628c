"""The register's own absence totals and warnings (utdanning.vurdering)."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from ingest.local_time import OSLO
from ingest.sources.fint.checks import IS_A_TIME, require_link
from ingest.sources.fint.codes import CodeList
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.enrolments import Enrolments
from ingest.sources.fint.links import Index, first
from ingest.sources.fint.models import AbsenceOverview, AbsenceTotal, Period, Warning
from ingest.sources.fint.subjects import SubjectMember, Subjects
from ingest.sources.fint.times import local_dates
from ingest.sources.output import Output, schema

AUTUMN_STARTS, AUTUMN_ENDS = 8, 12


def read_summaries(
    dump: Dump, output: Output, enrolments: Enrolments, subjects: Subjects, extracted_at: datetime
) -> None:
    """Fravarsoversikt: the half-year it tells of is the one it was extracted in."""
    half_year = _half_year(dump, extracted_at)
    rows: list[tuple[object, ...]] = []
    for batch in dump.batches("fravarsoversikt", AbsenceOverview, "absence_summary"):
        for row, entry in batch:
            enrolment, subject = first(entry.links.enrolment), first(entry.links.subject)
            known = (enrolments.enrolment_id[enrolment], subjects.code[subject], enrolment, subject)
            for period, total in ((half_year, entry.half_year), ("year", entry.year)):
                if total is not None:
                    rows.append((batch.file, row, period, *_hours(total), *known))
    table = "absence_summary"
    types = schema(table) | {"enrolment_link": pl.String(), "subject_link": pl.String()}
    columns = ["source_file", "source_row", "period", "absence_hours", "teaching_hours", "percent"]
    columns += ["enrolment_id", "subject_code", "enrolment_link", "subject_link"]
    numbers = dict.fromkeys(("absence_hours", "teaching_hours", "percent"), pl.Float64())
    raw = {**types, **numbers}
    frame = pl.DataFrame(rows, schema={name: raw[name] for name in columns}, orient="row")
    frame = require_link(output, table, frame, "enrolment_id", target="elevforhold", link="enrolment_link")
    frame = require_link(output, table, frame, "subject_code", target="fag", link="subject_link")
    output.add(table, frame.cast({name: types[name] for name in numbers}))


def _hours(total: AbsenceTotal) -> tuple[float, float, float]:
    return total.absence_hours, total.teaching_hours, total.percent


def _half_year(dump: Dump, extracted_at: datetime) -> str:
    """By the term the code list dates, else autumn is August to December."""
    for term in CodeList(dump, "termin").entries:
        if term.period and term.period.start and term.period.end and _within(term.period, extracted_at):
            return "autumn" if (term.code or "").upper().endswith("1") else "spring"
    month = extracted_at.astimezone(OSLO).month
    return "autumn" if AUTUMN_STARTS <= month <= AUTUMN_ENDS else "spring"


def _within(period: Period, instant: datetime) -> bool:
    start, end = local_dates(pl.Series([period.start, period.end], dtype=pl.String))
    return bool(start and end and start <= instant.astimezone(OSLO).date() <= end)


def read_warnings(dump: Dump, output: Output, subjects: Subjects) -> None:
    table = "absence_warning"
    for batch in dump.batches("varsel", Warning, table):
        links = [first(entry.links.membership) for entry in batch.entries]
        members = [_member(subjects.members, href) for href in links]
        frame = pl.DataFrame(
            {
                **batch.place(),
                "warning_id": [entry.system_id.value for entry in batch.entries],
                "enrolment_id": [member.enrolment_id for member in members],
                "subject_code": [member.subject_code for member in members],
                "link": links,
                "sent_text": [entry.sent for entry in batch.entries],
                "percent": [entry.percent for entry in batch.entries],
            },
            schema_overrides={"enrolment_id": pl.String, "subject_code": pl.String, "link": pl.String},
        )
        frame = frame.with_columns(local_dates(frame["sent_text"]).alias("sent_on"))
        frame = frame.with_columns(pl.col("percent").cast(schema(table)["percent"]))
        target = "faggruppemedlemskap with its elevforhold and fag"
        frame = require_link(output, table, frame, "enrolment_id", target=target, link="link")
        frame = require_link(output, table, frame, "subject_code", target=target, link="link")
        output.add(table, output.require(table, frame, "sent_on", IS_A_TIME, "sent_text"))


def _member(members: Index[SubjectMember], href: str | None) -> SubjectMember:
    return (members.find(href) if href else None) or SubjectMember(None, None)
