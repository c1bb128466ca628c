"""No page says a word that is neither in the reader's language nor a name from the data."""

import json
import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any

import duckdb
import pytest
from babel.dates import get_day_names, get_month_names
from flask import Flask

from dashboard.access.roles import Role
from dashboard.pages.method import DOCS
from dashboard.text import LANGUAGES, LOCALES, phrases
from tests.browser.places import SCHOOL, STUDENT, Place, pages
from tests.dashboard.test_pages import page

WORD = re.compile(r"[^\W\d_]{2,}")
ALWAYS = {"timerett", "excel", "csv", "pdf", "kl", "fixture", "xlsx", "json", "fint"}
NAMES = {
    "school": ("name", "owner"),
    "county": ("name",),
    "subject": ("name", "subject_code"),
    "programme_area": ("name", "programme_area_code"),
    "group_forecast": ("group_name",),
    "work_process": ("process_code", "name", "name_en", "unit", "owner"),
    "training": ("topic",),
    "acceptance": ("release",),
    "batch": ("batch_id", "source"),
    "batch_file": ("source_file",),
    "quarantine": ("column_name", "value", "source_file"),
    "student_decision": ("decision_id",),
    "curriculum_rule_used": ("source",),
    "absence_limit": ("subject_code",),
}
"""What the data name: places, subjects, groups, files. Not what they hold codes for."""


class Visible(HTMLParser):
    """The texts of markup, and what is read out of its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in ("aria-label", "title", "alt") and value]


def texts(node: Any) -> list[str]:
    """Everything a page as sent says: markup, elements, and the texts of charts."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, list):
        return [text for child in node for text in texts(child)]
    if not isinstance(node, dict):
        return []
    props = node.get("props", {})
    found = [value for name, value in props.items() if name in ("aria-label", "title", "data-title")]
    if "content" in props:
        reader = Visible()
        reader.feed(f"<p>{props['content']}</p>")
        label = props["attributes"].get("aria-label", "")
        return [*found, *reader.texts, label]
    if "figure" in props:
        return [*found, *_of_chart(props["figure"]["layout"])]
    return [*found, *texts(props.get("children"))]


def _of_chart(layout: dict[str, Any]) -> list[str]:
    axes = [layout[name] for name in ("xaxis", "yaxis")]
    told = [mark["text"] for mark in layout.get("annotations", [])]
    told += [str(tick) for axis in axes for tick in axis.get("ticktext", [])]
    told += [axis.get("title", {}).get("text", "") for axis in axes]
    return [re.sub(r"<[^>]+>", " ", text) for text in told]


def words(*said: str) -> set[str]:
    return {word.lower() for text in said for word in WORD.findall(text)}


LOOKED_AT = [place for place in pages() if place.role in (Role.DIRECTOR, Role.OWNER, Role.TEACHER)]
"""The roles that between them see all there is; the principal and the analyst see the same words."""


def test_the_languages_are_told_apart() -> None:
    ours = {"nb": "ikke skole elever fra uke", "nn": "ikkje skule elevar frå veke", "en": "school not from"}
    for language, told in ours.items():
        assert words(told) <= vocabulary(language)
        assert not [other for other in ours if other != language and words(told) & vocabulary(other)]


@cache
def vocabulary(language: str) -> frozenset[str]:
    told = [re.sub(r"\{[^}]*\}", " ", phrase) for phrase in phrases(language).values()]
    for width in ("wide", "abbreviated"):
        for names in (get_month_names, get_day_names):
            for context in ("format", "stand-alone"):
                told += names(width, context, LOCALES[language]).values()  # type: ignore[operator]
    return frozenset(words(*told, *LANGUAGES.values()) | ALWAYS)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The words of the names in the published file."""
    from tests.dashboard.fixture import build  # noqa: PLC0415

    copy = build(tmp_path_factory.mktemp("names") / "fixture.duckdb")
    found: set[str] = set()
    with duckdb.connect(str(copy), read_only=True) as db:
        for table, columns in NAMES.items():
            for column in columns:
                rows = db.execute(f"select distinct {column}::varchar from marts.{table}").fetchall()
                found |= words(*(str(value) for (value,) in rows))
    return found


def shown(server: Flask, address: str, language: str) -> set[str]:
    path, _, search = address.partition("?")
    sent = json.loads(page(server, path, f"?{search}&lang={language}"))
    return words(*texts(sent["response"]["content"]["children"]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", LOOKED_AT, ids=lambda place: place.name)
def test_a_page_has_only_words_of_the_readers_language_and_names(
    server: Flask, named: set[str], a_student: str, place: Place, language: str
) -> None:
    known = vocabulary(language) | named
    if place.path == "/method":
        known |= words((DOCS / f"{language}.md").read_text(encoding="utf-8"))
    said = shown(server, place.address().replace(STUDENT, a_student), language)
    assert len(said) > 20
    assert {word for word in said - known if not is_key(word)} == set()


def is_key(word: str) -> bool:
    """Part of a pseudonym or a checksum: letters a to f only."""
    return re.fullmatch(r"[a-f]+", word) is not None


@pytest.fixture
def a_student(truth: Any) -> str:
    return str(
        truth.execute(
            "select student_key from marts.student_exam_period where school_id = ? order by 1", [SCHOOL]
        ).fetchone()[0]
    )


EXPORTED = {
    "/": "",
    "/school/99002": f"role=principal&as={SCHOOL}&status=short&group=99002:1:NAT1007&subject=NAT1007",
    "/absence": f"role=principal&as={SCHOOL}&level=due&period=autumn",
    "/benefits": "role=owner",
    "/rollout": "role=owner",
    "/data": "",
    "/changes": "",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", EXPORTED)
def test_what_is_downloaded_has_only_words_of_the_readers_language_and_names(
    server: Flask, named: set[str], path: str, language: str
) -> None:
    client = server.test_client()
    sent = json.dumps(json.loads(page(server, path, f"?{EXPORTED[path]}&lang={language}")))
    files = {unescape(link) for link in re.findall(r"/export/[^\"\\]+?\.csv[^\"\\]*", sent)}
    assert len(files) >= 3
    chosen = words(*re.findall(r"=([^&]*)", EXPORTED[path])) - words("due autumn short")
    for file in files:
        answer = client.get(file)
        assert answer.status_code == 200, file
        unknown = words(answer.get_data(as_text=True)) - vocabulary(language) - named - chosen
        assert {word for word in unknown if not is_key(word)} == set(), file
