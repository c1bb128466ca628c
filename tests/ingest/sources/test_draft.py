"""A report nobody has described gets a draft that loads, and reads the file once it is filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from ingest.delivery import Delivery, SourceError
from ingest.sources import report
from ingest.sources.draft import Draft, draft_profile, known_words
from ingest.sources.profile import TO_FILL, load_profile, shipped_profiles
from ingest.sources.sheet import open_table
from ingest.synthetic.report_writer import HEADERS
from tests.ingest.sources.hal import NUMBER, PSEUDONYMS

ABSENCE = """Fraværsliste Nord vgs;;;;;;;;
Skrevet ut 23.03.2026 av Kari Nordmann;;;;;;;;

Fravær nr;Elev;Elevforhold nr.;Undervisningsgr.;Fag;Dag;Tid;Fr.type;Ant. min
1001;Kari Nordmann;EF1;G1;NOR1260;man. 2. mars 2026;08:15-09:00;Udok;45
1002;Ola Hansen;EF2;G1;NOR1260;man. 2. mars 2026;08:15 - 09:00;Dok;45
1003;Per Olsen;EF3;G2;ENG1007;03.03.2026;09.15-10.00;For sent;12 min
Side 1 av 2;;;;;;;;
Fravær nr;Elev;Elevforhold nr.;Undervisningsgr.;Fag;Dag;Tid;Fr.type;Ant. min
1004;Kari Nordmann;EF1;G2;ENG1007;03.03.2026;09.15-10.00;Sykdom;45
Sum;;;;;;;;147
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def drafted(file: Path) -> Draft:
    with open_table(file, known_words()) as table:
        return draft_profile(file, table, next(iter(table.batches())).frame)


def read(file: Path, draft: Draft, **filled: str) -> Delivery:
    """The file by its draft, with the open places filled in: what stands in a line, and what shall."""
    text = draft.text
    for place, value in filled.items():
        assert f'"{place}" = "{TO_FILL}"' in text or f'{place} = "{TO_FILL}"' in text
        text = text.replace(f'"{place}" = "{TO_FILL}"', f'"{place}" = "{value}"')
        text = text.replace(f'{place} = "{TO_FILL}"', f'{place} = "{value}"')
    profile = file.with_suffix(".toml")
    profile.write_text(text, encoding="utf-8")
    return report.read(file, pseudonyms=PSEUDONYMS, profile=profile)


