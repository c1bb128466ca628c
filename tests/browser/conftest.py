"""The real application behind the real server, in the system's Chromium."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.dashboard.fixture import build
from tests.dashboard.running import running


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application on a free port, with the small county published."""
    home = tmp_path_factory.mktemp("served")
    (home / "published").mkdir()
    (home / "published" / "current.duckdb").symlink_to(build(home / "published" / "fixture.duckdb"))
    with running(home) as address:
        yield address


@dataclass
class Visit:
    """A page and everything it complained about or asked others for."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> "Visit":
        self.page.goto(self.address + path)
        return self.settled()

    def settled(self) -> "Visit":
        self.until("document.querySelector('#page') !== null")
        self.until("document.querySelector('#content[data-dash-is-loading=true]') === null")
        self.until("[...document.querySelectorAll('.chart')].every((c) => c.querySelector('.main-svg'))")
        return self

    def until(self, condition: str) -> None:
        """Asked from outside: the page's own policy forbids evaluating text, also to the test."""
        for _ in range(150):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never came true: {condition}")

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()


def overhear(page: Page, address: str, complaints: list[str]) -> None:
    """Write down what a page complains of, and whom it asks besides its own server."""
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    own = (address, "data:", "blob:")
    page.on("request", lambda a: None if a.url.startswith(own) else complaints.append(f"asked {a.url}"))


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A window of each kind, with what it has fetched once: scripts and fonts are the same in every test."""
    opened: dict[str, BrowserContext] = {}

    def window(**options: Any) -> BrowserContext:
        asked = {"viewport": {"width": 1280, "height": 720}, **options}
        if repr(asked) not in opened:
            opened[repr(asked)] = browser.new_context(**asked)
        return opened[repr(asked)]

    yield window
    for context in opened.values():
        context.close()


@pytest.fixture
def visit(
    windows: Callable[..., BrowserContext], address: str, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    page = windows(**getattr(request, "param", {})).new_page()
    seen = Visit(page, address)
    overhear(page, address, seen.complaints)
    yield seen
    page.close()
