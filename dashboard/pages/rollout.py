"""Rollout: who is behind, are the schools ready, and does the system hold?"""

from typing import Any

from dashboard.access.roles import RefusedError, Role
from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden, Reason
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.bars import Bar, bars
from dashboard.components.lede import key_figures, lede
from dashboard.components.table import Column, Table, reason_said
from dashboard.pages import Body, EmptyError, Request
from dashboard.pages.rollout_cases import improvements_card, open_card, support_card
from dashboard.pages.rollout_people import (
    pilots_card,
    position_plans_card,
    roles_card,
    training_card,
    training_effect_card,
)
from dashboard.pages.rollout_systems import county_column, integrations_card, migration_card, releases_card
from dashboard.pages.words import worded
from dashboard.queries import common, rollout
from dashboard.text import Text

FOLLOWS = (Role.OWNER, Role.DIRECTOR, Role.ANALYST)
LEAST_READY = 8
"""Schools drawn in the figure of readiness."""


def build(request: Request) -> Body:
    viewer, text = request.reader.viewer, request.view.text
    if viewer.role not in FOLLOWS:
        raise RefusedError("the rollout is followed for whole counties")
    adopted = rollout.adoption(request.reader)
    if not adopted:
        raise EmptyError("rollout_empty")
    milestones = rollout.milestones(request.reader)
    training, roles = rollout.training(request.reader), rollout.roles(request.reader)
    still_open, runs = rollout.support_open(request.reader), rollout.integrations(request.reader)
    counts = {
        "overdue": sum(row["state"] == "overdue" for row in milestones),
        "training": sum(row["overdue"] for row in training),
        "open": sum(row["open_cases"] for row in still_open),
        "failing": sum(row["last_outcome"] != "ok" for row in runs),
        "vacant": sum(row["vacant"] for row in roles),
    }
    cards = Cards(request.view, request.publication)
    known = common.counties(request.reader)
    content = [
        lede(_place(request), _first(adopted, milestones, text), _second(still_open, text), _do(text)),
        _keys(adopted, counts, milestones, text),
        html.Div(
            [
                html.Div(
                    [
                        _milestones_card(cards, milestones, request, known),
                        support_card(cards, request),
                        training_card(cards, training, text),
                        improvements_card(cards, request),
                        pilots_card(cards, request),
                        integrations_card(cards, runs, known),
                    ]
                ),
                html.Div(
                    [
                        _readiness_card(cards, request),
                        open_card(cards, still_open, text),
                        training_effect_card(cards, request),
                        roles_card(cards, roles, request),
                        position_plans_card(cards, request),
                        migration_card(cards, request, known),
                    ]
                ),
            ],
            className="halves",
        ),
        releases_card(cards, request),
    ]
    crumbs = [(text("page.overview"), request.view.href("/")), (text("page.rollout"), None)]
    return Body(text("page.rollout"), crumbs, content, cards.tables)


def _place(request: Request) -> str:
    viewer, text = request.reader.viewer, request.view.text
    county = common.counties(request.reader).get(str(viewer.county_number), {}).get("name")
    return f"{county or text('overview.all_counties')} · {text('page.rollout')}"


def _first(adopted: list[Row], milestones: list[Row], text: Text) -> str:
    running = sum(row["adopted_on"] is not None for row in adopted)
    opening = text("rollout.first", n=text.number(running), schools=text.counted("school", len(adopted)))
    overdue = [row for row in milestones if row["state"] == "overdue"]
    if not overdue:
        return f"{opening} {text('rollout.none_overdue')}"
    worst = max(overdue, key=lambda row: row["days_late"])
    return f"{opening} " + text(
        "rollout.overdue",
        n=text.counted("milestone", len(overdue)),
        milestone=worded(text, "milestone", worst["milestone"]),
        days=text.counted("day", worst["days_late"]),
    )


def _second(still_open: list[Row], text: Text) -> str:
    total = sum(row["open_cases"] for row in still_open)
    if not total:
        return text("rollout.no_cases")
    oldest = max(still_open, key=lambda row: row["oldest_days"])
    return text(
        "rollout.cases",
        n=text.counted("support_case", total),
        old=text.number(sum(row["longer"] for row in still_open)),
        area=worded(text, "area", oldest["area"]).lower(),
        days=text.counted("day", oldest["oldest_days"]),
    )


