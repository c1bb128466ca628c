"""Reports are read by profile, however their system writes them; what cannot be read is said."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest.contract import TABLES
from ingest.delivery import Delivery, SourceError
from ingest.sources import report
from ingest.sources.profile import load_profile, shipped_profiles
from tests.ingest.sources.hal import NUMBER, PSEUDONYMS, everything_told, identity_numbers

REGISTER = (
    "Time-ID;Skolenr;Dato;Start;Slutt;Grupper;Status;Dekning;Erstatter time-ID;Fagkode;Årsak;Fagfordeling"
)
LESSON = (
    "T1;1579;01.09.2025;08:15;09:00;G1|G2;holdt;slått sammen;;NOR1260;Lærer på kurs;NOR1260=20|ENG1007=25"
)
DECISION = "Vedtaks-ID;Elevforhold-ID;Fagkode;Type;Timer;Gyldig fra;Gyldig til;Vedtaksdato"
ABSENCE = "Fraværs-ID;Elevforhold-ID;Gruppe-ID;Time-ID;Fagkode;Dato;Fra;Til;Minutter;Kode;På vitnemål"


def write(folder: Path, name: str, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    file = folder / name
    file.write_bytes((end.join(lines) + end).encode(encoding))
    return file


def read(file: Path, **options: Any) -> Delivery:
    return report.read(file, pseudonyms=PSEUDONYMS, **options)


def only(delivery: Delivery, table: str) -> dict[str, Any]:
    [row] = delivery.rows(table).to_dicts()
    return row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_register_reads_the_same_in_every_dress(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    lines = [line.replace(";", separator) for line in (REGISTER, LESSON)]
    delivery = read(write(tmp_path, "timeregister-1579.csv", *lines, encoding=encoding, end=end))
    assert delivery.source == "report:lesson_register"
    assert delivery.schools == {"1579"}
    assert delivery.rejections == []
    lesson = only(delivery, "lesson")
    assert lesson["starts_at"] == datetime(2025, 9, 1, 6, 15, tzinfo=UTC)
    assert (lesson["status"], lesson["cover"], lesson["cause"]) == ("held", "merged", "Lærer på kurs")
    assert lesson["source_row"] == 2
    assert delivery.rows("lesson_group")["group_id"].to_list() == ["G1", "G2"]
    assert delivery.rows("lesson_subject").select("subject_code", "minutes").rows() == [
        ("NOR1260", 20),
        ("ENG1007", 25),
    ]


def test_the_hour_that_autumn_repeats_is_its_first_and_springs_lost_hour_is_none(tmp_path: Path) -> None:
    twice = "T1;1579;26.10.2025;02:30;03:30;G1;holdt;;;;;"
    never = "T2;1579;29.03.2026;02:30;03:30;G1;holdt;;;;;"
    delivery = read(write(tmp_path, "timeregister.csv", REGISTER, twice, never))
    assert only(delivery, "lesson")["starts_at"] == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert [(one.source_row, one.column) for one in delivery.rejections] == [(3, "starts_at")]


@pytest.mark.parametrize(
    ("text", "hours"),
    [("12,5", "12.5"), ("12.5", "12.5"), ("1 234,5", "1234.5"), ("1.234,5", "1234.5"), ("56", "56")],
)
def test_decimal_commas_and_thousands(tmp_path: Path, text: str, hours: str) -> None:
    row = f"V1;E1;NOR1260;iop;{text};1.9.2025;;2025-08-20"
    decision = only(read(write(tmp_path, "vedtak.csv", DECISION, row)), "decision")
    assert decision["hours"] == Decimal(hours)
    assert (decision["kind"], decision["valid_from"]) == ("individual_plan", date(2025, 9, 1))
    assert (decision["valid_to"], decision["decided_on"]) == (None, date(2025, 8, 20))


@pytest.mark.parametrize(
    ("word", "meaning"), [("Ja", True), ("NEI", False), ("true", True), ("0", False), ("", None)]
)
def test_norwegian_truth(tmp_path: Path, word: str, meaning: bool | None) -> None:
    row = f"A1;E1;G1;;;02.09.25;;;45;§;{word}"
    absence = only(read(write(tmp_path, "fravaer.csv", ABSENCE, row)), "absence")
    assert (absence["on_certificate"], absence["code"]) == (meaning, "§")
    assert (absence["absence_date"], absence["minutes"]) == (date(2025, 9, 2), 45)
    assert (absence["starts_at"], absence["ends_at"]) == (None, None)


def test_every_bad_cell_is_rejected_with_line_column_rule_and_value(tmp_path: Path) -> None:
    rows = [
        "A1;E1;G1;;;02.09.2025;;;45;X;Ja",
        "",
        "A2;E1;G1;;;i går;;;45;X;Ja",
        "A3;E1;G1;;;02.09.2025;;;førti;X;Ja",
        "A4;E1;G1;;;02.09.2025;;;45;Z;Ja",
        "A5;E1;G1;;;02.09.2025;25:00;26:00;;X;Ja",
        "A6;E1;G1;;;02.09.2025;;;45;X;kanskje",
        "A7;E1;G1;;;02.09.2025",
        "A8;E1;G1;;;02.09.2025;;;45;X;Ja;mer",
        "A9;E1;G1;;;02.09.2025;;;45;X;Ja;;",
    ]
    delivery = read(write(tmp_path, "fravaer.csv", ABSENCE, *rows))
    assert delivery.rows("absence").select("absence_id", "source_row").rows() == [("A1", 2), ("A9", 11)]
    told = sorted((one.source_row, one.column, one.value) for one in delivery.rejections)
    assert told == [
        (4, "absence_date", "i går"),
        (5, "minutes", "førti"),
        (6, "code", "Z"),
        (7, "starts_at", "02.09.2025 25:00"),
        (8, "on_certificate", "kanskje"),
        (9, None, "6 fields"),
        (10, None, "12 fields"),
    ]
    assert all(one.rule and one.source_file == "fravaer.csv" for one in delivery.rejections)


def test_titles_blank_lines_totals_and_notes_are_passed_over_and_counted(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "timeregister.csv",
        "Timeregister for Prøve vgs",
        "",
        REGISTER,
        LESSON,
        ";;;;;;;;;;;",
        LESSON.replace("T1", "T2"),
        "Sum;;;45;;;;;;;;",
        "Antall rader: 2",
        "Dette er en merknad fra skolen",
    )
    delivery = read(file)
    assert delivery.rows("lesson")["source_row"].to_list() == [4, 6]
    assert delivery.unread == {"timeregister.csv": 3}
    assert delivery.rejections == []


def test_quoted_fields_may_hold_separators_and_line_breaks(tmp_path: Path) -> None:
    row = LESSON.replace("Lærer på kurs", '"Kurs; ""hele"" dagen\nog kvelden"')
    delivery = read(write(tmp_path, "timeregister.csv", REGISTER, row, LESSON.replace("T1", "T2")))
    assert delivery.rows("lesson")["source_row"].to_list() == [2, 4]
    assert delivery.rows("lesson")["cause"][0] == 'Kurs; "hele" dagen\nog kvelden'


def test_a_file_without_its_columns_lands_nothing_and_says_what_was_expected(tmp_path: Path) -> None:
    file = write(tmp_path, "timeregister.csv", REGISTER.replace("Status", "Tilstand"), LESSON)
    with pytest.raises(SourceError, match=r"lacks Status; .*Expected the columns .*Found .*tilstand"):
        read(file)


def test_a_file_without_a_header_does_not_tell_its_rows(tmp_path: Path) -> None:
    file = write(tmp_path, "fravaer.csv", f"Kari Nordmann;{NUMBER};G1")
    with pytest.raises(SourceError) as problem:
        read(file)
    assert "nordmann" not in str(problem.value).casefold()
    assert identity_numbers(str(problem.value)) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{REGISTER}\n{LESSON}\n{LESSON[:40]}".encode(), "cut off"),
        (f'{REGISTER}\n{LESSON}\n"T2;1579'.encode(), "quotation mark is not closed"),
        (b"", "is empty"),
        (b"\x00\x01\x02\x00", "is not text"),
    ],
)
def test_a_broken_file_lands_nothing(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "timeregister.csv"
    file.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        read(file)


def test_excel_reads_like_csv(tmp_path: Path) -> None:
    file = tmp_path / "timeregister.xlsx"
    book = xlsxwriter.Workbook(str(file))
    book.add_worksheet("Om rapporten").write(0, 0, "Timeregister")
    sheet = book.add_worksheet("Timer")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    clock = book.add_format({"num_format": "hh:mm"})
    sheet.write_row(2, 0, REGISTER.split(";"))
    sheet.write_row(3, 0, LESSON.split(";"))
    sheet.write_number(3, 1, 1579)
    sheet.write_datetime(3, 2, datetime(2025, 9, 1), day)  # noqa: DTZ001
    sheet.write_datetime(3, 3, datetime(1899, 12, 31, 8, 15), clock)  # noqa: DTZ001
    sheet.write(5, 0, "Sum")
    book.close()
    delivery = read(file)
    lesson = only(delivery, "lesson")
    assert (lesson["school_id"], lesson["source_row"]) == ("1579", 4)
    assert lesson["starts_at"] == datetime(2025, 9, 1, 6, 15, tzinfo=UTC)
    assert delivery.unread == {"timeregister.xlsx": 1}


def test_what_is_no_excel_file_says_so(tmp_path: Path) -> None:
    file = write(tmp_path, "timeregister.xlsx", REGISTER)
    with pytest.raises(SourceError, match="cannot be read as Excel"):
        read(file)


def test_teachers_are_pseudonyms_and_identity_numbers_hide(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    header = "Time-ID;Skolenr;Dato;Start;Slutt;Grupper;Lærer-ID"
    rows = [
        f"T1;1579;01.09.2025;08:15;09:00;G{NUMBER};{NUMBER}",
        f"T2;1579;{NUMBER};08:15;09:00;G{NUMBER};lærer-7",
    ]
    delivery = read(write(tmp_path, "timeplan.csv", header, *rows))
    assert delivery.rows("lesson_teacher")["teacher_key"].to_list() == [
        PSEUDONYMS.staff(NUMBER),
        PSEUDONYMS.staff("larer-id:lærer-7"),
    ]
    assert len(delivery.rejections) == 1
    assert identity_numbers(everything_told(delivery) + caplog.text) == []


def test_a_folder_is_one_delivery_per_profile_in_landing_order(tmp_path: Path) -> None:
    (tmp_path / "delivery.json").write_text(
        '{"extracted_at": "2026-03-02T05:00:00+01:00", "county_number": "99", "synthetic": true}'
    )
    write(tmp_path, "vedtak.csv", DECISION, "V1;E1;;fritak;;01.08.2025;;01.08.2025", encoding="cp1252")
    write(tmp_path, "timeregister-a.csv", REGISTER, LESSON)
    write(tmp_path, "timeregister-b.csv", REGISTER, LESSON.replace("T1", "T2").replace("1579", "1580"))
    write(tmp_path, "skolerute.csv", "Fylkenr;Skolenr;Dato;Type", "99;*;06.10.2025;fri")
    write(tmp_path, "eksamen.csv", "Elevforhold-ID;Fra;Til;Type", "E1;20.05.2026;21.05.2026;forberedelse")
    write(tmp_path, "notat.txt", "Hei")
    deliveries = list(report.read_all(tmp_path, pseudonyms=PSEUDONYMS))
    assert [one.source for one in deliveries] == [
        "report:school_day",
        "report:lesson_register",
        "report:exam_period",
        "report:decision",
    ]
    assert deliveries[1].schools == {"1579", "1580"}
    assert deliveries[1].files == ["timeregister-a.csv", "timeregister-b.csv"]
    assert all(one.county_number == "99" and one.synthetic for one in deliveries)
    assert deliveries[0].unread == {"notat.txt": 0}


def test_an_unusable_report_keeps_out_its_own_kind_alone(tmp_path: Path) -> None:
    write(tmp_path, "timeregister-a.csv", REGISTER, LESSON)
    write(tmp_path, "timeregister-b.csv", "Time-ID;Noe", "T2;x")
    write(tmp_path, "vedtak.csv", DECISION, "V1;E1;;fritak;;01.08.2025;;01.08.2025")
    deliveries = report.read_all(tmp_path, pseudonyms=PSEUDONYMS)
    assert next(deliveries).source == "report:decision"
    with pytest.raises(SourceError, match=re.escape("timeregister-b.csv: lacks Skolenr")):
        next(deliveries)


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    profile = tmp_path / "egen.toml"
    profile.write_text(
        """
