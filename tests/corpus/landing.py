"""Cases for the landing contract: a folder of CSV or Parquet files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from ingest.contract import TABLES
from tests.corpus import cells
from tests.corpus.case import (
    ANYTHING,
    LANDED,
    NOT_CLEAN,
    QUARANTINED,
    READ,
    REFUSED,
    Case,
    Form,
    Outcome,
    anything,
    nothing,
    rows,
    whole,
)
from tests.corpus.good import events, roster, write_landing, write_parquet
from tests.corpus.judge import DASHED, NAME, NUMBER, SPACED
from tests.corpus.lines import SPOILED, LineMutation, cell_mutations, header_mutations, planted, row_mutations
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
PARQUET = Form("landing Parquet", "landing", write_parquet)
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


def places(form: Form, name: str, *, alone: bool = True) -> Iterator[Case]:
    """What is wrong is not in the file but with it. `name` is a leaf file of the form's delivery."""

    def case(
        mutation: str,
        spoil: Callable[[Path], object],
        ends: frozenset[Outcome] = REFUSED,
        *,
        file: str | None = name,
        target: str | None = None,
    ) -> Case:
        return Case(form, mutation, spoil, ends, whole(name), file, target, alone=alone)

    suffix = Path(name).suffix

    def replaced_by(make: Callable[[Path], object]) -> Callable[[Path], None]:
        def spoil(folder: Path) -> None:
            (folder / name).unlink()
            make(folder / name)

        return spoil

    def moved(folder: Path) -> None:
        elsewhere = folder.parent / f"elsewhere{suffix}"
        shutil.move(folder / name, elsewhere)
        (folder / name).symlink_to(elsewhere)

    yield case("folder named as a file", replaced_by(Path.mkdir))
    yield case("link that leads nowhere", replaced_by(lambda file: file.symlink_to("nowhere")))
    yield case("link to itself", replaced_by(lambda file: file.symlink_to(file.name)))
    yield case("link to a device without end", replaced_by(lambda file: file.symlink_to("/dev/zero")))
    yield case("link to an empty device", replaced_by(lambda file: file.symlink_to("/dev/null")))
    yield case("pipe that nobody writes to", replaced_by(os.mkfifo))
    yield case("link to a file elsewhere", moved, LANDED)
    yield case("link to a folder", replaced_by(lambda file: file.symlink_to("/")), REFUSED)


def folders(form: Form, name: str) -> Iterator[Case]:
    """What is wrong is with the folder."""
    suffix = Path(name).suffix

    def emptied(folder: Path) -> None:
        shutil.rmtree(folder)
        folder.mkdir()

    def renamed(new: str) -> Callable[[Path], object]:
        return lambda folder: (folder / name).rename(folder / new)

    def named_in_bytes(folder: Path) -> None:
        shutil.copy(folder / name, os.fsencode(folder) + b"/abs\xe6nce" + suffix.encode())

    def case(
        mutation: str,
        spoil: Callable[[Path], object],
        ends: frozenset[Outcome],
        file: str | None = None,
        target: str | None = None,
    ) -> Case:
        return Case(form, mutation, spoil, ends, whole(name), file, target)

    yield case("folder that is not there", lambda folder: None, REFUSED, "borte", "borte")
    yield case("empty folder", emptied, REFUSED)
    yield case("a file in place of the folder", lambda folder: None, ANYTHING, name, name)
    yield case("file of an unknown name", renamed(f"fravaer{suffix}"), REFUSED, f"fravaer{suffix}")
    yield case("file name in capitals", renamed(name.upper()), ANYTHING, name.upper())
    yield case("file named by an identity number", renamed(f"{NUMBER}{suffix}"), REFUSED)
    yield case("file name with terminal codes", renamed(f"\x1b[31m\u202e{suffix}"), REFUSED)
    yield case("file name with a line break", renamed(f"to\nlinjer{suffix}"), REFUSED)
    yield case("file name that is no text", named_in_bytes, REFUSED)
    yield case(
        "note beside the tables",
        lambda folder: (folder / "les meg.txt").write_text("Hei"),
        ANYTHING,
        "les meg.txt",
    )
    yield case("hidden file", lambda folder: (folder / ".DS_Store").write_bytes(b"\x00"), LANDED)
    yield case("folder beside the tables", lambda folder: (folder / "gammelt").mkdir(), ANYTHING, "gammelt")


