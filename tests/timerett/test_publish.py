"""The published file is swapped in one step, and readers see the old one or the new one."""

from __future__ import annotations

import json
import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest

from timerett.publish import KEPT_WEEKS, publish
from timerett.settings import Settings
from timerett.warehouse import connect


def describe(place: Settings, *models: str) -> None:
    """The manifest of a project with these models."""
    nodes = {
        name: {"resource_type": "model", "schema": "marts", "name": name, "columns": {}} for name in models
    }
    place.dbt_target.mkdir(parents=True, exist_ok=True)
    (place.dbt_target / "manifest.json").write_text(json.dumps({"nodes": nodes}), encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    found = Settings(tmp_path, suppression_threshold=10, stale_after_teaching_days=10)
    describe(found, "figure", "publication")
    with connect(found.warehouse) as connection:
        connection.execute("CREATE SCHEMA marts")
        connection.execute("CREATE TABLE marts.figure (minutes INTEGER)")
    return found


def build(place: Settings, number: int) -> Path:
    with connect(place.warehouse) as connection:
        connection.execute("DELETE FROM marts.figure")
        connection.execute("INSERT INTO marts.figure VALUES (?)", [number])
        connection.execute(
            "CREATE OR REPLACE TABLE marts.publication AS SELECT DATE '2026-03-02' AS as_of_date, "
            "now() AS built_at, ? AS build_id, coalesce(bool_or(synthetic), false) AS synthetic "
            "FROM landing.batch",
            [f"build {number}"],
        )
    return publish(place)


def current(place: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(place.current.resolve()), read_only=True)


def test_a_reader_keeps_its_version_and_the_next_one_sees_the_new(place: Settings) -> None:
    build(place, 1)
    with current(place) as early:
        build(place, 2)
        assert early.execute("SELECT minutes FROM marts.figure").fetchall() == [(1,)]
        with current(place) as late:
            assert late.execute("SELECT minutes FROM marts.figure").fetchall() == [(2,)]
            said = late.execute("SELECT as_of_date, build_id, synthetic FROM marts.publication").fetchall()
            assert said == [(date(2026, 3, 2), "build 2", False)]


def test_the_last_versions_are_kept_and_of_older_ones_the_last_of_each_week(place: Settings) -> None:
    """Ten weeks with two builds each; builds within the newest versions are all kept."""
    published = []
    for number in range(20):
        published.append(build(place, number))
        week = date(2026, 1, 5) + timedelta(weeks=number // 2, days=number % 2)
        os.utime(published[-1], (datetime.combine(week, time(12)).timestamp(),) * 2)
    build(place, 20)
    versions = [file for file in published if file.exists()]
    older = published[:-2]
    assert versions[-2:] == published[-2:]
    assert versions[:-2] == older[1::2][-KEPT_WEEKS:]
    assert place.current.resolve() not in published


def test_a_table_that_is_no_model_any_more_is_not_published(place: Settings) -> None:
    with connect(place.warehouse) as connection:
        connection.execute("CREATE TABLE marts.stale AS SELECT 1 AS minutes")
    build(place, 1)
    with current(place) as reader:
        found = reader.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
    assert found == [("column_definition",), ("figure",), ("publication",)]


def test_a_publication_that_fails_leaves_the_earlier_one(place: Settings) -> None:
    build(place, 1)
    describe(place, "figure", "missing", "publication")
    with pytest.raises(duckdb.Error):
        build(place, 2)
    with current(place) as reader:
        assert reader.execute("SELECT minutes FROM marts.figure").fetchall() == [(1,)]
