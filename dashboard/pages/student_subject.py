"""One subject of a student: the bar, the sentence, and everything behind them, unfolding in place."""

from collections.abc import Sequence
from typing import Any

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.figures.entitlement import entitlement
from dashboard.components.status import badge
from dashboard.components.table import Column, Table, as_html
from dashboard.pages.student_grounds import Evidence, absences, grounds, word
from dashboard.queries.student_lessons import STEPS, Lesson
from dashboard.text import Text
from dashboard.view import View
from ingest.local_time import OSLO

SIGNS = {
    "scheduled": "",
    "outside_membership": "\u2212",
    "cancelled": "\u2212",
    "diverted": "\u2212",
    "made_up": "+",
    "remaining": "\u2212",
    "offered": "=",
}
SAID = (
    "scheduled",
    "outside_membership",
    "cancelled",
    "diverted",
    "made_up",
    "offered",
    "remaining",
    "expected_loss",
)
LEAST_SAID = 3
"""Minutes that are not 0.0 hours."""
ALWAYS_SHOWN = ("scheduled", "offered", "attended", "required", "projected", "missing")
ABSENT = ("absent_undocumented", "absent_documented", "absent_rights", "absent_deducted")
OF_OFFERED = ("substitute", "exam", "assumed")


def subject_row(row: Row, evidence: Evidence, view: View) -> html.Li:
    text = view.text
    missing = row["missing"]
    return html.Li(
        [
            html.Div(
                [
                    html.H3([row["subject_name"], html.Span(row["subject_code"], className="code")]),
                    badge(row["status"], text),
                ],
                className="subject-head",
            ),
            html.Div(
                [
                    entitlement(row) if row["required"] else None,
                    html.P(_sentence(row, text), className="sentence"),
                    html.P(_beside(row, evidence, text), className="beside"),
                ]
            ),
            html.P(
                [html.Strong(text.hours(missing)), html.Span(text("student.hours_missing"))]
                if missing
                else html.Span(""),
                className="lack",
            ),
            _unfolding(row, evidence, view),
        ],
        id=f"subject-{row['subject_code']}",
        className=f"subject s-{row['status']}",
    )


def _sentence(row: Row, text: Text) -> str:
    """84 hours due. 92 on the timetable, 3 cancelled, 1.5 made up, …; 2 hours missing."""
    if row["status"] == "exempt":
        return text("student.exempt")
    opening = (
        text("student.due", hours=text.hours_said(row["required"]))
        if row["required"] is not None
        else text("student.due_unknown")
    )
    if row["status"] == "not_assigned":
        return f"{opening} {text('student.no_group')}"
    loss = row["remaining"] + row["offered"] - row["projected"] if row["missing"] else 0
    minutes = {**row, "expected_loss": loss}
    steps = [
        text(f"student_sentence.{name}", hours=text.hours_said(minutes[name]))
        for name in SAID
        if minutes[name] >= LEAST_SAID or name in ("scheduled", "offered")
    ]
    ending = ""
    if row["missing"]:
        ending = "; " + text("student.ending_short", hours=text.hours_said(row["missing"]))
    elif row["status"] in ("met", "on_track"):
        ending = "; " + text(f"student.ending_{row['status']}")
    return f"{opening} {_capital(', '.join(steps))}{ending}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _beside(row: Row, evidence: Evidence, text: Text) -> str:
    """How sure we are, since when it could be known, and what helps."""
    told = []
    if row["assumed"]:
        told.append(
            text(
                "student.assumed",
                assumed=text.hours_said(row["assumed"]),
                offered=text.hours_said(row["offered"]),
            )
        )
    if row["known_from"] and row["missing"]:
        cause = row.get("shortfall_cause")
        why = text(f"cause.{cause}").lower() if cause else ""
        told.append(text("student.known", day=text.day(row["known_from"]), cause=why))
    measure = evidence.measure(row) if row["status"] in ("short", "at_risk") else None
    if measure:
        told.append(
            text(
                "student.helps",
                lessons=text.counted("lesson", measure["lessons"]),
                group=measure["group_name"],
                students=text.counted("student", measure["lifted"]),
            )
        )
    return " ".join(told)


