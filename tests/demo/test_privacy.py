"""No identity number and no name leaves the encrypted store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.identity import IdentityStore, identity_key
from tests.demo.county import DemoCounty

PERSONS = "fint/utdanning.elev/person.json"
SOURCE, STORE = "demo", "identity.sqlite"
ELEVEN_DIGITS = re.compile(rb"(?=(\d{11}))")


class Secret:
    """Identity numbers and family names, as the deliveries spell them."""

    def __init__(self, deliveries: list[Path]) -> None:
        entries = [
            entry
            for delivery in deliveries
            for entry in json.loads((delivery / PERSONS).read_text("utf-8"))["_embedded"]["_entries"]
        ]
        self.numbers = {entry["fodselsnummer"]["identifikatorverdi"].encode() for entry in entries}
        self.names = {entry["navn"]["etternavn"] for entry in entries}
        self._words = sorted({name.split()[0].encode() for name in self.names})
        assert len(self.numbers) > 300 > len(self._words) > 5

    def found_in(self, text: bytes) -> list[str]:
        """What of it stands in a text, told without telling it."""
        numbers = any(found.group(1) in self.numbers for found in ELEVEN_DIGITS.finditer(text))
        names = any(word in text for word in self._words)
        return ["an identity number"] * numbers + ["a name"] * names


def _written(county: DemoCounty) -> Iterator[Path]:
    """Every file the product wrote, in the home and in the copy of its warehouse."""
    for file in sorted(county.home.rglob("*")):
        place = file.relative_to(county.home)
        if file.is_file() and place.parts[0] != SOURCE and place.name != STORE:
            yield file


@pytest.fixture(scope="module")
def secret(demo_county: DemoCounty) -> Secret:
    return Secret(demo_county.deliveries)


def test_the_search_would_find_them(demo_county: DemoCounty, secret: Secret) -> None:
    text = (demo_county.deliveries[0] / PERSONS).read_bytes()
    assert secret.found_in(text) == ["an identity number", "a name"]


def test_no_file_holds_a_name_or_an_identity_number(demo_county: DemoCounty, secret: Secret) -> None:
    files = list(_written(demo_county))
    assert {"warehouse.duckdb", "dbt.log", "manifest.json", "current.duckdb"} <= {file.name for file in files}
    found = {file.name: secret.found_in(file.read_bytes()) for file in files}
    assert {name: what for name, what in found.items() if what} == {}


def test_no_text_of_the_database_holds_one(demo_county: DemoCounty, secret: Secret) -> None:
    """DuckDB packs its text, so the cells are read as well."""
    with duckdb.connect(str(demo_county.root / "warehouse.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_schema, table_name, column_name FROM information_schema.columns "
            "WHERE data_type IN ('VARCHAR', 'JSON') AND table_schema IN ('landing', 'marts') ORDER BY ALL"
        ).fetchall()
        assert ("landing", "quarantine", "value") in columns
        for schema, table, column in columns:
            cells = connection.execute(
                f'SELECT DISTINCT "{column}"::VARCHAR FROM {schema}."{table}"'
            ).fetchall()
            text = "\n".join(cell for (cell,) in cells if cell)
            assert secret.found_in(text.encode()) == [], (schema, table, column)


def test_the_identity_store_is_encrypted_and_knows_the_names(demo_county: DemoCounty, secret: Secret) -> None:
    store = demo_county.home / STORE
    assert secret.found_in(store.read_bytes()) == []
    assert store.stat().st_mode & 0o077 == 0
    key = identity_key(demo_county.home / "keys")
    assert key
    students = demo_county.values("SELECT student_key FROM marts.student_coverage")
    found = IdentityStore(store, key).names(students)
    assert set(found) == set(students)
    assert all(any(part in secret.names for part in _ends(name)) for name in found.values())


def _ends(name: str) -> list[str]:
    """Every end of a full name: the family name is one of them."""
    words = name.split()
    return [" ".join(words[start:]) for start in range(len(words))]


def test_no_command_says_one(demo_county: DemoCounty, secret: Secret) -> None:
    assert "Landed as" in demo_county.said
    assert "Published" in demo_county.said
    assert secret.found_in(demo_county.said.encode()) == []
