"""Absence as registered (utdanning.vurdering): over a period, or in minutes on a date."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ingest.local_time import OSLO
from ingest.sources.fint.checks import IS_A_TIME, readable, require_link
from ingest.sources.fint.codes import ABSENCE_NAMES, CodeList, must_be_one_of
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.enrolments import Enrolments
from ingest.sources.fint.groups import Groups
from ingest.sources.fint.links import Index, Resolver, first, parse, shown
from ingest.sources.fint.models import AbsenceLinks, ActivityAbsence, PeriodAbsence, StudentAbsence
from ingest.sources.fint.subjects import Subjects
from ingest.sources.fint.times import instants, local_dates
from ingest.sources.output import Output

_TABLE = "absence"
_TEXTS = ("absence_id", "enrolment_id", "group_id", "subject_code", "code", "enrolment_link", "group_link")
_TYPES = {
    **dict.fromkeys((*_TEXTS, "kind_link", "subject_link", "start_text", "end_text", "day_text"), pl.String),
    "minutes": pl.Int64,
    "on_certificate": pl.Boolean,
}


def read_absences(
    dump: Dump, output: Output, enrolments: Enrolments, groups: Groups, subjects: Subjects
) -> None:
    known = _Known(dump, enrolments, groups, subjects)
    for periods in dump.batches("fravarsregistrering", PeriodAbsence, _TABLE):
        output.add(_TABLE, _checked(_of_periods(periods, known, output), output))
    for activities in dump.batches("aktivitetsfravar", ActivityAbsence, _TABLE):
        output.add(_TABLE, _checked(_of_activities(activities, known), output))


class _Known:
    """What an absence's links lead to."""

    def __init__(self, dump: Dump, enrolments: Enrolments, groups: Groups, subjects: Subjects) -> None:
        self.enrolment_id = enrolments.enrolment_id
        self.groups = groups.group_id
        self.subjects = subjects
        self._kinds = CodeList(dump, "fravarstype")
        self._codes: dict[str | None, str | None] = {}
        self.student_absence = Resolver(self._gathered(dump, enrolments), lambda found: found, passes_on=None)
        self._from_enrolment = {
            parse(link.href)[1:]: entry.system_id.value
            for _, _, entry in enrolments.entries
            for link in entry.links.absences
        }

    def enrolment(self, links: AbsenceLinks) -> str | None:
        gathered = first(links.student_absence)
        if found := self.student_absence[gathered]:
            return found
        if gathered and (found := self._from_enrolment.get(parse(gathered)[1:])):
            return found
        return self.enrolment_id[first(links.enrolment)]

    def subject(self, links: AbsenceLinks) -> str | None:
        if links.subject:
            return self.subjects.code[links.subject[0].href]
        return self.subjects.code_of_group[first(links.subject_group)]

    def code(self, href: str | None) -> str | None:
        if href not in self._codes:
            self._codes[href] = self._kinds.translated(href, ABSENCE_NAMES)
        return self._codes[href]

    @staticmethod
    def _gathered(dump: Dump, enrolments: Enrolments) -> Index[str | None]:
        index: Index[str | None] = Index()
        for batch in dump.batches("elevfravar", StudentAbsence, "absence"):
            for _, entry in batch:
                enrolment_id = enrolments.enrolment_id[first(entry.links.enrolment)]
                index.add([("systemid", entry.system_id)], enrolment_id)
        return index


def _linked(entries: Sequence[PeriodAbsence | ActivityAbsence], known: _Known) -> dict[str, object]:
    links = [entry.links for entry in entries]
    groups = [first(one.group) for one in links]
    kinds = [first(one.kind) for one in links]
    return {
        "absence_id": [entry.system_id.value for entry in entries],
        "enrolment_id": [known.enrolment(one) for one in links],
        "enrolment_link": [first(one.student_absence) or first(one.enrolment) for one in links],
        "group_id": [known.groups[href] for href in groups],
        "group_link": groups,
        "subject_code": [known.subject(one) for one in links],
        "subject_link": [first(one.subject) or first(one.subject_group) for one in links],
        "code": [known.code(href) for href in kinds],
        "kind_link": kinds,
    }


def _frame(columns: dict[str, object]) -> pl.DataFrame:
    types = {name: dtype for name, dtype in _TYPES.items() if name in columns}
    return pl.DataFrame(columns, schema_overrides=types)


def _of_periods(batch: Batch[PeriodAbsence], known: _Known, output: Output) -> pl.DataFrame:
    entries = batch.entries
    frame = _frame(
        {
            **batch.place(),
            **_linked(entries, known),
            "day_text": [entry.period.start for entry in entries],
            "end_text": [entry.period.end for entry in entries],
            "on_certificate": [entry.on_certificate for entry in entries],
        }
    )
    starts = instants(frame["day_text"])
    frame = frame.with_columns(
        starts.alias("starts_at"),
        instants(frame["end_text"]).alias("ends_at"),
        starts.dt.convert_time_zone(OSLO.key).dt.date().alias("absence_date"),
    )
    return readable(output, _TABLE, frame, "ends_at", text="end_text", parsed="ends_at")


def _of_activities(batch: Batch[ActivityAbsence], known: _Known) -> pl.DataFrame:
    entries = batch.entries
    frame = _frame(
        {
            **batch.place(),
            **_linked(entries, known),
            "day_text": [entry.day for entry in entries],
            "minutes": [entry.minutes for entry in entries],
        }
    )
    return frame.with_columns(local_dates(frame["day_text"]).alias("absence_date"))


def _checked(frame: pl.DataFrame, output: Output) -> pl.DataFrame:
    frame = require_link(
        output, _TABLE, frame, "enrolment_id", target="elevfravar with its elevforhold", link="enrolment_link"
    )
    frame = require_link(output, _TABLE, frame, "group_id", target="undervisningsgruppe", link="group_link")
    lost = pl.col("subject_link").is_not_null() & pl.col("subject_code").is_null()
    require_link(output, _TABLE, frame.filter(lost), "subject_code", target="fag", link="subject_link")
    frame = frame.filter(~lost)
    unknown = frame.filter(pl.col("code").is_null())
    unknown = unknown.with_columns(pl.col("kind_link").map_elements(shown, return_dtype=pl.String))
    output.reject_rows(_TABLE, unknown, "code", must_be_one_of(ABSENCE_NAMES.values()), "kind_link")
    frame = frame.filter(pl.col("code").is_not_null())
    return output.require(_TABLE, frame, "absence_date", IS_A_TIME, "day_text")
