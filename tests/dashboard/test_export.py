"""Exports are the page's tables, under the same scope, with date and definitions."""

import io
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from flask import Flask
from pypdf import PdfReader

from dashboard.access.roles import Role, Viewer
from dashboard.components.table import Column, Table
from dashboard.export import as_csv
from dashboard.queries.common import Publication
from dashboard.text import Text
from dashboard.view import View


def test_a_table_exports_with_its_date_and_definitions_and_its_hidden_figures_stay_hidden(
    server: Flask,
) -> None:
    answer = server.test_client().get("/export/schools.csv")
    lines = answer.get_data(as_text=True).splitlines()
    assert answer.status_code == 200
    assert "# Per;2026-03-02" in lines
    assert any(line.startswith("# Trenger tiltak;") for line in lines)
    tiny = next(line for line in lines if line.startswith("Utvær"))
    assert not any(cell.strip().isdigit() for cell in tiny.split(";"))


def test_the_workbook_has_the_figures_apart_from_what_they_mean(server: Flask) -> None:
    answer = server.test_client().get("/export/county/99/schools.xlsx?lang=en")
    names = ZipFile(io.BytesIO(answer.get_data())).read("xl/workbook.xml").decode()
    assert 'name="About"' in names
    assert 'name="Figures"' in names


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_on_paper_the_table_says_the_same_and_hides_the_same(server: Flask, language: str) -> None:
    answer = server.test_client().get(f"/export/county/99/schools.pdf?lang={language}")
    assert answer.content_type == "application/pdf"
    read = PdfReader(io.BytesIO(answer.get_data()))
    words = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    assert "Syntetia fylke" in words
    assert "Utvær oppvekstsenter" in words
    assert Text(language)("hidden.few", threshold=10) in words
    assert Text(language)("definition.needing.text")[:40] in words


@pytest.mark.parametrize(
    "address", ["/export/nothing.csv", "/export/schools.docx", "/export/school/1/weeks.csv"]
)
def test_what_is_not_there_or_not_allowed_is_not_found(server: Flask, address: str) -> None:
    assert server.test_client().get(address).status_code == 404


def test_a_principal_exports_no_other_school(server: Flask) -> None:
    client = server.test_client()
    assert client.get("/export/school/99002/students.csv?role=principal&as=99002").status_code == 200
    assert client.get("/export/school/99001/students.csv?role=principal&as=99002").status_code == 404
    assert client.get("/export/school/99002/students.csv").status_code == 404


def test_text_that_looks_like_a_formula_stays_text() -> None:
    table = Table("t", "T", [Column("name", "Navn")], [{"name": "=1+1"}])
    view = View("/", {}, Viewer(Role.DIRECTOR, "d", "99"), demo=True, text=Text("nb"))
    made = Publication(date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC), "b", True)
    assert b"'=1+1" in as_csv(table, "Oversikt", view, made)
