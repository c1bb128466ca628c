"""The register's own absence totals and warnings (utdanning.vurdering)."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from ingest.local_time import OSLO
from ingest.sources.fint.checks import IS_A_TIME, require_link
from ingest.sources.fint.codes import Code, CodeList
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.enrolments import Enrolments
from ingest.sources.fint.relations import PassingOn, Relation
from ingest.sources.fint.subjects import Subjects
from ingest.sources.fint.times import local_dates
from ingest.sources.output import Output, schema

AUTUMN_STARTS, AUTUMN_ENDS = 8, 12
_TOTALS = {"absence_hours": "fravarstimer", "teaching_hours": "undervisningstimer", "percent": "prosent"}
_IS_A_NUMBER = "is a number that fits"


def read_summaries(
    dump: Dump, output: Output, enrolments: Enrolments, subjects: Subjects, extracted_at: datetime
) -> None:
    """Fravarsoversikt: the half-year it tells of is the one it was extracted in."""
    table, resource = "absence_summary", "fravarsoversikt"
    half_year = _half_year(dump, extracted_at)
    enrolled = PassingOn(dump, resource, "elevforhold", enrolments.index)
    taken = subjects.relation(resource)
    paths = [f"{total}.{name}" for total in ("halvar", "skolear") for name in _TOTALS.values()]
    for batch in dump.batches(resource, table, tuple(paths), (enrolled.name, taken.name)):
        known = pl.DataFrame(
            {**batch.place(), "enrolment_id": enrolled.one(batch), "subject_code": taken.one(batch)},
            schema_overrides={"enrolment_id": pl.String, "subject_code": pl.String},
        )
        both = []
        for total, period in (("halvar", half_year), ("skolear", "year")):
            numbers = [
                pl.Series(column, batch.values(f"{total}.{name}"), dtype=pl.Float64)
                for column, name in _TOTALS.items()
            ]
            both.append(known.with_columns(pl.lit(period).alias("period"), *numbers))
        frame = pl.concat(both).filter(~pl.all_horizontal(pl.col(*_TOTALS).is_null()))
        frame = frame.sort("at", maintain_order=True)
        for column, target, relation in (
            ("enrolment_id", "elevforhold", enrolled),
            ("subject_code", "fag", taken),
        ):
            frame = require_link(
                output, table, frame, column, target=target, batch=batch, relations=(relation,)
            )
        output.add(table, _numbers(output, table, frame, tuple(_TOTALS)))


def _numbers(output: Output, table: str, frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The columns as the contract's decimals; what does not fit is rejected."""
    types = schema(table)
    for column in columns:
        fits = pl.col(column).cast(types[column], strict=False)
        bad = frame.filter(pl.col(column).is_not_null() & fits.is_null())
        output.reject_rows(table, bad, column, _IS_A_NUMBER, column)
        frame = frame.filter(pl.col(column).is_null() | fits.is_not_null()).with_columns(fits)
    return frame


def _half_year(dump: Dump, extracted_at: datetime) -> str:
    """By the term the code list dates, else autumn is August to December."""
    for term in CodeList(dump, "termin").entries:
        if _within(term, extracted_at):
            return "autumn" if (term.code or "").upper().endswith("1") else "spring"
    month = extracted_at.astimezone(OSLO).month
    return "autumn" if AUTUMN_STARTS <= month <= AUTUMN_ENDS else "spring"


def _within(term: Code, instant: datetime) -> bool:
    start, end = local_dates(pl.Series([term.start, term.end], dtype=pl.String))
    return bool(start and end and start <= instant.astimezone(OSLO).date() <= end)


def read_warnings(dump: Dump, output: Output, subjects: Subjects) -> None:
    table, resource = "absence_warning", "varsel"
    linked = Relation(dump, resource, "faggruppemedlemskap", subjects.members)
    for batch in dump.batches(resource, table, ("sendt", "fravarsprosent"), (linked.name,)):
        members = linked.one(batch)
        frame = pl.DataFrame(
            {
                **batch.place(),
                "warning_id": batch.ids,
                "enrolment_id": [member.enrolment_id if member else None for member in members],
                "subject_code": [member.subject_code if member else None for member in members],
                "sent_text": batch.values("sendt"),
                "percent": batch.values("fravarsprosent"),
            },
            schema_overrides={
                **dict.fromkeys(("warning_id", "enrolment_id", "subject_code", "sent_text"), pl.String),
                "percent": pl.Float64,
            },
        )
        frame = frame.with_columns(local_dates(frame["sent_text"]).alias("sent_on"))
        target = "faggruppemedlemskap with its elevforhold and fag"
        for column in ("enrolment_id", "subject_code"):
            frame = require_link(
                output, table, frame, column, target=target, batch=batch, relations=(linked,)
            )
        frame = _numbers(output, table, frame, ("percent",))
        output.add(table, output.require(table, frame, "sent_on", IS_A_TIME, "sent_text"))