def manifests(form: Form) -> Iterator[Case]:
    """`delivery.json` itself."""
    stated = '{{"extracted_at": {}, "county_number": {}}}'
    when, county = '"2026-03-03T05:00:00+01:00"', '"99"'
    good_county = {
        "manifest: county as a number": ("99", READ),
        "manifest: county as a list": ('["99"]', ANYTHING),
        "manifest: county of three digits": ('"099"', ANYTHING),
        "manifest: county is an identity number": (f'"{NUMBER}"', ANYTHING),
    }
    texts: dict[str, tuple[str, frozenset[Outcome]]] = {
        "manifest: empty": ("", REFUSED),
        "manifest: not JSON": ("extracted_at: 2026-03-03", REFUSED),
        "manifest: a list": ("[]", REFUSED),
        "manifest: null": ("null", REFUSED),
        "manifest: nested 100,000 deep": ("[" * 100_000, REFUSED),
        "manifest: web page": ("<html></html>", REFUSED),
        "manifest: time without zone": (stated.format('"2026-03-03T05:00:00"', county), REFUSED),
        "manifest: no time": (stated.format('"i dag"', county), REFUSED),
        "manifest: time as a number": (stated.format("20260303", county), REFUSED),
        "manifest: a number of 5,000 digits": (stated.format("9" * 5000, county), REFUSED),
        "manifest: end of time": (stated.format('"9999-12-31T23:59:59-12:00"', county), ANYTHING),
        "manifest: before all time": (stated.format('"0001-01-01T00:00:00+12:00"', county), ANYTHING),
        "manifest: year 9999": (stated.format('"9999-06-01T00:00:00Z"', county), ANYTHING),
        "manifest: half a surrogate pair": (stated.format(when, r'"\ud800"'), ANYTHING),
        **{name: (stated.format(when, text), ends) for name, (text, ends) in good_county.items()},
    }
    for mutation, (text, ends) in texts.items():

        def spoil(folder: Path, text: str = text) -> None:
            (folder / "delivery.json").write_text(text, encoding="utf-8")

        yield Case(form, mutation, spoil, ends, anything, "delivery.json")
    yield Case(
        form,
        "manifest: in UTF-16",
        lambda folder: (folder / "delivery.json").write_bytes("{}".encode("utf-16")),
        REFUSED,
        anything,
        "delivery.json",
    )
    yield Case(
        form,
        "manifest: a folder",
        lambda folder: ((folder / "delivery.json").unlink(), (folder / "delivery.json").mkdir()),
        ANYTHING,
        anything,
        "delivery.json",
    )


