"""A school year as a calendar: weeks across, weekdays down, lost hours shaded and still said as a number."""

from datetime import date, timedelta
from html import escape
from math import ceil

from dashboard.access.scope import Row
from dashboard.components.aria import aria
from dashboard.components.figures.heat import SHADES
from dashboard.components.markup import Markup
from dashboard.text import Text

MONDAY, FRIDAY = 0, 4


def calendar(rows: list[Row], text: Text) -> Markup:
    """`rows` hold a date, minutes scheduled and lost, and the kind of day."""
    days: dict[date, Row] = {row["lesson_date"]: row for row in rows}
    first, last = _monday(min(days)), _monday(max(days))
    weeks = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    highest = max(row["lost"] for row in rows) or 1
    weekend = max(day.weekday() for day in days) > FRIDAY
    weekdays = range(MONDAY, 7 if weekend else FRIDAY + 1)
    body = "".join(
        f'<tr><th scope="row">{escape(text.day(first + timedelta(days=weekday), "EEE"))}</th>'
        + "".join(_cell(days.get(week + timedelta(days=weekday)), highest, text) for week in weeks)
        + "</tr>"
        for weekday in weekdays
    )
    caption = text("calendar.caption")
    content = (
        f'<table><caption class="unseen">{escape(caption)}</caption><thead>{_months(weeks, text)}'
        f'<tr><th scope="col">{escape(text("weeks.x"))}</th>'
        + "".join(f'<th scope="col">{week.isocalendar().week}</th>' for week in weeks)
        + f"</tr></thead><tbody>{body}</tbody></table>"
    )
    region = {"className": "scroll heat calendar", "tabIndex": 0, "role": "region", **aria(label=caption)}
    return Markup("div", region, content)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months(weeks: list[date], text: Text) -> str:
    """A month above the weeks whose Monday it has."""
    spans: list[list[int]] = []
    for week in weeks:
        if spans and spans[-1][0] == week.month:
            spans[-1][1] += 1
        else:
            spans.append([week.month, 1])
    heads = "".join(
        f'<th scope="colgroup" colspan="{weeks_of}">{escape(text.day(date(2000, month, 1), "LLL"))}</th>'
        for month, weeks_of in spans
    )
    return f"<tr><td></td>{heads}</tr>"


def _cell(row: Row | None, highest: int, text: Text) -> str:
    if row is None or not row["scheduled"]:
        return '<td class="none"></td>'
    if not row["lost"]:
        return '<td class="h0"><span class="unseen">0</span></td>'
    level = ceil(SHADES * row["lost"] / highest)
    return f'<td class="h{level}">{text.hours(row["lost"], 0)}</td>'
