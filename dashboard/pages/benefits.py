"""Benefits: do we realise what was promised, can the figure be trusted, and who is behind?"""

from datetime import date
from typing import Any

from dashboard.access.roles import RefusedError, Role
from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.bridge import bridge
from dashboard.components.figures.realisation import realisation
from dashboard.components.lede import key_figures, lede
from dashboard.components.shell import choice
from dashboard.components.table import Column, Table
from dashboard.pages import Body, Request
from dashboard.pages.benefits_bridge import bridge_title, spans
from dashboard.pages.benefits_cause import cause_cards
from dashboard.pages.benefits_measuring import measuring_cards
from dashboard.pages.benefits_standing import Standing, first, second, standing
from dashboard.pages.benefits_where import where_cards
from dashboard.pages.benefits_words import span
from dashboard.queries import benefits, common
from dashboard.queries.benefits import Whose
from dashboard.text import Text

FOLLOWS = (Role.OWNER, Role.DIRECTOR, Role.ANALYST)


def build(request: Request) -> Body:
    text = request.view.text
    if request.reader.viewer.role not in FOLLOWS:
        raise RefusedError("benefits are followed for whole counties")
    of = benefits.whose(request.reader, request.view.params.get("county", ""))
    found = standing(of)
    register = benefits.processes(request.reader)
    cards = Cards(request.view, request.publication)
    content = [
        lede(place(request, of), first(found, text), second(found, text), _do(request, of, found)),
        _county_choice(request, of),
        _keys(of, found, text),
        html.Div([_bridge_card(cards, of, found), _curve_card(cards, of, found)], className="halves"),
        *where_cards(cards, request, of, register, found.until),
        *cause_cards(cards, request, of, register),
        *measuring_cards(cards, request, of, register),
    ]
    crumbs = [(text("page.overview"), request.view.href("/")), (text("page.benefits"), None)]
    return Body(text("page.benefits"), crumbs, content, cards.tables)


def place(request: Request, of: Whose) -> str:
    text = request.view.text
    name = text("overview.all_counties") if of.together else request.county_name(of.county)
    return f"{name} · {text('page.benefits')}"


def _do(request: Request, of: Whose, found: Standing) -> list[Any]:
    text = request.view.text
    paper = html.A(
        text("benefits.paper"),
        href=request.view.href("/document/steering.pdf", county=None if of.together else of.county),
        download="",
    )
    return [html.A(text("benefits.do"), href="#due"), paper] if found.overdue else [paper]


def _county_choice(request: Request, of: Whose) -> html.Div | None:
    """The project owner may look at one county at a time, as it sees itself."""
    text = request.view.text
    counties = benefits.measuring_counties(request.reader)
    if request.reader.viewer.role is not Role.OWNER or len(counties) < 2:
        return None
    known = common.counties(request.reader)
    options = [
        ("", text("overview.all_counties")),
        *((number, str(known.get(number, {}).get("name", number))) for number in counties),
    ]
    shown = choice("county", text("column.county"), options, "" if of.together else of.county)
    return html.Div(shown, className="filters")


def _keys(of: Whose, found: Standing, text: Text) -> html.Dl:
    realised, estimated = found.realised or {}, found.estimated or {}
    given = sum(row["given"] or 0 for row in benefits.costs(of) if row["process_code"] == benefits.ALL)
    promised_note = (
        text("benefits.promised_note", hours=text.hours(found.promised_in_all))
        if found.promised_in_all is not None
        else text("benefits.no_plan_note")
    )
    realised_note = span(text, found.realised) if found.realised else text("benefits.nobody_measured")
    estimated_note = text("benefits.estimated_note") + (
        f" ({span(text, found.estimated)})" if found.estimated else ""
    )
    return key_figures(
        [
            (text("benefits.promised_key"), _hours(found.promised, text), promised_note, ""),
            (text("benefit_state.realised"), _hours(realised.get("hours"), text), realised_note, ""),
            (
                text("benefit_state.estimated"),
                _hours(estimated.get("hours"), text),
                estimated_note,
                "assumed",
            ),
            (
                text("benefits.planned_key"),
                text.counted("process", len(found.only_planned)),
                text("benefits.planned_note"),
                "unknown" if found.only_planned else "",
            ),
            (
                text("benefits.overdue_key"),
                text.counted("measurement", len(found.overdue)),
                text("benefits.overdue_note"),
                "warn" if found.overdue else "",
            ),
            (text("benefits.cost_key"), _hours(given, text), text("benefits.cost_note"), ""),
        ]
    )


def _hours(minutes: float | None, text: Text) -> str:
    return text.hours(None) if minutes is None else text("unit.hours", n=text.hours(minutes))


def _bridge_card(cards: Cards, of: Whose, found: Standing) -> html.Section:
    text = cards.view.text
    rows = benefits.so_far(of, "change_kind")
    kinds = {row["sum_key"]: row for row in rows if row["state"] == "realised"}
    named = sorted(
        ({**row, "name": text(f"change_kind.{row['sum_key']}"), "word": text(f"benefit_state.{row['state']}")}
         for row in rows),
        key=lambda row: (benefits.STATES.index(row["state"]), benefits.KINDS.index(row["sum_key"])),
    )  # fmt: skip
    named += [
        {**row, "name": text("benefits.net"), "word": text(f"benefit_state.{state}")}
        for state, row in found.by_state.items()
    ]
    columns = [
        Column("name", text("benefits.change")),
        Column("word", text("benefits.known_how")),
        Column("hours", text("benefits.hours"), "hours"),
        Column("low", text("benefits.low"), "hours"),
        Column("high", text("benefits.high"), "hours"),
        Column("cases", text("benefits.cases"), "count"),
    ]
    return cards.card(
        bridge_title(kinds, text),
        Table("bridge", text("benefits.bridge_caption"), columns, named),
        figure=bridge(spans(found, kinds, text)),
        defined=("benefit", "benefit_state", "benefit_interval"),
    )


def _curve_card(cards: Cards, of: Whose, found: Standing) -> html.Section:
    text = cards.view.text
    rows = benefits.curve(of)
    plan = [row for row in benefits.promised(of) if row["month"] <= found.until]
    by_month: dict[date, Row] = {}
    for row in rows:
        month = by_month.setdefault(row["month"], {"month": row["month"]})
        month |= {f"{row['state']}_{name}": row[name] for name in ("hours", "low", "high")}
    for row in plan:
        by_month.setdefault(row["month"], {"month": row["month"]})["promised"] = row["planned_so_far"]
    columns = [
        Column("month", text("benefits.month"), "day"),
        Column("promised", text("benefits.promised_key"), "hours"),
        *(
            Column(
                f"{state}_{name}", f"{text(f'benefit_state.{state}')}{text(f'benefits.end_{name}')}", "hours"
            )
            for state in ("realised", "estimated")
            for name in ("hours", "low", "high")
        ),
    ]
    table = Table(
        "realisation",
        text("benefits.curve_caption"),
        columns,
        [by_month[month] for month in sorted(by_month)],
    )
    realised = found.realised
    if realised and realised["hours"] is not None and found.promised:
        title = text(
            "benefits.curve_title",
            share=text.share(realised["hours"] / found.promised, 0),
            month=text.day(found.until, "MMMM y"),
        )
    else:
        title = text("benefits.curve_none")
    return cards.card(
        title,
        table,
        figure=realisation(rows, plan, text),
        defined=("benefit_plan", "benefit_state", "benefit_interval"),
    )
