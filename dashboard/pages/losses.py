"""Lost hours by subject or programme area: what takes most of each, and every cause in the table behind."""

from typing import Any

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.table import Column, Table, as_html
from dashboard.pages import Request
from dashboard.pages.parts import distinct_names, largest_cause, loss_columns
from dashboard.queries import common

TOP = 8


def loss_table(
    cards: Cards,
    name: str,
    key: str,
    request: Request,
    number: str | None = None,
    *,
    note: Any = None,
) -> html.Section:
    """The few that lose most, each with its largest cause. Most causes of most subjects concern too few to be
    shown, so that a column for each would say little else."""
    text, view = cards.view.text, cards.view
    of_subjects = key == "subject_code"
    listed = "subject" if of_subjects else "programme_area"
    labels = {row[key]: row["name"] for row in request.reader.reference(listed)}
    rows = distinct_names(
        [
            {**row, "subject_code": row[key], "subject_name": labels.get(row[key]) or text("word.unknown")}
            for row in common.losses(request.reader, request.year, [key], number)
        ]
    )
    county = f"/county/{number or request.reader.viewer.county_number}"
    named = Column(
        "name",
        text(f"column.{listed}"),
        href=(lambda row: f"{view.href(county, subject=row['subject_code'])}#subject_schools")
        if of_subjects
        else None,
    )
    table = Table(name, text(f"{name}.caption"), [named, *loss_columns(text)], rows)
    few = Table(
        name,
        text(f"{name}.few_caption"),
        [
            named,
            Column("lost", text("column.lost"), "hours", bar=True),
            Column("cause", text("column.largest_cause")),
            Column("by_cause", text("column.of_it"), "hours"),
        ],
        [{**row, **_largest(row, request)} for row in rows[:TOP]],
    )
    first = next((row["name"] for row in rows if not isinstance(row["lost"], Hidden)), "")
    return cards.card(
        text(f"{name}.title", name=first) if first else text(f"{name}.none"),
        table,
        figure=as_html(few, text) if rows else None,
        note=note,
        defined=("lost",),
    )


def _largest(row: Row, request: Request) -> Row:
    cause = largest_cause(row)
    if cause is None:
        hidden = row["lost"] if isinstance(row["lost"], Hidden) else None
        return {"cause": hidden, "by_cause": hidden}
    return {"cause": request.view.text(f"cause_short.{cause}"), "by_cause": row[cause]}
