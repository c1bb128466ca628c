"""The calendar: every day where it belongs, nothing told by shade alone."""

from datetime import date, timedelta

from dashboard.components.figures.calendar import calendar
from dashboard.text import Text

MONDAY = date(2025, 8, 18)


def row(day: date, lost: int, scheduled: int = 300) -> dict[str, object]:
    return {"lesson_date": day, "lost": lost, "scheduled": scheduled, "day_kind": "teaching"}


def drawn(*rows: dict[str, object]) -> str:
    return str(calendar(list(rows), Text("nb")).content)


def test_a_day_says_its_hours_and_one_without_losses_says_none() -> None:
    found = drawn(row(MONDAY, 120), row(MONDAY + timedelta(days=1), 0))
    assert '<td class="h4">2</td>' in found
    assert '<td class="h0"><span class="unseen">0</span></td>' in found


def test_days_without_lessons_are_not_days_without_losses() -> None:
    found = drawn(row(MONDAY, 60), row(MONDAY + timedelta(days=8), 60))
    assert found.count('<td class="none"></td>') == 2 * 5 - 2


def test_a_saturday_is_shown_only_where_there_are_lessons() -> None:
    assert drawn(row(MONDAY, 60)).count('<th scope="row">') == 5
    assert drawn(row(MONDAY, 60), row(MONDAY + timedelta(days=5), 60)).count('<th scope="row">') == 7
