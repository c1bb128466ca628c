"""One browser page that goes from place to place as a reader does, without loading the frame again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import axe_playwright_python
from playwright.sync_api import Browser, Page

from tests.browser.conftest import overhear
from tests.browser.places import STUDENT, Place, a_student, publish
from tests.dashboard.running import running

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REPEATED = [
    ["tbody tr:nth-child(n+5)"],
    [".heat tbody tr:nth-child(n+3)"],
    [".subject:nth-child(n+4)"],
    [":is(.measures, .map-list, .multiples) li:nth-child(n+4)"],
]
"""Rows alike those above them; their colours are the same."""
READY = """() => {
    const page = document.querySelector('#content [data-title]');
    const drawn = [...document.querySelectorAll('.chart')].every((c) => c.querySelector('.main-svg'));
    return page && drawn ? page.dataset.stamp : null;
}"""
GO = """(address) => {
    history.pushState({}, '', address);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
}"""


@dataclass
class Walker:
    page: Page
    address: str
    link: Path
    editions: dict[str, Path]
    complaints: list[str] = field(default_factory=list)
    stamp: str | None = None
    steps: int = 0
    """In every address, so that a place is fetched anew though its address is the one before."""
    student: str = field(init=False)

    def __post_init__(self) -> None:
        self.student = a_student(self.editions["whole"])

    def open(self, place: Place, **more: str) -> None:
        """A place in an ordinary window, in the light theme, on screen."""
        self.complaints.clear()
        self.page.set_viewport_size({"width": 1280, "height": 720})
        self.page.emulate_media(media="screen", color_scheme="light")
        self.go(place, **more)

    def go(self, place: Place, **more: str) -> None:
        """To a place; `as_of` and other choices may be added."""
        show(self.link, self.editions[place.edition])
        self.steps += 1
        address = place.address(**more, step=str(self.steps)).replace(STUDENT, self.student)
        if self.stamp is None:
            self.page.goto(self.address + address)
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        else:
            self.page.evaluate(GO, address)
        self.settle()

    def settle(self) -> None:
        """Asked from outside: the page's own policy forbids evaluating text, also to the test."""
        for _ in range(1500):
            stamp = self.page.evaluate(READY)
            if stamp and stamp != self.stamp:
                self.stamp = stamp
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"never settled: {self.page.url}")

    def width(self, wanted: int, height: int = 700) -> int:
        """The width the page takes in a window of a width, once the charts have drawn themselves anew."""
        self.page.set_viewport_size({"width": wanted, "height": height})
        for _ in range(150):
            taken: int = self.page.evaluate("document.documentElement.scrollWidth")
            if taken <= wanted:
                break
            self.page.wait_for_timeout(20)
        return taken

    def violations(self, *only: str, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """What axe finds, by all the rules of WCAG 2.1 AA and the targets' size, `only` or all `but` some."""
        asked = {
            "runOnly": {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": RULES},
            "rules": {rule: {"enabled": False} for rule in but},
            "resultTypes": ["violations"],
        }
        found: dict[str, Any] = self.page.evaluate(
            "([exclude, asked]) => axe.run({exclude}, asked)", [REPEATED, asked]
        )
        return [(v["id"], node["html"][:160]) for v in found["violations"] for node in v["nodes"][:3]]


def show(link: Path, file: Path) -> None:
    """Publish an edition under a name of its own; the one before goes, so that nobody sees it again."""
    if (link.exists() and file.exists() and link.samefile(file)) or not (link.exists() or file.exists()):
        return
    before, shown = link.resolve(), link.with_name(f"shown-{uuid4().hex}.duckdb")
    if file.exists():
        shown.hardlink_to(file)
    link.unlink(missing_ok=True)
    link.symlink_to(shown)
    if before.name.startswith("shown-"):
        before.unlink(missing_ok=True)


@contextmanager
def walking(browser: Browser, home: Path, **options: Any) -> Iterator[Walker]:
    editions = publish(home / "published")
    link = home / "published" / "current.duckdb"
    show(link, editions["whole"])
    with running(home, log_level="critical", ready="/healthz") as address:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, **options)
        walker = Walker(context.new_page(), address, link, editions)
        overhear(walker.page, address, walker.complaints)
        yield walker
        context.close()
