"""How much a page may ask of the published file, and how much it may send."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from dashboard.access.scope import Reader
from dashboard.components.table import MOST_ROWS, Column, Table, as_html
from dashboard.text import LANGUAGES, Text
from tests.dashboard.test_pages import page

MOST_QUERIES, LARGEST = 36, 450_000
OF_STUDENTS = ("marts.student_", "marts.absence_limit", "marts.reconciliation")
PAGES = [
    "/",
    "/county/99",
    "/school/99002",
    "/changes",
    "/absence",
    "/benefits",
    "/rollout",
    "/data",
    "/method",
]
ROLES = ["director", "principal", "teacher", "owner", "analyst"]


@pytest.fixture
def server(fresh_server: Flask) -> Flask:
    """What was asked before would not be asked again."""
    return fresh_server


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that reaches the file."""
    seen: list[str] = []
    fetch = Reader._fetch

    def noted(reader: Reader, sql: str, params: object) -> object:
        seen.append(sql)
        return fetch(reader, sql, params)  # type: ignore[arg-type]

    monkeypatch.setattr(Reader, "_fetch", noted)
    yield seen


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_and_sends_no_more_than_it_may(server: Flask, queries: list[str], path: str) -> None:
    for role in ROLES:
        queries.clear()
        sent = page(server, path, f"?role={role}&as=99002")
        assert len(queries) <= MOST_QUERIES, (path, role)
        assert len(sent.encode()) <= LARGEST, (path, role)


def test_the_second_time_only_students_are_asked_for(server: Flask, queries: list[str]) -> None:
    for path in PAGES:
        for role in ROLES:
            search = f"?role={role}&as=99002"
            page(server, path, search)
            queries.clear()
            page(server, path, search)
            assert all(any(table in sql for table in OF_STUDENTS) for sql in queries), (path, role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_table_says_where_the_rest_of_it_is(language: str) -> None:
    rows = [{"n": n} for n in range(MOST_ROWS + 1)]
    text = Text(language)
    long = as_html(Table("t", "T", [Column("n", "N", "count")], rows), text).content
    short = as_html(Table("t", "T", [Column("n", "N", "count")], rows[:-1]), text).content
    assert long.count("<tr>") == short.count("<tr>") == MOST_ROWS + 1
    said = text("card.first_rows", shown=text.number(MOST_ROWS), found=text.number(MOST_ROWS + 1))
    assert said in long
    assert said not in short


def test_the_export_has_every_row(server: Flask, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.components.table.MOST_ROWS", 2)
    whole = server.test_client().get("/export/schools.csv").get_data(as_text=True)
    assert whole.count("Fjordgløtt") == whole.count("Havnvik") == 1
