"""Rollout, what schools report: support cases by week and by age, and the improvements they propose."""

from datetime import date

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.cases import cases_by_week
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.words import worded
from dashboard.queries import rollout
from dashboard.text import Text


def support_card(cards: Cards, request: Request) -> html.Section:
    text = cards.view.text
    rows = rollout.support_weeks(request.reader)
    columns = [
        Column("week_start", text("column.week_start"), "day"),
        Column("opened", text("rollout.opened"), "count"),
        Column("closed", text("rollout.closed"), "count"),
    ]
    table = Table("support", text("rollout.support_caption"), columns, rows)
    if not rows:
        return cards.card(text("rollout.no_cases"), table)
    opened, closed = (sum(row[name] for row in rows) for name in ("opened", "closed"))
    title = "rollout.support_growing" if opened > closed else "rollout.support_falling"
    return cards.card(
        text(title, opened=text.number(opened), closed=text.number(closed), weeks=text.number(_span(rows))),
        table,
        figure=cases_by_week(rows, text),
        defined=("support_case",),
    )


def _span(rows: list[Row]) -> int:
    first: date = rows[0]["week_start"]
    return int((rows[-1]["week_start"] - first).days // 7 + 1)


def open_card(cards: Cards, rows: list[Row], text: Text) -> html.Section:
    named = [
        {**row, "name": worded(text, "area", row["area"]), "kind": worded(text, "support_kind", row["kind"])}
        for row in rows
    ]
    columns = [
        Column("name", text("rollout.area")),
        Column("kind", text("rollout.kind")),
        Column("open_cases", text("rollout.open"), "count", bar=True),
        *(
            Column(band, text(f"rollout.age_{band}"), "count")
            for band in ("week", "month", "quarter", "longer")
        ),
        Column("duplicates", text("rollout.duplicates"), "count"),
        Column("oldest_days", text("rollout.oldest"), "count"),
    ]
    title = (
        text(
            "rollout.open_title",
            area=named[0]["name"],
            kind=str(named[0]["kind"]).lower(),
            n=text.number(rows[0]["open_cases"]),
        )
        if rows
        else text("rollout.no_cases")
    )
    return cards.card(
        title,
        Table("open_cases", text("rollout.open_caption"), columns, named),
        shown_rows=8,
        defined=("support_case",),
    )


def improvements_card(cards: Cards, request: Request) -> html.Section:
    """Where schools want the system better, and whether their proposals get an answer."""
    text = cards.view.text
    rows = [
        {**row, "name": worded(text, "area", row["area"])} for row in rollout.improvements(request.reader)
    ]
    opened, closed = rollout.improvements_handled(request.reader)
    columns = [
        Column("name", text("rollout.area")),
        Column("open_cases", text("rollout.open"), "count", bar=True),
        Column("duplicates", text("rollout.duplicates"), "count"),
        Column("longer", text("rollout.age_longer"), "count"),
        Column("oldest_days", text("rollout.oldest"), "count"),
    ]
    if not opened:
        title = text("rollout.improvements_none")
    else:
        title = text("rollout.improvements_title", closed=text.number(closed), opened=text.number(opened))
    return cards.card(
        title,
        Table("improvements", text("rollout.improvements_caption"), columns, rows),
        shown_rows=6,
        defined=("improvement",),
    )
