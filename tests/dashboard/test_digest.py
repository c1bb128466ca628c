"""The weekly digest: what the pages say, to those it concerns, and nothing that could not be forwarded."""

import email
import io
import re
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pypdf
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from dashboard.access.roles import Role
from dashboard.digest import Digest, Listing, Section
from dashboard.digest.content import digest, recipients
from dashboard.digest.mail import as_html
from dashboard.digest.message import as_text, message, subject
from dashboard.documents.digest import paper
from dashboard.queries import changes
from dashboard.queries.common import publication
from dashboard.text import LANGUAGES, Text
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.fixture import SCHOOLS, YEAR
from tests.dashboard.reading import read
from timerett.digest import Wanted
from timerett.digest import digest as command
from timerett.errors import WrongUseError

ADDRESS = "https://timerett.example.no"
TUESDAY = date(2026, 3, 3)
TINY = "99008"
TABLE = {f"{slash}{tag}" for slash in ("", "/") for tag in ("thead", "tbody", "th", "a", "tr", "td", "table")}
NUMBER = re.compile(r"[−+]?\d[\d\u202f]*(?:,\d+)?")


def _made(reader_for: ReaderFor, school: str | None = None, language: str = "nb", **more: date) -> Digest:
    made = digest(
        reader_for(Role.OWNER), "99", school, Text(language), **{"on": TUESDAY, **more}, address=ADDRESS
    )
    assert made is not None
    return made


@pytest.fixture(scope="module")
def kept() -> list[Digest]:
    return []


@pytest.fixture
def every(reader_for: ReaderFor, kept: list[Digest]) -> list[Digest]:
    """The county's digest, then each school's."""
    if not kept:
        kept += [_made(reader_for, school) for school in (None, *(one[0] for one in SCHOOLS))]
    return kept


def _plain(markup: str) -> str:
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", markup)))


def _figures(words: str) -> set[str]:
    return set(NUMBER.findall(words))


def test_there_is_one_for_the_county_and_one_for_each_school(reader_for: ReaderFor) -> None:
    assert recipients(reader_for(Role.OWNER)) == [("99", [one[0] for one in SCHOOLS])]


@pytest.mark.parametrize("school", [None, "99002", "99007", TINY])
def test_every_figure_is_on_the_recipients_own_pages(
    reader_for: ReaderFor, server: Flask, school: str | None
) -> None:
    made = _made(reader_for, school)
    who = f"role=principal&as={school}" if school else "role=director"
    asked = f"?{who}&compare={made.since}" if made.since else f"?{who}"
    paths = [f"/school/{school}"] if school else ["/", "/county/99"]
    asked_for = [(path, asked) for path in (*paths, "/changes", "/absence", "/data")]
    # Statuses that are not shown apart are one figure only where small ones are hidden.
    asked_for += [(path, "?role=director") for path in paths]
    shown = " ".join(unescape(re.sub(r"<[^>]+>", " ", read(server, *one))) for one in asked_for)
    assert made.title in shown
    told = [made.second, made.do]
    told += [cell for s in made.sections for row in (s.listing.rows if s.listing else ()) for cell in row]
    told += [f.figure for f in made.figures] + [b.count for b in made.bar]
    told += [words for s in made.sections for words in (s.title, *s.words)]
    hidden = {made.hidden.split()[1]}
    assert {figure for said in told for figure in _figures(said)} - _figures(shown) <= hidden


@pytest.mark.parametrize("school", [None, "99001", "99002", "99004"])
def test_the_causes_told_sum_to_the_change(
    reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection, school: str | None
) -> None:
    made = _made(reader_for, school)
    (changed,) = [section for section in made.sections if section.name == "changed"]
    *causes, total = [minutes for _, minutes, _ in changed.steps]
    assert sum(causes) == total
    found = truth.execute(
        "select sum(minutes) from marts.coverage_change where figure = 'missing' and from_date = $1"
        " and ($2 is null or school_id = $2)",
        [made.since, school],
    ).fetchone()
    assert found == (total,)


def test_it_compares_with_the_publication_asked_for(reader_for: ReaderFor) -> None:
    assert _made(reader_for).since == date(2026, 2, 16)
    assert _made(reader_for, since=date(2026, 2, 1)).since == date(2026, 1, 26)
    assert _made(reader_for, since=date(2025, 1, 1)).since == date(2026, 1, 26)


def test_a_week_without_a_delivery_says_so_and_tells_no_change(reader_for: ReaderFor) -> None:
    assert _made(reader_for).notice == ""
    quiet = _made(reader_for, on=date(2026, 3, 9))
    assert "Ingen nye tall denne uka: siste uttrekk fra skolene er fra 2. mars 2026" in quiet.notice
    late = _made(reader_for, "99007")
    assert "Ingen nye tall denne uka: skolens siste uttrekk er fra 16. februar 2026" in late.notice
    for made in (quiet, late):
        assert "changed" not in {section.name for section in made.sections}


