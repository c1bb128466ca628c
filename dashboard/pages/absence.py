"""Absence limit: who is over it, who is near it, and who should have been warned?"""

from typing import Any

from dashboard.access.roles import RefusedError, Role
from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.lede import key_figures, lede, shown
from dashboard.components.shell import choice
from dashboard.pages import Body, EmptyError, Request
from dashboard.pages.absence_cards import (
    periods_card,
    schools_card,
    students_card,
    subjects_card,
)
from dashboard.queries import absence, common
from dashboard.text import Text

WHOLE_SCHOOL = (Role.PRINCIPAL, Role.TEACHER)


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
                        subjects_card(cards, subjects, codes, text),
                        periods_card(cards, request) if viewer.role not in WHOLE_SCHOOL else None,
                    ]
                ),
                periods_card(cards, request)
                if viewer.role in WHOLE_SCHOOL
                else schools_card(cards, request, period, subject, what),
            ],
            className="halves",
        ),
        students_card(cards, request, period, subject) if viewer.sees_students else None,
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
