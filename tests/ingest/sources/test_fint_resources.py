"""Every resource becomes its landing rows, with and without what the model calls optional."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.delivery import Delivery, SourceError
from ingest.school_year import school_year
from ingest.sources import fint
from ingest.sources.fint.times import instants, local_dates
from tests.ingest.sources.hal import (
    NUMBER,
    PSEUDONYMS,
    STAFF_NUMBER,
    Entry,
    entry,
    everything_told,
    identifier,
    identity_numbers,
    link,
    period,
    small_county,
    write_dump,
)

County = dict[str, list[Entry]]


def read(folder: Path, county: County, **manifest: Any) -> Delivery:
    return fint.read(write_dump(folder, county, **manifest), pseudonyms=PSEUDONYMS)


def only(delivery: Delivery, table: str) -> dict[str, Any]:
    [row] = delivery.rows(table).to_dicts()
    return row


def test_a_whole_county_lands_without_a_rejection(tmp_path: Path) -> None:
    delivery = read(tmp_path, small_county())
    assert delivery.rejections == []
    assert {table: delivery.rows(table).height for table in delivery.parts} == {
        **dict.fromkeys(
            ("school", "student", "enrolment", "subject", "subject_enrolment", "teaching_group"), 1
        ),
        **dict.fromkeys(("teaching_group_subject", "group_membership", "lesson", "lesson_group"), 1),
        **dict.fromkeys(("lesson_teacher", "absence_warning", "exam_period"), 1),
        "absence": 2,
        "absence_summary": 2,
    }
    enrolment = only(delivery, "enrolment")
    assert enrolment["programme_area_code"] == "STUSP1----"
    assert (enrolment["level"], enrolment["main_school"]) == ("Vg1", True)
    assert (enrolment["start_date"], enrolment["end_date"]) == (date(2025, 8, 1), date(2026, 7, 31))
    assert only(delivery, "subject_enrolment")["subject_status"] == "E"
    assert only(delivery, "group_membership")["start_date"] == date(2025, 8, 18)
    assert only(delivery, "lesson")["status"] == "timetabled"
    assert only(delivery, "lesson_teacher")["teacher_key"] == PSEUDONYMS.staff(STAFF_NUMBER)
    assert only(delivery, "absence_warning")["sent_on"] == date(2026, 1, 16)
    assert only(delivery, "exam_period")["start_date"] == date(2026, 5, 20)
    assert delivery.rows("absence_summary")["period"].to_list() == ["spring", "year"]


OPTIONAL = [
    ("elev", "elevnummer"),
    ("elev", "brukernavn"),
    ("elev", "feidenavn"),
    ("elevforhold", "gyldighetsperiode"),
    ("elevforhold", "hovedskole"),
    ("elevforhold", "beskrivelse"),
    ("elevforhold", "_links.kategori"),
    ("elevforhold", "_links.skolear"),
    ("skole", "organisasjonsnummer"),
    ("skolear", "gyldighetsperiode"),
    ("faggruppemedlemskap", "_links.fagstatus"),
    ("undervisningsgruppe", "_links.skolear"),
    ("undervisningsgruppemedlemskap", "gyldighetsperiode"),
    ("fravarsregistrering", "_links.fag"),
    ("fravarsregistrering", "foresPaVitnemal"),
    ("skoleressurs", "_links.person"),
    ("undervisningsforhold", "_links.skole"),
    ("elev", "_links.person"),
]


@pytest.mark.parametrize(("resource", "attribute"), OPTIONAL)
def test_nothing_is_lost_without_an_optional_attribute(tmp_path: Path, resource: str, attribute: str) -> None:
    county = small_county()
    holder, _, name = attribute.rpartition(".")
    del (county[resource][0]["_links"] if holder else county[resource][0])[name]
    delivery = read(tmp_path, county)
    whole = read(tmp_path / "whole", small_county())
    assert delivery.rejections == []
    assert {t: delivery.rows(t).height for t in delivery.parts} == {
        t: whole.rows(t).height for t in whole.parts
    }


@pytest.mark.parametrize("resource", sorted(small_county()))
def test_a_resource_that_is_not_delivered_is_no_crash(tmp_path: Path, resource: str) -> None:
    county = small_county()
    del county[resource]
    delivery = read(tmp_path, county)
    assert identity_numbers(everything_told(delivery)) == []


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        ("heltid", "full_time"),
        ("deltid", "part_time"),
        ("voksen", "adult"),
        ("privatist", "private_candidate"),
        ("norsk-utv-i-utlandet", "abroad"),
        ("utenlandsk-utv-i-norge", "full_time"),
    ],
)
def test_every_published_category_has_a_meaning(tmp_path: Path, kind: str, category: str) -> None:
    county = small_county()
    county["elevforhold"][0]["_links"]["kategori"] = [{"href": link("elevkategori", "systemid", kind)}]
    assert only(read(tmp_path, county), "enrolment")["category"] == category


@pytest.mark.parametrize("code", ["X", "M", "D", "R", "%21", "%C2%A7", "x"])
def test_an_absence_code_may_stand_in_the_link_itself(tmp_path: Path, code: str) -> None:
    county = small_county()
    del county["fravarstype"]
    for resource in ("fravarsregistrering", "aktivitetsfravar"):
        county[resource][0]["_links"]["fravarstype"] = [{"href": link("fravarstype", "systemid", code)}]
    assert read(tmp_path, county).rows("absence").height == 2


@pytest.mark.parametrize(
    ("resource", "change", "table", "column"),
    [
        ("elevforhold", {"kategori": "${x.elevkategori}/systemid/overtid"}, "enrolment", "category"),
        ("elevforhold", {"elev": link("elev", "brukernavn", "Ukjent")}, "enrolment", "student_key"),
        ("elevforhold", {"skole": link("skole", "systemid", "S9")}, "enrolment", "school_id"),
        (
            "undervisningsgruppe",
            {"fag": link("fag", "systemid", "??")},
            "teaching_group_subject",
            "subject_code",
        ),
        ("fravarsregistrering", {"fravarstype": link("fravarstype", "systemid", "Z")}, "absence", "code"),
        (
            "fravarsregistrering",
            {"elevfravar": link("elevfravar", "systemid", "?")},
            "absence",
            "enrolment_id",
        ),
        (
            "varsel",
            {"faggruppemedlemskap": link("faggruppemedlemskap", "systemid", "?")},
            "absence_warning",
            None,
        ),
        (
            "eksamensgruppemedlemskap",
            {"eksamensgruppe": link("eksamensgruppe", "systemid", "?")},
            "exam_period",
            None,
        ),
    ],
)
def test_what_leads_nowhere_is_rejected_with_a_reason(
    tmp_path: Path, resource: str, change: dict[str, str], table: str, column: str | None
) -> None:
    county = small_county()
    for name, href in change.items():
        county[resource][0]["_links"][name] = [{"href": href}]
    rejections = [one for one in read(tmp_path, county).rejections if one.table == table]
    assert len(rejections) == 1
    assert rejections[0].source_row == 1
    assert rejections[0].rule
    assert column is None or rejections[0].column == column
    assert "Ukjent" not in str(rejections)


def test_one_unreadable_entry_does_not_take_the_page_with_it(tmp_path: Path) -> None:
    county = small_county()
    county["time"].insert(0, {"navn": "uten systemId", "tidsrom": {"start": 5}})
    delivery = read(tmp_path, county)
    assert delivery.rows("lesson")["source_row"].to_list() == [2]
    assert [(one.source_row, one.table) for one in delivery.rejections] == [(1, "lesson")]


def test_a_lesson_serves_every_group_it_links_to_once(tmp_path: Path) -> None:
    county = small_county()
    county["undervisningsgruppe"].append(entry("UG2", {"skole": "S1", "skolear": "25-26"}, navn="1STB NOR"))
    county["time"][0]["_links"]["undervisningsgruppe"] = [
        {"href": link("undervisningsgruppe", "systemid", name)} for name in ("UG2", "UG1", "UG1")
    ]
    delivery = read(tmp_path, county)
    assert delivery.rows("lesson_group")["group_id"].to_list() == ["UG2", "UG1"]


@pytest.mark.parametrize("holder", ["undervisningsgruppe", "elevforhold"])
def test_members_linked_directly_have_their_enrolments_period(tmp_path: Path, holder: str) -> None:
    county = small_county()
    del county["undervisningsgruppemedlemskap"]
    other = "elevforhold" if holder == "undervisningsgruppe" else "undervisningsgruppe"
    county[holder][0]["_links"][other] = [
        {"href": link(other, "systemid", "EF1" if other == "elevforhold" else "UG1")}
    ]
    row = only(read(tmp_path, county), "group_membership")
    assert (row["start_date"], row["end_date"]) == (date(2025, 8, 1), date(2026, 7, 31))


def test_a_dated_membership_is_not_doubled_by_a_direct_link(tmp_path: Path) -> None:
    county = small_county()
    county["undervisningsgruppe"][0]["_links"]["elevforhold"] = [
        {"href": link("elevforhold", "systemid", "EF1")}
    ]
    assert only(read(tmp_path, county), "group_membership")["start_date"] == date(2025, 8, 18)


def test_a_student_who_stops_ends_on_that_day(tmp_path: Path) -> None:
    county = small_county()
    county["elevforhold"][0]["avbruddsdato"] = "2025-10-31"
    assert only(read(tmp_path, county), "enrolment")["end_date"] == date(2025, 10, 31)


def test_the_last_class_and_programme_area_count(tmp_path: Path) -> None:
    county = small_county()
    county["programomrade"].append(
        entry("PO2", {"vigoreferanse": "${x}/programomrade/kode/BABAT1"}, navn="Bygg")
    )
    county["programomrademedlemskap"].append(
        entry(
            "PM2",
            {"elevforhold": "EF1", "programomrade": "PO2"},
            gyldighetsperiode=period("2025-10-01T00:00:00Z"),
        )
    )
    assert only(read(tmp_path, county), "enrolment")["programme_area_code"] == "BABAT1----"


@pytest.mark.parametrize(
    ("owner", "expected"), [("1", "county"), ("2", "state"), ("3", "county"), ("4", "private")]
)
@pytest.mark.parametrize("relation", ["skoleeierType", "skoleeiertype"])
def test_the_owner_in_either_spelling_of_the_relation(
    tmp_path: Path, relation: str, owner: str, expected: str
) -> None:
    county = small_county()
    county["skole"][0]["_links"][relation] = [{"href": link("skoleeiertype", "systemid", owner)}]
    assert only(read(tmp_path, county), "school")["owner"] == expected


def test_a_school_in_no_known_county_is_rejected(tmp_path: Path) -> None:
    delivery = read(tmp_path, small_county(), county_number=None)
    assert [one.column for one in delivery.rejections if one.table == "school"] == ["county_number"]


def test_identity_numbers_hide_wherever_they_stand(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    county = small_county()
    for resource, old, new in (
        ("elevforhold", "EF1", f"E_{NUMBER}_1"),
        ("undervisningsgruppe", "UG1", f"U{NUMBER}"),
    ):
        county = _renamed(county, resource, old, new)
    county["elev"][0]["systemId"] = identifier(NUMBER)
    county["elevforhold"][0]["_links"]["elev"] = [{"href": link("elev", "systemid", NUMBER)}]
    county["undervisningsgruppe"][0]["navn"] = f"Enetime {NUMBER[:6]} {NUMBER[6:]}"
    county["elevforhold"].append(
        entry(f"X{NUMBER}", {"elev": link("elev", "systemid", "12345678901"), "skole": "S1"})
    )
    county["time"].append(
        entry(f"T{NUMBER}", {"undervisningsgruppe": f"U{NUMBER}"}, tidsrom=period(NUMBER, NUMBER))
    )
    delivery = read(tmp_path, county)
    assert len(delivery.rejections) == 2
    assert identity_numbers(everything_told(delivery) + caplog.text) == []
    assert only(delivery, "group_membership")["enrolment_id"] == only(delivery, "enrolment")["enrolment_id"]
    assert delivery.rows("lesson_group")["group_id"][0] == only(delivery, "teaching_group")["group_id"]


def _renamed(county: County, resource: str, old: str, new: str) -> County:
    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: changed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [changed(inner) for inner in value]
        return (
            value.replace(f"{resource}}}/systemid/{old}", f"{resource}}}/systemid/{new}")
            if isinstance(value, str)
            else value
        )

    renamed: County = changed(county)
    renamed[resource][0]["systemId"] = identifier(new)
    return renamed


def _cut(text: str) -> str:
    return text[: len(text) // 2]


@pytest.mark.parametrize(
    "spoil", [_cut, lambda _: "", lambda _: "{}", lambda _: "[1, 2]", lambda _: "<html>"]
)
def test_a_broken_page_stops_the_delivery_and_says_what_was_expected(
    tmp_path: Path, spoil: Callable[[str], str]
) -> None:
    write_dump(tmp_path, small_county())
    file = tmp_path / "utdanning.timeplan" / "time.json"
    file.write_text(spoil(file.read_text()))
    with pytest.raises(SourceError, match=r"utdanning.timeplan/time.json.*_embedded._entries"):
        fint.read(tmp_path, pseudonyms=PSEUDONYMS)


def test_pages_are_read_together_and_a_missing_one_is_noticed(tmp_path: Path) -> None:
    write_dump(tmp_path, small_county())
    folder = tmp_path / "utdanning.timeplan"
    page = (folder / "time.json").read_text().replace('"total_items": 1', '"total_items": 2')
    (folder / "time.json").write_text(page)
    with pytest.raises(SourceError, match="holds 1 entries, but says there are 2"):
        fint.read(tmp_path, pseudonyms=PSEUDONYMS)
    (folder / "time-2.json").write_text(page.replace("T1", "T2"))
    frame = fint.read(tmp_path, pseudonyms=PSEUDONYMS).rows("lesson")
    assert frame["source_file"].to_list() == [
        "utdanning.timeplan/time-2.json",
        "utdanning.timeplan/time.json",
    ]


def test_an_empty_resource_makes_an_empty_table_and_an_absent_one_none(tmp_path: Path) -> None:
    county = small_county()
    county["time"] = []
    del county["fravarsoversikt"]
    delivery = read(tmp_path, county)
    assert delivery.rows("lesson").height == 0
    assert "absence_summary" not in delivery.parts


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)), st.integers(-12, 12))  # noqa: DTZ001
def test_any_instant_is_the_day_it_was_in_oslo(instant: datetime, offset: int) -> None:
    shifted = instant.replace(microsecond=0).astimezone(ZoneInfo(f"Etc/GMT{-offset:+d}"))
    texts = pl.Series([shifted.isoformat(), instant.strftime("%Y-%m-%dT%H:%M:%SZ")])
    expected = instant.astimezone(ZoneInfo("Europe/Oslo")).date()
    assert local_dates(texts).to_list() == [expected, expected]


def test_what_is_no_time_is_null() -> None:
    texts = pl.Series(
        ["2025-13-45T07:15:00Z", "i går", None, "2025-09-01", "2025-09-01T06:15", "2025-09-01T06:15Z"]
    )
    parsed = instants(texts)
    assert parsed.is_null().to_list() == [True, True, True, False, False, False]
    assert local_dates(texts)[3] == date(2025, 9, 1)


@pytest.mark.parametrize("text", ["20212022", "2021-2022", "2021/22", "21-22", "2021-22"])
def test_spellings_of_a_school_year(text: str) -> None:
    assert school_year(text) == "2021-22"


@pytest.mark.parametrize("text", ["2021", "2021-23", "abc", "202122023"])
def test_what_is_no_school_year(text: str) -> None:
    assert school_year(text) is None
