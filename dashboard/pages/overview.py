"""Overview: are our students getting what they are entitled to, where not, and what do we do about it?"""

from typing import Any

from dashboard.access.roles import Role
from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.card import Cards, definitions
from dashboard.components.figures.funnel import funnel as draw_funnel
from dashboard.components.figures.trend import trend as draw_trend
from dashboard.components.lede import certainty, key_figures, lede, main_finding, shown
from dashboard.components.status import change, status_bar
from dashboard.components.table import Column, Table
from dashboard.pages import Body, EmptyError, Request, authority, school
from dashboard.pages.losses import loss_table
from dashboard.pages.parts import (
    by_status_card,
    counties_card,
    loss_card,
    recovery_card,
    school_bar,
    standing_out,
    where_lost,
)
from dashboard.pages.words import school_column
from dashboard.queries import common, overview
from dashboard.queries.common import STATUSES

DEFINED = ("entitled", "needing", "not_scheduled", "margin", "assumed", "unknown")


def build(request: Request) -> Body:
    if request.reader.viewer.role in (Role.PRINCIPAL, Role.TEACHER):
        request.parts = {"school": request.reader.viewer.school_ids[0]}
        return school.build(request)
    text, year = request.view.text, request.year
    total = common.totals(request.reader, year)
    if total is None:
        raise EmptyError("empty")
    history = common.trend(request.reader, year)
    days = [row["as_of_date"] for row in history]
    compared = request.compared(days)
    before = next((row for row in history if row["as_of_date"] == compared), None)
    rows = common.by_school(request.reader, year)
    stale = common.stale_schools(request.reader)
    lost = common.losses(request.reader, year, ["school_year"])
    whole_schools_only = request.reader.viewer.role is Role.OWNER
    top = [] if whole_schools_only else common.recovery(request.reader, year, 5)
    cards = Cards(request.view, request.publication)
    name = _place(request)
    content = [
        lede(
            name,
            main_finding(total, text),
            f"{certainty(total, len(stale), text)} {where_lost(request)}",
            _what_to_do(request, top),
        ),
        status_bar(total, before, text, lambda status: f"{request.view.href(status=status)}#schools"),
        _keys(request, total, lost, stale),
        html.Div(
            [
                _trend_card(cards, history, before),
                _where_card(cards, rows, total, request),
                html.Div([counties_card(cards, request), _data_card(cards, stale, request)])
                if whole_schools_only
                else recovery_card(cards, top, request),
            ],
            className="thirds",
        ),
        html.Div(
            [
                html.Div(
                    [
                        _schools_card(cards, rows, request),
                        None if whole_schools_only else _data_card(cards, stale, request),
                    ]
                ),
                html.Div(
                    [
                        loss_card(cards, lost, total, text),
                        None if whole_schools_only else _subjects_card(cards, request),
                    ]
                ),
            ],
            className="halves",
        ),
        authority.link(request),
        html.Div(definitions(request.view, DEFINED, text("card.all")), className="page-foot"),
    ]
    return Body(name, [(name, None)], content, cards.tables, days[:-1], compared)


def _place(request: Request) -> str:
    viewer = request.reader.viewer
    if viewer.role is Role.OWNER or viewer.county_number is None:
        return request.view.text("overview.all_counties")
    county = common.counties(request.reader).get(viewer.county_number)
    return str(county["name"]) if county else viewer.county_number


def _what_to_do(request: Request, top: list[Row]) -> Any:
    if not top:
        return None
    text, first = request.view.text, top[0]
    words = text(
        "overview.do",
        lessons=text.counted("lesson", first["lessons"]),
        group=first["group_name"],
        school=request.short_name(first["school_id"]),
        students=text.counted("student", first["lifted"]),
    )
    return [words, " ", html.A(text("overview.do_link"), href="#recovery")]


def _keys(request: Request, total: Row, lost: list[Row], stale: list[Row]) -> html.Dl:
    text = request.view.text
    never = lost[0]["not_scheduled"] if lost else 0
    count, fresh = total["students_not_assigned"], len(request.schools) - len(stale)
    margin = total["margin"]
    return key_figures(
        [
            (
                text("key.not_assigned"),
                shown(count, text.counted("student", count), text),
                text("key.not_assigned_note", hours=text.hours_said(total["not_assigned"])),
                "warn" if count else "",
            ),
            (
                text("key.not_scheduled"),
                shown(never, text("unit.hours", n=text.hours_said(never)), text),
                text("key.not_scheduled_note"),
                "warn" if never else "",
            ),
            (
                text("key.margin"),
                shown(margin, signed(margin, text), text),
                text("key.margin_note"),
                "",
            ),
            (
                text("key.assumed"),
                shown(total["share_assumed"], text.share(total["share_assumed"]), text),
                text("key.assumed_note"),
                "assumed",
            ),
            (
                text("key.unknown"),
                shown(total["students_unknown"], text.counted("student", total["students_unknown"]), text),
                text("key.unknown_note"),
                "unknown",
            ),
            (
                text("key.fresh"),
                text("key.fresh_n", n=fresh, of=len(request.schools)),
                text("key.fresh_stale", days=text.counted("school_day", stale[0]["age_teaching_days"]))
                if stale
                else text("key.fresh_all"),
                "warn" if stale else "",
            ),
        ]
    )


