"""Every figure a director and a principal read first, against SQL on the published file."""

from collections.abc import Iterator

import duckdb
import pytest

from dashboard.text import Text
from tests.browser.conftest import Visit
from tests.dashboard.fixture import build

SCHOOL = "99002"
GAP = "\u202f"
LOST = "select coalesce(sum(student_minutes), 0) from marts.loss_cause where cause = "
OF_SCHOOL = f"where school_id = '{SCHOOL}'"
NEEDING = "students_not_assigned + students_short + students_at_risk"


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    copy = build(tmp_path_factory.mktemp("truth") / "fixture.duckdb")
    with duckdb.connect(str(copy), read_only=True) as db:
        yield db


def count(n: float) -> str:
    return f"{round(n):,}".replace(",", GAP)


def hours(minutes: float) -> str:
    decimals = 0 if abs(minutes) >= 6000 else 1
    words = f"{minutes / 60:,.{decimals}f}"
    return words.replace(",", GAP).replace(".", ",").replace("-", "\u2212")


def said(minutes: float) -> str:
    return hours(minutes).removesuffix(",0")


def share(ratio: float) -> str:
    return f"{100 * ratio:.1f}{GAP}%".replace(".", ",")


class Truth:
    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.db = db

    def one(self, sql: str) -> float:
        return float(self.row(sql)[0])

    def row(self, sql: str) -> tuple[float, ...]:
        found = self.db.execute(sql).fetchone()
        assert found, sql
        return found

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def of(truth: duckdb.DuckDBPyConnection) -> Truth:
    return Truth(truth)


def cells(visit: Visit, row: str) -> list[str]:
    """The cells of one table row, as they are read; the switch to the table is opened first."""
    visit.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    found: list[str] = visit.page.locator(row).first.locator("th, td").all_inner_texts()
    return [cell.strip() for cell in found]


def named(visit: Visit, card: str, name: str) -> list[str]:
    visit.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    row = visit.page.locator(f"#{card} .as-table tr, #{card} .scroll tr").filter(
        has=visit.page.get_by_text(name, exact=True)
    )
    return [cell.strip() for cell in row.first.locator("th, td").all_inner_texts()]


def test_overview_opens_with_the_counties_figures(visit: Visit, of: Truth) -> None:
    visit.open("/")
    needing, students, missing, required, assumed, offered = of.row(
        f"select sum({NEEDING}), sum(students), sum(missing_minutes), sum(required_minutes),"
        " sum(assumed_minutes), sum(offered_minutes) from marts.school_coverage"
    )
    first, second = visit.text(".lede .first"), visit.text(".lede .second")
    assert first.startswith(f"{count(needing)} av {count(students)} elever ({share(needing / students)})")
    assert f"I alt mangler {said(missing)} elevtimer, {share(missing / required)} av kravet." in second
    assert f"{share(1 - assumed / offered)} av timene som er gitt, er registrert" in second
    assert f"{share(assumed / offered)} er antatt holdt" in second


def test_the_status_bar_counts_every_student_once(visit: Visit, of: Truth) -> None:
    visit.open("/")
    shown = visit.page.locator(".status li:not(.since-note) strong").all_inner_texts()
    statuses = ("not_assigned", "short", "at_risk", "unknown", "on_track", "met", "exempt", "left")
    expected = [
        of.one(f"select count(*) from marts.student_coverage where status = '{status}'")
        for status in statuses
    ]
    assert shown == [count(n) for n in expected if n]


def test_the_key_figures(visit: Visit, of: Truth) -> None:
    visit.open("/")
    shown = visit.page.locator(".key strong").all_inner_texts()
    margin = of.one(
        "select (sum(scheduled_minutes) - sum(outside_membership_minutes)"
        " + sum(if(status = 'not_assigned', required_minutes, 0))) / sum(required_minutes) - 1"
        " from marts.student_subject_coverage"
    )
    assumed = of.one("select sum(assumed_minutes) / sum(offered_minutes) from marts.school_coverage")
    unassigned, unknown = of.row(
        "select sum(students_not_assigned), sum(students_unknown) from marts.school_coverage"
    )
    fresh, schools = of.row("select count(*) filter (not is_stale), count(*) from marts.school")
    assert shown == [
        f"{count(unassigned)} elever",
        f"{said(of.one(LOST + quoted('not_scheduled')))} timer",
        f"+{share(margin)}",
        share(assumed),
        f"{count(unknown)} elever",
        f"{fresh} av {schools} skoler",
    ]


def quoted(name: str) -> str:
    return f"'{name}'"


def test_each_school_in_the_table_of_schools(visit: Visit, of: Truth) -> None:
    visit.open("/")
    students, needing, missing, required = of.row(
        f"select students, {NEEDING}, missing_minutes, required_minutes"
        f" from marts.school_coverage {OF_SCHOOL}"
    )
    shown = named(visit, "schools", "Granheim")
    assert shown[:4] == ["Granheim", count(students), count(needing), share(needing / students)]
    assert shown[-2:] == [hours(missing), share(missing / required)]


def test_the_last_column_of_the_trend_is_today(visit: Visit, of: Truth) -> None:
    visit.open("/")
    shown = cells(visit, "#trend .as-table tbody tr")
    today = of.row(
        "select sum(students), sum(students_not_assigned), sum(students_short), sum(students_at_risk)"
        " from marts.coverage_history where as_of_date = '2026-03-02'"
    )
    assert shown[0] == "2. mars 2026"
    assert shown[1:5] == [count(n) for n in today]


