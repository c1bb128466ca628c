"""A school's year day by day: when lessons fall away."""

from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.calendar import calendar
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.queries import school


def calendar_card(cards: Cards, request: Request, school_id: str) -> html.Section:
    text = cards.view.text
    rows = [
        {**row, "kind": text(f"day_kind.{row['day_kind']}") if row["day_kind"] else None}
        for row in school.days(request.reader, request.year, school_id)
    ]
    table = Table(
        "days",
        text("calendar.caption"),
        [
            Column("lesson_date", text("column.day"), "day"),
            Column("kind", text("column.day_kind")),
            Column("scheduled", text("column.scheduled"), "hours"),
            Column("lost", text("column.lost_lessons"), "hours"),
            Column("made_up", text("column.made_up"), "hours"),
        ],
        rows,
    )
    if not rows:
        return cards.card(text("heat.none"), table)
    worst = max(rows, key=lambda row: row["lost"])
    title = (
        text(
            "calendar.title",
            day=text.day(worst["lesson_date"], "EEEE d MMMM"),
            hours=text.hours_said(worst["lost"]),
        )
        if worst["lost"]
        else text("heat.zero")
    )
    return cards.card(
        title,
        table,
        figure=calendar(rows, text),
        note=text("calendar.note"),
        defined=("lost_lessons",),
        className="wide",
    )
