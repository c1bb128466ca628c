"""How soon a page shows its content in Chromium, with nothing in the browser's store and with everything.

Content is the page's own heading in place of the grey layout: what the reader came for, not the first paint.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.asking import Click

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WATCH = """
window.seen = {};
new PerformanceObserver((list) => { window.seen.largest = list.getEntries().at(-1).startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new MutationObserver(() => {
  if (!window.seen.content && document.querySelector("#page #heading"))
    requestAnimationFrame(() => { window.seen.content = window.seen.content || performance.now(); });
}).observe(document, { childList: true, subtree: true });
"""
SETTLED = """document.querySelector('#page') !== null
  && document.querySelector('#content[data-dash-is-loading=true]') === null
  && [...document.querySelectorAll('.chart')].every((chart) => chart.querySelector('.main-svg'))
  && window.seen.content > 0"""
FIGURES = """() => {
  const asked = performance.getEntriesByType("resource");
  const page = performance.getEntriesByType("navigation")[0];
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return {
    painted: paint ? paint.startTime : 0,
    content: window.seen.content,
    largest: window.seen.largest || 0,
    settled: performance.now(),
    requests: asked.length + 1,
    fetched: asked.filter((one) => one.transferSize > 0).length + 1,
    bytes: asked.reduce((sum, one) => sum + one.transferSize, page.transferSize),
  };
}"""


@dataclass(frozen=True)
class Opened:
    """Milliseconds from the start of the navigation, and what was fetched for it."""

    painted: float
    content: float
    largest: float
    settled: float
    requests: int
    fetched: int
    bytes: int


def opened(address: str, clicks: list[Click]) -> list[tuple[Click, Opened, Opened]]:
    """Each page in a new browser profile, and once more in the same."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for click in clicks:
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            context.add_init_script(WATCH)
            found.append((click, _visit(context, address, click), _visit(context, address, click)))
            context.close()
        browser.close()
    return found


def _visit(context: BrowserContext, address: str, click: Click) -> Opened:
    page = context.new_page()
    page.goto(address + click.path + click.search)
    _wait(page)
    figures = page.evaluate(FIGURES)
    page.close()
    return Opened(**figures)


def _wait(page: Page) -> None:
    """Asked from outside, as in the browser tests: the page's own policy forbids evaluating text."""
    for _ in range(6000):
        if page.evaluate(SETTLED):
            return
        page.wait_for_timeout(20)
    raise TimeoutError(page.url)
