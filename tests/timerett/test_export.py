"""Files for others: marked when invented, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import fastexcel
import pytest
from rich.console import Console

from tests.timerett.test_publish import build, describe
from timerett.errors import WrongUseError
from timerett.export import export
from timerett.settings import Settings
from timerett.warehouse import connect

FORMULA = '=HYPERLINK("x")'


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    place = Settings(home, suppression_threshold=10, stale_after_teaching_days=10)
    with connect(place.warehouse) as connection:
        connection.execute("CREATE SCHEMA marts")
        connection.execute("CREATE TABLE marts.figure (minutes INTEGER)")
        connection.execute("CREATE TABLE marts.school (school_id VARCHAR, name VARCHAR)")
        connection.execute("INSERT INTO marts.school VALUES ('1001', ?), ('1002', 'Fjell')", [FORMULA])
        connection.execute(
            "INSERT INTO landing.batch VALUES ('b', 'fint', '99', 'full', now(), now(), 'h', true, 'landed')"
        )
    describe(place, "figure", "publication", "school")
    build(place, 1)
    return tmp_path / "export"


def test_csv_is_marked_as_invented_and_runs_no_formula(published: Path) -> None:
    export(published, "csv", ["school"], Console(quiet=True))
    with (published / "school-syntetiske-data.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["name"] for row in rows] == ["'" + FORMULA, "Fjell"]
    assert {row["data_source"] for row in rows} == {"Syntetiske data"}


def test_the_workbook_begins_with_its_date_and_its_mark(published: Path) -> None:
    export(published, "xlsx", ["school"], Console(quiet=True))
    book = fastexcel.read_excel(published / "timerett-syntetiske-data.xlsx")
    assert book.sheet_names == ["Om tallene", "school"]
    about = book.load_sheet("Om tallene", header_row=None).to_polars().rows()
    assert [row[0] for row in about[:3]] == ["Syntetiske data", "Tall per", "Beregnet"]
    assert about[1][1] == "02.03.2026"
    assert book.load_sheet("school").to_polars()["name"].to_list() == ["'" + FORMULA, "Fjell"]


def test_an_unknown_table_or_format_is_wrong_use(published: Path) -> None:
    with pytest.raises(WrongUseError, match=r"no such table. Expected: .*school"):
        export(published, "csv", ["skole"], Console(quiet=True))
    with pytest.raises(WrongUseError, match="expected one of parquet, csv, xlsx"):
        export(published, "pdf", [], Console(quiet=True))
