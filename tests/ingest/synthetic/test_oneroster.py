"""The synthetic county as OneRoster packages lands as it does from FINT, wherever both can say it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ingest.contract import TABLES
from ingest.delivery import Delivery
from ingest.identity import Pseudonyms
from ingest.landing import land
from ingest.sources import fint, oneroster
from ingest.synthetic import generate
from timerett.warehouse import connect

PSEUDONYMS = Pseudonyms(b"a key for tests, of no other use")
Rows = dict[str, set[tuple[Any, ...]]]
ROSTER = (
    "school",
    "student",
    "enrolment",
    "subject",
    "subject_enrolment",
    "teaching_group",
    "teaching_group_subject",
    "group_membership",
)
# What OneRoster cannot say.
UNSAID = {"organisation_number", "programme_area_code", "category"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("oneroster")
    generate(folder, schools=4, size=0.12, oneroster=True)
    return sorted(path for path in folder.iterdir() if path.is_dir())


def landed(deliveries: Iterable[Delivery], file: Path) -> Rows:
    with connect(file) as connection:
        for delivery in deliveries:
            outcome = land(connection, delivery)
            if delivery.source == oneroster.SOURCE:
                assert (delivery.rejections, outcome.quarantined) == ([], 0)
        found = {}
        for table in ROSTER:
            names = [name for name in TABLES[table].columns() if name not in UNSAID]
            rows = connection.execute(f'SELECT {", ".join(names)} FROM landing."{table}"').fetchall()
            found[table] = set(rows)
    return found


def packages(*files: Path) -> Iterable[Delivery]:
    for file in files:
        yield from oneroster.read_all(file, pseudonyms=PSEUDONYMS)


def test_the_roster_agrees_with_fint(county: list[Path], tmp_path: Path) -> None:
    last = county[-1]
    from_fint = landed([fint.read(last / "fint", pseudonyms=PSEUDONYMS)], tmp_path / "fint.duckdb")
    found = landed(packages(last / "oneroster" / "oneroster-1.2.zip"), tmp_path / "oneroster.duckdb")
    for table in ROSTER:
        if table != "subject_enrolment":
            assert found[table], table
            assert found[table] == from_fint[table], table
    # A group may serve several subjects, of which a student takes one; FINT says which.
    serving: dict[str, set[str]] = {}
    for group, code in found["teaching_group_subject"]:
        serving.setdefault(group, set()).add(code)
    alone = {next(iter(codes)) for codes in serving.values() if len(codes) == 1}
    taken = {(enrolment, code) for enrolment, code, *_ in from_fint["subject_enrolment"]}
    enrolled = {enrolment for enrolment, _ in taken}
    derived = {
        (enrolment, code)
        for enrolment, code, *_ in found["subject_enrolment"]
        if code in alone and enrolment in enrolled
    }
    assert len(derived) > 500
    assert len(derived - taken) < 0.02 * len(derived)


def test_version_1_1_says_the_same_under_ids_of_its_own(county: list[Path], tmp_path: Path) -> None:
    folder = county[-1] / "oneroster"
    older = landed(packages(folder / "oneroster-1.1.zip"), tmp_path / "1.1.duckdb")
    newer = landed(packages(folder / "oneroster-1.2.zip"), tmp_path / "1.2.duckdb")
    for table in ("school", "student", "subject", "teaching_group", "teaching_group_subject"):
        assert older[table] == newer[table], table
    enrolled = [{row[1:5] for row in one["enrolment"]} for one in (older, newer)]
    assert enrolled[0] == enrolled[1]
    member = [sorted(row[1:] for row in one["group_membership"]) for one in (older, newer)]
    assert member[0] == member[1]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_changes_lead_where_the_snapshot_does(county: list[Path], tmp_path: Path, version: str) -> None:
    first = county[0] / "oneroster" / f"oneroster-{version}.zip"
    deltas = [folder / "oneroster" / f"oneroster-{version}-delta.zip" for folder in county[1:]]
    changed = landed(packages(first, *deltas), tmp_path / "changed.duckdb")
    last = county[-1] / "oneroster" / f"oneroster-{version}.zip"
    whole = landed(packages(first, last), tmp_path / "whole.duckdb")
    # A subject begun in a later class is a row of its own in a delta, which cannot see the earlier one.
    for table in ROSTER:
        if table != "subject_enrolment":
            assert changed[table] == whole[table], table
    assert {row[:2] for row in changed["subject_enrolment"]} >= {
        row[:2] for row in whole["subject_enrolment"]
    }
