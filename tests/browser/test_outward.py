"""What leaves the sign-in, in a real browser: the digest's mail and the answer to the authority."""

from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader
from dashboard.digest.content import digest
from dashboard.digest.mail import as_html
from dashboard.text import Text
from tests.browser.conftest import Visit
from tests.dashboard.fixture import build

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ADDRESS = "https://timerett.example.no"
ANSWERS = ["/authority", "/school/99002/authority?role=principal&as=99002&lang=en"]


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The county's and two schools' mails, one of them without anything new."""
    folder = tmp_path_factory.mktemp("mails")
    connection = duckdb.connect(str(build(folder / "fixture.duckdb")), read_only=True)
    owner = Reader(connection.cursor(), Viewer(Role.OWNER, "test"), 10)
    written = []
    for school in (None, "99002", "99007"):
        made = digest(owner, "99", school, Text("nb"), on=date(2026, 3, 3), address=ADDRESS)
        assert made is not None
        file = folder / f"{made.file_name}.html"
        file.write_text(as_html(made, made.kind, ADDRESS), encoding="utf-8")
        written.append(file)
    return written


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mail_fits_asks_for_nothing_and_is_accessible(
    browser: Browser, mails: list[Path], scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for file in mails:
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert asked == [file.as_uri() for file in mails]
    for file in mails[::2]:
        page.goto(file.as_uri())
        found = Axe().run(page, options={"runOnly": LEVELS})
        assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []
    context.close()


@pytest.mark.parametrize("path", ANSWERS)
def test_the_answer_opens_quietly_and_is_accessible(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.complaints == []
    found = Axe().run(visit.page, options={"runOnly": LEVELS})
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []


@pytest.mark.parametrize("visit", [{"viewport": {"width": 320, "height": 640}}], indirect=True, ids=["phone"])
@pytest.mark.parametrize("path", ANSWERS)
def test_the_answer_fits_a_phone(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 320
