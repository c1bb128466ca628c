"""What a director and a principal see in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit

DIRECTOR = ["/", "/county/99", "/school/99002"]
PRINCIPAL = ["/?role=principal&as=99002"]
DARK = {"color_scheme": "dark"}
PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.mark.parametrize("visit", [{}, DARK], indirect=True, ids=["light", "dark"])
@pytest.mark.parametrize("path", DIRECTOR + PRINCIPAL)
def test_a_page_opens_quietly_asks_no_other_host_and_is_accessible(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.complaints == []
    found = Axe().run(visit.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []


@pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["phone"])
@pytest.mark.parametrize("path", DIRECTOR + PRINCIPAL)
def test_nothing_sticks_out_on_a_small_screen(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_first_screen_answers_the_director(visit: Visit) -> None:
    visit.open("/")
    for selector in (".lede .first", ".statusbar", ".keys", "#trend h2", "#where h2", "#recovery h2"):
        box = visit.page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720, selector


def test_language_is_in_the_address_and_on_the_page(visit: Visit) -> None:
    visit.open("/")
    visit.page.focus("#choose-lang")
    visit.page.select_option("#choose-lang", "en")
    visit.until("document.documentElement.lang === 'en'")
    visit.settled()
    assert "lang=en" in visit.page.url
    assert "402 of 2,204 students" in visit.text(".lede .first")
    assert visit.page.evaluate("document.activeElement.id") == "choose-lang"


def test_choosing_a_school_and_a_subject_changes_the_figures_and_the_address(visit: Visit) -> None:
    visit.open("/?role=principal&as=99002")
    assert visit.text(".lede .first").startswith("90 av 388 elever")
    visit.page.select_option("#choose-as", "99004")
    visit.until("document.querySelector('.lede .first').textContent.startsWith('83 av 240')")
    visit.page.select_option("#choose-subject", "KRO1017")
    visit.until("location.search.includes('subject=KRO1017')")
    visit.settled()
    visit.until(
        "[...document.querySelectorAll('#groups tbody td:nth-child(2)')]"
        ".every((cell) => cell.textContent === 'Kroppsøving')"
    )
    address = visit.page.url
    visit.page.goto("about:blank")
    visit.page.goto(address)
    visit.settled()
    assert visit.page.locator("#choose-subject").input_value() == "KRO1017"


def test_a_link_opens_the_school_and_moves_the_focus_to_its_heading(visit: Visit) -> None:
    visit.open("/")
    visit.page.get_by_role("link", name="Granheim").first.click()
    visit.until("location.pathname === '/school/99002'")
    visit.settled()
    visit.until("document.title.startsWith('Granheim')")
    assert visit.page.evaluate("document.activeElement.id") == "heading"
    visit.page.go_back()
    visit.until("document.title.startsWith('Syntetia')")


def test_every_chart_has_its_table_on_a_switch(visit: Visit) -> None:
    visit.open("/")
    card = visit.page.locator("#trend")
    assert card.locator(".chart").is_visible()
    card.locator(".as-table > summary").click()
    assert not card.locator(".chart").is_visible()
    assert card.locator("table tbody tr").count() == 25


def test_the_page_works_from_the_keyboard(visit: Visit) -> None:
    visit.open("/")
    visit.page.keyboard.press("Tab")
    assert visit.text(":focus") == "Hopp til innholdet"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"


def test_it_prints_without_controls(visit: Visit) -> None:
    visit.open("/")
    visit.page.emulate_media(media="print")
    assert not visit.page.locator(".choices").is_visible()
    assert visit.page.locator(".synthetic").is_visible()
    assert visit.page.locator(".statusbar").first.is_visible()


def test_a_page_that_does_not_exist_says_so(visit: Visit) -> None:
    visit.open("/nowhere")
    assert visit.text("#heading") == "Siden finnes ikke"
    assert visit.complaints == []
