"""Student, absence limit, data and benefits in a real browser: every row, and each page fetched anew."""

from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit
from tests.dashboard.fixture import build

SCHOOL = "99002"
AS_PRINCIPAL = f"role=principal&as={SCHOOL}"
PAGES = [
    "/absence",
    "/data",
    "/benefits?role=owner",
    "/rollout?role=owner",
]
DARK = {"color_scheme": "dark"}
A4 = 297


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a student with an exam and subjects that are short."""
    copy: Path = build(tmp_path_factory.mktemp("copy") / "fixture.duckdb")
    with duckdb.connect(str(copy), read_only=True) as db:
        found = db.execute(
            """select student_key from marts.student_exam_period where school_id = ? and student_key in
               (select student_key from marts.student_subject_coverage
                where status in ('short', 'at_risk')) order by 1""",
            [SCHOOL],
        ).fetchone()
    assert found
    return f"/school/{SCHOOL}/student/{found[0]}?{AS_PRINCIPAL}"


def violations(visit: Visit) -> list[tuple[str, str]]:
    found = Axe().run(visit.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_quietly_and_is_accessible(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.complaints == []
    assert violations(visit) == []


@pytest.mark.parametrize("visit", [{}, DARK], indirect=True, ids=["light", "dark"])
def test_the_student_page_is_accessible_with_everything_unfolded(visit: Visit, student: str) -> None:
    visit.open(f"{student}&open=NAT1007")
    assert visit.complaints == []
    visit.page.evaluate("document.querySelectorAll('.unfold').forEach((row) => { row.open = true; })")
    assert violations(visit) == []


def test_a_student_prints_on_one_page(visit: Visit, student: str) -> None:
    visit.open(student)
    paper = visit.page.pdf(format="A4", prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 1


def test_the_lessons_of_a_figure_unfold_and_the_address_keeps_them_open(visit: Visit, student: str) -> None:
    visit.open(student)
    visit.page.locator("#subject-NAT1007 .unfold > summary").click()
    visit.page.locator("#lessons-NAT1007").click()
    visit.until("document.querySelector('#subject-NAT1007 .by-lesson') !== null")
    assert "open=NAT1007" in visit.page.url
    assert visit.page.evaluate("document.activeElement.id") == "lessons-NAT1007"
    line = visit.page.locator("#subject-NAT1007 .by-lesson", has=visit.page.locator(".l-offered")).first
    line.locator("> summary").click()
    assert line.locator("tbody tr").count() > 10
    visit.page.locator("#lessons-NAT1007").click()
    visit.until("document.querySelector('#subject-NAT1007 .by-lesson') === null")


def test_period_and_subject_are_chosen_and_kept_in_the_address(visit: Visit) -> None:
    visit.open("/absence")
    visit.page.select_option("#choose-period", "autumn")
    visit.until("location.search.includes('period=autumn')")
    visit.settled()
    visit.page.select_option("#choose-subject", "NAT1007")
    visit.until("location.search.includes('subject=NAT1007')")
    visit.settled()
    visit.until("document.querySelector('.lede .first').textContent.includes('i naturfag')")
    assert visit.page.locator("#choose-period").input_value() == "autumn"


def test_a_link_to_a_part_of_the_method_lands_on_it(visit: Visit) -> None:
    visit.open("/method#forecast")
    visit.until("document.activeElement.id === 'forecast'")
    box = visit.page.locator("#forecast").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 720


def test_the_method_comes_in_the_readers_language(visit: Visit) -> None:
    visit.open("/method?lang=nn")
    assert visit.page.locator(".prose").get_attribute("lang") == "nn"
    assert visit.page.locator(".prose h2").count() == visit.page.locator(".contents li").count()


def test_the_first_screen_says_whether_the_data_can_be_trusted(visit: Visit) -> None:
    visit.open("/data")
    for selector in (".lede .first", ".lede .second", ".keys", "#freshness h2", "#checks h2"):
        box = visit.page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720, selector
