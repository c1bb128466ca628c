"""Rollout, the people: training and what it did to support cases, roles, pilots beside the others."""

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.words import worded
from dashboard.queries import rollout
from dashboard.text import Text


def training_card(cards: Cards, rows: list[Row], text: Text) -> html.Section:
    named = [{**row, "name": worded(text, "training_format", row["format"])} for row in rows]
    columns = [
        Column("name", text("rollout.format")),
        Column("trainings", text("rollout.trainings"), "count"),
        Column("share", text("rollout.completed"), "share"),
        Column("overdue", text("rollout.training_overdue"), "count"),
        Column("rating", text("rollout.rating"), "points"),
    ]
    overdue = sum(row["overdue"] for row in rows)
    title = text("rollout.training_title", n=text.number(overdue)) if overdue else text("rollout.training_ok")
    return cards.card(
        title if rows else text("rollout.training_none"),
        Table("training", text("rollout.training_caption"), columns, named),
        defined=("training",),
    )


def roles_card(cards: Cards, rows: list[Row], request: Request) -> html.Section:
    text = cards.view.text
    named = [
        {
            **row,
            "name": worded(text, "role_name", row["role"]),
            "missing": text.listed(
                [request.short_name(one) for one in (row["vacant_schools"] or "").split("|") if one]
            ),
        }
        for row in rows
    ]
    columns = [
        Column("name", text("rollout.role")),
        Column("share", text("rollout.filled"), "share"),
        Column("vacant", text("rollout.vacant_schools"), "count"),
        Column("missing", text("rollout.where_vacant")),
    ]
    vacant = [row for row in named if row["vacant"]]
    title = (
        text(
            "rollout.roles_title",
            role=str(vacant[0]["name"]).lower(),
            schools=text.counted("school", vacant[0]["vacant"]),
        )
        if vacant
        else text("rollout.roles_ok")
    )
    return cards.card(
        title, Table("roles", text("rollout.roles_caption"), columns, named), defined=("role_filled",)
    )


def pilots_card(cards: Cards, request: Request) -> html.Section:
    text = cards.view.text
    rows = [
        {**row, "name": text("rollout.pilots" if row["is_pilot"] else "rollout.others")}
        for row in rollout.pilots(request.reader)
    ]
    columns = [
        Column("name", text("column.schools")),
        Column("schools", text("rollout.count"), "count"),
        Column("cases_per_month", text("rollout.cases_per_month"), "points"),
        Column("errors_per_month", text("rollout.errors_per_month"), "points"),
        Column("share_closed", text("rollout.share_closed"), "share"),
        Column("share_trained", text("rollout.completed"), "share"),
    ]
    by_kind = {row["is_pilot"]: row["cases_per_month"] for row in rows}
    if len(by_kind) == 2:
        title = text(
            "rollout.pilots_title",
            pilots=text.number(by_kind[True], 1),
            others=text.number(by_kind[False], 1),
        )
    else:
        title = text("rollout.pilots_alone")
    return cards.card(
        title,
        Table("pilots", text("rollout.pilots_caption"), columns, rows),
        note=text("rollout.pilots_note"),
        defined=("pilot",),
    )


def position_plans_card(cards: Cards, request: Request) -> html.Section:
    """Whether every school has planned its teachers' positions, and whether their hours were used so."""
    text = cards.view.text
    rows = [
        {
            **row,
            "name": request.short_name(row["school_id"]),
            "word": text("rollout.planned_yes" if row["planned"] is not None else "rollout.planned_no"),
            "difference": None if None in (row["planned"], row["used"]) else row["used"] - row["planned"],
        }
        for row in rollout.position_plans(request.reader, request.year)
    ]
    columns = [
        Column("name", text("column.school")),
        Column("word", text("rollout.plan")),
        Column("positions", text("positions.positions"), "count"),
        Column("planned", text("rollout.teaching_planned"), "hours"),
        Column("used", text("rollout.teaching_used"), "hours"),
        Column("difference", text("rollout.difference"), "hours"),
    ]
    there = sum(row["planned"] is not None for row in rows)
    said = {"n": text.number(there), "of": text.number(len(rows)), "year": request.year}
    title = "plans_none" if not there else "plans_all" if there == len(rows) else "plans_title"
    return cards.card(
        text(f"rollout.{title}", **said),
        Table("position_plans", text("rollout.plans_caption"), columns, rows),
        shown_rows=8,
        defined=("position_plan",),
    )


def training_effect_card(cards: Cards, request: Request) -> html.Section:
    text = cards.view.text
    rows = [
        {
            **row,
            "name": worded(text, "training_format", row["format"]),
            "word": text(f"training_effect.{row['verdict']}"),
        }
        for row in rollout.training_effect(request.reader)
    ]
    columns = [
        Column("name", text("rollout.format")),
        Column("word", text("training_effect.answer")),
        Column("change", text("training_effect.change"), "share"),
        Column("low", text("benefits.low"), "share"),
        Column("high", text("benefits.high"), "share"),
        Column("schools_used", text("training_effect.schools_used"), "count"),
        Column("cases_after", text("training_effect.cases_after"), "count"),
        Column("cases_expected", text("training_effect.cases_expected"), "points"),
    ]
    return cards.card(
        _effect_title(rows, text),
        Table("training_effect", text("training_effect.caption"), columns, rows),
        note=text("training_effect.note") if rows else None,
        defined=("training_effect",),
    )


def _effect_title(rows: list[Row], text: Text) -> str:
    """What can be said, the clearest first; else plainly that nothing can."""
    by_verdict = {row["verdict"]: row for row in reversed(rows)}
    for verdict in ("fewer_cases", "more_cases", "no_clear_change"):
        if row := by_verdict.get(verdict):
            share = text.share(abs(row["change"]), 0)
            return text(f"training_effect.title_{verdict}", format=row["name"], share=share)
    return text("training_effect.title_none")