def _unfolding(row: Row, evidence: Evidence, view: View) -> html.Details:
    text, code = view.text, row["subject_code"]
    opened = evidence.opened == code
    blocks: list[Any] = [
        html.Div([html.H4(text("student.steps")), _steps(row, evidence, text, opened)]),
        html.Div(
            [
                html.H4(text("student.grounds")),
                *grounds(row, evidence, text),
                html.H4(text("student.absence")),
                *absences(row, evidence, text, opened),
            ]
        ),
    ]
    link = html.A(
        [
            text("student.close_lessons" if opened else "student.open_lessons"),
            html.Span(f": {row['subject_name']}", className="unseen"),
        ],
        href=view.href(open=None if opened else code),
        id=f"lessons-{code}",
    )
    summary: list[Any] = [text("student.unfold"), html.Span(f": {row['subject_name']}", className="unseen")]
    return html.Details(
        [
            html.Summary(summary),
            html.Div(blocks, className="grounds"),
            html.P(link, className="more") if row["groups"] else None,
        ],
        open=opened,
        className="unfold",
    )


def _steps(row: Row, evidence: Evidence, text: Text, opened: bool) -> html.Ul:
    """The waterfall line by line; each line unfolds to its lessons once they are here."""
    lines: list[Any] = []
    for name, sign in SIGNS.items():
        if not row[name] and name not in ALWAYS_SHOWN:
            continue
        lines.append(_line(name, sign, row[name], evidence.lessons.get(name, ()) if opened else (), text))
        if name == "offered":
            lines += [_line(part, "·", row[part], (), text) for part in OF_OFFERED if row[part]]
    lines += [_line(part, "\u2212", row[part], (), text) for part in ABSENT if row[part]]
    lines.append(_line("attended", "=", row["attended"], (), text))
    if row["required"] is not None:
        lines += [
            _line(name, "", row[name], (), text)
            for name in ("required", "projected", "not_scheduled", "missing")
            if row[name] or name in ALWAYS_SHOWN
        ]
    return html.Ul(lines, className="lines")


def _line(name: str, sign: str, minutes: int | None, lessons: Sequence[Lesson], text: Text) -> html.Li:
    words = [
        html.Span(sign, className="line-sign"),
        html.Span(text(f"student_step.{name}"), className="line-name"),
        html.Span(text("student.hours", n=text.hours(minutes)), className="line-hours"),
        html.Span(text("student.minutes", n=text.number(minutes)), className="line-minutes"),
    ]
    kind = f"line l-{name}"
    if not lessons:
        return html.Li(words, className=kind)
    whole = sum(lesson.minutes for lesson in lessons)
    note = (
        html.P(
            text("student.shared", whole=text.number(whole), counted=text.number(minutes)), className="note"
        )
        if whole != minutes
        else None
    )
    table = _lessons(f"lessons-{name}", text(f"student_step.{name}"), lessons, text)
    return html.Li(
        html.Details([html.Summary(words, className=kind), note, as_html(table, text)], className="by-lesson")
    )


def _lessons(name: str, caption: str, lessons: Sequence[Lesson], text: Text) -> Table:
    columns = [
        Column("day", text("student.day")),
        Column("time", text("student.time")),
        Column("minutes", text("student.minutes_column"), "count"),
        Column("group", text("column.group")),
        Column("what", text("student.what")),
    ]
    rows = [_told(lesson, text) for lesson in lessons]
    return Table(name, caption, columns, rows)


def _told(lesson: Lesson, text: Text) -> Row:
    what = text(f"lesson.{lesson.status}")
    if lesson.is_assumed:
        what = text("lesson.assumed")
    if lesson.cover:
        what += f", {word('cover', lesson.cover, text)}"
    if lesson.is_exam:
        what += f", {text('lesson.exam')}"
    if lesson.cause:
        what += f" ({lesson.cause.lower()})"
    return {
        "day": text.day(lesson.day, "EEE d MMM y"),
        "time": lesson.starts_at.astimezone(OSLO).strftime("%H.%M" if text.language != "en" else "%H:%M"),
        "minutes": lesson.minutes,
        "group": lesson.group,
        "what": what,
        "steps": ", ".join(text(f"student_step.{step}").lower() for step in lesson.steps),
    }


def lessons_table(row: Row, evidence: Evidence, text: Text) -> Table:
    """Every lesson behind the opened subject's figures, once, for the export."""
    found = {lesson.lesson_id: lesson for step in STEPS for lesson in evidence.lessons.get(step, ())}
    ordered = sorted(found.values(), key=lambda lesson: (lesson.starts_at, lesson.lesson_id))
    table = _lessons("lessons", f"{text('student.lessons')}: {row['subject_name']}", ordered, text)
    return Table(
        table.name, table.caption, [*table.columns, Column("steps", text("student.counts_as"))], table.rows
    )
