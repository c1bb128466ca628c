"""Absence limit: who is over it, who is near it, and who should have been warned?"""

from collections.abc import Callable
from typing import Any

from dashboard.access import names
from dashboard.access.roles import RefusedError, Role
from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.card import Cards
from dashboard.components.figures.bars import Bar, bars
from dashboard.components.lede import key_figures, lede, shown
from dashboard.components.shell import choice
from dashboard.components.status import mini_bar
from dashboard.components.table import Column, Table
from dashboard.pages import Body, EmptyError, Request
from dashboard.pages.words import to_student
from dashboard.queries import absence, common
from dashboard.text import Text

DEFINED = ("absence_limit", "absence_counted", "absence_law")
SUBJECTS_DRAWN = 10
STUDENTS_SHOWN = 300
WHOLE_SCHOOL = (Role.PRINCIPAL, Role.TEACHER)
SIGNS = {"over": "▼", "warn": "◆"}
SIGN_OF = {"over": "▼", "near": "◆"}


def build(request: Request) -> Body:
    viewer, text, year = request.reader.viewer, request.view.text, request.year
    if viewer.role is Role.OWNER:
        raise RefusedError("absence is no part of benefits and rollout")
    period = _period(request)
    limit, comparable = absence.rule(request.reader, year, period)
    subjects = absence.by_subject(request.reader, year, period)
    codes = absence.subject_names(request.reader)
    wanted = request.view.params.get("subject", "")
    subject = wanted if any(row["subject_code"] == wanted for row in subjects) else None
    total = absence.total(request.reader, year, period, subject)
    if limit is None or total is None:
        raise EmptyError("absence_empty", year=year)
    cards = Cards(request.view, request.publication)
    what = codes.get(subject, subject) if subject else None
    content = [
        lede(
            _place(request),
            _first(total, limit, what, text),
            _second(total, period, text),
            _do(request, total),
        ),
        html.P(text("absence.not_comparable", year=year), className="warning") if not comparable else None,
        _choices(request, period, subject, subjects, codes),
        _keys(request, total, limit, text),
        html.Div(
            [
                html.Div(
                    [
                        _subjects_card(cards, subjects, codes, text),
                        _periods_card(cards, request) if viewer.role not in WHOLE_SCHOOL else None,
                    ]
                ),
                _periods_card(cards, request)
                if viewer.role in WHOLE_SCHOOL
                else _schools_card(cards, request, period, subject, what),
            ],
            className="halves",
        ),
        _students_card(cards, request, period, subject) if viewer.sees_students else None,
    ]
    crumbs = [(text("page.overview"), request.view.href("/")), (text("page.absence"), None)]
    return Body(text("page.absence"), crumbs, content, cards.tables)


def _period(request: Request) -> str:
    chosen = request.view.params.get("period", "")
    return chosen if chosen in absence.PERIODS else absence.PERIODS[0]


def _place(request: Request) -> str:
    viewer, text = request.reader.viewer, request.view.text
    if viewer.role in WHOLE_SCHOOL:
        return f"{request.school_name(viewer.school_ids[0])} · {text('page.absence')}"
    county = common.counties(request.reader).get(str(viewer.county_number), {})
    return f"{county.get('name', viewer.county_number)} · {text('page.absence')}"


def _first(total: Row, limit: float, subject: str | None, text: Text) -> str:
    percent = text.share(limit / 100, 0)
    if isinstance(total["over"], Hidden):
        return text("absence.first_hidden", n=total["over"].threshold, limit=percent)
    where = text("absence.in_subject", subject=subject) if subject else text("absence.in_any")
    if total["over"] == 0:
        return text("absence.first_none", limit=percent, where=where)
    near = total["near"]
    ending = "" if isinstance(near, Hidden) else f" {text('absence.near', n=text.number(near))}"
    return (
        text(
            "absence.first",
            students=text.counted("student", total["over"]),
            share=text.share(total["share_over"]),
            limit=percent,
            where=where,
        )
        + ending
    )


def _second(total: Row, period: str, text: Text) -> str:
    opening = text(f"absence.counted_{period}")
    due, over = total["due"], total["over_unwarned"]
    if isinstance(due, Hidden):
        return f"{opening} {text('absence.due_hidden')}"
    if due == 0:
        return f"{opening} {text('absence.due_none')}"
    told = text("absence.due", students=text.counted("student", due))
    if isinstance(over, int) and over:
        told += " " + text("absence.due_over", n=text.number(over))
    return f"{opening} {told}"


def _do(request: Request, total: Row) -> Any:
    """To the students for those who may see them; to the schools that warn them for the county."""
    text = request.view.text
    if not request.reader.viewer.sees_students:
        return html.A(text("absence.do_schools"), href="#schools") if total["due"] else None
    return html.A(text("absence.do"), href="#students")


def _choices(
    request: Request, period: str, subject: str | None, subjects: list[Row], codes: dict[str, str]
) -> html.Div:
    text = request.view.text
    periods = [(name, text(f"period.{name}")) for name in absence.PERIODS]
    names_of = {str(row["subject_code"]): codes.get(row["subject_code"]) or "" for row in subjects}
    found = sorted(names_of.items(), key=lambda pair: pair[1])
    options = [("", text("school.all_subjects")), *((code, f"{name} ({code})") for code, name in found)]
    return html.Div(
        [
            choice("period", text("column.period"), periods, period),
            choice("subject", text("column.subject"), options, subject or ""),
        ],
        className="filters",
    )


def _keys(request: Request, total: Row, limit: float, text: Text) -> html.Dl:
    leads = request.reader.viewer.sees_students

    def figure(name: str, share: str | None, kind: str) -> tuple[str, Any, str, str]:
        value = total[name]
        said: Any = text.counted("student", value)
        if leads and value:
            said = html.A(said, href=f"{request.view.href(level=name)}#students")
        note = (
            text("absence.share_note", share=text.share(total[share]))
            if share
            else text(f"absence.{name}_note")
        )
        return text(f"absence.{name}_key"), shown(value, said, text), note, kind

    return key_figures(
        [
            figure("over", "share_over", "warn" if total["over"] else ""),
            figure("near", "share_near", ""),
            figure("due", None, "warn" if total["due"] else ""),
            figure("over_unwarned", None, "warn" if total["over_unwarned"] else ""),
            (
                text("absence.students_key"),
                text.number(total["students"]),
                text("absence.students_note"),
                "",
            ),
            (text("absence.limit_key"), text.share(limit / 100, 0), text("absence.limit_note"), ""),
        ]
    )


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


def _subjects_card(cards: Cards, rows: list[Row], codes: dict[str, str], text: Text) -> html.Section:
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


def _schools_card(
    cards: Cards, request: Request, period: str, subject: str | None, what: str | None
) -> html.Section:
    text = cards.view.text
    rows = absence.by_school(request.reader, request.year, period, subject)
    named = request.named(rows)
    columns = [
        Column(
            "name", text("column.school"), href=lambda row: cards.view.href(f"/school/{row['school_id']}")
        ),
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


def _periods_card(cards: Cards, request: Request) -> html.Section:
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


def _students_card(cards: Cards, request: Request, period: str, subject: str | None) -> html.Section:
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
        Column(
            "name",
            text("column.student"),
            href=lambda row: to_student(cards.view, row),
        ),
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
