"""Absence as registered (utdanning.vurdering): over a period, or in minutes on a date."""

from __future__ import annotations

import polars as pl

from ingest.local_time import OSLO
from ingest.sources.fint.checks import IS_A_TIME, first_link, readable, require_link
from ingest.sources.fint.codes import ABSENCE_NAMES, CodeList, Meaning, must_be_one_of
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.enrolments import Enrolments
from ingest.sources.fint.groups import Groups, ids
from ingest.sources.fint.relations import Index, PassingOn, Relation
from ingest.sources.fint.subjects import Subjects
from ingest.sources.fint.times import instants, local_dates
from ingest.sources.output import Output

_TABLE = "absence"
_TEXTS = ("absence_id", "enrolment_id", "group_id", "subject_code", "code")
_TYPES = {
    **dict.fromkeys((*_TEXTS, "start_text", "end_text"), pl.String),
    "given": pl.Float64,
    "on_certificate": pl.Boolean,
}


def read_absences(
    dump: Dump, output: Output, enrolments: Enrolments, groups: Groups, subjects: Subjects
) -> None:
    gathered = _Gathered(dump, enrolments)
    kinds = CodeList(dump, "fravarstype")
    for resource, attributes, frame_of in (
        ("fravarsregistrering", ("periode.start", "periode.slutt", "foresPaVitnemal"), _of_periods),
        ("aktivitetsfravar", ("dato", "minutter"), _of_activities),
    ):
        known = _Known(
            dump, resource, gathered, kinds, enrolments=enrolments, groups=groups, subjects=subjects
        )
        for batch in dump.batches(resource, _TABLE, attributes, known.relations):
            output.add(_TABLE, known.checked(batch, frame_of(batch, known.linked(batch), output), output))


class _Gathered:
    """Elevfravar: gathers one enrolment's registrations."""

    def __init__(self, dump: Dump, enrolments: Enrolments) -> None:
        self.index: Index[str] = Index("elevfravar")
        self.enrolled = PassingOn(dump, "elevfravar", "elevforhold", enrolments.index)
        for batch in dump.batches("elevfravar", _TABLE, (), (self.enrolled.name,)):
            self.index.add(batch, self.enrolled.one(batch))


class _GatheredLinks(Relation[str]):
    """Where the elevfravar is not delivered, an elevforhold may still name it."""

    def __init__(self, dump: Dump, resource: str, gathered: _Gathered) -> None:
        self._gathered = gathered
        super().__init__(dump, resource, "elevfravar", gathered.index)

    def lookup(self, href: str) -> str | None:
        found = super().lookup(href)
        return found or next(iter(self._gathered.enrolled.from_other_side(href)), None)


class _Known:
    """What an absence's links lead to."""

    def __init__(
        self,
        dump: Dump,
        resource: str,
        gathered: _Gathered,
        kinds: CodeList,
        *,
        enrolments: Enrolments,
        groups: Groups,
        subjects: Subjects,
    ) -> None:
        self._gathered = _GatheredLinks(dump, resource, gathered)
        self._enrolled = PassingOn(dump, resource, "elevforhold", enrolments.index)
        self._group = groups.relation(resource)
        self._subject = subjects.relation(resource)
        self._subject_group = subjects.group_relation(resource)
        self._kind = Meaning(dump, resource, "fravarstype", kinds, ABSENCE_NAMES)
        every = (self._gathered, self._enrolled, self._group, self._subject, self._subject_group, self._kind)
        self.relations = tuple(relation.name for relation in every)

    def linked(self, batch: Batch) -> dict[str, object]:
        enrolled = self._gathered.one(batch)
        if None in enrolled:
            enrolled = [one or other for one, other in zip(enrolled, self._enrolled.one(batch), strict=True)]
        subjects, others = self._subject.every(batch), self._subject_group.every(batch)
        named = [each or other for each, other in zip(subjects, others, strict=True)]
        return {
            **batch.place(),
            "absence_id": batch.ids,
            "enrolment_id": enrolled,
            "group_id": ids(self._group.one(batch)),
            "subject_code": [each[0] if each else None for each in named],
            "subject_lost": [bool(each) and each[0] is None for each in named],
            "code": self._kind.one(batch),
        }

    def checked(self, batch: Batch, frame: pl.DataFrame, output: Output) -> pl.DataFrame:
        for column, target, relations in (
            ("enrolment_id", "elevfravar with its elevforhold", (self._gathered, self._enrolled)),
            ("group_id", "undervisningsgruppe", (self._group,)),
        ):
            frame = require_link(
                output, _TABLE, frame, column, target=target, batch=batch, relations=relations
            )
        lost = frame.filter("subject_lost")
        named = (self._subject, self._subject_group)
        require_link(output, _TABLE, lost, "subject_code", target="fag", batch=batch, relations=named)
        frame = frame.filter(~pl.col("subject_lost"))
        unknown = frame.filter(pl.col("code").is_null())
        links = [first_link(batch, self._kind.name, at) for at in unknown["at"]]
        unknown = unknown.with_columns(pl.Series("link", links, dtype=pl.String))
        output.reject_rows(_TABLE, unknown, "code", must_be_one_of(ABSENCE_NAMES.values()), "link")
        frame = frame.filter(pl.col("code").is_not_null())
        return output.require(_TABLE, frame, "absence_date", IS_A_TIME, "start_text")


def _of_periods(batch: Batch, linked: dict[str, object], output: Output) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            **linked,
            "start_text": batch.values("periode.start"),
            "end_text": batch.values("periode.slutt"),
            "on_certificate": batch.values("foresPaVitnemal"),
        },
        schema_overrides=_overrides("start_text", "end_text", "on_certificate"),
    )
    starts = instants(frame["start_text"])
    frame = frame.with_columns(
        starts.alias("starts_at"),
        instants(frame["end_text"]).alias("ends_at"),
        starts.dt.convert_time_zone(OSLO.key).dt.date().alias("absence_date"),
    )
    return readable(output, _TABLE, frame, "ends_at", text="end_text", parsed="ends_at")


def _of_activities(batch: Batch, linked: dict[str, object], output: Output) -> pl.DataFrame:
    frame = pl.DataFrame(
        {**linked, "start_text": batch.values("dato"), "given": batch.values("minutter")},
        schema_overrides=_overrides("start_text", "given"),
    )
    frame = frame.with_columns(
        local_dates(frame["start_text"]).alias("absence_date"),
        pl.col("given").cast(pl.Int64, strict=False).alias("minutes"),
    )
    whole = pl.col("minutes").cast(pl.Float64) == pl.col("given")
    rule = "is a whole number of minutes"
    output.reject_rows(_TABLE, frame.filter(~whole.fill_null(False)), "minutes", rule, "given")
    return frame.filter(whole)


def _overrides(*more: str) -> dict[str, type[pl.DataType]]:
    return {name: _TYPES[name] for name in (*_TEXTS, *more)}
