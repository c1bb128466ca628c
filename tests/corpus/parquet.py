"""Cases for the landing contract as Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

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
    nothing,
    rows,
    whole,
)
from tests.corpus.good import write_parquet
from tests.corpus.judge import NUMBER
from tests.corpus.places import folders, places

PARQUET = Form("landing Parquet", "landing", write_parquet)


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