def test_a_schools_digest_names_no_other_school(every: list[Digest]) -> None:
    names = {school: name.split()[0] for school, name, *_ in SCHOOLS}
    for made in every[1:]:
        assert made.school is not None
        words = as_text(made, ADDRESS) + as_html(made, subject(made), ADDRESS)
        for school, name in names.items():
            assert (name in words) is (school == made.school), (made.school, name)
            assert school == made.school or school not in words


def test_no_digest_has_a_student_or_a_count_below_the_threshold(
    every: list[Digest], truth: duckdb.DuckDBPyConnection
) -> None:
    keys = [key for (key,) in truth.execute("select student_key from marts.student_coverage").fetchall()]
    for made in every:
        words = as_text(made, ADDRESS)
        assert not [key for key in keys if key in words or key[:8] in words]
        for n in re.findall(r"(\d[\d\u202f]*) elev(?:er)?\b", words):
            assert int(n.replace("\u202f", "")) >= 10, (made.place, n)
        for section in made.sections:
            for i, (head, _) in enumerate(section.listing.columns if section.listing else ()):
                if head in ("Elever", "Trenger tiltak", "Medlemmer"):
                    cells = [row[i] for row in section.listing.rows] if section.listing else []
                    assert all(not cell.isdecimal() or int(cell) >= 10 for cell in cells), cells


def test_what_is_hidden_on_the_directors_page_is_hidden_in_the_schools_mail(reader_for: ReaderFor) -> None:
    """One school is hidden for another's sake; the mail of either must not undo it."""
    rows = changes.moved_by_school(reader_for(Role.DIRECTOR), YEAR, date(2026, 2, 16), "missing")
    hidden = {row["school_id"] for row in rows if not isinstance(row["moved"], int)}
    assert TINY in hidden
    for school in hidden - {"99007"}:
        (changed,) = [one for one in _made(reader_for, school).sections if one.name == "changed"]
        assert not changed.steps
        assert "vises ikke" in changed.title


def test_the_tiny_schools_digest_tells_no_figure_of_its_eight_students(reader_for: ReaderFor) -> None:
    made = _made(reader_for, TINY)
    assert {one.figure for one in made.figures} <= {"<\u202f10", "••", "–"}
    assert made.bar == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("school", [None, "99001", "99007", TINY])
def test_on_paper_it_is_one_page_in_every_language(
    reader_for: ReaderFor, school: str | None, language: str
) -> None:
    made = _made(reader_for, school, language)
    published = publication(reader_for(Role.OWNER))
    printed = paper(made, published)
    document = pypdf.PdfReader(io.BytesIO(printed))
    assert len(document.pages) == 1
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    words = "".join(document.pages[0].extract_text().split())
    for said in (made.title, made.do, *(section.title for section in made.sections)):
        assert "".join(said.split()) in words
    if school == "99001":
        assert paper(made, published) == printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_is_text_and_html_with_the_same_figures(reader_for: ReaderFor, language: str) -> None:
    for made in (_made(reader_for, None, language), _made(reader_for, "99002", language)):
        raw = message(made, ADDRESS, sender="timerett@county.no", to=["a@county.no", "b@county.no"])
        assert raw == message(made, ADDRESS, sender="timerett@county.no", to=["a@county.no", "b@county.no"])
        assert all(len(line) <= 998 and b"\n" not in line for line in raw.split(b"\r\n"))
        mail = email.message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)
        assert mail["To"] == "a@county.no, b@county.no"
        assert mail["Subject"] == subject(made)
        assert made.place in mail["Subject"]
        assert mail.get_content_type() == "multipart/alternative"
        text, html = [part.get_content() for part in mail.iter_parts()]
        assert _figures(made.title) <= _figures(text)
        assert f'<html lang="{language}">' in html
        for section in made.sections:
            assert section.title in text
            assert section.title in unescape(html)
            for row in section.listing.rows if section.listing else ():
                assert all(cell in text and cell in _plain(html) for cell in row)


def test_without_a_recipient_the_message_opens_as_a_draft(reader_for: ReaderFor) -> None:
    mail = email.message_from_bytes(message(_made(reader_for), ADDRESS), policy=default)
    assert mail["X-Unsent"] == "1"
    assert mail["To"] is None


