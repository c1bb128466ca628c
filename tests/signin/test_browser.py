"""One whole visit in Chromium: the provider itself, and a server of two workers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Visit
from tests.dashboard.running import free_port
from tests.dashboard.running import running as running_dashboard
from tests.signin.certified import certified
from tests.signin.site import write_settings

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@dataclass
class Running:
    address: str
    home: Path


@pytest.fixture(scope="module")
def running(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("signed-in")
    home = folder / "home"
    (home / "published").mkdir(parents=True)
    (home / "published" / "current.duckdb").symlink_to(published)
    site_port, provider_port = free_port(), free_port()
    site, issuer = f"http://127.0.0.1:{site_port}", f"http://127.0.0.1:{provider_port}"
    file = write_settings(folder, issuer, site)
    with (
        certified(folder, issuer, site, provider_port),
        running_dashboard(home, port=site_port, workers=2, threads=2, TIMERETT_SIGN_IN=str(file)) as address,
    ):
        yield Running(address, home)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    yield context.new_page()
    context.close()


def sign_in(page: Page, user: str) -> None:
    page.click("a.button")
    if page.locator("input[name=user]").count():
        page.fill("input[name=user]", user)
        page.click("button[value=in]")


def violations(page: Page) -> list[str]:
    return [found["id"] for found in Axe().run(page, options=RULES).response["violations"]]


def test_a_visit_from_sign_in_to_sign_out(running: Running, page: Page) -> None:
    visit = Visit(page, running.address)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.goto(f"{running.address}/school/99001?lang=en")
    assert page.url.startswith(f"{running.address}/sign-in?next=")
    assert page.inner_text("h1") == "Sign in"
    assert violations(page) == []

    sign_in(page, "both")
    visit.settled()
    assert page.url == f"{running.address}/school/99001?lang=en"
    assert "Begge Berg" in visit.text(".account")
    assert violations(page) == []

    page.select_option(".account select", "principal:99")
    page.click(".account button:has-text('Change')")
    visit.settled()
    assert "Granheim" in visit.text("h1, .lede")
    with page.expect_download() as downloading:
        page.locator(".exports a[href*='.csv']").first.click()
    assert downloading.value.failure() is None

    # The session is over while the page is open: the next choice leads to sign-in, and back to that choice.
    page.goto(f"{running.address}/school/99002?lang=en")
    visit.settled()
    for file in running.home.glob("sessions.sqlite*"):
        file.unlink()
    page.select_option("#choose-lang", "nn")
    page.wait_for_url("**/sign-in?next=**")
    assert page.inner_text("h1") == "Logg inn"
    sign_in(page, "both")
    visit.settled()
    assert page.url == f"{running.address}/school/99002?lang=nn"

    page.click(".account button:has-text('Logg ut')")
    page.wait_for_url("**/session/end?**")
    page.click("button[value=yes]")
    page.wait_for_url("**/sign-in/out?**")
    assert page.inner_text("h1") == "Du er logga ut"
    page.goto(f"{running.address}/school/99002")
    assert "/sign-in?next=" in page.url
    assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_needs_no_script_and_fits_a_phone(running: Running, page: Page, scheme: str) -> None:
    browser = page.context.browser
    assert browser
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme="dark" if scheme == "dark" else "light"
    )
    for path in ("/sign-in?lang=nb", "/sign-in/out?lang=en", "/sign-in/back?state=x"):
        small = context.new_page()
        small.goto(running.address + path)
        assert small.evaluate("document.documentElement.scrollWidth") == 320
        assert violations(small) == [], path
    context.close()
    without = browser.new_context(java_script_enabled=False)
    plain = without.new_page()
    plain.goto(f"{running.address}/?lang=nb")
    plain.click("text=Logg inn med")
    assert plain.locator("input[name=user]").count() == 1
    without.close()


def test_workers_share_sessions(running: Running, page: Page) -> None:
    page.goto(f"{running.address}/?lang=en")
    sign_in(page, "director")
    page.wait_for_url(f"{running.address}/?lang=en")
    cookies = {str(c["name"]): str(c["value"]) for c in page.context.cookies()}
    for _ in range(12):
        # A connection of its own each time, so that both workers are asked.
        answer = httpx2.get(f"{running.address}/_dash-layout", cookies=cookies)
        assert answer.status_code == 200
