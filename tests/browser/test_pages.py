"""What a director and a principal see in a real browser.

Dark colours, phones and paper are looked at on every page in `test_everyone`; here is every row of the first
pages, and each page fetched anew.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit


@pytest.mark.parametrize("path", ["/", "/county/99", "/?role=principal&as=99002"])
def test_a_page_opens_quietly_asks_no_other_host_and_is_accessible(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.complaints == []
    found = Axe().run(visit.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []


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


@pytest.mark.parametrize("path", ["/", "/?role=owner", "/?role=analyst", "/county/99", "/?role=principal"])
def test_every_switch_opens_its_table_from_the_keyboard(visit: Visit, path: str) -> None:
    visit.open(path)
    switches = visit.page.locator(".as-table > summary")
    assert switches.count() >= 2
    for i in range(switches.count()):
        switch = switches.nth(i)
        switch.focus()
        visit.page.keyboard.press("Enter")
        details = switch.locator("..")
        assert details.locator("table").is_visible()
        assert details.locator("xpath=../div[@class='figure']").is_hidden()
        visit.page.keyboard.press("Space")
        assert details.locator("table").is_hidden()


def test_ticks_on_the_charts_follow_the_language(visit: Visit) -> None:
    visit.open("/?lang=en")
    ticks = visit.page.locator("#where .ytick text").all_text_contents()
    assert ticks
    assert all(tick.endswith("%") and " " not in tick for tick in ticks)
    visit.open("/")
    assert all(" %" in t for t in visit.page.locator("#where .ytick text").all_text_contents())


def test_names_in_the_funnel_do_not_meet(visit: Visit) -> None:
    visit.open("/")
    boxes = visit.page.evaluate(
        """[...document.querySelectorAll('#where .annotation-text')].map((e) => {
            const b = e.getBoundingClientRect(); return [b.left, b.right, b.top, b.bottom]; })"""
    )
    for i, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[:i]:
            assert right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top


def test_the_project_owner_sees_the_counties_and_no_group(visit: Visit) -> None:
    visit.open("/?role=owner")
    assert visit.page.locator(".state").count() == 0
    assert visit.page.locator("#counties table").is_visible()
    assert visit.page.locator("#recovery").count() == 0


def test_print_rules_are_the_last_to_be_read(visit: Visit) -> None:
    visit.open("/")
    sheets = visit.page.evaluate("[...document.styleSheets].map((s) => s.href || '').filter((h) => h)")
    assert "zz_print" in sheets[-1]


def test_the_link_to_a_view_is_copied_and_said(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open("/school/99002?subject=KRO1017&lang=en")
    visit.page.click(".copy-link")
    visit.until("document.querySelector('.copied').textContent.includes('Copied')")
    assert visit.page.evaluate("navigator.clipboard.readText()") == visit.page.url


def test_on_paper_a_chart_is_scaled_to_its_column(visit: Visit) -> None:
    """The printer's columns are others than those it was drawn for, and nothing tells it of them."""
    visit.open("/county/99")
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    visit.page.emulate_media(media="print")
    assert visit.page.locator(".chart .main-svg[viewBox]").count() > 0
    visit.page.evaluate("""document.querySelectorAll('.chart').forEach((chart) => {
        const drawing = chart.querySelector('.main-svg');
        drawing.setAttribute('width', 2000);
        chart.dataset.fits = drawing.getBoundingClientRect().width <= chart.getBoundingClientRect().width + 1;
    })""")
    assert visit.page.locator(".chart:not([data-fits=true])").count() == 0
    visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert visit.page.locator(".chart .main-svg[viewBox]").count() == 0
