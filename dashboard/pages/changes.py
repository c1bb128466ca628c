"""Changes: what has moved since an earlier publication, and why."""

from datetime import date
from typing import Any

from dashboard.access import names, visit
from dashboard.access.roles import Role
from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.card import Cards, definitions
from dashboard.components.lede import lede
from dashboard.components.table import Column, Table
from dashboard.pages import Body, EmptyError, Request
from dashboard.pages.change_parts import causes_card, causes_title, figures_card, moved_sentence, schools_card
from dashboard.pages.words import student_column
from dashboard.queries import changes, common
from dashboard.text import Text


def build(request: Request) -> Body:
    text, year, reader = request.view.text, request.year, request.reader
    days = changes.since_dates(reader, year)
    if not days:
        raise EmptyError("changes_empty")
    since = chosen(request, days)
    figures = changes.moved(reader, year, since)
    standing = changes.standing(reader, year, since)
    day = text.day(since, "d MMMM")
    cards = Cards(request.view, request.publication)
    main = moved_sentence(figures["missing"], text, key="changes_said", day=day)
    schools = [] if _one_school(request) else changes.moved_by_school(reader, year, since, "missing")
    students = changes.students(reader, year, since) if reader.viewer.sees_names else []
    content = [
        lede(text("page.changes"), main, standing_sentence(standing, text), _what_to_do(request)),
        html.Div(
            [
                html.Div(
                    [
                        causes_card(
                            cards,
                            figures["missing"],
                            causes_title(figures["missing"], text),
                            text("changes.note", day=day),
                        ),
                        figures_card(cards, figures),
                    ]
                ),
                students_card(cards, students, request)
                if _one_school(request)
                else schools_card(cards, schools, request, "/changes"),
            ],
            className="halves",
        ),
        html.P(html.A(text("changes.to_corrections"), href=request.view.href("/corrections"))),
        html.Div(
            definitions(request.view, ("change", "known_then"), text("card.all")), className="page-foot"
        ),
    ]
    home = (text("page.overview"), request.view.href("/"))
    crumbs = [home, (text("page.changes"), None)]
    return Body(text("page.changes"), crumbs, content, cards.tables, days, since)


def chosen(request: Request, days: list[date]) -> date:
    """The date asked for, else that of the reader's last visit, else the one before the latest."""
    if request.view.compare in days:
        return request.view.compare
    last = visit.before()
    return last if last in days else days[-1]


def standing_sentence(row: Row | None, text: Text) -> str:
    if row is None:
        return ""
    told = [
        text(f"changes.{name}", students=text.counted("student", row[name]))
        for name in ("worse", "better")
        if not isinstance(row[name], Hidden)
    ]
    return " ".join(told) or text("changes.standing_hidden")


def _one_school(request: Request) -> bool:
    return request.reader.viewer.role in (Role.PRINCIPAL, Role.TEACHER)


def _what_to_do(request: Request) -> Any:
    text = request.view.text
    if request.reader.viewer.role is Role.OWNER:
        return None
    top = common.recovery(request.reader, request.year, 1)
    if not top:
        return None
    first = top[0]
    return text(
        "overview.do",
        lessons=text.counted("lesson", first["lessons"]),
        group=first["group_name"],
        school=request.short_name(first["school_id"]),
        students=text.counted("student", first["lifted"]),
    )


def students_card(cards: Cards, rows: list[Row], request: Request, **address: str) -> html.Section:
    """`address`: what the way to a student needs besides what the page's own address has."""
    text, viewer = cards.view.text, request.reader.viewer
    known = names.of(viewer, [row["student_key"] for row in rows])
    named = [
        {
            **row,
            "name": known.get(row["student_key"], row["student_key"][:8]),
            "cause": text(f"change_cause.{row['cause']}"),
        }
        for row in rows
    ]
    table = Table(
        "students",
        text("changes.students_caption"),
        [
            student_column(cards.view, **address),
            Column("subject_name", text("column.subject")),
            Column("moved", text("changes.moved_missing"), "change"),
            Column("cause", text("changes.main_cause")),
        ],
        named,
    )
    title = text("changes.students_title" if named else "changes.students_none")
    return cards.card(title, table, shown_rows=15, defined=("change",))
