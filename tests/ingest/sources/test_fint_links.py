"""A link names its target by any id field, in any form and letter case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.sources import fint
from ingest.sources.fint.links import Target, parse, shown
from tests.ingest.sources.hal import NUMBER, PSEUDONYMS, link, small_county, write_dump

STUDENT_FIELDS = [
    ("systemid", "EL1"),
    ("elevnummer", "500001"),
    ("brukernavn", "Yougung"),
    ("feidenavn", "anna.mørk@prøve.no"),
]
SCHOOL_FIELDS = [("systemid", "S1"), ("skolenummer", "1579"), ("organisasjonsnummer", "970123458")]
FORMS = [
    "${{utdanning.elev.elev}}/{field}/{value}",
    "https://api.felleskomponent.no/utdanning/elev/elev/{field}/{value}",
    "HTTPS://API.FELLESKOMPONENT.NO/Utdanning/Elev/ELEV/{field}/{value}/",
    "/utdanning/elev/elev/{field}/{value}?x=1",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("spell", [str.lower, str.upper, lambda text: text.replace("id", "Id")])
@pytest.mark.parametrize(("field", "value"), STUDENT_FIELDS)
def test_a_student_is_found_by_every_field_and_form(
    tmp_path: Path, form: str, spell: Callable[[str], str], field: str, value: str
) -> None:
    county = small_county()
    county["elevforhold"][0]["_links"]["elev"] = [{"href": form.format(field=spell(field), value=value)}]
    frame = fint.read(write_dump(tmp_path, county), pseudonyms=PSEUDONYMS).rows("enrolment")
    assert frame["student_key"].to_list() == [PSEUDONYMS.student(NUMBER)]


@pytest.mark.parametrize(("field", "value"), SCHOOL_FIELDS)
def test_a_school_is_found_by_every_field(tmp_path: Path, field: str, value: str) -> None:
    county = small_county()
    for resource in ("elevforhold", "undervisningsgruppe"):
        county[resource][0]["_links"]["skole"] = [{"href": link("skole", field, value)}]
    delivery = fint.read(write_dump(tmp_path, county), pseudonyms=PSEUDONYMS)
    assert delivery.rows("enrolment")["school_id"].to_list() == ["1579"]
    assert delivery.rows("teaching_group")["school_id"].to_list() == ["1579"]


@pytest.mark.parametrize(
    ("href", "target"),
    [
        (
            "${utdanning.elev.elev}/feidenavn/anna.m%C3%B8rk@x.no",
            Target("elev", "feidenavn", "anna.mørk@x.no"),
        ),
        ("https://x.no/utdanning/timeplan/fag/systemId/1STA/NOR1", Target("fag", "systemid", "1STA/NOR1")),
        ("https://psi.udir.no/kl06/NOR1Z41", Target("no", "kl06", "NOR1Z41")),
    ],
)
def test_the_parts_of_a_link(href: str, target: Target) -> None:
    assert parse(href) == target


def test_values_that_name_a_person_are_not_shown() -> None:
    assert shown(link("elev", "brukernavn", "Yougung")) == "elev/brukernavn/***"
    assert shown(link("person", "fodselsnummer", NUMBER)) == "person/fodselsnummer/***"
    assert shown(link("skole", "skolenummer", "1579")) == "skole/skolenummer/1579"


def test_letter_case_of_the_value_matters_only_where_two_differ_by_it(tmp_path: Path) -> None:
    county = small_county()
    county["elevforhold"][0]["_links"]["elev"] = [{"href": link("elev", "brukernavn", "yougung")}]
    delivery = fint.read(write_dump(tmp_path, county), pseudonyms=PSEUDONYMS)
    assert delivery.rows("enrolment").height == 1
