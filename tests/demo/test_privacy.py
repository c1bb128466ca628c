"""No identity number and no name leaves the encrypted store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingest.identity import IdentityStore, identity_key
from tests.demo.county import DemoCounty

PERSONS = "fint/utdanning.elev/person.json"
SOURCE, STORE = "demo", "identity.sqlite"


@cache
def _people(delivery: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Identity numbers, and family names, which nobody else has; as the delivery spells them."""
    entries = json.loads((delivery / PERSONS).read_text(encoding="utf-8"))["_embedded"]["_entries"]
    numbers = tuple(entry["fodselsnummer"]["identifikatorverdi"] for entry in entries)
    names = tuple(entry["navn"]["etternavn"] for entry in entries)
    assert len(set(names)) == len(names) > 300
    return numbers, names


def _written(county: DemoCounty) -> Iterator[Path]:
    """Every file the product wrote, in the home and in the copy of its warehouse."""
    for file in sorted(county.home.rglob("*")):
        place = file.relative_to(county.home)
        if file.is_file() and place.parts[0] != SOURCE and place.name != STORE:
            yield file


def _pattern(words: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(re.escape(word.encode()) for word in sorted(set(words))))


@pytest.fixture(scope="module")
def secret(demo_county: DemoCounty) -> re.Pattern[bytes]:
    numbers, names = _people(demo_county.deliveries[0])
    return _pattern(numbers + names)


def test_the_search_would_find_them(demo_county: DemoCounty, secret: re.Pattern[bytes]) -> None:
    assert secret.search((demo_county.deliveries[0] / PERSONS).read_bytes())


def test_no_file_holds_a_name_or_an_identity_number(
    demo_county: DemoCounty, secret: re.Pattern[bytes]
) -> None:
    files = list(_written(demo_county))
    assert {"warehouse.duckdb", "dbt.log", "manifest.json", "current.duckdb"} <= {file.name for file in files}
    assert [file.name for file in files if secret.search(file.read_bytes())] == []


def test_no_text_of_the_database_holds_one(demo_county: DemoCounty, secret: re.Pattern[bytes]) -> None:
    """DuckDB packs its text, so the cells are read as well."""
    wanted = secret.pattern.decode()
    with duckdb.connect(str(demo_county.root / "warehouse.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_schema, table_name, list(column_name) FROM information_schema.columns "
            "WHERE data_type IN ('VARCHAR', 'JSON') AND table_schema IN ('landing', 'marts') "
            "AND table_name <> 'curriculum_hours' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        tables = [f'{schema}."{table}"' for schema, table, _ in columns]
        assert 'landing."quarantine"' in tables
        for table, (_, _, names) in zip(tables, columns, strict=True):
            text = " || ' ' || ".join(f"coalesce(\"{name}\"::VARCHAR, '')" for name in names)
            found = connection.execute(
                f"SELECT count(*) FROM (SELECT DISTINCT {text} AS cell FROM {table}) "
                "WHERE regexp_matches(cell, ?)",
                [wanted],
            ).fetchall()
            assert found == [(0,)], table


def test_the_identity_store_is_encrypted_and_knows_the_names(
    demo_county: DemoCounty, secret: re.Pattern[bytes]
) -> None:
    store = demo_county.home / STORE
    assert not secret.search(store.read_bytes())
    assert store.stat().st_mode & 0o077 == 0
    key = identity_key(demo_county.home / "keys")
    assert key
    student = demo_county.values("SELECT student_key FROM marts.student_coverage LIMIT 1")[0]
    found = IdentityStore(store, key).names([student])
    _, names = _people(demo_county.deliveries[0])
    assert any(name in str(found[student]) for name in names)


def test_no_command_says_one(demo_county: DemoCounty, secret: re.Pattern[bytes]) -> None:
    assert "Landed as" in demo_county.said
    assert "Published" in demo_county.said
    assert not secret.search(demo_county.said.encode())
    assert not re.search(r"(?<!\d)\d{11}(?!\d)", demo_county.said)
