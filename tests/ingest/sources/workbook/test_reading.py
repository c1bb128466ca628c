"""What people do to the workbook: it is read all the same, or the cell is pointed at."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.identity import identifier
from tests.ingest.sources.workbook.filled import FIRST, GOOD, PSEUDONYMS, Book, read, rows, samples

SAMPLES = "Tidsmålinger"


def test_a_good_row_lands_with_its_place(tmp_path: Path) -> None:
    delivery = samples(tmp_path, {})
    (row,) = rows(delivery, "time_sample")
    assert row["process_code"] == "WARN-SEND" and row["school_id"] == "990001"
    assert row["sampled_on"] == date(2026, 3, 2) and row["phase"] == "baseline"
    assert row["minutes_per_case"] == Decimal(30) and row["method"] == "timed"
    assert (row["source_file"], row["source_row"]) == ("skjema.xlsx/Tidsmålinger", FIRST)
    assert delivery.source == "sheet:skjema" and delivery.kind == "full"
    assert delivery.county_number == "99" and delivery.schools == {"990001"}
    saved = openpyxl.load_workbook(tmp_path / "skjema.xlsx").properties.modified
    assert delivery.extracted_at == saved.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "written", "landed"),
    [
        ("minutes_per_case", "ca. 15 min", Decimal(15)),
        ("minutes_per_case", "1 time 20 min", Decimal(80)),
        ("sampled_on", "2. mars 2026", date(2026, 3, 2)),
        ("phase", "  FØR INNFØRING ", "baseline"),
        ("phase", "etter", "follow_up"),
        ("school_id", "990002 Sør videregående skole", "990002"),
        ("school_id", "Sør vgs", "990002"),
        ("school_id", "øvre fjell", "012345"),
        ("school_id", 12345, "012345"),
        ("school_id", 990003, "990003"),
        ("process_code", "warn-send", "WARN-SEND"),
        ("process_code", "WARN-SEND Skrive og sende varsel", "WARN-SEND"),
        ("process_code", "Skrive og sende varsel (IV, orden, oppførsel)", "WARN-SEND"),
        ("process_code", "vår egen prosess", "OWN-1"),
        ("process_code", "NEW-1", "NEW-1"),
        ("cases", "3 stk", 3),
        ("method", "med egen klokke", "med egen klokke"),
    ],
)
def test_it_is_read_as_it_was_meant(tmp_path: Path, column: str, written: object, landed: object) -> None:
    (row,) = rows(samples(tmp_path, {column: written}), "time_sample")
    assert row[column] == landed


@pytest.mark.parametrize(
    ("column", "written", "cell", "advice"),
    [
        ("minutes_per_case", "15-20 min", f"E{FIRST}", "Skriv ett tall"),
        ("minutes_per_case", "vet ikke", f"E{FIRST}", "Skriv tiden i minutter"),
        ("sampled_on", "mars", f"C{FIRST}", "Skriv datoen med år"),
        ("sampled_on", None, f"C{FIRST}", "mangler"),
        ("phase", "for innføring", f"D{FIRST}", "Mente du Før innføring?"),
        ("phase", "midt i", f"D{FIRST}", "Velg Før innføring eller Etter innføring"),
        ("school_id", "Vest vgs", f"B{FIRST}", "Skolen er ikke kjent"),
        ("process_code", "skrive og sende varsl", f"A{FIRST}", "Prosessen finnes ikke"),
        ("cases", 0, f"F{FIRST}", "minst 1"),
        ("cases", "noen", f"F{FIRST}", "helt tall"),
        ("minutes_per_case", "=B1/0", f"E{FIRST}", "Formelen er ikke regnet ut"),
        ("minutes_per_case", "#N/A", f"E{FIRST}", "Formelen gir en feil"),
    ],
)
def test_the_cell_is_pointed_at_and_the_good_rows_land(
    tmp_path: Path, column: str, written: object, cell: str, advice: str
) -> None:
    delivery = samples(tmp_path, {column: written}, {})
    assert len(rows(delivery, "time_sample")) == 1
    (rejection,) = delivery.rejections
    assert (rejection.source_row, rejection.column, rejection.table) == (FIRST, column, "time_sample")
    assert delivery.remarks[0].startswith(f"{SAMPLES}!{cell}: ") and advice in delivery.remarks[0]


def test_every_fault_of_a_row_is_told_and_the_row_counted_once(tmp_path: Path) -> None:
    delivery = samples(tmp_path, {"phase": "?", "cases": "?", "sampled_on": "?"})
    assert len(delivery.remarks) == 3 and len(delivery.rejections) == 1


def test_columns_moved_renamed_and_added_are_found(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD])
    sheet = book[SAMPLES]
    sheet.insert_cols(1)
    sheet.cell(FIRST - 1, 1, "Mine notater")
    sheet.cell(FIRST, 1, "husk Kari")
    sheet.cell(FIRST - 1, 6, "Minuter pr. sak")  # nearly the heading
    sheet.cell(FIRST - 1, 7, "Hvor mange")  # not at all, but the hidden name is above
    sheet.move_range(f"C{FIRST - 2}:C{FIRST}", cols=10)
    (delivery,), problem = read(book.save())
    (row,) = rows(delivery, "time_sample")
    assert not problem and not delivery.remarks
    assert (row["minutes_per_case"], row["cases"], row["school_id"]) == (30, 3, "990001")
    assert delivery.unread == {f"skjema.xlsx, {SAMPLES}, egne kolonner A": 1}


def test_blank_rows_notes_totals_and_repeated_headings_are_passed_over(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD])
    book.fill("time_sample", [GOOD | {"cases": 5}], first=FIRST + 4)
    sheet = book[SAMPLES]
    for place in range(1, 9):
        sheet.cell(FIRST + 3, place, sheet.cell(FIRST - 1, place).value)
    sheet.cell(FIRST + 6, 3, "Tallene er fra sekretæren, ring om noe er uklart.")
    sheet.cell(FIRST + 7, 1, "Sum")
    sheet.cell(FIRST + 7, 6, 8)
    (delivery,), problem = read(book.save())
    assert not problem and not delivery.remarks
    assert [row["cases"] for row in rows(delivery, "time_sample")] == [3, 5]
    assert delivery.unread == {f"skjema.xlsx, {SAMPLES}, merknader i rad {FIRST + 6}, {FIRST + 7}": 2}


def test_a_cell_merged_downwards_stands_for_each_row(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD, GOOD | {"school_id": None, "cases": 4}])
    book[SAMPLES].merge_cells(f"B{FIRST}:B{FIRST + 5}")
    (delivery,), _ = read(book.save())
    assert [row["school_id"] for row in rows(delivery, "time_sample")] == ["990001", "990001"]
    assert not delivery.remarks


def test_two_like_measurements_are_two_and_a_copied_sheet_adds_nothing(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD, GOOD])
    copy = book.book.copy_worksheet(book[SAMPLES])
    copy.title = f"Kopi av {SAMPLES}"
    (delivery,), problem = read(book.save())
    landed = rows(delivery, "time_sample")
    assert not problem and len(landed) == 4
    assert len({row["sample_id"] for row in landed}) == 2
    assert {row["source_file"] for row in landed} == {
        f"skjema.xlsx/{SAMPLES}",
        f"skjema.xlsx/{SAMPLES} (2)",
    }


def test_a_sheet_under_another_name_is_known_by_its_headings(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD])
    book[SAMPLES].title = "Ark1"
    (delivery,), _ = read(book.save())
    assert len(rows(delivery, "time_sample")) == 1


def test_two_rows_that_contradict_are_pointed_at(tmp_path: Path) -> None:
    book = Book(tmp_path)
    row: dict[str, Any] = {
        "process_code": "WARN-SEND",
        "school_id": "990001",
        "month": "mars 2026",
        "cases": 3,
    }
    book.fill("process_volume", [row, row, row | {"month": "2026-03", "cases": 4}])
    (delivery,), _ = read(book.save())
    assert len(rows(delivery, "process_volume")) == 2
    assert [one.source_row for one in delivery.rejections] == [FIRST + 2]
    assert f"Antall saker!A{FIRST + 2}: Rad {FIRST} har samme" in delivery.remarks[0]


def test_an_empty_sheet_says_nothing_and_ingen_says_none(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD])
    book["Opplæring"].cell(FIRST, 1, "Ingen")
    (delivery,), _ = read(book.save())
    assert set(delivery.parts) == {"time_sample", "training"}


def test_a_sheet_without_its_headings_keeps_out_itself_alone(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD])
    book.fill("release", [{"release": "1.0", "supplier_date": "02.03.2026"}])
    book["Leveranser"].delete_rows(FIRST - 2, 2)
    book["Leveranser"].cell(FIRST, 1, "1.1")
    (delivery,), problem = read(book.save())
    assert "Leveranser: overskriftene er borte" in problem
    assert set(delivery.parts) == {"time_sample"}


def test_a_missing_column_is_told_by_its_heading(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill("time_sample", [GOOD])
    book[SAMPLES].delete_cols(2)
    found, problem = read(book.save())
    assert not found and "mangler «Skole»" in problem


def test_staff_are_pseudonyms_and_never_stored_as_written(tmp_path: Path) -> None:
    book = Book(tmp_path)
    person = {"school_id": "990001", "format": "Video", "topic": "Fravær", "due_on": "01.04.2026"}
    staff = ["kno", "K.N.O.", "104512", 104512, "Kari Nordmann", "kari.nordmann"]
    book.fill("training", [person | {"staff_key": one, "topic": f"Emne {n}"} for n, one in enumerate(staff)])
    (delivery,), _ = read(book.save())
    initials = PSEUDONYMS.staff(identifier("initialer", "990001:kno"))
    number = PSEUDONYMS.staff(identifier("ansattnummer", "104512"))
    assert [row["staff_key"] for row in rows(delivery, "training")] == [initials, initials, number, number]
    assert len(delivery.rejections) == 2 and "ikke navn" in delivery.remarks[0]
    assert "ordmann" not in repr((delivery.rejections, delivery.remarks, delivery.unread))


def test_what_stood_in_a_cell_is_kept_without_words_that_may_name_somebody(tmp_path: Path) -> None:
    delivery = samples(tmp_path, {"minutes_per_case": "Kari sier 15 min"}, {"sampled_on": "13097248022"})
    assert delivery.rejections[0].value == "… … 15 min"
    assert "13097248022" not in repr((delivery.rejections, delivery.remarks))


@pytest.mark.parametrize(
    ("written", "landed"),
    [("99", "99"), (3, "03"), ("Rogaland fylkeskommune", "11"), ("Innlandet", "34"), ("Syntetia", "99")],
)
def test_a_county_by_number_or_name(tmp_path: Path, written: object, landed: str) -> None:
    book = Book(tmp_path)
    book.fill(
        "milestone",
        [
            {
                "county_number": written,
                "school_id": "Alle skoler",
                "milestone": "Tatt i bruk",
                "planned_on": "1.8.2026",
            }
        ],
    )
    (delivery,), _ = read(book.save())
    (row,) = rows(delivery, "milestone")
    assert (row["county_number"], row["school_id"], row["milestone"]) == (landed, "*", "adoption")


def test_a_county_whose_number_has_changed_is_asked_about(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.fill(
        "milestone",
        [{"county_number": "Akershus", "school_id": "alle", "milestone": "Egen", "planned_on": "1.8.2026"}],
    )
    (delivery,), _ = read(book.save())
    assert "02 (til 2019) eller 32" in delivery.remarks[0]


def test_an_end_before_the_start_is_pointed_at(tmp_path: Path) -> None:
    book = Book(tmp_path)
    case = {"case_id": "S-1", "school_id": "990001", "kind": "feil", "area": "Timeplan", "severity": "høy"}
    book.fill(
        "support_case",
        [
            case | {"opened_at": "02.03.2026 10:00", "closed_at": "02.03.2026"},
            case | {"case_id": "S-2", "opened_at": "02.03.2026", "closed_at": "01.03.2026"},
        ],
    )
    (delivery,), _ = read(book.save())
    (row,) = rows(delivery, "support_case")
    assert (row["kind"], row["area"], row["severity"]) == ("error", "timetable", "high")
    assert f"Brukerstøtte!G{FIRST + 1}" in delivery.remarks[0] and "før starten" in delivery.remarks[0]
