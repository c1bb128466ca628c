"""Rollout, the technical side: integrations, conversion, and the supplier's releases."""

from dashboard.access.scope import Row
from dashboard.access.suppression import Reason
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.words import worded
from dashboard.queries import rollout
from dashboard.text import Text


def county_column(rows: list[Row], text: Text) -> list[Column]:
    """Whose row it is, where there is more than one county."""
    return (
        [Column("county", text("column.county"))] if len({row["county_number"] for row in rows}) > 1 else []
    )


def _county(row: Row, known: dict[str, Row]) -> str:
    return str(known.get(row["county_number"], {}).get("name", row["county_number"]))


def integrations_card(cards: Cards, rows: list[Row], known: dict[str, Row]) -> html.Section:
    text = cards.view.text
    named = [
        {
            **row,
            "name": worded(text, "integration", row["integration"]),
            "county": _county(row, known),
            "outcome": worded(text, "outcome", row["last_outcome"]),
        }
        for row in rows
    ]
    columns = [
        Column("name", text("rollout.integration")),
        *county_column(rows, text),
        Column("last_run_on", text("rollout.last_run"), "day"),
        Column("outcome", text("rollout.outcome")),
        Column("last_ok_on", text("rollout.last_ok"), "day"),
        Column("recent_runs", text("rollout.recent_runs"), "count"),
        Column("recent_failures", text("rollout.recent_failures"), "count"),
    ]
    failing = [row for row in named if row["last_outcome"] != "ok"]
    if failing:
        title = text(
            "rollout.integrations_title" if len(failing) > 1 else "rollout.integrations_title_one",
            name=failing[0]["name"],
            county=failing[0]["county"],
            n=len(failing),
        )
    else:
        title = text("rollout.integrations_ok" if rows else "rollout.integrations_none")
    return cards.card(
        title,
        Table("integrations", text("rollout.integrations_caption"), columns, named),
        shown_rows=8,
        defined=("integration",),
    )


def migration_card(cards: Cards, request: Request, known: dict[str, Row]) -> html.Section:
    text = cards.view.text
    rows = rollout.migration(request.reader)
    named = [
        {
            **row,
            "name": worded(text, "migrated", row["object"]),
            "county": _county(row, known),
            "word": text(f"migration_state.{row['state']}"),
        }
        for row in rows
    ]
    columns = [
        Column("name", text("rollout.object")),
        *county_column(rows, text),
        Column("legacy_count", text("rollout.legacy"), "count"),
        Column("new_count", text("rollout.new"), "count"),
        Column("difference", text("rollout.difference"), "count"),
        Column("word", text("column.status")),
        Column("checked_on", text("rollout.checked_on"), "day"),
    ]
    unexplained = sum(row["state"] == "unexplained" for row in rows)
    if unexplained:
        title = text("rollout.migration_title", n=text.counted("counting", unexplained))
    else:
        title = text("rollout.migration_ok" if rows else "rollout.migration_none")
    return cards.card(
        title,
        Table("migration", text("rollout.migration_caption"), columns, named),
        shown_rows=8,
        defined=("migration",),
    )


def releases_card(cards: Cards, request: Request) -> html.Section:
    text = cards.view.text
    rows = [
        {**row, "word": text("rollout.accepted" if row["accepted_on"] else "rollout.not_accepted")}
        for row in rollout.releases(request.reader)
    ]
    columns = [
        Column("release", text("rollout.release")),
        Column("supplier_date", text("rollout.delivered"), "day"),
        Column("word", text("column.status")),
        Column("accepted_on", text("rollout.accepted_on"), "day", missing=Reason.NOT_YET),
        Column("days", text("rollout.days_to_acceptance"), "count"),
        *(
            Column(name, text(f"rollout.tests_{name}"), "count")
            for name in ("tests", "passed", "failed", "blocked", "not_run")
        ),
    ]
    waiting = [row for row in rows if not row["accepted_on"]]
    if waiting:
        title = text(
            "rollout.releases_title",
            release=waiting[0]["release"],
            days=text.counted("day", waiting[0]["days"] or 0),
            failed=text.counted("test", waiting[0]["failed"]),
        )
    else:
        title = text("rollout.releases_ok" if rows else "rollout.releases_none")
    return cards.card(
        title,
        Table("releases", text("rollout.releases_caption"), columns, rows),
        shown_rows=8,
        defined=("acceptance",),
        className="wide",
    )