def _do(text: Text) -> Any:
    return html.A(text("rollout.do"), href="#milestones")


def _keys(adopted: list[Row], counts: dict[str, int], milestones: list[Row], text: Text) -> html.Dl:
    behind = sum(row["schools"] for row in milestones if row["state"] == "overdue")
    running = sum(row["adopted_on"] is not None for row in adopted)
    late = [row["days_late"] for row in adopted if row["days_late"] is not None]
    mean = text.counted("day", round(sum(late) / len(late))) if late else "–"
    return key_figures(
        [
            (
                text("rollout.running_key"),
                text("rollout.running_n", n=text.number(running), of=text.number(len(adopted))),
                text("rollout.running_note", days=mean),
                "",
            ),
            *(
                (
                    text(f"rollout.{name}_key"),
                    text.number(n),
                    text(f"rollout.{name}_note", schools=text.counted("school", behind)),
                    "warn" if n else "",
                )
                for name, n in counts.items()
            ),
        ]
    )


def _milestones_card(cards: Cards, rows: list[Row], request: Request, known: dict[str, Row]) -> html.Section:
    text = cards.view.text
    named = [
        {
            **row,
            "name": worded(text, "milestone", row["milestone"]),
            "county": known.get(row["county_number"], {}).get("name", row["county_number"]),
            "where": request.short_name(row["school_id"])
            if row["school_id"]
            else text.counted("school", row["schools"]),
            "word": text(f"milestone_state.{row['state']}"),
        }
        for row in rows
    ]
    overdue = sum(row["state"] == "overdue" for row in rows)
    columns = [
        Column("name", text("rollout.milestone")),
        *county_column(rows, text),
        Column("where", text("column.schools")),
        Column("planned_on", text("rollout.planned"), "day"),
        Column("reached_on", text("rollout.reached"), "day", missing=Reason.NOT_YET),
        Column("word", text("column.status")),
        Column("days_late", text("rollout.days_late"), "count"),
    ]
    title = (
        text("rollout.milestones_title", n=text.counted("milestone", overdue))
        if overdue
        else text("rollout.milestones_ok")
    )
    return cards.card(
        title,
        Table("milestones", text("rollout.milestones_caption"), columns, named),
        shown_rows=8,
        defined=("milestone_late",),
    )


def _hidden_note(rows: list[Row], text: Text) -> list[Any]:
    """What the sign means that stands where a share may not be shown."""
    hidden = next((row["share_ready"] for row in rows if isinstance(row["share_ready"], Hidden)), None)
    return [". ", reason_said(hidden, text)] if hidden else []


def _readiness_title(least: Row, request: Request) -> str:
    text = request.view.text
    if least["share_teacher"] == 1:
        return text("rollout.readiness_all", year=request.year)
    share = text.share(least["share_teacher"], 0)
    return text("rollout.readiness_title", school=least["name"], share=share, year=request.year)


def _readiness_card(cards: Cards, request: Request) -> html.Section:
    text = cards.view.text
    rows = request.named(rollout.readiness(request.reader, request.year))
    columns = [
        Column("name", text("column.school")),
        Column("first_day", text("rollout.first_day"), "day"),
        Column("groups", text("rollout.groups"), "count"),
        Column("share_lessons", text("rollout.with_lessons"), "share"),
        Column("share_teacher", text("rollout.with_teacher"), "share", bar=True),
        Column("students", text("column.students"), "count"),
        Column("share_ready", text("rollout.students_ready"), "share"),
    ]
    table = Table("readiness", text("rollout.readiness_caption"), columns, rows)
    drawn = [row for row in rows if row["groups"]]
    if not drawn:
        return cards.card(text("rollout.readiness_none", year=request.year), table, defined=("readiness",))
    lines = [
        Bar(
            row["name"],
            [("f-met", float(row["share_teacher"])), ("f-exempt", 1 - float(row["share_teacher"]))],
            text.share(row["share_teacher"], 0),
            text.share(row["share_ready"], 0),
        )
        for row in drawn[:LEAST_READY]
    ]
    return cards.card(
        _readiness_title(drawn[0], request),
        table,
        figure=bars(lines),
        note=[text("rollout.readiness_note"), *_hidden_note(drawn, text)],
        defined=("readiness",),
    )
