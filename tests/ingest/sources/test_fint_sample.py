"""FINT's published test data loads: what is wrong in it is rejected with a reason, the rest lands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.delivery import Delivery
from ingest.sources import fint
from tests.ingest.sources.hal import PSEUDONYMS, everything_told, identity_numbers

SAMPLE = Path(__file__).parents[1] / "fint_sample"


@pytest.fixture(scope="module")
def delivery() -> Delivery:
    return fint.read(SAMPLE, pseudonyms=PSEUDONYMS)


def test_every_entry_becomes_a_row(delivery: Delivery) -> None:
    rows = {table: delivery.rows(table).height for table in delivery.parts}
    assert rows == {
        "school": 3,
        "student": 7,
        "enrolment": 8,
        "subject": 2,
        "teaching_group": 3,
        "teaching_group_subject": 3,
        "group_membership": 7,
        "lesson": 0,
        "lesson_group": 1,
        "lesson_teacher": 1,
    }


def test_the_lesson_that_ends_before_it_starts_is_rejected_with_its_place(delivery: Delivery) -> None:
    [rejection] = delivery.rejections
    assert (rejection.source_file, rejection.source_row) == ("utdanning.timeplan/time.json", 1)
    assert (rejection.table, rejection.column, rejection.rule) == (
        "lesson",
        "ends_at",
        "ends after it starts",
    )


def test_the_county_is_the_only_one_the_code_list_names(delivery: Delivery) -> None:
    assert delivery.county_number == "42"
    assert delivery.schools == {"123456", "654321", "1579"}


def test_an_enrolment_without_dates_takes_its_class_year(delivery: Delivery) -> None:
    [row] = delivery.rows("enrolment").filter(enrolment_id="E_500001_1").to_dicts()
    assert (row["school_year"], row["level"], row["category"]) == ("2021-22", "Vg1", "full_time")
    assert (row["start_date"], row["end_date"]) == (date(2021, 8, 1), date(2022, 7, 31))


def test_group_members_come_from_the_links_of_older_payloads(delivery: Delivery) -> None:
    members = delivery.rows("group_membership").filter(group_id="10128458_1IDA")
    assert sorted(members["enrolment_id"]) == ["500012-1", "500013-1"]


def test_what_was_not_read_is_counted(delivery: Delivery) -> None:
    assert delivery.unread["utdanning.elev/kontaktlarergruppe.json"] == 3
    assert delivery.unread["utdanning.elev/elevforhold.json: eksamensgruppe"] == 2


def test_no_identity_number_is_told(delivery: Delivery, caplog: pytest.LogCaptureFixture) -> None:
    assert identity_numbers(everything_told(delivery) + caplog.text) == []


def test_names_are_for_the_identity_store_alone(delivery: Delivery) -> None:
    told = everything_told(delivery)
    named = {person.name: person for person in delivery.persons}
    assert named["Rose Støa"].kind == "student"
    assert named["Siri Solberg"].school_ids == ("123456", "1579")
    assert not any(name in told for name in named if name)
