"""A closed school year does not move; what came later is listed; privacy reaches it all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from ingest.privacy import PERSON
from tests.dbt.county import YEAR, County, day
from tests.dbt.warehouse import build, land, rows
from timerett.closed_privacy import rewrite_closed
from timerett.closed_years import ClosedYearError, checksum, closed_years, file_of, verified
from timerett.closing import freeze
from timerett.errors import WrongUseError
from timerett.publish import publish
from timerett.removal import Gone
from timerett.settings import Settings

LESSONS = 20
# What is closed and listed, and what publishing lays out for a scenario.
MARTS = (
    "+correction +correction_status +closed_year +school_coverage +coverage_history +publication "
    "stg_lesson_teacher"
)
OVER, LATER = day(30), day(60)


def county(*, cancelled: frozenset[int], students: tuple[str, ...]) -> County:
    found = County()
    found.subject("mat", LESSONS)
    found.group(f"g {PERSON}{'a' * 32}", "mat")
    for number in range(LESSONS):
        status = "cancelled" if number in cancelled else "held"
        found.lesson(f"g {PERSON}{'a' * 32}", number, status=status)
    for name in students:
        found.student(name, "mat")
        found.member(name, f"g {PERSON}{'a' * 32}")
    return found


def published(place: Settings) -> duckdb.DuckDBPyConnection:
    """The marts that were built, published as always."""
    manifest = place.dbt_target / "manifest.json"
    written = json.loads(manifest.read_text(encoding="utf-8"))
    built = set(
        rows(
            place.home,
            "select schema_name, table_name from duckdb_tables() union select schema_name, view_name from "
            "duckdb_views()",
        )
    )
    written["nodes"] = {
        key: node for key, node in written["nodes"].items() if (node["schema"], node["name"]) in built
    }
    manifest.write_text(json.dumps(written), encoding="utf-8")
    return duckdb.connect(str(publish(place)), read_only=True)


def of_the_year(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the year in the tables that were closed, as text to the letter."""
    tables = connection.execute(
        "select table_name from duckdb_columns() where schema_name = 'marts' and column_name = 'school_year' "
        "and table_name not like '%correction%' and table_name <> 'closed_year'"
    ).fetchall()
    return {
        name: connection.execute(
            f"select * from marts.{name} where school_year = '{YEAR}' order by all"
        ).fetchall()
        for (name,) in tables
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        tmp_path_factory.mktemp("closing"), suppression_threshold=10, stale_after_teaching_days=10
    )


@pytest.fixture(scope="module")
def closed(place: Settings) -> Iterator[tuple[dict[str, Any], duckdb.DuckDBPyConnection]]:
    """What was published when the year was closed, and the publication after late data."""
    land(place.home, county(cancelled=frozenset({3}), students=("anna", "bo")).tables, OVER)
    build(place.home, OVER, select=MARTS)
    with published(place) as connection:
        before = of_the_year(connection)
    freeze(place, YEAR)
    land(place.home, county(cancelled=frozenset({3, 4}), students=("anna", "bo", "eva")).tables, LATER)
    build(place.home, LATER, select=MARTS)
    with published(place) as connection:
        yield before, connection


def test_late_data_leave_every_row_of_the_closed_year_as_it_was(closed: Any) -> None:
    before, connection = closed
    assert before["school_coverage"] and before["student_subject_coverage"]
    assert of_the_year(connection) == before


def test_what_late_data_would_change_is_listed_with_its_cause(closed: Any) -> None:
    _, connection = closed
    told = connection.execute(
        "select figure, cause, minutes, students from marts.correction "
        "where figure <> 'attended' order by all"
    ).fetchall()
    assert told == [
        ("missing", "late_registration", 2 * 60, 2),
        ("missing", "student_came", 2 * 60, 1),
        ("offered", "late_registration", -2 * 60, 2),
        ("offered", "student_came", 18 * 60, 1),
    ]
    moved = connection.execute(
        "select status_from, status_to, students from marts.correction_status order by all"
    ).fetchall()
    assert moved == [("none", "short", 1), ("short", "short", 2)]


def test_a_closed_year_is_not_closed_again_and_says_since_when(closed: Any, place: Settings) -> None:
    _, connection = closed
    with pytest.raises(WrongUseError, match="closed already"):
        freeze(place, YEAR)
    found = connection.execute(
        "select school_year, as_of_date, rewritten_for from marts.closed_year"
    ).fetchall()
    assert found == [(YEAR, OVER, None)]


def test_a_file_that_was_touched_publishes_nothing(closed: Any, place: Settings) -> None:
    file = file_of(place, YEAR)
    kept = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(kept + b"x")
    with pytest.raises(ClosedYearError, match="is not the file that was closed"):
        publish(place)
    file.write_bytes(kept)
    assert verified(place)


def test_what_a_year_was_closed_without_it_is_published_without(closed: Any, place: Settings) -> None:
    before, _ = closed
    file, note = file_of(place, YEAR), file_of(place, YEAR).with_suffix(".json")
    kept, said = file.read_bytes(), note.read_text(encoding="utf-8")
    file.chmod(0o600)
    with duckdb.connect(str(file)) as frozen:
        frozen.execute("drop table marts.school_coverage")
        frozen.execute("alter table marts.coverage_history drop column students_met")
    told = json.loads(said) | {"checksum": checksum(file)}
    note.write_text(json.dumps(told), encoding="utf-8")
    try:
        with duckdb.connect(str(publish(place)), read_only=True) as connection:
            after = of_the_year(connection)
            known = "select count(students_met), count(*) from marts.coverage_history where school_year = ?"
            assert connection.execute(known, [YEAR]).fetchall() == [(0, len(before["coverage_history"]))]
    finally:
        file.write_bytes(kept)
        note.write_text(said, encoding="utf-8")
    assert before["school_coverage"] and not after["school_coverage"]
    assert after["student_coverage"] == before["student_coverage"]


def test_who_is_erased_goes_from_the_closed_year_and_the_sums_stand(closed: Any, place: Settings) -> None:
    beside = replace(place, home=place.home / "beside")
    before = closed_years(place)[0]
    other = "b" * 32
    rename = {"a" * 32: other}
    rewrite_closed(
        place, beside, "erasure", gone=Gone(frozenset({"anna"})), rename=lambda key: rename.get(key, key)
    )
    after = verified(beside)[0]
    assert (after.first_checksum, after.rewritten[0]["why"]) == (before.checksum, "erasure")
    assert after.checksum != before.checksum
    with duckdb.connect(str(file_of(beside, YEAR)), read_only=True) as file:
        keys = file.execute("select student_key from marts.student_subject_coverage").fetchall()
        assert keys == [("bo",)]
        assert file.execute("select students from marts.school_coverage").fetchall() == [(2,)]
    content = file_of(beside, YEAR).read_bytes()
    assert b"anna" not in content
    assert b"a" * 32 not in content
    assert other.encode() in content


def test_a_year_older_than_what_is_kept_stays_as_sums_of_enough_students(
    closed: Any, place: Settings
) -> None:
    beside = replace(place, home=place.home / "aside")
    rewrite_closed(place, beside, "retention", gone=Gone(before="2019-20", threshold=2), rename=None)
    with duckdb.connect(str(file_of(beside, YEAR)), read_only=True) as file:
        left = {name for name, found in of_the_year(file).items() if found}
    assert "school_coverage" in left
    assert not [name for name in left if name.startswith(("student_", "group_", "teaching_", "recovery"))]
