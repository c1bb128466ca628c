"""One group of a school: its weeks, and its students for those who may see them."""

from typing import Any

from dashboard.access import names
from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.weeks import weeks as draw_weeks
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.words import student_column
from dashboard.queries import group, school
from dashboard.text import Text


def group_cards(cards: Cards, request: Request, school_id: str) -> html.Div | None:
    """What is behind a group chosen on the page; nothing where none is, or where it is not in sight."""
    chosen = request.view.params.get("group", "")
    plans = school.groups(request.reader, request.year, school_id) if chosen else []
    subjects = [row for row in plans if row["group_id"] == chosen]
    if not subjects:
        return None
    shown: list[Any] = [_weeks_card(cards, request, school_id, subjects)]
    if request.reader.viewer.sees_students:
        shown.append(_students_card(cards, request, school_id, subjects))
    return html.Div(shown, className="halves")


def _weeks_card(cards: Cards, request: Request, school_id: str, subjects: list[Row]) -> html.Section:
    text, first = cards.view.text, subjects[0]
    rows = group.weeks(request.reader, request.year, school_id, first["group_id"])
    hours = ("scheduled", "held", "lost", "made_up", "substitute", "assumed")
    table = Table(
        "group",
        text("group.caption", group=first["group_name"]),
        [
            Column("iso_week", text("column.week")),
            Column("week_start", text("column.week_start"), "day"),
            *(Column(name, text(f"group.{name}"), "hours") for name in hours),
        ],
        rows,
    )
    gap, name = first["gap"], first["group_name"]
    if gap is None:
        title = text("group.title_unknown", group=name)
    else:
        title = text(
            "group.title_short" if gap < 0 else "group.title_fine",
            group=name,
            hours=text.hours_said(abs(gap)),
        )
    return cards.card(
        title,
        table,
        figure=_figure(rows, text),
        note=[
            text("group.note", subjects=text.listed([str(row["subject_name"]) for row in subjects])),
            " ",
            html.A(text("group.all"), href=f"{cards.view.href(group=None)}#groups"),
        ],
        defined=("forecast", "lost_lessons"),
    )


def _figure(rows: list[Row], text: Text) -> html.Div | html.P:
    if not rows:
        return html.P(text("weeks.none"))
    lost = any(row["lost"] or row["made_up"] for row in rows)
    return draw_weeks(rows, text) if lost else html.P(text("heat.zero"))


def _students_card(cards: Cards, request: Request, school_id: str, subjects: list[Row]) -> html.Section:
    text, viewer = cards.view.text, request.reader.viewer
    rows = group.students(request.reader, request.year, school_id, subjects[0]["group_id"])
    known = names.of(viewer, [row["student_key"] for row in rows])
    named = [{**row, "name": known.get(row["student_key"], row["student_key"][:8])} for row in rows]
    columns = [
        student_column(cards.view),
        *([Column("subject_name", text("column.subject"))] if len(subjects) > 1 else []),
        Column("status", text("column.status"), "status"),
        Column("missing", text("column.missing"), "hours", bar=True),
        Column("offered", text("column.offered"), "hours"),
        Column("required", text("column.required"), "hours"),
    ]
    return cards.card(
        _students_title(rows, text),
        Table(
            "group_students", text("group.students_caption", group=subjects[0]["group_name"]), columns, named
        ),
        shown_rows=10,
        defined=("needing", "missing"),
    )


def _students_title(rows: list[Row], text: Text) -> str:
    if not rows:
        return text("group.students_none")
    return text(
        "group.students_title",
        n=text.number(rows[0]["needing"]),
        students=text.counted("student", rows[0]["students"]),
    )
