"""Elevforhold: one student at one school in one school year."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.school_year import school_year_of
from ingest.sources.fint.checks import first_link, readable, require_link
from ingest.sources.fint.codes import CATEGORIES, CodeList, Meaning, must_be_one_of
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.members import Named
from ingest.sources.fint.people import Students
from ingest.sources.fint.placement import Placement
from ingest.sources.fint.relations import Index, PassingOn, Relation
from ingest.sources.fint.schools import Schools
from ingest.sources.fint.times import local_dates
from ingest.sources.fint.years import SchoolYears
from ingest.sources.output import Output

_TABLE = "enrolment"
_PERIOD = ("gyldighetsperiode.start", "gyldighetsperiode.slutt")
_ATTRIBUTES = (*_PERIOD, "avbruddsdato", "hovedskole")
_RELATIONS = ("elev", "skole", "kategori", "skolear", "klasse", "programomrade")
_TEXT = ("enrolment_id", "student_key", "school_id", "linked_year", "category", "category_link")
_TYPES = {
    "source_file": pl.String,
    "source_row": pl.Int64,
    **dict.fromkeys((*_TEXT, "start_text", "end_text", "ended_text"), pl.String),
    "stated_main": pl.Boolean,
}
_PLACED = ("class_year", "programme_area_code", "level")


@dataclass
class Enrolments:
    """What the resources that hang on an enrolment need to know of it."""

    index: Index[str]
    frame: pl.DataFrame
    named: Named

    def periods(self) -> pl.DataFrame:
        """First and last day of each enrolment, for memberships without dates of their own."""
        return self.frame.select(
            "enrolment_id",
            pl.col("start_date").alias("enrolment_start"),
            pl.col("end_date").alias("enrolment_end"),
        ).unique("enrolment_id", keep="first")

    def school_ids(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for key, school_id in self.frame.select("student_key", "school_id").iter_rows():
            found.setdefault(key, set()).add(school_id)
        return found


def read_enrolments(
    dump: Dump, output: Output, students: Students, schools: Schools, years: SchoolYears
) -> Enrolments:
    index: Index[str] = Index("elevforhold")
    placement = Placement(dump, years)
    known = _Known(dump, students, schools, years, placement)
    direct = Named()
    frames = [pl.DataFrame(schema=_TYPES)]
    for batch in dump.batches("elevforhold", _TABLE, _ATTRIBUTES, (*_RELATIONS, *Named.GROUPS)):
        index.add(batch, batch.ids)
        direct.add(batch)
        frames.append(known.resolved(batch, output))
    placement.read_members(index)
    frame = _dated(_placed(pl.concat(frames, how="diagonal"), placement), years)
    frame = _with_main_school(_checked(frame, output))
    output.add(_TABLE, frame)
    return Enrolments(index, frame, direct)


class _Known:
    """What an enrolment's links lead to."""

    def __init__(
        self, dump: Dump, students: Students, schools: Schools, years: SchoolYears, placement: Placement
    ) -> None:
        self._placement = placement
        self._student = Relation(dump, "elevforhold", "elev", students.index)
        self._school = PassingOn(dump, "elevforhold", "skole", schools.index, "skolenummer")
        self._year = years.relation("elevforhold")
        categories = CodeList(dump, "elevkategori")
        self._category = Meaning(dump, "elevforhold", "kategori", categories, CATEGORIES)
        self._class = placement.classes.from_enrolments()
        self._area = placement.areas.from_enrolments()

    def resolved(self, batch: Batch, output: Output) -> pl.DataFrame:
        """One row per entry; dates are still text."""
        self._placement.classes.link(batch.ids, self._class.one(batch))
        self._placement.areas.link(batch.ids, self._area.one(batch))
        categories = self._category.every(batch)
        frame = pl.DataFrame(
            {
                **batch.place(),
                "enrolment_id": batch.ids,
                "student_key": self._student.one(batch),
                "school_id": self._school.one(batch),
                "linked_year": self._year.one(batch),
                "category": [each[0] if each else "full_time" for each in categories],
                "category_link": [
                    first_link(batch, "kategori", at) if each and each[0] is None else None
                    for at, each in enumerate(categories)
                ],
                "stated_main": batch.values("hovedskole"),
                "start_text": batch.values(_PERIOD[0]),
                "end_text": batch.values(_PERIOD[1]),
                "ended_text": batch.values("avbruddsdato"),
            },
            schema_overrides=_TYPES,
        )
        for column, target, relation in (
            ("student_key", "elev", self._student),
            ("school_id", "skole", self._school),
        ):
            frame = require_link(
                output, _TABLE, frame, column, target=target, batch=batch, relations=(relation,)
            )
        return frame.drop("at")


def _placed(frame: pl.DataFrame, placement: Placement) -> pl.DataFrame:
    rows = []
    for enrolment_id in frame["enrolment_id"]:
        school_class, area = placement.classes.of(enrolment_id), placement.areas.of(enrolment_id)
        level = (school_class.level if school_class else None) or (area.level if area else None)
        rows.append((school_class.school_year if school_class else None, area.code if area else None, level))
    return frame.hstack(pl.DataFrame(rows, schema=dict.fromkeys(_PLACED, pl.String), orient="row"))


def _dated(raw: pl.DataFrame, years: SchoolYears) -> pl.DataFrame:
    """School year, first and last day; where no period is given, the school year's own."""
    frame = raw.with_columns(
        local_dates(raw["start_text"]).alias("own_start"),
        local_dates(raw["end_text"]).alias("own_end"),
        local_dates(raw["ended_text"]).alias("ended_on"),
    )
    days = {day: school_year_of(day) for day in frame["own_start"].drop_nulls().unique()}
    own_year = frame["own_start"].replace_strict(days, default=None, return_dtype=pl.String)
    frame = frame.with_columns(own_year.alias("own_year"))
    frame = frame.with_columns(pl.coalesce("linked_year", "own_year", "class_year").alias("school_year"))
    known = [(year, *years.period(year)) for year in frame["school_year"].drop_nulls().unique()]
    periods = pl.DataFrame(
        known, schema={"school_year": pl.String, "year_start": pl.Date, "year_end": pl.Date}, orient="row"
    )
    frame = frame.join(periods, on="school_year", how="left", maintain_order="left")
    year_end = pl.when(pl.col("start_text").is_null()).then(pl.col("year_end"))
    end = pl.when(pl.col("end_text").is_null()).then(year_end).otherwise(pl.col("own_end"))
    return frame.with_columns(
        pl.when(pl.col("start_text").is_null())
        .then(pl.col("year_start"))
        .otherwise(pl.col("own_start"))
        .alias("start_date"),
        pl.min_horizontal(end, "ended_on").alias("end_date"),
    )


def _checked(frame: pl.DataFrame, output: Output) -> pl.DataFrame:
    for column, text, parsed in (
        ("start_date", "start_text", "own_start"),
        ("end_date", "end_text", "own_end"),
        ("end_date", "ended_text", "ended_on"),
    ):
        frame = readable(output, _TABLE, frame, column, text=text, parsed=parsed)
    frame = output.require(_TABLE, frame, "category", must_be_one_of(CATEGORIES), "category_link")
    return output.require(
        _TABLE, frame, "school_year", "has a skolear, a gyldighetsperiode or a klasse with a skolear"
    )


def _with_main_school(frame: pl.DataFrame) -> pl.DataFrame:
    """Where it is not stated, a student's only school of the year is the main one."""
    alone = pl.col("school_id").n_unique().over("student_key", "school_year") == 1
    return frame.with_columns(pl.coalesce("stated_main", alone).alias("main_school"))
