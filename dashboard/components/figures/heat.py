"""Lost minutes by week and subject, as a table whose cells are shaded and still say their number."""

from math import ceil
from typing import Any

from dash import html

from dashboard.access.scope import Row
from dashboard.components.aria import aria
from dashboard.text import Text

SHADES = 4
SUBJECTS_SHOWN = 14


def heat(rows: list[Row], text: Text) -> html.Div:
    weeks = sorted({(row["week_start"], row["iso_week"]) for row in rows})
    subjects: dict[str, dict[Any, Row]] = {}
    for row in rows:
        subjects.setdefault(row["name"], {})[row["week_start"]] = row
    worst = sorted(subjects.items(), key=lambda item: -sum(r["lost"] for r in item[1].values()))
    worst = worst[:SUBJECTS_SHOWN]
    highest = max((row["lost"] for row in rows), default=0) or 1
    head = html.Tr(
        [
            html.Th(text("heat.subject"), scope="col"),
            *(html.Th(week, scope="col") for _, week in weeks),
            html.Th(text("heat.sum"), scope="col", className="n"),
        ]
    )
    body = [
        html.Tr(
            [
                html.Th(name, scope="row"),
                *(_cell(by_week.get(start), highest, text) for start, _ in weeks),
                html.Td(text.hours(sum(r["lost"] for r in by_week.values())), className="n"),
            ]
        )
        for name, by_week in worst
    ]
    return html.Div(
        html.Table(
            [html.Caption(text("heat.caption"), className="unseen"), html.Thead(head), html.Tbody(body)]
        ),
        className="scroll heat",
        tabIndex=0,
        role="region",
        **aria(label=text("heat.caption")),
    )


def _cell(row: Row | None, highest: int, text: Text) -> html.Td:
    if row is None or not row["scheduled"]:
        return html.Td("", className="none")
    if not row["lost"]:
        return html.Td(html.Span("0", className="unseen"), className="h0")
    level = ceil(SHADES * row["lost"] / highest)
    return html.Td(text.hours(row["lost"], 0 if row["lost"] >= 600 else 1), className=f"h{level}")