def parquet_cases() -> Iterator[Case]:
    name = "absence.parquet"

    def binary(mutation: str, change: Callable[[bytes], bytes], ends: frozenset[Outcome] = REFUSED) -> Case:
        def spoil(folder: Path) -> None:
            (folder / name).write_bytes(change((folder / name).read_bytes()))

        return Case(PARQUET, mutation, spoil, ends, whole(name), name, alone=True)

    def framed(
        mutation: str,
        change: Callable[[pl.DataFrame], pl.DataFrame],
        ends: frozenset[Outcome],
        hurts: tuple[int, ...] | None = (),
    ) -> Case:
        def spoil(folder: Path) -> None:
            change(pl.read_parquet(folder / name)).write_parquet(folder / name)

        harmed = whole(name) if hurts is None else rows(name, hurts)
        return Case(PARQUET, mutation, spoil, ends, harmed, name, alone=True)

    yield binary("empty file", lambda content: b"")
    yield binary("only the magic", lambda content: b"PAR1")
    yield binary("magic twice", lambda content: b"PAR1PAR1")
    yield binary("cut at half", lambda content: content[: len(content) // 2])
    yield binary("last byte missing", lambda content: content[:-1])
    yield binary("first bytes missing", lambda content: content[8:])
    yield binary("footer length beyond the file", lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1")
    yield binary("footer length zero", lambda content: content[:-8] + b"\x00\x00\x00\x00PAR1")
    yield binary("footer of noise", lambda content: content[:-200] + bytes(range(192)) + content[-8:])
    yield binary("data of noise", lambda content: content[:4] + bytes(200) + content[204:], NOT_CLEAN)
    yield binary("a CSV named as Parquet", lambda content: b"absence_id,enrolment_id\na1,e1\n")
    yield binary("encrypted footer", lambda content: content[:-4] + b"PARE")
    for share in (20, 40, 60, 80):
        yield binary(
            f"bit flipped at {share} %",
            lambda content, share=share: _flipped(content, len(content) * share // 100),  # type: ignore[misc]
            ANYTHING,
        )
    date, text = pl.col("absence_date"), pl.col("absence_id")
    every = tuple(range(1, 7))
    yield framed("no rows", lambda frame: frame.clear(), ANYTHING, None)
    yield framed("no columns", lambda frame: frame.select(), REFUSED, None)
    yield framed("dates as dates", lambda frame: frame.with_columns(date.str.to_date()), LANDED)
    yield framed(
        "dates as times of day",
        lambda frame: frame.with_columns(date.str.to_date().cast(pl.Datetime("ns"))),
        READ,
        every,
    )
    yield framed(
        "dates as numbers",
        lambda frame: frame.with_columns(pl.lit(20_000).alias("absence_date")),
        READ,
        every,
    )
    yield framed(
        "dates as fractions", lambda frame: frame.with_columns(pl.lit(0.5).alias("absence_date")), READ, every
    )
    yield framed(
        "dates as truth", lambda frame: frame.with_columns(pl.lit(True).alias("absence_date")), READ, every
    )
    yield framed(
        "ids as numbers", lambda frame: frame.with_columns(text.str.slice(1).cast(pl.Int64)), READ, every
    )
    yield framed(
        "ids as bytes", lambda frame: frame.with_columns(text.cast(pl.Binary)), READ | REFUSED, every
    )
    yield framed(
        "ids as bytes that are no text",
        lambda frame: frame.with_columns(pl.lit(b"\xff\xfe").alias("absence_id")),
        NOT_CLEAN,
        every,
    )
    yield framed("ids as lists", lambda frame: frame.with_columns(pl.concat_list(text)), NOT_CLEAN, every)
    yield framed(
        "ids as structures",
        lambda frame: frame.with_columns(pl.struct(text).alias("absence_id")),
        NOT_CLEAN,
        every,
    )
    yield framed(
        "optional column of structures",
        lambda frame: frame.with_columns(pl.struct(text).alias("subject_code")),
        NOT_CLEAN,
        every,
    )
    yield framed("ids as categories", lambda frame: frame.with_columns(text.cast(pl.Categorical)), LANDED)
    yield framed(
        "ids as nothing",
        lambda frame: frame.with_columns(pl.lit(None).alias("absence_id")),
        QUARANTINED,
        every,
    )
    yield framed(
        "minutes as fractions", lambda frame: frame.with_columns(pl.lit(30.5).alias("minutes")), READ, every
    )
    yield framed(
        "minutes not a number",
        lambda frame: frame.with_columns(pl.lit(float("nan")).alias("minutes")),
        READ,
        every,
    )
    yield framed(
        "minutes without end",
        lambda frame: frame.with_columns(pl.lit(float("inf")).alias("minutes")),
        READ,
        every,
    )
    yield framed(
        "minutes unsigned and huge",
        lambda frame: frame.with_columns(pl.lit(2**64 - 1, pl.UInt64).alias("minutes")),
        QUARANTINED,
        every,
    )
    yield framed(
        "minutes as a span",
        lambda frame: frame.with_columns(pl.duration(minutes=30).alias("minutes")),
        NOT_CLEAN,
        every,
    )
    yield framed(
        "times without zone",
        lambda frame: frame.with_columns(pl.col("starts_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ")),
        QUARANTINED,
        every,
    )
    yield framed(
        "times of another zone",
        lambda frame: frame.with_columns(
            pl.col("starts_at", "ends_at")
            .str.to_datetime("%Y-%m-%dT%H:%M:%SZ")
            .dt.replace_time_zone("UTC")
            .dt.convert_time_zone("America/New_York")
        ),
        LANDED,
    )
    yield framed(
        "times as clock", lambda frame: frame.with_columns(pl.time(8).alias("starts_at")), NOT_CLEAN, every
    )
    yield framed("column unknown", lambda frame: frame.with_columns(x=pl.lit(1)), REFUSED, None)
    yield framed("column missing", lambda frame: frame.drop("code"), REFUSED, None)
    yield framed("column renamed", lambda frame: frame.rename({"code": "kode"}), REFUSED, None)
    yield framed("columns in capitals", lambda frame: frame.rename(str.upper), REFUSED, None)
    yield framed(
        "two columns exchanged",
        lambda frame: frame.rename({"code": "absence_date", "absence_date": "code"}),
        NOT_CLEAN,
        None,
    )
    yield framed(
        "column named as the origin", lambda frame: frame.with_columns(source_row=pl.lit("x")), REFUSED, None
    )
    yield framed("rows twice", lambda frame: pl.concat([frame, frame]), LANDED)
    yield framed(
        "rows that contradict",
        lambda frame: pl.concat([frame, frame.head(1).with_columns(code=pl.lit("M"))]),
        QUARANTINED,
    )
    yield framed(
        "identity numbers in every text",
        lambda frame: frame.with_columns(
            pl.when(pl.int_range(pl.len()) == 2).then(pl.lit(NUMBER)).otherwise(pl.col(pl.String)).name.keep()
        ),
        QUARANTINED,
        (3,),
    )
    yield framed(
        "identity numbers as numbers",
        lambda frame: frame.with_columns(pl.lit(int(NUMBER)).alias("absence_id")),
        QUARANTINED,
        every,
    )
    yield framed(
        "letters without meaning",
        lambda frame: frame.with_columns(
            pl.when(pl.int_range(pl.len()) == 2)
            .then(pl.lit("\u202e\x00\x1b[31m"))
            .otherwise(text)
            .alias("absence_id")
        ),
        ANYTHING,
        (3,),
    )
    yield from places(PARQUET, name)
    yield from folders(PARQUET, name)
    yield Case(
        PARQUET,
        "the same table as CSV too",
        lambda folder: (folder / "absence.csv").write_text("absence_id\n"),
        REFUSED,
        nothing,
        "absence",
    )


def _flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]
