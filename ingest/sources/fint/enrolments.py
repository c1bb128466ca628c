"""Elevforhold: one student at one school in one school year."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.school_year import school_year_of
from ingest.sources.fint.checks import readable, require_link
from ingest.sources.fint.codes import CATEGORIES, CodeList, must_be_one_of
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.links import Index, Resolver, first, shown
from ingest.sources.fint.models import Enrolment
from ingest.sources.fint.people import Students
from ingest.sources.fint.placement import Placement
from ingest.sources.fint.schools import Schools
from ingest.sources.fint.times import local_dates
from ingest.sources.fint.years import SchoolYears
from ingest.sources.output import Output


@dataclass
class Enrolments:
    """What the resources that hang on an enrolment need to know of it."""

    enrolment_id: Resolver
    entries: list[tuple[str, int, Enrolment]]
    frame: pl.DataFrame

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
    index: Index[Enrolment] = Index()
    entries: list[tuple[str, int, Enrolment]] = []
    for batch in dump.batches("elevforhold", Enrolment, "enrolment"):
        for row, entry in batch:
            index.add([("systemid", entry.system_id)], entry)
            entries.append((batch.file, row, entry))
    enrolment_id = Resolver(index, lambda entry: entry.system_id.value)
    placement = Placement(dump, enrolment_id, years)
    known = _Known(students, schools, years, placement, CodeList(dump, "elevkategori"))
    frame = _with_main_school(_checked(_dated(_raw(entries, known), years), output))
    output.add("enrolment", frame)
    return Enrolments(enrolment_id, entries, frame)


@dataclass(frozen=True)
class _Known:
    """What an enrolment's links lead to."""

    students: Students
    schools: Schools
    years: SchoolYears
    placement: Placement
    categories: CodeList


def _raw(entries: list[tuple[str, int, Enrolment]], known: _Known) -> pl.DataFrame:
    """One row per entry with links resolved; dates are still text."""
    student_key = Resolver(known.students.index, lambda student: student.key, passes_on=None)
    school_id = Resolver(known.schools.index, lambda school: school.school_id, passes_on="skolenummer")
    rows: list[dict[str, object]] = []
    for file, row, entry in entries:
        identity, links = entry.system_id.value, entry.links
        school_class = known.placement.school_class(identity, entry)
        area = known.placement.programme_area(identity, entry)
        category = first(links.category)
        rows.append(
            {
                "source_file": file,
                "source_row": row,
                "enrolment_id": identity,
                "student_key": student_key[first(links.student)],
                "student_link": first(links.student),
                "school_id": school_id[first(links.school)],
                "school_link": first(links.school),
                "linked_year": known.years.of_link(first(links.school_year)),
                "class_year": school_class.school_year if school_class else None,
                "programme_area_code": area.code if area else None,
                "level": (school_class.level if school_class else None) or (area.level if area else None),
                "category": known.categories.translated(category, CATEGORIES) if category else "full_time",
                "category_link": shown(category),
                "stated_main": entry.main_school,
                "start_text": entry.period.start if entry.period else None,
                "end_text": entry.period.end if entry.period else None,
                "ended_text": entry.ended_on,
            }
        )
    return pl.DataFrame(rows, schema=_RAW, orient="row")


_RAW = {
    "source_file": pl.String,
    "source_row": pl.Int64,
    **dict.fromkeys(("enrolment_id", "student_key", "student_link", "school_id", "school_link"), pl.String),
    **dict.fromkeys(("linked_year", "class_year", "programme_area_code", "level", "category"), pl.String),
    "category_link": pl.String,
    "stated_main": pl.Boolean,
    **dict.fromkeys(("start_text", "end_text", "ended_text"), pl.String),
}


def _dated(raw: pl.DataFrame, years: SchoolYears) -> pl.DataFrame:
    """School year, first and last day; where no period is given, the school year's own."""
    frame = raw.with_columns(
        local_dates(raw["start_text"]).alias("own_start"),
        local_dates(raw["end_text"]).alias("own_end"),
        local_dates(raw["ended_text"]).alias("ended_on"),
    )
    own_year = pl.Series([day and school_year_of(day) for day in frame["own_start"]], dtype=pl.String)
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
        frame = readable(output, "enrolment", frame, column, text=text, parsed=parsed)
    frame = require_link(output, "enrolment", frame, "student_key", target="elev", link="student_link")
    frame = require_link(output, "enrolment", frame, "school_id", target="skole", link="school_link")
    frame = output.require("enrolment", frame, "category", must_be_one_of(CATEGORIES), "category_link")
    return output.require(
        "enrolment", frame, "school_year", "has a skolear, a gyldighetsperiode or a klasse with a skolear"
    )


def _with_main_school(frame: pl.DataFrame) -> pl.DataFrame:
    """Where it is not stated, a student's only school of the year is the main one."""
    alone = pl.col("school_id").n_unique().over("student_key", "school_year") == 1
    return frame.with_columns(pl.coalesce("stated_main", alone).alias("main_school"))


def with_membership_dates(
    frame: pl.DataFrame, enrolments: Enrolments, output: Output, table: str
) -> pl.DataFrame:
    """First and last day from the membership's period, else from its enrolment's.

    Expects `start_text` and `end_text`; adds `start_date` and `end_date`.
    """
    frame = frame.with_columns(
        local_dates(frame["start_text"]).alias("own_start"), local_dates(frame["end_text"]).alias("own_end")
    )
    for text, parsed in (("start_text", "own_start"), ("end_text", "own_end")):
        frame = readable(output, table, frame, text.replace("text", "date"), text=text, parsed=parsed)
    frame = frame.join(enrolments.periods(), on="enrolment_id", how="left", maintain_order="left")
    no_period = pl.col("start_text").is_null() & pl.col("end_text").is_null()
    frame = frame.with_columns(
        pl.coalesce("own_start", "enrolment_start").alias("start_date"),
        pl.when(no_period).then("enrolment_end").otherwise("own_end").alias("end_date"),
    )
    return output.require(
        table, frame, "start_date", "has a gyldighetsperiode, or an elevforhold in the delivery"
    )
