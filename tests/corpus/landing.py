"""Cases for the landing contract: a folder of CSV or Parquet files."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.contract import TABLES
from tests.corpus import cells
from tests.corpus.case import (
    ANYTHING,
    LANDED,
    NOT_CLEAN,
    QUARANTINED,
    READ,
    Case,
    Form,
)
from tests.corpus.good import events, roster, write_landing
from tests.corpus.judge import DASHED, NAME, NUMBER, SPACED
from tests.corpus.lines import SPOILED, LineMutation, cell_mutations, header_mutations, planted, row_mutations
from tests.corpus.places import manifests, places
from tests.corpus.textual import (
    TextFile,
    cut_cases,
    encoding_cases,
    foreign_cases,
    line_cases,
    line_end_cases,
    quote_cases,
)

CSV = Form("landing CSV", "landing", write_landing)
ABSENCE, LESSON, DECISION = (
    TextFile(CSV, f"{table}.csv", ",", alone=True) for table in ("absence", "lesson", "decision")
)
STAMPS: cells.Cells = {
    **dict.fromkeys(
        (
            *("2026-01-11T24:00:00Z", "2026-01-11T25:00:00Z", "2026-01-11T08:60:00Z", "2026-03-29T02:30:00"),
            *("2026-01-11", "0000-00-00T00:00:00Z", "10000-01-01T00:00:00Z", "1767958200", "kl. ni", "-1"),
            *("2026-01-11T08:00:00+99:00", "2026-01-11 08:00 Europe/Oslo", "46033.33", "=NOW()", "#REF!"),
        ),
        QUARANTINED,
    ),
    **dict.fromkeys(
        ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "1899-12-31T00:00:00Z"), NOT_CLEAN
    ),
    "2026-01-13T08:00:60Z": READ,
    "2026-01-13T09:00:00+01:00": READ,
}


def csv_cases() -> Iterator[Case]:
    yield from foreign_cases(ABSENCE)
    yield from encoding_cases(
        LESSON,
        {"byte-order mark": LANDED, "encoded twice": READ, "byte-order mark in the middle": READ},
    )
    yield from line_end_cases(ABSENCE)
    yield from cut_cases(LESSON, 7)
    yield from quote_cases(ABSENCE)
    yield from line_cases(ABSENCE, header_mutations("absence_date", "code"))
    yield from line_cases(ABSENCE, row_mutations("absence_id", "code", "M"))
    yield from line_cases(ABSENCE, cell_mutations("absence_date", cells.DATES, "date"))
    yield from line_cases(ABSENCE, cell_mutations("minutes", cells.WHOLE_NUMBERS, "minutes"))
    yield from line_cases(ABSENCE, cell_mutations("code", cells.CODES, "code"))
    yield from line_cases(ABSENCE, cell_mutations("on_certificate", cells.TRUTHS, "truth"))
    yield from line_cases(ABSENCE, cell_mutations("starts_at", STAMPS, "time"))
    yield from line_cases(ABSENCE, cell_mutations("absence_id", cells.IDENTIFIERS, "id"))
    yield from line_cases(LESSON, cell_mutations("cause", cells.TEXTS, "text"))
    yield from line_cases(DECISION, cell_mutations("hours", cells.DECIMALS, "hours"))
    yield from _planted()
    yield from _relations()
    yield from places(CSV, "absence.csv")
    yield from manifests(CSV)


def _planted() -> Iterator[Case]:
    """An identity number, as people write it, in every column of a row of every table."""
    for position, table in enumerate({**roster(), **events()}):
        number = (NUMBER, SPACED, DASHED)[position % 3]
        plant = LineMutation(planted(TABLES[table].columns(), number, 3), QUARANTINED, (3,))
        yield TextFile(CSV, f"{table}.csv", ",", alone=True).of_lines(
            "identity number in every column", plant
        )
    text = LineMutation(planted(["cause"], f"{NAME} {SPACED} var syk"), READ, (SPOILED,))
    yield LESSON.of_lines("name and identity number in a remark", text)
    wrong = LineMutation(planted(["status"], f"{NAME} {NUMBER}"), QUARANTINED, (SPOILED,))
    yield LESSON.of_lines("name and identity number in a code", wrong)


def _relations() -> Iterator[Case]:
    """References that lead nowhere, in circles, or to themselves."""

    def spoil(column: str, text: str) -> LineMutation:
        return LineMutation(planted([column], text), QUARANTINED, (SPOILED,))

    yield LESSON.of_lines("lesson that replaces itself", spoil("replaces_lesson_id", "l3"))
    yield LESSON.of_lines("ends before it starts", spoil("ends_at", "2026-01-01T08:00:00Z"))
    yield LESSON.of_lines("lasts for years", spoil("ends_at", "2031-01-01T08:00:00Z"))
    yield LESSON.of_lines("school that is not there", spoil("school_id", "9999"))
    yield ABSENCE.of_lines("lesson that is not there", spoil("lesson_id", "l999"))
    yield ABSENCE.of_lines("enrolment that is not there", spoil("enrolment_id", "e999"))
    circle = {"l1": "l2", "l2": "l3", "l3": "l1"}
    column = list(TABLES["lesson"].columns()).index("replaces_lesson_id")

    def in_a_circle(lines: list[list[str]]) -> list[list[str]]:
        return [
            [circle.get(row[0], value) if at == column else value for at, value in enumerate(row)]
            for row in lines
        ]

    yield LESSON.of_lines(
        "lessons that replace each other in a circle", LineMutation(in_a_circle, READ, (2, 3, 4))
    )
    shares = LineMutation(planted(["minutes"], "500"), QUARANTINED, (SPOILED,))
    yield TextFile(CSV, "lesson_subject.csv", ",").of_lines("shares beyond the lesson", shares)
    twice = TextFile(CSV, "student.csv", ",")
    yield twice.of_lines(
        "student of no county", LineMutation(planted(["county_number"], "x"), QUARANTINED, (SPOILED,))
    )
    yield twice.of_lines("students all gone", LineMutation(lambda lines: lines[:1], ANYTHING, None))
