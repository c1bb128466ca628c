"""Each page from the keyboard alone: everything is reached, in the order it is read, seen, and left again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from dashboard.access.roles import Role
from tests.browser.places import Place, pages
from tests.browser.walk import Walker, walking

WIDEST = {"county": Role.DIRECTOR, "benefits": Role.OWNER, "rollout": Role.OWNER}
PLACES = [place for place in pages() if place.role is WIDEST.get(place.name.split("-")[0], Role.PRINCIPAL)]
CONTROLS = """() => {
    const found = [...document.querySelectorAll(
        'a[href], button, select, input, summary, [tabindex="0"], [contenteditable]')];
    window.controls = found.filter((e) => e.tabIndex >= 0 && e.checkVisibility());
    return window.controls.length;
}"""
FOCUSED = """() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    return {
        place: window.controls.indexOf(at),
        seen: at.matches(':focus-visible') && style.outlineStyle === 'solid'
            && parseFloat(style.outlineWidth) >= 3,
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        what: at.outerHTML.slice(0, 120),
    };
}"""


@pytest.fixture(scope="module")
def walker(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walker]:
    with walking(browser, tmp_path_factory.mktemp("keyboard") / "walked") as walker:
        yield walker


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_control_is_reached_in_order_seen_and_left(walker: Walker, place: Place) -> None:
    walker.open(place)
    count = walker.page.evaluate(CONTROLS)
    assert count > 5
    walker.page.evaluate("window.controls[1].focus()")
    reached = []
    for press in ["Shift+Tab", *["Tab"] * (count - 1)]:
        walker.page.keyboard.press(press)
        found = walker.page.evaluate(FOCUSED)
        assert found["seen"], found
        assert found["inside"], found
        reached.append(found["place"])
    assert reached == list(range(count))
    walker.page.keyboard.press("Tab")
    assert walker.page.evaluate(FOCUSED)["place"] in (-1, 0)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_what_unfolds_unfolds_from_the_keyboard_and_choices_are_made_with_it(
    walker: Walker, place: Place
) -> None:
    walker.open(place)
    switches = walker.page.locator("summary:visible").element_handles()
    for switch in switches[:12]:
        switch.focus()
        walker.page.keyboard.press("Enter")
        assert switch.evaluate("(summary) => summary.parentElement.open") is True
        walker.page.keyboard.press("Enter")
        assert switch.evaluate("(summary) => summary.parentElement.open") is False
    walker.page.focus("#choose-lang")
    walker.page.keyboard.press("ArrowDown")
    walker.settle()
    assert walker.page.evaluate("document.documentElement.lang") == "nn"
    assert walker.page.evaluate("document.activeElement.id") == "choose-lang"