name = "decision"
files = ["beslutninger*"]
[formats]
dates = ["%Y/%m/%d"]
decimal = "."
[[tables]]
table = "decision"
[tables.columns]
decision_id = { from = ["Nr", "Nummer"] }
enrolment_id = "Elev"
kind = { value = "exempt" }
hours = { from = "Timer", may_be_missing = true }
valid_from = "Fra"
decided_on = "Fra"
"""
    )
    file = write(tmp_path, "hva som helst.csv", "NUMMER,Elev,Fra", "1,E1,2025/08/01")
    decision = only(read(file, profile=profile), "decision")
    assert (decision["decision_id"], decision["kind"], decision["hours"]) == ("1", "exempt", None)
    named = file.rename(tmp_path / "Beslutninger 2025.csv")
    [delivery] = report.read_all(tmp_path, pseudonyms=PSEUDONYMS, profiles=[profile])
    assert delivery.files == [named.name]


@pytest.mark.parametrize(
    "text",
    [
        "navn = 3",
        'name = "x"\nfiles = []\n[[tables]]\ntable = "finnes_ikke"\n[tables.columns]',
        'name = "x"\nfiles = []\n[[tables]]\ntable = "decision"\n[tables.columns]\nnoe = "X"',
    ],
)
def test_a_profile_that_cannot_be_used_says_why(tmp_path: Path, text: str) -> None:
    file = tmp_path / "profil.toml"
    file.write_text(text)
    with pytest.raises(SourceError, match=r"profil\.toml"):
        load_profile(file)


def test_every_shipped_profile_fills_what_its_tables_require() -> None:
    for profile in shipped_profiles():
        for mapping in profile.tables:
            columns = TABLES[mapping.table].columns()
            required = {name for name, column in columns.items() if not column.nullable}
            assert required <= set(mapping.columns), (profile.name, mapping.table)