def test_the_measures_that_recover_most_come_first(visit: Visit, of: Truth) -> None:
    """Those whose effect may not be shown come after them."""
    visit.open("/")
    measures = visit.page.locator(".measures li").all_inner_texts()
    assert len(measures) >= 3
    recovered = []
    for measure in measures:
        dose, names, effect = measure.splitlines()
        group, school = names.partition(" · ")[0], effect.rpartition(" · ")[2]
        lessons, minutes, lifted, each = of.row(
            "select lessons_to_add, lesson_minutes, students_lifted, minutes_per_lesson_added"
            " from marts.recovery join marts.school using (school_id)"
            f" where group_name = '{group}' and name like '{school}%'"
        )
        assert dose in (f"+{lessons} time", f"+{lessons} timer")
        shown = effect.startswith(f"à {minutes} min · løfter {lifted} elever")
        assert shown or "•" in effect or "<" in effect, effect
        recovered.append(each if shown else 0)
    assert recovered == sorted(recovered, reverse=True)
    assert recovered[0] > 0


def test_the_waterfall_adds_up_and_is_the_counties(visit: Visit, of: Truth) -> None:
    visit.open("/county/99")
    parts = ("scheduled", "outside_membership", "cancelled", "diverted", "made_up", "remaining", "offered")
    sums = of.row(f"select {', '.join(f'sum({p}_minutes)' for p in parts)} from marts.school_coverage")
    lines = visit.page.locator("#why .waterfall").first.locator(".step-n").all_inner_texts()
    assert [line.lstrip("+\u2212") for line in lines] == [hours(minutes) for minutes in sums]
    start, outside, cancelled, diverted, made_up, remaining, end = sums
    assert start - outside - cancelled - diverted + made_up - remaining == end


def test_hours_lost_by_cause_and_by_subject(visit: Visit, of: Truth) -> None:
    visit.open("/county/99")
    enlarged = visit.page.locator("#why .waterfall").nth(1).locator(".step-n").all_inner_texts()
    by_cause = of.rows("select sum(student_minutes) n from marts.loss_cause group by cause order by n desc")
    assert enlarged == [hours(float(str(n))) for (n,) in by_cause]
    for subject, lost in of.rows(
        "select subject_name, sum(student_minutes) from marts.loss_cause group by all order by 2 desc"
    ):
        assert named(visit, "subjects", str(subject))[1] in (hours(float(str(lost))), "••"), subject
    assert hours(of.one("select sum(student_minutes) from marts.loss_cause")) not in ("", "••")


def test_the_heaviest_week(visit: Visit, of: Truth) -> None:
    visit.open("/county/99")
    week, lost = of.row(
        "select iso_week, sum(lost_minutes) from marts.school_subject_week where week_start <= '2026-03-02'"
        " group by iso_week, week_start order by 2 desc, week_start limit 1"
    )
    assert visit.text("#weeks h2") == f"Uke {week} var tyngst: {said(lost)} timer falt bort"


def test_the_principals_school(visit: Visit, of: Truth) -> None:
    visit.open(f"/?role=principal&as={SCHOOL}")
    needing, students, missing = of.row(
        f"select {NEEDING}, students, missing_minutes from marts.school_coverage {OF_SCHOOL}"
    )
    assert visit.text(".lede .first").startswith(f"{count(needing)} av {count(students)} elever")
    assert f"I alt mangler {said(missing)} elevtimer" in visit.text(".lede .second")
    found, rows = of.row(
        "select count(distinct student_key), count(*) from marts.student_subject_coverage"
        f" {OF_SCHOOL} and status in ('not_assigned', 'short', 'at_risk')"
    )
    assert visit.text("#students h2") == f"{count(found)} elever mangler timer eller gruppe"
    assert count(rows) in visit.text("#students .card-note")
    behind, groups = of.row(
        "select count(*) filter (projected_minutes < required_minutes), count(*) from marts.group_forecast "
        + OF_SCHOOL
    )
    assert visit.text("#groups h2").startswith(f"{count(behind)} av {count(groups)} grupper")


def test_the_principals_students_and_what_helps_them(visit: Visit, of: Truth) -> None:
    visit.open(f"/?role=principal&as={SCHOOL}")
    missing, required = of.row(
        "select missing_minutes, required_minutes from marts.student_subject_coverage"
        f" {OF_SCHOOL} and status in ('short', 'at_risk') order by missing_minutes desc limit 1"
    )
    visit.page.locator("#students .as-table > summary").click()
    short = visit.page.locator("#students .as-table tbody tr").filter(
        has=visit.page.locator(".s-short, .s-at_risk")
    )
    assert short.first.locator("td").all_inner_texts()[2:4] == [hours(missing), hours(required)]
    lines = visit.page.locator("#students .as-table tbody tr").all_inner_texts()
    assert any("plass i en gruppe" in line for line in lines)
    assert any("+" in line and " for " in line for line in lines)


def test_the_weeks_of_the_school(visit: Visit, of: Truth) -> None:
    visit.open(f"/?role=principal&as={SCHOOL}")
    subject, lost = of.row(
        f"select subject_name, sum(lost_minutes) from marts.school_subject_week {OF_SCHOOL}"
        " and week_start <= '2026-03-02' group by all order by 2 desc limit 1"
    )
    said_subject = Text("nb").subject_said(subject)
    assert visit.text("#weeks h2") == f"Mest har falt bort i {said_subject}: {said(lost)} timer"
    assert cells(visit, "#weeks .heat tbody tr")[-1] == hours(lost)
