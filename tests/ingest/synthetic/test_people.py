"""Nobody in the synthetic county could be a person."""

from __future__ import annotations

import re

from ingest.synthetic import people
from tests.ingest.synthetic.conftest import County

_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{11}(?!\d)")


def test_every_identity_number_in_any_file_is_of_the_synthetic_kind(county: County) -> None:
    found: set[str] = set()
    for file in county.last.path.rglob("*.*"):
        if file.is_file():
            found.update(_ELEVEN_DIGITS.findall(file.read_text(encoding="utf-8", errors="replace")))
    assert found
    assert all(81 <= int(number[2:4]) <= 92 for number in found)


def test_no_two_people_share_a_number(county: County) -> None:
    numbers = [
        entry["fodselsnummer"]["identifikatorverdi"]
        for entry in county.last.entries("utdanning.elev/person.json")
    ]
    assert len(numbers) == len(set(numbers))


def test_students_and_teachers_of_a_large_county_never_share_a_number() -> None:
    teachers = {people.teacher(serial).number for serial in range(0, 48_000, 53)}
    adults = {people.student(1980 + serial % 18, serial).number for serial in range(0, 48_000, 53)}
    assert not teachers & adults


def test_names_cannot_be_mistaken_for_real_ones() -> None:
    assert people.student(2009, 412).family_name.endswith("0900412")
    assert people.student(2009, 412).family_name.split()[0] in people._FAMILY_NAMES


def test_schools_say_that_they_are_synthetic(county: County) -> None:
    for school in county.last.entries("utdanning.utdanningsprogram/skole.json"):
        assert school["navn"].startswith("Syntetia ")


def test_every_manifest_says_so(county: County) -> None:
    """Each delivery has one, and so has each source's folder in it."""
    for extract in county.extracts:
        folders = [extract.path, *(folder for folder in extract.path.iterdir() if folder.is_dir())]
        assert len(folders) >= 4
        for folder in folders:
            assert '"synthetic": true' in (folder / "delivery.json").read_text(encoding="utf-8"), folder
