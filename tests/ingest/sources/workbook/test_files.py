"""Files that are no workbook, or more than one: a clear message, bounded work, and the good ones land."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ingest.delivery import SourceError
from ingest.sources.workbook import limits
from ingest.sources.workbook.layout import bare_title
from ingest.sources.workbook.number_formats import look_of
from ingest.sources.workbook.xlsx import read_workbook
from tests.ingest.sources.workbook.filled import GOOD, Book, read, rows

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"


def _zip(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def _changed(source: Path, part: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "er tom"),
        (COMPOUND + b"\x00" * 600, "gammelt Excel-format"),
        (COMPOUND + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "beskyttet med passord"),
        (b"<html><table>", "ikke en Excel-arbeidsbok"),
        (b"PK\x03\x04 cut off", "skadet eller avkuttet"),
        (_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "Lagre den som .xlsx"),
        (_zip(xl__workbook_bin=b"x"), "skadet eller avkuttet"),
        (_zip(hello=b"x"), "skadet eller avkuttet"),
    ],
)
def test_what_is_no_workbook_is_told_with_what_to_do(tmp_path: Path, content: bytes, advice: str) -> None:
    file = tmp_path / "skjema.xlsx"
    file.write_bytes(content)
    found, problem = read(file)
    assert not found and problem.startswith("skjema.xlsx: ") and advice in problem


def test_a_workbook_cut_anywhere_is_told(tmp_path: Path) -> None:
    whole = Book(tmp_path).file.read_bytes()
    file = tmp_path / "kuttet.xlsx"
    for share in range(1, 10):
        file.write_bytes(whole[: len(whole) * share // 10])
        assert "kuttet.xlsx: " in read(file)[1]


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>',
        b"<worksheet><sheetData><row>",
        b'{"not": "xml"}',
        b"\x00\x01\x02",
    ],
)
def test_a_part_that_is_not_plain_xml_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "skjema.xlsx"
    file.write_bytes(_changed(Book(tmp_path, "hel.xlsx").file, SHEET, content))
    with pytest.raises(SourceError, match="skadet eller avkuttet"):
        read_workbook(file, "skjema.xlsx")


@pytest.mark.parametrize("blanks", [limits.PART_BYTES + 1, limits.UNPACKED_BYTES + 1])
def test_a_zip_bomb_is_refused(tmp_path: Path, blanks: int) -> None:
    file = tmp_path / "skjema.xlsx"
    file.write_bytes(_changed(Book(tmp_path, "hel.xlsx").file, SHEET, b"<worksheet>" + b" " * blanks))
    assert file.stat().st_size < 1_000_000
    with pytest.raises(SourceError, match="er for stor"):
        read_workbook(file, "skjema.xlsx")


def test_more_rows_or_columns_than_people_fill_in_are_refused(tmp_path: Path) -> None:
    for cell in (f"A{limits.ROWS + 1}", "ZZ1"):
        book = openpyxl.Workbook()
        book.active[cell] = "x"  # type: ignore[index]
        book.save(tmp_path / "stor.xlsx")
        with pytest.raises(SourceError, match="er for stor"):
            read_workbook(tmp_path / "stor.xlsx", "stor.xlsx")


def test_cells_without_references_and_texts_in_place_are_read(tmp_path: Path) -> None:
    content = (
        b'<worksheet><sheetData><row><c t="inlineStr"><is><t>A</t></is></c><c><v>2</v></c></row>'
        b'<row r="5"><c r="C5" t="b"><v>1</v></c><c t="str"><f>X()</f><v></v></c><c><f>Y()</f></c></row>'
        b"</sheetData></worksheet>"
    )
    file = tmp_path / "skjema.xlsx"
    file.write_bytes(_changed(Book(tmp_path, "hel.xlsx").file, SHEET, content))
    grid = read_workbook(file, "skjema.xlsx").grids[0]
    assert grid.rows[1][1].text == "A" and grid.rows[1][2].number == 2
    assert grid.rows[5][3].look == "truth" and 4 not in grid.rows[5] and grid.rows[5][5].look == "formula"


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("dd.mm.yyyy", "date"),
        ("[$-414]mmmm åååå", "date"),
        ("mmm-yy", "date"),
        ("hh:mm", "time"),
        ("[h]:mm", "time"),
        ("tt:mm", "time"),
        ("0 %", "percent"),
        ('0 "timer"', "number"),
        ("#,##0.00", "number"),
        ("General", "number"),
    ],
)
def test_how_a_format_shows_a_number(code: str, look: str) -> None:
    assert look_of(code) == look


@pytest.mark.parametrize(
    "name",
    ["gevinst 99", "Kopi av gevinst 99", "gevinst 99 (2)", "Copy of gevinst 99 (1)", "gevinst 99 - Kopi"],
)
def test_a_copy_is_the_same_file(name: str) -> None:
    assert bare_title(name) == "gevinst 99"


def test_several_files_are_deliveries_of_their_own_and_a_bad_one_keeps_out_itself_alone(
    tmp_path: Path,
) -> None:
    for school in ("990001", "990002"):
        book = Book(tmp_path, f"{school}.xlsx")
        book.fill("time_sample", [GOOD | {"school_id": school}])
        book.save()
    (tmp_path / "gammel.xls").write_bytes(COMPOUND)
    (tmp_path / "~$990001.xlsx").write_bytes(b"lock")
    (tmp_path / "notat.docx").write_bytes(b"x")
    found, problem = read(tmp_path)
    assert [(one.source, one.schools) for one in found] == [
        ("sheet:990001", {"990001"}),
        ("sheet:990002", {"990002"}),
    ]
    assert "gammel.xls: " in problem and "990001" not in problem


def test_a_workbook_of_other_things_says_what_was_expected(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Handleliste"  # type: ignore[index]
    book.save(tmp_path / "annet.xlsx")
    found, problem = read(tmp_path / "annet.xlsx")
    assert not found and "ingen av arkene er et skjema" in problem


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
def test_csv_forms_are_read_in_the_encodings_spreadsheets_save(tmp_path: Path, encoding: str) -> None:
    lines = [
        "Arbeidsprosess;Skole;Dato for målingen;Før eller etter innføring;Minutter per sak;Antall saker målt;"
        "Hvordan ble det målt",
        "WARN-SEND;Sør vgs;02.03.2026;før;ca. 15,5 min;3;Anslag",
        "WARN-SEND;Sør vgs;02.03.2026;før;15-20;3;Anslag",
        ";;;;;;",
    ]
    file = tmp_path / "Tidsmålinger fra Sør.csv"
    file.write_bytes("\r\n".join(lines).encode(encoding))
    (delivery,), problem = read(file)
    assert not problem
    (row,) = rows(delivery, "time_sample")
    assert row["school_id"] == "990002" and float(row["minutes_per_case"]) == 15.5
    assert delivery.remarks[0].startswith("Tidsmålinger fra Sør!E3: ")


def test_csv_that_is_none_is_told(tmp_path: Path) -> None:
    for content in (b"\x00\x01\x02", b"", b"a;b\r\n1;2\r\n"):
        (tmp_path / "skjema.csv").write_bytes(content)
        found, problem = read(tmp_path / "skjema.csv")
        assert not found and problem.startswith("skjema.csv: ")
