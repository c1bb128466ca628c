"""County: which schools, why hours are lost, in which subjects and programmes, and when."""

from itertools import chain, groupby
from typing import Any

from dashboard.access.roles import RefusedError, Role
from dashboard.access.scope import Row
from dashboard.access.suppression import Reason
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.map import county_map, has_positions
from dashboard.components.figures.multiples import Multiple, multiples
from dashboard.components.figures.spark import spark
from dashboard.components.figures.tiles import tiles
from dashboard.components.figures.weeks import weeks as draw_weeks
from dashboard.components.lede import certainty, lede, main_finding
from dashboard.components.status import status_bar
from dashboard.components.table import Column, Table
from dashboard.pages import Body, EmptyError, Request, authority
from dashboard.pages.losses import loss_table
from dashboard.pages.parts import (
    by_status_card,
    counties_card,
    largest_cause,
    loss_card,
    school_bar,
    standing_out,
    where_lost,
)
from dashboard.pages.words import school_column
from dashboard.queries import common, county, overview
from dashboard.shapes import outline

WHERE = "county_number = $county"


def build(request: Request) -> Body:
    text, year, number = request.view.text, request.year, request.parts["county"]
    viewer = request.reader.viewer
    if viewer.role in (Role.PRINCIPAL, Role.TEACHER):
        raise RefusedError("county pages are for the county")
    known = common.counties(request.reader)
    if number not in known:
        raise EmptyError("missing", what=number)
    total = common.totals(request.reader, year, number)
    if total is None:
        raise EmptyError("other_county" if viewer.county_number != number else "empty")
    name = str(known[number]["name"])
    history = common.trend(request.reader, year, number)
    compared = request.compared([row["as_of_date"] for row in history])
    before = next((row for row in history if row["as_of_date"] == compared), None)
    rows = [r for r in common.by_school(request.reader, year) if r["county_number"] == number]
    stale = [row for row in common.stale_schools(request.reader) if row["county_number"] == number]
    cards = Cards(request.view, request.publication)
    causes = common.losses(request.reader, year, ["school_year"], number)
    content = [
        lede(
            name,
            _first(request, causes, number) or main_finding(total, text),
            f"{main_finding(total, text)} {certainty(total, len(stale), text)}",
            _what_to_do(request, number),
        ),
        status_bar(total, before, text, lambda status: f"{request.view.href(status=status)}#schools"),
        html.Div(
            [
                _map_card(cards, rows, total, request),
                loss_card(cards, causes, total, text),
            ],
            className="halves",
        ),
        _subject_card(cards, request, number),
        _schools_card(cards, rows, request, common.trend_by_school(request.reader, year)),
        html.Div(
            [
                loss_table(cards, "subjects", "subject_code", request, number),
                loss_table(cards, "programmes", "programme_area_code", request, number),
            ],
            className="halves",
        ),
        html.Div(
            [_weeks_card(cards, request, number), _multiples_card(cards, request, number, rows)],
            className="halves",
        ),
        counties_card(cards, request, alone=False),
        authority.link(request),
    ]
    crumbs = [(text("page.overview"), request.view.href("/")), (name, None)]
    return Body(name, crumbs, content, cards.tables, [r["as_of_date"] for r in history][:-1], compared)


def _first(request: Request, causes: list[Row], number: str) -> str:
    """How much is lost, what takes most of it, and at which few schools; nothing where it may not be said."""
    text, lost = request.view.text, causes[0] if causes else None
    cause = largest_cause(lost)
    where = where_lost(request, WHERE, county=number)
    if lost is None or cause is None or not isinstance(lost["lost"], int):
        return where
    said = text(
        "county_said.first",
        hours=text.hours_said(lost["lost"]),
        cause=text(f"cause.{cause}").lower(),
        most=text.hours_said(lost[cause]),
    )
    return f"{said} {where}".strip()


def _what_to_do(request: Request, number: str) -> Any:
    text, view = request.view.text, request.view
    found = county.concentrated(request.reader, request.year, WHERE, county=number)
    if found is None:
        return html.A(text("county_said.do_schools"), href="#schools")
    subject = found["subject_name"] or found["subject_code"]
    link = f"{view.href(subject=found['subject_code'])}#subject_schools"
    return html.A(text("county_said.do", subject=subject), href=link)


def _map_card(cards: Cards, rows: list[Row], total: Row, request: Request) -> html.Section:
    text = cards.view.text
    named = [{**row, **_position(request.schools[row["school_id"]])} for row in request.named(rows)]
    drawn = has_positions(named)
    rings = outline(request.parts["county"], request.publication.as_of)
    limits = overview.funnel(rows, total["share_needing"])
    far = {row["school_id"] for row in rows if limits and limits.is_outside(row)}
    table = Table(
        "map",
        text("map.caption"),
        [
            Column("name", text("column.school")),
            Column("students", text("column.students"), "count"),
            Column("share_needing", text("column.share"), "share"),
            Column("missing", text("column.missing"), "hours"),
            Column("share_missing", text("column.of_required"), "share"),
        ],
        named,
    )
    return cards.card(
        standing_out(named, limits, text),
        table,
        figure=county_map(named, far, rings, request.view) if drawn else tiles(named, far, request.view),
        note=" ".join([text("map.note"), *([text("map.shapes")] if drawn and rings else [])]),
        defined=("needing", "limits"),
    )


def _position(school: Row) -> Row:
    return {name: school[name] for name in ("latitude", "longitude")}


