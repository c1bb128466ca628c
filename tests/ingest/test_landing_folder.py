"""A folder of contract tables, as a county's own pipeline delivers it."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingest.delivery import Delivery, SourceError
from ingest.identity import Pseudonyms
from ingest.landing import land
from ingest.sources.landing_folder import read
from tests.ingest.county import Rows, county, frame

PSEUDONYMS = Pseudonyms(b"a key for tests")
STUDENTS = "student_key,county_number\n"


def write(folder: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for table, listed in rows.items():
        with (folder / f"{table}.csv").open("w", newline="", encoding=encoding) as handle:
            writer = csv.DictWriter(handle, list(listed[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(listed)
    return folder


def read_text(folder: Path, text: str | bytes, name: str = "student.csv") -> Delivery:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(folder, pseudonyms=PSEUDONYMS)


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig")])
def test_every_table_is_read_with_keys_as_they_are(tmp_path: Path, delimiter: str, encoding: str) -> None:
    delivery = read(write(tmp_path / "d", county(), delimiter, encoding), pseudonyms=PSEUDONYMS)
    assert set(delivery.parts) == set(county())
    assert delivery.rows("student")["student_key"].to_list() == ["s1", "s2"]
    assert delivery.rows("lesson")["source_row"].to_list() == [2, 3, 4, 5]


def test_parquet_is_read_like_csv(tmp_path: Path) -> None:
    students = frame("student", county()["student"]).drop("source_file", "source_row")
    students.write_parquet(tmp_path / "student.parquet")
    delivery = read(tmp_path, pseudonyms=PSEUDONYMS)
    assert delivery.rows("student")["source_row"].to_list() == [1, 2]


def test_an_empty_field_is_null_and_quotes_hold_delimiters(tmp_path: Path) -> None:
    text = 'release,supplier_date,notes\n"1,0",2026-01-08,\n2,2026-01-09,""\n'
    found = read_text(tmp_path, text, "release.csv").rows("release")
    assert found["release"].to_list() == ["1,0", "2"]
    assert found["notes"].to_list() == [None, None]


def test_ragged_rows_are_told_with_their_true_line(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    text = STUDENTS + "s1,99\n\ns2\ns3,99,extra\ns4,99\ns5"
    land(warehouse, read_text(tmp_path / "delivery", text))
    landed = warehouse.execute("SELECT student_key, source_row FROM landing.student ORDER BY ALL").fetchall()
    assert landed == [("s1", 2), ("s4", 6)]
    told = warehouse.execute("SELECT source_row, rule, value FROM landing.quarantine ORDER BY ALL").fetchall()
    assert told == [
        (4, "must have 2 fields", "1 fields"),
        (5, "must have 2 fields", "3 fields"),
        (7, "must have 2 fields", "1 fields"),
    ]


def test_a_line_break_inside_quotes_does_not_shift_the_lines_after_it(tmp_path: Path) -> None:
    text = 'release,supplier_date,notes\n1,2026-01-08,"two\nlines"\n2,2026-01-09,one\n'
    found = read_text(tmp_path, text, "release.csv").rows("release")
    assert found.select("release", "source_row").rows() == [("1", 2), ("2", 4)]


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("elever.csv", STUDENTS, r"elever.csv: not a landing table. Expected .*student"),
        ("student.xlsx", STUDENTS, "student.xlsx: not a landing table"),
        (
            "student.csv",
            "student_key\ns1\n",
            "column county_number is missing. Expected the columns student_key",
        ),
        ("student.csv", "student_key,county_number,navn\n", "column navn is not known"),
        ("student.csv", "student_key,student_key,county_number\n", "stands twice"),
        ("student.csv", "", "student.csv: is empty"),
        ("student.csv", (STUDENTS + "sæ,99\n").encode("cp1252"), "is not UTF-8"),
        ("student.parquet", "no parquet", "not a readable Parquet file"),
    ],
)
def test_a_bad_file_says_what_was_expected(
    tmp_path: Path, name: str, text: str | bytes, complaint: str
) -> None:
    with pytest.raises(SourceError, match=complaint):
        read_text(tmp_path, text, name)


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    delivery = read_text(tmp_path / "delivery", STUDENTS + 's1,99\n"s2,99\n')
    with pytest.raises(SourceError, match=r"line 3: a quotation mark .* never closed"):
        land(warehouse, delivery)
    assert warehouse.execute("SELECT count(*) FROM landing.batch").fetchall() == [(0,)]


def test_a_file_without_a_header_line_is_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as stopped:
        read_text(tmp_path, "13097248022 Kari Nordmann,99\n")
    assert "student_key, county_number" in str(stopped.value)
    assert "Kari" not in str(stopped.value)


def test_every_bad_file_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "school.csv").write_text("navn\n")
    with pytest.raises(SourceError, match=r"school.csv(.|\n)*student.csv"):
        read_text(tmp_path, "navn\n")


def test_the_folder_says_when_it_was_extracted_and_that_it_is_invented(tmp_path: Path) -> None:
    stated = '{"extracted_at": "2026-03-02T05:00:00+01:00", "county_number": "99", "synthetic": true}'
    (tmp_path / "delivery.json").write_text(stated)
    delivery = read_text(tmp_path, STUDENTS)
    assert delivery.extracted_at.isoformat() == "2026-03-02T04:00:00+00:00"
    assert (delivery.county_number, delivery.synthetic) == ("99", True)


def test_a_time_of_extraction_without_a_zone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "delivery.json").write_text('{"extracted_at": "2026-03-02T05:00:00"}')
    with pytest.raises(SourceError, match="no time zone"):
        read_text(tmp_path, STUDENTS)


def test_typed_parquet_columns_need_no_text(tmp_path: Path) -> None:
    typed = frame("lesson_subject", county()["lesson_subject"]).drop("source_file", "source_row")
    typed.with_columns(pl.col("minutes").cast(pl.Int32)).write_parquet(tmp_path / "lesson_subject.parquet")
    assert read(tmp_path, pseudonyms=PSEUDONYMS).rows("lesson_subject")["minutes"].dtype == pl.Int32
