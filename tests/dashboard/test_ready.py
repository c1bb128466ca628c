"""What a worker works out before its first reader comes, and what it leaves alone."""

import logging

import pytest
from flask import Flask

from dashboard import ready
from dashboard.access import answers
from tests.dashboard.test_pages import page
from tests.dashboard.test_weight import OF_STUDENTS, queries

__all__ = ["queries"]

MENU = ["/", "/county/99", "/changes", "/absence", "/data", "/method"]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "RESTING", 0)


@pytest.mark.usefixtures("at_once")
def test_the_first_director_asks_the_file_nothing(fresh_server: Flask, queries: list[str]) -> None:
    fresh_server.extensions[ready.KEY]()
    page(fresh_server, "/method", "?role=owner")  # the trial asks which roles there are to try
    for path in MENU:
        queries.clear()
        page(fresh_server, path, "?role=director")
        assert queries == [], path


@pytest.mark.usefixtures("at_once")
def test_no_students_row_is_read(
    fresh_server: Flask, queries: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        fresh_server.extensions[ready.KEY]()
    assert queries and not caplog.records
    of_students = [sql for sql in queries if any(table in sql for table in OF_STUDENTS)]
    assert all("$scope_groups" in sql or "count(distinct student_key)" in sql for sql in of_students)
