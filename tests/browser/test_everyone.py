"""Every page, role, state, theme and language, for everyone: axe, reflow, paper, names of figures."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.places import Place, pages, states
from tests.browser.walk import AXE, Walker, walking

PLACES = [*pages(), *states()]
SEEN_WIDEST = {place.path: place for place in pages() if not place.name.endswith(("teacher", "analyst"))}
SPEAKING = [*SEEN_WIDEST.values(), *states()]
"""One role a page is enough where only the words differ."""


@pytest.fixture(scope="module")
def walker(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walker]:
    with walking(browser, tmp_path_factory.mktemp("home") / "walked") as walker:
        yield walker


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: place.name)
def place(request: pytest.FixtureRequest, walker: Walker) -> Place:
    """One place after the other; every test below looks at it before the next is opened."""
    found: Place = request.param
    walker.open(found)
    return found


def test_it_opens_quietly_asks_no_other_host_and_shows_what_it_should(place: Place, walker: Walker) -> None:
    assert walker.complaints == []
    shown = walker.page.locator(".state")
    if place.state:
        assert f"state-{place.state}" in (shown.get_attribute("class") or "")
    elif shown.count():
        assert "state-refused" in (shown.get_attribute("class") or "")


def test_it_has_no_violation_in_light_or_dark(place: Place, walker: Walker) -> None:
    """The themes differ in their colours alone."""
    assert walker.violations() == []
    walker.page.emulate_media(color_scheme="dark")
    assert walker.violations("color-contrast") == []


def test_it_fits_a_phone_twice_the_letter_size_and_paper(place: Place, walker: Walker) -> None:
    """640 pixels are a window of 1280 at 200 %; 688 are A4 less its margins, and the printer takes in 1 %."""
    assert walker.width(320) == 320
    assert walker.violations("target-size") == []
    assert walker.width(640) == 640
    walker.page.emulate_media(media="print")
    assert walker.width(688, 1000) <= 694


def test_every_figure_is_named_and_has_its_table(place: Place, walker: Walker) -> None:
    """A figure is out of the reader's way only where a table with a name says the same."""
    unnamed = walker.page.evaluate(
        """() => [...document.querySelectorAll(
              '.chart, .waterfall, .bars, .map, .multiple-bars, .entitlement')]
            .filter((figure) => {
              const card = figure.closest('section.card');
              const name = card && document.getElementById(card.getAttribute('aria-labelledby'));
              const hidden = figure.closest('[aria-hidden=true]') || figure.matches('[role=img][aria-label]');
              const table = card && card.querySelector('table caption');
              return !(hidden && name && name.textContent && table && table.textContent);
            }).map((figure) => figure.className)"""
    )
    assert unnamed == []


@pytest.mark.parametrize("language", ["nn", "en"])
@pytest.mark.parametrize("place", SPEAKING, ids=lambda place: place.name)
def test_it_has_no_violation_in_the_other_languages(walker: Walker, place: Place, language: str) -> None:
    walker.open(place, lang=language)
    assert walker.page.evaluate("document.documentElement.lang") == language
    assert walker.violations(but=("color-contrast",)) == []


def test_while_the_figures_are_on_their_way_the_layout_stands_there(walker: Walker, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page = context.new_page()
    page.route(re.compile("_dash-update-component"), lambda route: None)
    page.goto(walker.address + "/?lang=nn")
    page.locator(".skeleton").wait_for()
    waiting = Walker(page, walker.address, walker.link, walker.editions)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert waiting.violations() == []
    assert waiting.width(320) == 320
    context.close()


def test_statuses_keep_their_colours_and_signs_where_the_reader_forces_others(walker: Walker) -> None:
    walker.open(Place("overview", "/"))
    walker.page.emulate_media(forced_colors="active")
    fills = walker.page.evaluate(
        """() => [...document.querySelectorAll('.status > .statusbar .seg')]
            .map((seg) => getComputedStyle(seg).background)"""
    )
    assert len(set(fills)) == len(fills) > 3
    walker.page.emulate_media(forced_colors="none")
