"""Cards of the absence limit: by subject, school and period, and who it is."""

from collections.abc import Callable
from typing import Any

from dashboard.access import names
from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.card import Cards
from dashboard.components.figures.bars import Bar, bars
from dashboard.components.status import mini_bar
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.words import school_column, student_column
from dashboard.queries import absence
from dashboard.text import Text

DEFINED = ("absence_limit", "absence_counted", "absence_law")
SUBJECTS_DRAWN = 10
STUDENTS_SHOWN = 300
SIGNS = {"over": "▼", "warn": "◆"}
SIGN_OF = {"over": "▼", "near": "◆"}


def _columns(text: Text) -> list[Column]:
    return [
        Column("students", text("column.students"), "count"),
        Column("bar", text("absence.bar"), draw=_split),
        Column("over", text("absence.over_key"), "count"),
        Column("share_over", text("column.share"), "share"),
        Column("near", text("absence.near_key"), "count"),
        Column("due", text("absence.due_key"), "count"),
    ]


def _to_students(cards: Cards) -> Callable[[Row], str]:
    part = "#students" if cards.view.viewer.sees_students else "#schools"
    return lambda row: f"{cards.view.href(subject=row['subject_code'])}{part}"


def _split(row: Row) -> Any:
    parts = [("short", row["over"]), ("at_risk", row["near"]), ("on_track", row["clear"])]
    return mini_bar(parts, row["students"])


def subjects_card(cards: Cards, rows: list[Row], codes: dict[str, str], text: Text) -> html.Section:
    named = [{**row, "name": codes.get(row["subject_code"], row["subject_code"])} for row in rows]
    columns = [
        Column("name", text("column.subject"), href=_to_students(cards)),
        Column("subject_code", text("column.code")),
        *(column for column in _columns(text) if column.key != "bar"),
    ]
    table = Table("subjects", text("absence.subjects_caption"), columns, named)
    drawn = [row for row in named if isinstance(row["over"], int) and row["over"]][:SUBJECTS_DRAWN]
    if not drawn:
        return cards.card(text("absence.subjects_none"), table, shown_rows=8, defined=DEFINED)
    lines = [
        Bar(
            f"{row['name']} ({row['subject_code']})",
            [("f-short", row["over"]), ("f-at_risk", row["near"] if isinstance(row["near"], int) else 0)],
            f"{text.number(row['over'])} + {text.number(row['near'])}",
            text.share(row["share_over"]),
        )
        for row in drawn
    ]
    return cards.card(
        text(
            "absence.subjects_title",
            subject=f"{drawn[0]['name']} ({drawn[0]['subject_code']})",
            n=text.number(drawn[0]["over"]),
        ),
        table,
        figure=[_bar_key(text), bars(lines)],
        note=text("absence.subjects_figure"),
        defined=DEFINED,
    )


def _bar_key(text: Text) -> html.P:
    """What the two parts of a bar are, drawn as they are."""
    parts = (("short", "over"), ("at_risk", "near"))
    return html.P(
        [
            html.Span(
                [html.Span(className=f"swatch f-{fill}"), f"{SIGN_OF[name]} {text(f'absence.{name}_key')}"]
            )
            for fill, name in parts
        ],
        className="bar-key",
        **aria(hidden="true"),
    )


def schools_card(
    cards: Cards, request: Request, period: str, subject: str | None, what: str | None
) -> html.Section:
    text = cards.view.text
    rows = absence.by_school(request.reader, request.year, period, subject)
    named = request.named(rows)
    columns = [
        school_column(cards.view),
        *_columns(text),
    ]
    most = next((row for row in named if isinstance(row["share_over"], float) and row["over"]), None)
    title = (
        text(
            "absence.schools_title",
            school=request.short_name(most["school_id"]),
            share=text.share(most["share_over"]),
        )
        if most
        else text("absence.schools_none")
    )
    return cards.card(
        title,
        Table("schools", text("absence.schools_caption"), columns, named),
        shown_rows=12,
        note=text("absence.schools_note", subject=what) if what else text("absence.schools_all"),
        defined=("absence_limit", "absence_warning"),
    )


def periods_card(cards: Cards, request: Request) -> html.Section:
    text = cards.view.text
    found = {row["period"]: row for row in absence.by_period(request.reader, request.year)}
    rows = [{**found[name], "name": text(f"period.{name}")} for name in absence.PERIODS if name in found]
    columns = [Column("name", text("column.period")), *_columns(text)]
    return cards.card(
        text("absence.periods_title"),
        Table("periods", text("absence.periods_caption"), columns, rows),
        note=text("absence.periods_note"),
        defined=("absence_limit",),
    )


def students_card(cards: Cards, request: Request, period: str, subject: str | None) -> html.Section:
    """Names for those who may see them; the figures of one student never stand beside another school's."""
    text, viewer = cards.view.text, request.reader.viewer
    level = request.view.params.get("level", "")
    level = level if level in absence.LEVELS else ""
    rows = absence.students(
        request.reader, request.year, period, subject, STUDENTS_SHOWN, level=level or None
    )
    known = names.of(viewer, [row["student_key"] for row in rows])
    named = [_named(row, known, text) for row in rows]
    found, due = (rows[0]["found"], rows[0]["found_due"]) if rows else (0, 0)
    columns = [
        student_column(cards.view),
        Column("subject_name", text("column.subject")),
        Column("level", text("column.status")),
        Column("share", text("absence.percent"), "share", bar=True),
        Column("counted", text("absence.counted_column"), "hours"),
        Column("hours", text("absence.hours_column"), "hours"),
        Column("warned_on", text("absence.warned"), "day"),
        Column("due", text("absence.due_key")),
    ]
    note: list[Any] = [text("students.unnamed")] if rows and viewer.sees_names and not known else []
    if found > len(rows):
        note = [text("absence.students_first", shown=text.number(len(rows)), found=text.number(found))]
    if level:
        note += [" ", html.A(text("absence.students_all"), href=f"{cards.view.href(level=None)}#students")]
    title = text("absence.students_title", rows=text.number(found), due=text.number(due))
    if level:
        title = text("absence.students_level", level=text(f"absence_level.{level}"), rows=text.number(found))
    return cards.card(
        title if rows else text("absence.students_none"),
        Table("students", text("absence.students_caption"), columns, named),
        shown_rows=15,
        note=note,
        defined=("absence_limit", "absence_warning", "absence_law"),
        className="wide",
    )


def _named(row: Row, known: dict[str, str], text: Text) -> Row:
    status = row["status"]
    return {
        **row,
        "name": known.get(row["student_key"], row["student_key"][:8]),
        "level": f"{SIGNS[status]} {text(f'absence.{status}')}",
        "share": float(row["share"]),
        "due": text("absence.not_sent") if row["warning_due"] else "",
    }
