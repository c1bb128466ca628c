"""Down to the ground: from a sum to what it is made of, by the links on the page, in three clicks at most."""

import pytest

from tests.browser.conftest import Visit

PRINCIPAL = "role=principal&as=99002"
STATUS, STUDENT, GROUP = ".status a.word", "tbody th a[href*='/student/']", "#groups tbody th a"
LINE = ".by-lesson > summary"

WALKS = {
    "a status to its students, and one of them to what it rests on": (
        f"/?{PRINCIPAL}",
        [".status .s-short a.word", f"#students {STUDENT}", LINE],
        ".by-lesson[open] table",
    ),
    "a student to lessons and absences": (
        f"/?{PRINCIPAL}",
        [f"#students {STUDENT}", LINE],
        ".by-lesson[open] table",
    ),
    "a subject to its groups, and a group to its students": (
        f"/?{PRINCIPAL}",
        ["#subjects tbody th a", GROUP, f"#group_students {STUDENT}"],
        ".unfold[open] .grounds",
    ),
    "a group of the plan to its weeks": (f"/?{PRINCIPAL}", [GROUP], "#group .chart"),
    "a measure to the group it is for, and its students": (
        f"/?{PRINCIPAL}",
        ["#recovery .measures a", f"#group_students {STUDENT}"],
        ".unfold[open] .grounds",
    ),
    "students near the limit to the absence behind it": (
        f"/absence?{PRINCIPAL}",
        [".keys a[href*='level=']", f"#students {STUDENT}"],
        ".unfold[open] .grounds",
    ),
    "a subject's absence to its students": (
        f"/absence?{PRINCIPAL}",
        ["#subjects .as-table summary", "#subjects tbody th a", f"#students {STUDENT}"],
        ".unfold",
    ),
    "the county's status to its schools, and a school to its groups": (
        "/",
        [".status .s-short a.word", "#schools tbody th a", GROUP],
        "#group .chart",
    ),
    "the county's measure to its group": ("/", ["#recovery .measures a"], "#group .chart"),
    "a subject's losses to schools, groups and weeks": (
        "/county/99",
        ["#subjects tbody th a", "#subject_schools tbody th a", GROUP],
        "#group .chart",
    ),
    "a change to the student it is about": (
        f"/changes?{PRINCIPAL}",
        [f"#students {STUDENT}"],
        ".unfold[open] .grounds",
    ),
    "a figure to its definition and the law": (
        f"/absence?{PRINCIPAL}",
        [".card .defined summary", ".card .defined[open] dt a"],
        ".prose",
    ),
}


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_a_sum_leads_to_what_it_is_made_of_in_three_clicks(
    visit: Visit, walk: tuple[str, list[str], str]
) -> None:
    start, clicks, ground = walk
    visit.open(start)
    assert len(clicks) <= 3
    for click in clicks:
        visit.until(f"""document.querySelector("{click}") !== null""")
        visit.page.locator(click).first.click()
        visit.settled()
    visit.until(f"""document.querySelector("{ground}") !== null""")
    assert visit.page.locator(ground).first.is_visible()
    assert visit.complaints == []


def test_the_ground_holds_decision_absence_and_legal_source(visit: Visit) -> None:
    visit.open(f"/?{PRINCIPAL}")
    visit.page.locator(f"#students {STUDENT}").first.click()
    visit.until("document.querySelector('.unfold[open]') !== null")
    told = visit.text(".unfold[open] .grounds")
    for heading in ("Fra plan til gitt", "Hvorfor dette kravet", "Fravær i faget"):
        assert heading in told
    assert "Kilde:" in told
    assert "§" in told


def test_a_status_lists_as_many_students_as_it_counts(visit: Visit) -> None:
    visit.open(f"/?{PRINCIPAL}")
    counted = visit.text(".status .s-short strong")
    visit.page.locator(".status .s-short a.word").click()
    visit.until("location.search.includes('status=short')")
    visit.settled()
    assert visit.text("#students h2").startswith(f"{counted} elever")
    assert visit.page.evaluate("document.activeElement.id") == "students"