def test_a_county_s_own_list_of_absence(tmp_path: Path) -> None:
    file = write(tmp_path, "Fravær uke 12 - Nord vgs.csv", ABSENCE, "cp1252")
    draft = drafted(file)
    assert (draft.table, draft.unused, draft.open_places) == ("absence", ("elev",), 3)
    assert "Nordmann" not in draft.text
    as_drafted = read(file, draft)
    assert [one.value for one in as_drafted.rejections] == ["Udok", "Dok", "Sykdom"]
    delivery = read(file, draft, Udok="X", Dok="D", Sykdom="D")
    assert delivery.rejections == []
    assert delivery.unread == {file.name: 3}
    rows = delivery.rows("absence")
    assert rows["source_row"].to_list() == [5, 6, 7, 10]
    assert rows.row(2, named=True) | {"source_file": ""} == {
        "source_file": "",
        "source_row": 7,
        "absence_id": "1003",
        "enrolment_id": "EF3",
        "group_id": "G2",
        "subject_code": "ENG1007",
        "absence_date": date(2026, 3, 3),
        "starts_at": datetime(2026, 3, 3, 8, 15, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
        "minutes": 12,
        "code": "M",
    }


def test_times_in_one_cell_and_a_place_to_fill_in(tmp_path: Path) -> None:
    text = (
        "Nr.,Skole,Begynner,Slutter,Grupper,Avholdt,Lærer\n"
        "1,990001,2026-03-02 08:15,2026-03-02 09:00,1STA/NOR+1STB/NOR,Ja,LAR1\n"
        "2,990001,2026-03-02 09:15,2026-03-02 10:00,1STA/ENG,Nei,LAR2\n"
    )
    file = write(tmp_path, "økter.csv", text)
    draft = drafted(file)
    assert draft.table == "lesson"
    with pytest.raises(SourceError, match=r"lesson.lesson_id, .* still say \?"):
        read(file, draft)
    delivery = read(file, draft, lesson_id="Nr.")
    lessons = delivery.rows("lesson")
    assert lessons["status"].to_list() == ["held", "cancelled"]
    assert lessons["starts_at"].to_list() == [
        datetime(2026, 3, 2, 7, 15, tzinfo=UTC),
        datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    ]
    assert delivery.rows("lesson_group")["group_id"].to_list() == ["1STA/NOR", "1STB/NOR", "1STA/ENG"]
    assert delivery.rows("lesson_teacher").height == 2


def test_students_by_identity_number_from_excel_with_merged_headings(tmp_path: Path) -> None:
    file = tmp_path / "Elevliste 2025.xlsx"
    book = xlsxwriter.Workbook(str(file))
    book.add_worksheet("Forside").write(0, 0, "Elevliste")
    sheet = book.add_worksheet("Elever")
    sheet.merge_range("A3:C3", "Elev")
    sheet.merge_range("D3:F3", "Elevforhold")
    sheet.write_row("A4", ["Fødselsnr", "Fornavn", "Etternavn", "ID", "Fra dato", "Til dato"])
    sheet.write_row("G3", ["Skolenr", "Skoleår", "Trinn"])
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for row, number in enumerate((NUMBER, "02810950016"), start=4):
        sheet.write_row(row, 0, [number, "Kari", "Nordmann", f"EF{row}"])
        sheet.write_datetime(row, 4, datetime(2025, 8, 18), day)  # noqa: DTZ001
        sheet.write_number(row, 5, 46234)
        sheet.write_row(row, 6, [990001, "2025/2026", "Vg1"])
    book.close()
    draft = drafted(file)
    assert draft.table == "enrolment"
    assert 'sheet = "Elever"' in draft.text
    assert NUMBER not in draft.text
    delivery = read(file, draft)
    assert delivery.rejections == []
    rows = delivery.rows("enrolment")
    assert rows["student_key"].to_list() == [PSEUDONYMS.student(NUMBER), PSEUDONYMS.student("02810950016")]
    assert rows["enrolment_id"].to_list() == ["EF4", "EF5"]
    assert set(rows["start_date"]) == {date(2025, 8, 18)}
    assert set(rows["end_date"]) == {date(2026, 7, 31)}
    assert set(rows["category"]) == {"full_time"}


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_the_shipped_reports_are_drafted_as_they_are_shipped(tmp_path: Path, name: str) -> None:
    """Headings alone are enough; contents only help."""
    header = HEADERS[name]
    file = write(tmp_path, name, f"{header}\n{';' * header.count(';')}\nx{';' * header.count(';')}\n")
    draft = drafted(file)
    target = file.with_suffix(".toml")
    target.write_text(draft.text, encoding="utf-8")
    made = load_profile(target)
    shipped = next(one for one in shipped_profiles() if one.fits(file))
    assert made.name == shipped.name
    main, expected = made.tables[0], shipped.tables[0]
    assert main.table == expected.table
    for column in expected.columns:
        assert main.column(column).names == expected.column(column).names, column
        assert main.column(column).time == expected.column(column).time, column


def test_data_without_headings_is_not_drafted_from(tmp_path: Path) -> None:
    file = write(
        tmp_path, "liste.csv", f"Kari Nordmann;{NUMBER};EF1;02.03.2026\nOla Hansen;1;EF2;03.03.2026\n"
    )
    with pytest.raises(SourceError, match="no line looks like headings") as problem:
        drafted(file)
    assert "Nordmann" not in str(problem.value)


def test_names_never_get_into_a_list_of_codes(tmp_path: Path) -> None:
    rows = "".join(f"{n};EF{n};G1;NOR1260;02.03.2026;45;Navn {chr(65 + n)}nsen\n" for n in range(6))
    file = write(tmp_path, "fravær.csv", f"Fraværs-ID;Elevforhold;Gruppe;Fag;Dato;Min;Kode\n{rows}")
    assert "nsen" not in drafted(file).text


def test_dates_with_the_month_first_are_seen_and_asked_about(tmp_path: Path) -> None:
    rows = "".join(f"V{day};E1;NOR1260;fritak;08/{day}/2025;08/{day}/2025\n" for day in range(13, 20))
    file = write(
        tmp_path, "vedtak.csv", f"Vedtaks-ID;Elevforhold;Fagkode;Type;Gyldig fra;Vedtaksdato\n{rows}"
    )
    draft = drafted(file)
    assert 'dates = ["%m/%d/%Y"' in draft.text
    assert read(file, draft).rows("decision")["decided_on"].to_list()[0] == date(2025, 8, 13)


def test_a_draft_loads_whatever_the_headings_hold(tmp_path: Path) -> None:
    odd = "Dato \"ny\"\\x;Kode\t[1];'Elevforhold' #;Gruppe = A;Årsak\x85"
    file = write(tmp_path, 'rar "fil" [1].csv', f"{odd}\n02.03.2026;X;EF1;G1;a\n")
    target = tmp_path / "draft.toml"
    target.write_text(drafted(file).text, encoding="utf-8")
    assert load_profile(target).tables
