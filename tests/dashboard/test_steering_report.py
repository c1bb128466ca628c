"""The paper for the steering group: one page that stands alone and says what the marts say."""

import io
from pathlib import Path

import duckdb
import pypdf
import pytest
from flask import Flask
from rich.console import Console

from dashboard.access.roles import Role
from dashboard.documents.steering import steering
from dashboard.pages import EmptyError
from dashboard.queries.common import publication
from dashboard.text import LANGUAGES, Text
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.test_benefits_page import told
from timerett.errors import WrongUseError
from timerett.report import About, report

LOOPBACK = {"REMOTE_ADDR": "127.0.0.1"}
COUNTY = "99"


def _words(printed: bytes) -> str:
    read = pypdf.PdfReader(io.BytesIO(printed))
    assert len(read.pages) == 1
    return " ".join(read.pages[0].extract_text().split())


def _spaced(words: str) -> str:
    return " ".join(words.split())


def test_the_paper_says_what_was_promised_what_came_and_who_is_behind(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection
) -> None:
    reader = reader_for(Role.OWNER)
    words = _words(steering(reader, publication(reader), Text("nb"), COUNTY))
    hours, planned, low, high = map(_spaced, told(truth))
    assert f"{hours} av {planned} lovede timer er realisert så langt, trolig mellom {low} og {high}" in words
    for process, owner, days in truth.execute(
        "select name, measurement_due.owner, days_overdue from marts.measurement_due"
        " join marts.work_process using (process_code) where days_overdue > 0"
    ).fetchall():
        assert f"Måle «{process}» Syntetia fylke {owner} {days}" in words
    for process, cost in truth.execute(
        "select name, -hours_so_far from marts.benefit_total"
        " join marts.work_process on process_code = sum_key"
        " where state = 'realised' and sum_by = 'process_code' and county_number = '99'"
        " and month = date '2026-02-01' and hours_so_far < 0"
    ).fetchall():
        assert f"{process} Nytt arbeid" in words
        assert _spaced(Text("nb").hours(-60 * cost)) in words
    for said in (
        "Per 2. mars 2026",
        "bygg fixture-1",
        "Syntetiske data",
        "Neste beslutninger",
        "aldri kroner",
    ):
        assert said in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_is_one_page_in_every_language(reader_for: ReaderFor, language: str) -> None:
    reader = reader_for(Role.DIRECTOR)
    text = Text(language)
    words = _words(steering(reader, publication(reader), text))
    assert _spaced(text("steering.decisions")) in words
    assert _spaced(text("steering.method")) in words


def test_the_page_hands_it_out_to_those_who_follow_the_project(server: Flask) -> None:
    with server.test_client() as client:
        handed = client.get("/document/steering.pdf?role=director&lang=en", environ_base=LOOPBACK)
        assert (handed.status_code, handed.content_type) == (200, "application/pdf")
        assert "promised hours are realised" in _words(handed.data)
        assert client.get("/document/steering.pdf?role=principal", environ_base=LOOPBACK).status_code == 404
        assert client.get("/document/none.pdf?role=owner", environ_base=LOOPBACK).status_code == 404
        elsewhere = client.get("/document/steering.pdf?role=owner", environ_base={"REMOTE_ADDR": "10.0.0.9"})
        assert elsewhere.status_code == 403


def test_another_county_gets_no_paper_about_this_one(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.DIRECTOR, county="03")
    with pytest.raises(EmptyError):
        steering(reader, publication(reader), Text("nb"), COUNTY)


def test_the_command_writes_the_same_paper(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader_for: ReaderFor
) -> None:
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    reader = reader_for(Role.OWNER)
    file = tmp_path / "reports" / "steering.pdf"
    report("steering", file, About(COUNTY), "nb", Console(quiet=True))
    assert file.read_bytes() == steering(reader, publication(reader), Text("nb"), COUNTY)
    for name, county, language, said in (
        ("money", None, "nb", "Expected one of authority, steering"),
        ("steering", "12", "nb", "--county 12: has no benefits here. Expected one of: 99"),
        ("steering", None, "de", "--language de"),
    ):
        with pytest.raises(WrongUseError, match=said):
            report(name, file, About(county), language, Console(quiet=True))