def signed(ratio: Any, text: Any) -> str:
    if not isinstance(ratio, float):
        return str(text.number(ratio))
    return f"{'+' if ratio > 0 else ''}{text.share(ratio)}"


def _trend_card(cards: Cards, history: list[Row], before: Row | None) -> html.Section:
    text = cards.view.text
    table = Table(
        "trend",
        text("trend.caption"),
        [
            Column("as_of_date", text("column.as_of"), "day"),
            Column("students", text("column.students"), "count"),
            *(Column(f"students_{s}", text(f"status.{s}"), "count") for s in STATUSES),
        ],
        history[::-1],
    )
    return cards.card(
        _trend_title(history, before, text),
        table,
        figure=draw_trend(history, text) if len(history) > 1 else html.P(text("trend.too_short")),
        note=text("trend.note"),
        defined=("known_then",),
    )


def _trend_title(history: list[Row], before: Row | None, text: Any) -> str:
    now, then = history[-1]["students_needing"] if history else None, (before or {}).get("students_needing")
    if not isinstance(now, int) or not isinstance(then, int) or before is None:
        return str(text("trend.title"))
    day = text.day(before["as_of_date"], "d MMMM")
    if now == then:
        return str(text("trend.same", day=day))
    kind = "more" if now > then else "fewer"
    return str(text(f"trend.{kind}", n=change(abs(now - then), 0, text).lstrip("+"), day=day))


def _where_card(cards: Cards, rows: list[Row], total: Row, request: Request) -> html.Section:
    text = cards.view.text
    limits = overview.funnel(rows, total["share_needing"])
    named = request.named(rows)
    table = Table("where", text("where.caption"), _school_columns(cards, text), named)
    names = {row["school_id"]: row["name"] for row in named}
    return cards.card(
        standing_out(named, limits, text),
        table,
        figure=draw_funnel(rows, limits, names, text) if limits else html.P(text("where.hidden")),
        note=text("where.note"),
        defined=("needing", "limits"),
    )


def _school_columns(cards: Cards, text: Any) -> list[Column]:
    return [
        school_column(cards.view),
        Column("students", text("column.students"), "count"),
        Column("students_needing", text("column.needing"), "count"),
        Column("share_needing", text("column.share"), "share", bar=True),
    ]


def _schools_card(cards: Cards, rows: list[Row], request: Request) -> html.Section:
    text = cards.view.text
    named = request.named(rows)
    status = request.view.params.get("status", "")
    if status in STATUSES:
        return by_status_card(cards, request, named, status)
    columns = [
        *_school_columns(cards, text),
        Column("bar", text("column.statuses"), draw=school_bar),
        Column("missing", text("column.missing"), "hours"),
        Column("share_missing", text("column.of_required"), "share"),
    ]
    worst = named[0]["name"] if named and not isinstance(named[0]["share_needing"], Hidden) else ""
    title = text("schools.title", school=worst) if worst else text("schools.plain")
    return cards.card(
        title,
        Table("schools", text("schools.caption"), columns, named),
        shown_rows=15,
        defined=("needing", "missing"),
    )


def _subjects_card(cards: Cards, request: Request) -> html.Section:
    text, number = request.view.text, request.reader.viewer.county_number
    way = html.A(text("subjects.link"), href=f"{request.view.href(f'/county/{number}')}#subjects")
    return loss_table(cards, "subjects", "subject_code", request, note=way)


def _data_card(cards: Cards, stale: list[Row], request: Request) -> html.Section:
    text = cards.view.text
    rows = [
        {
            **row,
            "what": text(f"check.{row['check_code']}")
            if text.has(f"check.{row['check_code']}")
            else row["check_code"],
        }
        for row in common.quality(request.reader)
    ]
    columns = [
        Column("what", text("column.check")),
        Column("findings", text("column.findings"), "count"),
        Column("schools", text("column.schools"), "count"),
        Column("since", text("column.since"), "day"),
    ]
    names = text.listed([request.short_name(row["school_id"]) for row in stale[:3]])
    note = [
        text("data.stale", schools=names, days=text.counted("school_day", stale[0]["age_teaching_days"]))
        if stale
        else text("data.fresh"),
        " ",
        html.A(text("data.link"), href=request.view.href("/data")),
    ]
    return cards.card(
        text("data.title_stale" if stale else "data.title", n=text.counted("school", len(stale))),
        Table("data", text("data.caption"), columns, rows),
        note=note,
        shown_rows=6,
        defined=("stale",),
    )
