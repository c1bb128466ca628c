"""Corrections: what later data would change in the closed school years, which do not move."""

from typing import Any

from dashboard.access.roles import Role
from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards, definitions
from dashboard.components.lede import lede
from dashboard.components.table import Column, Table
from dashboard.pages import Body, EmptyError, Request, authority
from dashboard.pages.change_parts import causes_card, figures_card, moved_sentence, schools_card
from dashboard.pages.changes import standing_sentence, students_card
from dashboard.queries import changes
from dashboard.text import Text


def build(request: Request) -> Body:
    text, reader = request.view.text, request.reader
    closed = changes.closed(reader)
    if not closed:
        raise EmptyError("corrections_empty")
    year = next((row for row in closed if row["school_year"] == request.view.params.get("year")), closed[0])
    name = year["school_year"]
    figures = changes.corrected(reader, name)
    standing = changes.corrected_standing(reader, name)
    cards = Cards(request.view, request.publication)
    day = text.day(year["as_of_date"])
    one_school = reader.viewer.role in (Role.PRINCIPAL, Role.TEACHER)
    schools = [] if one_school else changes.corrected_by_school(reader, name, "missing")
    content = [
        lede(
            text("corrections.name", year=name),
            moved_sentence(figures["missing"], text, key="corrections_said", day=name),
            f"{text('corrections.frozen', day=day)} {_would(standing, text)} {_privacy(year, text)}".strip(),
        ),
        html.Div(
            [
                causes_card(
                    cards, figures["missing"], text("corrections.causes_title"), text("corrections.note")
                ),
                _years_card(cards, closed)
                if one_school
                else schools_card(cards, schools, request, "/corrections"),
            ],
            className="halves",
        ),
        figures_card(cards, figures),
        students_card(cards, changes.corrected_students(reader, name), request, year=name)
        if one_school
        else None,
        None if one_school else _years_card(cards, closed),
        authority.link(request, year=name) if name in request.years else None,
        html.Div(
            definitions(request.view, ("closed_year", "change"), text("card.all")), className="page-foot"
        ),
    ]
    home = (text("page.overview"), request.view.href("/"))
    crumbs = [home, (text("page.corrections"), None)]
    return Body(text("page.corrections"), crumbs, content, cards.tables)


def _would(standing: Row | None, text: Text) -> str:
    if standing is None or not (standing["worse"] or standing["better"]):
        return ""
    return text("corrections.would", changes=standing_sentence(standing, text))


def _privacy(year: Row, text: Text) -> str:
    if year["rewritten_at"] is None:
        return ""
    day = text.day(year["rewritten_at"])
    return text(f"corrections.{year['rewritten_for']}", day=day)


def _years_card(cards: Cards, rows: list[Row]) -> html.Section:
    text = cards.view.text
    table = Table(
        "closed_years",
        text("corrections.years_caption"),
        [
            Column(
                "school_year",
                text("column.year"),
                "year",
                href=lambda row: cards.view.href(year=row["school_year"]),
            ),
            Column("closed_at", text("corrections.closed_at"), "day"),
            Column("as_of_date", text("column.as_of"), "day"),
            Column("build_id", text("export.build")),
            Column("short", text("corrections.checksum")),
            Column("rewritten_at", text("corrections.rewritten"), "day"),
        ],
        [{**row, "short": row["checksum"][:16]} for row in rows],
    )
    title: Any = text("corrections.years_title", n=text.number(len(rows)))
    return cards.card(title, table, defined=("closed_year",))
