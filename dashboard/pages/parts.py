"""Cards that more than one page shows."""

from typing import Any

from dash import html

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components.card import Cards
from dashboard.components.figures.waterfall import STEPS, waterfall
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.queries.common import LOSSES
from dashboard.text import Text


def recovery_card(
    cards: Cards, rows: list[Row], request: Request, *, at_school: bool = False, shown_rows: int = 5
) -> html.Section:
    """Which extra lessons help most, as sentences; the table has every figure."""
    text = cards.view.text
    named = [{**row, "school": request.short_name(row["school_id"])} for row in rows]
    columns = [
        Column("group_name", text("column.group")),
        Column("subject_name", text("column.subject")),
        *([] if at_school else [Column("school", text("column.school"))]),
        Column("lessons", text("column.lessons"), "count"),
        Column("lesson_minutes", text("column.lesson_minutes"), "count"),
        Column("students", text("column.students_missing"), "count"),
        Column("lifted", text("column.lifted"), "count"),
        Column("recovered", text("column.recovered"), "hours"),
    ]
    table = Table("recovery", text("recovery.caption"), columns, named)
    if not rows:
        return cards.card(text("recovery.none"), table, defined=("recovery",))
    items = [_measure(cards, row, request, at_school) for row in named[:shown_rows]]
    return cards.card(
        text("recovery.title"),
        table,
        figure=html.Ol(items, className="measures"),
        defined=("recovery",),
    )


def _measure(cards: Cards, row: Row, request: Request, at_school: bool) -> html.Li:
    text = cards.view.text
    place = (
        None
        if at_school
        else html.A(row["school"], href=request.view.href(f"/school/{row['school_id']}"), className="place")
    )
    return html.Li(
        [
            html.Strong(text("recovery.lessons", n=text.number(row["lessons"])), className="dose"),
            html.Span(
                [
                    html.Span(text("recovery.for", group=row["group_name"], subject=row["subject_name"])),
                    html.Span(
                        [
                            text("recovery.lift", students=text.counted("student", row["lifted"])),
                            " · " if place else None,
                            place,
                        ],
                        className="effect",
                    ),
                ]
            ),
        ]
    )


def loss_card(cards: Cards, rows: list[Row], total: Row, text: Text, *, name: str = "why") -> html.Section:
    """Why: the waterfall from the timetable to what was offered, and the largest cause in the title."""
    lost = rows[0] if rows else None
    table_rows = [
        {
            "step": text(f"step.{step}"),
            "minutes": total[step],
            "share": total[step] / total["scheduled"] if _known(total, step) else None,
        }
        for step, _ in STEPS
    ]
    table_rows += [
        {"step": text(f"step.{cause}"), "minutes": total[cause], "share": None}
        for cause in ("required", "not_scheduled", "not_assigned", "missing")
    ]
    table = Table(
        name,
        text("why.caption"),
        [
            Column("step", text("column.step")),
            Column("minutes", text("column.student_hours"), "hours"),
            Column("share", text("column.of_scheduled"), "share"),
        ],
        table_rows,
    )
    if not _known(total, "scheduled"):
        return cards.card(text("why.hidden"), table, defined=("waterfall",))
    return cards.card(
        _why_title(lost, text),
        table,
        figure=waterfall(total, lost, text),
        defined=("waterfall", "not_scheduled"),
    )


def _why_title(lost: Row | None, text: Text) -> str:
    shown = {c: lost[c] for c in LOSSES if isinstance(lost[c], int) and lost[c]} if lost else {}
    if not shown:
        return text("why.none")
    largest = max(shown, key=lambda cause: shown[cause])
    return text("why.title", cause=text(f"cause.{largest}"), hours=text.hours(shown[largest]))


def _known(row: Row, name: str) -> bool:
    return not isinstance(row["scheduled"], Hidden) and not isinstance(row[name], Hidden) and row["scheduled"]


def loss_columns(text: Text) -> list[Any]:
    return [
        Column("lost", text("column.lost"), "hours", bar=True),
        *(Column(cause, text(f"cause_short.{cause}"), "hours") for cause in LOSSES),
    ]


def distinct_names(rows: list[Row]) -> list[Row]:
    """Subjects by name, with the code where several share one."""
    codes: dict[str, set[str]] = {}
    for row in rows:
        codes.setdefault(str(row["subject_name"]), set()).add(row["subject_code"])
    return [{**row, "name": _distinct(row, codes)} for row in rows]


def _distinct(row: Row, codes: dict[str, set[str]]) -> str:
    name = str(row["subject_name"] or row["subject_code"])
    return f"{name} ({row['subject_code']})" if len(codes[str(row["subject_name"])]) > 1 else name
