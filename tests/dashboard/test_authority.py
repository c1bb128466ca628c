"""The answer to the supervisory authority: the pages' figures, on a paper that gives nobody away."""

import io
import re
import shutil
from html import unescape
from pathlib import Path

import duckdb
import pypdf
import pytest
from flask import Flask
from rich.console import Console

from dashboard.access.roles import RefusedError, Role
from dashboard.access.scope import Reader
from dashboard.access.suppression import Hidden
from dashboard.documents.authority import authority
from dashboard.pages import EmptyError, Request
from dashboard.pages.authority_answer import Source, checksum
from dashboard.pages.authority_parts import parts
from dashboard.queries import common
from dashboard.queries.common import publication
from dashboard.text import LANGUAGES, Text
from dashboard.view import View
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.fixture import SCHOOLS, YEAR
from tests.dashboard.reading import read
from timerett.errors import WrongUseError
from timerett.report import About, report

LOOPBACK = {"REMOTE_ADDR": "127.0.0.1"}
TINY = "99008"


@pytest.fixture(scope="module")
def closed_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same county after the year: no lesson ahead, the year closed, and corrections to it since."""
    folder = tmp_path_factory.mktemp("closed")
    (folder / "published").mkdir()
    file = folder / "published" / "closed.duckdb"
    shutil.copy((home / "published" / "current.duckdb").resolve(), file)
    with duckdb.connect(str(file)) as db:
        db.execute(f"update marts.closed_year set school_year = '{YEAR}'")
        db.execute("update marts.school_coverage set remaining_minutes = 0")
        for table in ("correction", "correction_status", "student_correction"):
            db.execute(f"update marts.{table} set school_year = '{YEAR}'")
    (folder / "published" / "current.duckdb").symlink_to(file)
    return folder


@pytest.fixture
def closed_server(closed_home: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("TIMERETT_HOME", str(closed_home))
    from dashboard.app import create  # noqa: PLC0415

    return create().server


def _source(reader: Reader, school: str | None = None, language: str = "nb") -> Source:
    view = View("/authority", {"lang": language}, reader.viewer, demo=False, text=Text(language))
    return Source(Request(view, reader, publication(reader), {"school": school} if school else {}), school)


def _words(printed: bytes) -> tuple[int, str]:
    document = pypdf.PdfReader(io.BytesIO(printed))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    return len(document.pages), "".join("".join(p.extract_text() for p in document.pages).split())


def _packed(words: str) -> str:
    return "".join(words.split())


def _shown(server: Flask, path: str, asked: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", read(server, path, asked)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("school", [None, "99002", TINY])
def test_the_paper_says_all_of_the_page_in_two_to_four_sides(
    reader_for: ReaderFor, school: str | None, language: str
) -> None:
    reader = reader_for(Role.DIRECTOR)
    params = {"school": school} if school else {}
    printed = authority(reader, publication(reader), Text(language), params)
    pages, words = _words(printed)
    assert 2 <= pages <= 4
    of = _source(reader, school, language)
    for part in parts(of):
        for said in (part.title, *part.words, *part.after):
            assert _packed(said.replace("-", "")) in words.replace("-", ""), said
    for said in ("authority.sign_name", "authority.sum_note", "hidden.few", "shell.synthetic"):
        assert _packed(of.text(said, threshold=10)) in words
    assert checksum(of, parts(of)) in words
    assert printed == authority(reader, publication(reader), Text(language), params)


def test_the_legal_basis_is_cited_by_paragraph(reader_for: ReaderFor) -> None:
    law = " ".join(parts(_source(reader_for(Role.DIRECTOR)))[0].words)
    for cited in (
        "lov 9. juni 2023 nr. 30) § 1-6 fjerde ledd",
        "§ 5-4 første ledd",
        "forskrift 3. juni 2024 nr. 900) § 5-1",
        "§ 5-3",
        "§ 11-6",
        "§ 5-11",
    ):
        assert cited in law
    assert "1998" not in law


def test_a_year_before_the_new_act_says_which_act_held(reader_for: ReaderFor) -> None:
    of = _source(reader_for(Role.DIRECTOR))
    of.year = "2018-19"
    assert "lov 17. juli 1998 nr. 61" in parts(of)[0].words[-1]


def test_its_figures_are_those_of_the_pages(reader_for: ReaderFor, server: Flask) -> None:
    """The same queries hide the same cells: a second decision would tell what the first one hides."""
    reader = reader_for(Role.DIRECTOR)
    rows = {row["school_id"]: row for row in common.by_school(reader, YEAR)}
    for school in (None, "99001", "99004", TINY):
        of = _source(reader, school)
        expected = rows[school] if school else common.totals(reader, YEAR)
        assert expected is not None
        statuses, hours = (next(p for p in parts(of) if p.name == name) for name in ("statuses", "hours"))
        assert statuses.table and hours.table
        for column in statuses.table.columns[1:]:
            assert statuses.table.rows[0][column.key] == expected[column.key]
        assert hours.table.rows[0]["minutes"] == expected["required"]
        path = f"/school/{school}" if school else "/"
        shown = _shown(server, path, "?role=director")
        for cell in (row["minutes"] for row in hours.table.rows if isinstance(row["minutes"], int)):
            assert Text("nb").hours(cell) in shown
    county = next(p for p in parts(_source(reader)) if p.name == "statuses")
    assert county.table
    for row in county.table.rows[1:]:
        assert all(row[c.key] == rows[row["school_id"]][c.key] for c in county.table.columns[1:])


def test_a_principals_answer_hides_what_the_directors_hides(reader_for: ReaderFor) -> None:
    principal, director = reader_for(Role.PRINCIPAL, schools=("99004",)), reader_for(Role.DIRECTOR)
    mine = authority(principal, publication(principal), Text("nb"), {})
    assert mine == authority(director, publication(director), Text("nb"), {"school": "99004"})
    statuses = next(p for p in parts(_source(principal, "99004")) if p.name == "statuses")
    assert statuses.table
    assert any(isinstance(v, Hidden) for row in statuses.table.rows for v in row.values())


def test_a_schools_answer_has_no_other_school_no_student_and_no_small_count(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection
) -> None:
    keys = [key for (key,) in truth.execute("select student_key from marts.student_coverage").fetchall()]
    reader = reader_for(Role.DIRECTOR)
    names = {school: name.split()[0] for school, name, *_ in SCHOOLS}
    for school in (*names, None):
        of = _source(reader, school)
        words = " ".join(
            [
                *(said for part in parts(of) for said in (part.title, *part.words, *part.after)),
                *(
                    str(row.get(c.key))
                    for p in parts(of)
                    if p.table
                    for row in p.table.rows
                    for c in p.table.columns
                ),
            ]
        )
        assert not [key for key in keys if key[:8] in words]
        for part in parts(of):
            for column in part.table.columns if part.table else ():
                if column.key.startswith("students") or column.key == "lifted":
                    counts = [row[column.key] for row in part.table.rows] if part.table else []
                    assert all(isinstance(n, Hidden) or n == 0 or n >= 10 for n in counts)
        if school:
            assert not [name for other, name in names.items() if other != school and name in words]


@pytest.mark.parametrize("role", [Role.TEACHER, Role.OWNER, Role.ANALYST])
def test_others_do_not_answer_for_the_county(server: Flask, reader_for: ReaderFor, role: Role) -> None:
    assert "state-refused" in read(server, "/authority", f"?role={role}")
    assert "/authority" not in read(server, "/", f"?role={role}")
    answer = server.test_client().get(f"/document/authority.pdf?role={role}", environ_base=LOOPBACK)
    assert answer.status_code == 404


def test_a_principal_does_not_answer_for_another_school_nor_a_director_for_another_county(
    server: Flask, reader_for: ReaderFor
) -> None:
    principal = reader_for(Role.PRINCIPAL, schools=("99004",))
    elsewhere = reader_for(Role.DIRECTOR, county="03")
    with pytest.raises(RefusedError):
        authority(principal, publication(principal), Text("nb"), {"school": "99001"})
    for params in ({}, {"school": "99001"}):
        with pytest.raises((RefusedError, EmptyError)):
            authority(elsewhere, publication(elsewhere), Text("nb"), params)
    assert "state-refused" in read(server, "/school/99001/authority", "?role=principal&as=99004")
    gone = server.test_client().get("/document/authority.pdf?role=principal&as=99004&school=99001")
    assert gone.status_code == 404


def test_the_checksum_is_of_the_figures_and_not_of_the_words(reader_for: ReaderFor) -> None:
    reader = reader_for(Role.DIRECTOR)
    sums = {
        language: checksum(of, parts(of)) for language in LANGUAGES if (of := _source(reader, None, language))
    }
    assert len(set(sums.values())) == 1
    school = _source(reader, "99002")
    assert checksum(school, parts(school)) not in sums.values()
    changed = parts(_source(reader))
    table = next(part.table for part in changed if part.table)
    table.rows[0]["students"] += 1
    assert checksum(_source(reader), changed) not in sums.values()


def test_the_pages_lead_to_the_answer_and_the_answer_to_the_paper(server: Flask) -> None:
    for path, way in (
        ("/", "/authority"),
        ("/county/99", "/authority"),
        ("/school/99002", "/school/99002/authority"),
        ("/authority", "/document/authority.pdf"),
        ("/authority", "/school/99002/authority"),
        ("/school/99002/authority", "/document/authority.pdf?role=director&amp;school=99002"),
    ):
        assert f'href=\\"{way}' in read(server, path, "?role=director").replace("&amp;amp;", "&amp;")
    assert "/school/99001/authority" in read(server, "/", "?role=principal&as=99001")
    handed = server.test_client().get(
        "/document/authority.pdf?role=principal&as=99002", environ_base=LOOPBACK
    )
    assert (handed.status_code, handed.content_type) == (200, "application/pdf")
    assert _packed("Granheim videregående skole") in _words(handed.data)[1]


@pytest.mark.parametrize("table", ["statuses", "hours", "causes", "findings", "measures"])
def test_its_tables_export(server: Flask, table: str) -> None:
    for path in ("authority", "school/99002/authority"):
        answer = server.test_client().get(f"/export/{path}/{table}.csv?role=director", environ_base=LOOPBACK)
        assert answer.status_code == 200


def test_a_closed_year_is_answered_for_with_its_frozen_figures_and_the_corrections_since(
    closed_server: Flask,
) -> None:
    shown = read(closed_server, "/authority", "?role=director")
    assert "fikk ikke alle timene de hadde rett til i skoleåret 2025–26" in shown
    for said in (
        "Skoleåret ble lukket 20. august 2025. Tallene gjelder per 18. august 2025 og flytter seg ikke.",
        "4f" * 32,
        "a1" * 32,
        "ble rader om elever slettet av hensyn til personvernet",
        "Data som er kommet siden, ville gitt",
        "Registrert i ettertid",
    ):
        assert said in shown
    assert "/corrections?" in shown
    back = read(closed_server, "/corrections", "?role=director")
    assert f"/authority?role=director&amp;year={YEAR}" in back
    assert "flytter seg ikke" in back
    assert "Funn i dataene" not in shown, "findings are of today"
    paper = closed_server.test_client().get("/document/authority.pdf?role=director", environ_base=LOOPBACK)
    pages, words = _words(paper.data)
    assert pages <= 4
    for told in ("Per18.august2025", "Publiseringfixture-0", "Rettelsersiden,etterfixture-1"):
        assert told in words
    school = read(closed_server, "/school/99002/authority", "?role=director")
    assert "4f" * 32 in school
    assert "Data som er kommet siden, ville gitt" in school


def test_a_principal_sees_whose_closed_figures_would_move_and_a_director_does_not(
    closed_server: Flask,
) -> None:
    assert "/student/" in read(closed_server, "/corrections", "?role=principal&as=99001")
    assert "/student/" not in read(closed_server, "/corrections", "?role=director")


def test_a_year_without_figures_is_no_answer_about_another(server: Flask, reader_for: ReaderFor) -> None:
    assert "state-empty" in read(server, "/authority", "?role=director&year=1999-00")
    with pytest.raises(EmptyError):
        reader = reader_for(Role.DIRECTOR)
        authority(reader, publication(reader), Text("nb"), {"year": "1999-00"})
    assert "/authority" not in read(server, "/corrections", "?role=director"), "2024-25 has no figures here"


def test_the_command_writes_the_directors_paper(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader_for: ReaderFor
) -> None:
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    reader, file = reader_for(Role.DIRECTOR), tmp_path / "answers" / "authority.pdf"
    quiet = Console(quiet=True)
    report("authority", file, About("99"), "nn", quiet)
    assert file.read_bytes() == authority(reader, publication(reader), Text("nn"), {})
    report("authority", file, About("99", "99003", YEAR), "nb", quiet)
    assert file.read_bytes() == authority(reader, publication(reader), Text("nb"), {"school": "99003"})
    for of, said in (
        (About(), "name the county that answers, one of: 99"),
        (About("12"), "--county 12: name the county"),
        (About("99", "1"), "--school 1: is no school of county 99"),
        (About("99", None, "1999-00"), "--year 1999-00: nothing is published. Published: 2025-26"),
    ):
        with pytest.raises(WrongUseError, match=said):
            report("authority", file, of, "nb", quiet)
    with pytest.raises(WrongUseError, match="--school and --year"):
        report("steering", file, About("99", "99001"), "nb", quiet)