def _schools_card(
    cards: Cards, rows: list[Row], request: Request, lines: dict[str, list[Row]]
) -> html.Section:
    text = cards.view.text
    status = request.view.params.get("status", "")
    if status in common.STATUSES:
        return by_status_card(cards, request, request.named(rows), status)
    named = [
        {
            **row,
            "age": request.schools.get(row["school_id"], {}).get("age_teaching_days"),
        }
        for row in request.named(rows)
    ]
    shares = [r["share_needing"] for r in chain(*lines.values()) if isinstance(r["share_needing"], float)]
    highest = max(shares, default=0.0)
    columns = [
        school_column(cards.view),
        Column("students", text("column.students"), "count"),
        Column("students_needing", text("column.needing"), "count"),
        Column("share_needing", text("column.share"), "share", bar=True),
        Column(
            "line",
            text("column.line"),
            draw=lambda r: spark([p["share_needing"] for p in lines.get(r["school_id"], [])], highest),
        ),
        Column("bar", text("column.statuses"), draw=school_bar),
        Column("missing", text("column.missing"), "hours"),
        Column("share_missing", text("column.of_required"), "share"),
        Column("cancelled", text("column.cancelled"), "hours"),
        Column("not_scheduled", text("column.not_scheduled"), "hours"),
        Column("share_assumed", text("column.assumed"), "share"),
        Column("age", text("column.age"), "count", missing=Reason.UNKNOWN),
    ]
    lacking = [row for row in named if isinstance(row["missing"], int) and row["missing"]]
    most: Row | None = max(lacking, key=lambda row: row["missing"], default=None)
    return cards.card(
        text("schools.county_title", school=most["name"], hours=text.hours_said(most["missing"]))
        if most
        else text("schools.plain"),
        Table("schools", text("schools.caption"), columns, named),
        defined=("needing", "missing", "assumed", "stale"),
        className="wide",
    )


def _to_groups(cards: Cards, row: Row, subject: str) -> str:
    path = f"/school/{row['school_id']}"
    return f"{cards.view.href(path, subject=subject)}#groups"


def _subject_card(cards: Cards, request: Request, number: str) -> html.Section | None:
    """The schools of a chosen subject; each leads to its groups in it."""
    text, subject = cards.view.text, request.view.params.get("subject", "")
    found = county.schools_of_subject(request.reader, request.year, number, subject) if subject else []
    if not found:
        return None
    rows = request.named(found)
    table = Table(
        "subject_schools",
        text("subject_schools.caption", subject=rows[0]["subject_name"]),
        [
            Column(
                "name",
                text("column.school"),
                href=lambda row: _to_groups(cards, row, subject),
            ),
            Column("lost", text("column.lost_lessons"), "hours", bar=True),
            Column("share_lost", text("column.of_scheduled"), "share"),
            Column("made_up", text("column.made_up"), "hours"),
            Column("scheduled", text("column.scheduled"), "hours"),
        ],
        rows,
    )
    title = text(
        "subject_schools.title" if rows[0]["lost"] else "subject_schools.none",
        school=rows[0]["name"],
        subject=rows[0]["subject_name"],
        hours=text.hours_said(rows[0]["lost"]),
    )
    return cards.card(
        title,
        table,
        note=[
            text("subject_schools.note"),
            " ",
            html.A(text("school.all_subjects"), href=f"{cards.view.href(subject=None)}#subjects"),
        ],
        defined=("lost_lessons",),
        className="wide",
    )


def _multiples_card(cards: Cards, request: Request, number: str, schools: list[Row]) -> html.Section:
    """Each school's lost lessons by week, on one scale; none registered is not none lost."""
    text = cards.view.text
    unregistered = {row["school_id"] for row in schools if row["share_assumed"] == 1.0}
    rows = request.named(county.by_school_and_week(request.reader, request.year, number))
    weeks = sorted({row["week_start"] for row in rows})
    table = Table(
        "school_weeks",
        text("multiples.caption"),
        [
            Column("name", text("column.school")),
            Column("iso_week", text("column.week")),
            Column("week_start", text("column.week_start"), "day"),
            Column("lost", text("column.lost_lessons"), "hours"),
        ],
        rows,
    )
    if not rows:
        return cards.card(text("weeks.none"), table)
    parts = []
    for school_id, found in groupby(rows, key=lambda row: row["school_id"]):
        by_week = {row["week_start"]: row for row in found}
        first = next(iter(by_week.values()))
        parts.append(
            Multiple(
                first["name"],
                [by_week[week]["lost"] if week in by_week else None for week in weeks],
                text("multiples.unregistered")
                if school_id in unregistered
                else text("unit.hours", n=text.hours_said(first["lost_in_all"])),
                cards.view.href(f"/school/{school_id}"),
            )
        )
    most = rows[0]
    return cards.card(
        text("multiples.title", school=most["name"], hours=text.hours_said(most["lost_in_all"])),
        table,
        figure=multiples(parts),
        note=text("multiples.note"),
        defined=("lost_lessons",),
    )


def _weeks_card(cards: Cards, request: Request, number: str) -> html.Section:
    text = cards.view.text
    rows = county.by_week(request.reader, request.year, number)
    table = Table(
        "weeks",
        text("weeks.caption"),
        [
            Column("iso_week", text("column.week")),
            Column("week_start", text("column.week_start"), "day"),
            Column("scheduled", text("column.scheduled"), "hours"),
            Column("lost", text("column.lost_lessons"), "hours"),
            Column("made_up", text("column.made_up"), "hours"),
        ],
        rows,
    )
    if not rows:
        return cards.card(text("weeks.none"), table)
    worst: Any = max(rows, key=lambda row: row["lost"])
    return cards.card(
        text("weeks.title", week=worst["iso_week"], hours=text.hours_said(worst["lost"])),
        table,
        figure=draw_weeks(rows, text),
        note=text("weeks.note"),
        defined=("lost_lessons",),
    )