def test_the_html_stands_alone(every: list[Digest]) -> None:
    """No script, nothing fetched, well-formed, and links to the configured address only."""
    for made in every:
        html = as_html(made, subject(made), ADDRESS)
        assert not re.search(r"<(script|img|link|iframe|object|form|base)\b|url\(|@import|@font-face", html)
        assert {a.split("/")[2] for a in re.findall(r'(?:href|src)="([^"]*)"', html)} == {ADDRESS[8:]}
        body = re.sub(r"<!--.*?-->|<!DOCTYPE html>", "", html, flags=re.S)
        closed = re.sub(r"<meta ([^>]*)>", r"<meta \1/>", body).replace("&nbsp;", " ").replace("&emsp;", " ")
        ElementTree.fromstring(closed)  # noqa: S314 - our own


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=40).map(str.strip).filter(bool))
def test_whatever_a_school_or_group_is_called_it_is_text(every: list[Digest], name: str) -> None:
    row = Listing([(name, False), (name, True)], [[name, name]])
    section = Section("x", name, [name], row, f"/?school={name}", name)
    made = replace(every[0], place=name, title=name, second=name, do=name, notice=name, sections=[section])
    plain = replace(made, sections=[replace(section, title="", words=[], listing=None, page="")])
    html, without = as_html(made, name, ADDRESS), as_html(plain, "", ADDRESS)
    head = html[html.index("<h1") : html.index("</h1>")]
    assert head.count("<") == 1
    assert unescape(head.partition(">")[2]) == name
    words = unescape(re.sub(r"<[^>]+>", "\n", html[html.index("<h2") :])).split("\n")
    assert [word for word in words if word == name][:6] == [name] * 6
    assert set(re.findall(r"<(/?\w+)", html)) <= set(re.findall(r"<(/?\w+)", without)) | TABLE


def test_the_command_writes_page_mail_and_paper_for_each(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    monkeypatch.setenv("TIMERETT_ADDRESS", f"{ADDRESS}/")
    addresses = tmp_path / "addresses.toml"
    addresses.write_text(
        'sender = "timerett@county.no"\n[counties]\n99 = ["director@county.no"]\n'
        '[schools]\n99002 = ["principal@county.no", "deputy@county.no"]\n'
    )
    quiet = Console(quiet=True)
    command(tmp_path / "all", Wanted(on=TUESDAY, addresses=addresses), quiet)
    made = {file.name for file in (tmp_path / "all").iterdir()}
    stems = {"county-99", *(f"school-{one[0]}" for one in SCHOOLS)}
    assert made == {f"{stem}.{kind}" for stem in stems for kind in ("html", "eml", "pdf")}
    assert f'href="{ADDRESS}/?lang=nb"' in (tmp_path / "all" / "county-99.html").read_text()
    to = {
        stem: email.message_from_bytes((tmp_path / "all" / f"{stem}.eml").read_bytes(), policy=default)["To"]
        for stem in stems
    }
    assert {stem: value for stem, value in to.items() if value} == {
        "county-99": "director@county.no",
        "school-99002": "principal@county.no, deputy@county.no",
    }
    command(tmp_path / "one", Wanted(school="99003", language="nn", on=TUESDAY), quiet)
    assert {file.stem for file in (tmp_path / "one").iterdir()} == {"school-99003"}


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(county="12"), "--county 12: has no figures here. Expected one of: 99"),
        (Wanted(school="1"), "--school 1: has no figures"),
        (Wanted(language="de"), "--language de"),
    ],
)
def test_what_cannot_be_written_is_said(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, said: str
) -> None:
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    with pytest.raises(WrongUseError, match=said):
        command(tmp_path / "new", wanted, Console(quiet=True))
    assert not (tmp_path / "new").exists()


def test_a_folder_with_an_earlier_week_in_it_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    (tmp_path / "county-99.eml").touch()
    with pytest.raises(WrongUseError, match="no mail of an earlier week"):
        command(tmp_path, Wanted(), Console(quiet=True))


@pytest.mark.parametrize(
    "content",
    [
        "sender = ",
        'sender = "county.no"',
        'sender = "a@b.no"\nreaders = 1',
        'sender = "a@b.no"\n[schools]\n99999 = ["a@b.no"]',
        'sender = "a@b.no"\n[schools]\n99001 = "a@b.no"',
        'sender = "a@b.no"\n[schools]\n99001 = ["a@b.no, c@d.no"]',
        'sender = "a@b.no"\n[counties]\n99 = ["a@b.no\\nBcc: c@d.no"]',
        'sender = "a@b.no"\ncounties = 3',
    ],
)
def test_a_file_of_addresses_that_is_not_understood_writes_no_mail(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    file = tmp_path / "addresses.toml"
    file.write_text(content)
    with pytest.raises(WrongUseError, match=re.escape(str(file))):
        command(tmp_path / "new", Wanted(addresses=file), Console(quiet=True))
    assert not (tmp_path / "new").exists()
