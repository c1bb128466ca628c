"""Student: subject by subject, what is due, what was given, what is missing, and why we say so."""

from typing import Any

from dashboard.access import names
from dashboard.access.roles import RefusedError, Role
from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.entitlement import bar_key
from dashboard.components.lede import lede
from dashboard.components.table import Column, Table
from dashboard.pages import Body, Request
from dashboard.pages.student_grounds import Evidence
from dashboard.pages.student_subject import lessons_table, subject_row
from dashboard.queries import student
from dashboard.queries.common import WORRYING
from dashboard.queries.student_lessons import behind
from dashboard.text import Text

DEFINED = ("entitled", "waterfall", "assumed", "missing", "known_from", "exam_time")
NAMED_SUBJECTS = 3


def build(request: Request) -> Body:
    viewer, school, key = request.reader.viewer, request.parts["school"], request.parts["student"]
    if school not in request.schools:
        raise RefusedError("no such school within the scope")
    rows = student.subjects(request.reader, request.year, school, key)
    if not rows:
        raise RefusedError("no such student within the scope")
    name = _name(request, key)
    text = request.view.text
    evidence = _evidence(request, school, key, rows)
    cards = Cards(request.view, request.publication)
    opened = next((row for row in rows if row["subject_code"] == request.view.params.get("open")), None)
    if opened:
        table = lessons_table(opened, evidence, text)
        cards.tables[table.name] = table
    content = [
        lede(name, _first(rows, text), _second(request, school, rows), _what_helps(rows, evidence, text)),
        _stale(request, school),
        _subjects_card(cards, rows, evidence),
    ]
    school_name = request.school_name(school)
    crumbs = [(school_name, request.view.href(f"/school/{school}")), (text("page.student"), None)]
    if viewer.role is Role.ANALYST:
        crumbs.insert(0, (text("page.overview"), request.view.href("/")))
    return Body(f"{text('page.student')} · {school_name}", crumbs, content, cards.tables)


def _name(request: Request, key: str) -> str:
    """The name, for those who may see it; every look is written down, also at a pseudonym."""
    known = names.of(request.reader.viewer, [key])
    return known.get(key) or request.view.text("student.unnamed", short=key[:8])


def _evidence(request: Request, school: str, key: str, rows: list[Row]) -> Evidence:
    reader, year = request.reader, request.year
    groups = sorted({group for row in rows for group in row["groups"]})
    exams = student.exam_periods(reader, year, school, key)
    absences = student.absences(reader, year, school, key)
    opened = next((row for row in rows if row["subject_code"] == request.view.params.get("open")), None)
    lessons = None
    if opened:
        code = opened["subject_code"]
        diverted = {
            absence["lesson_id"]
            for absence in absences
            if absence["subject_code"] == code and absence["absence_code"] == "!"
        }
        spans = student.spans(reader, year, school, key, opened["groups"])
        lessons = behind(spans, code, exams, diverted)
    return Evidence(
        rules=student.rules(reader, year, rows[0]["programme_area_code"]),
        decisions=student.decisions(reader, year, school, key),
        exams=exams,
        absences=absences,
        recovery=student.recovery(reader, year, school, groups),
        opened=opened["subject_code"] if opened else None,
        lessons=lessons or {},
    )


def _first(rows: list[Row], text: Text) -> str:
    """What is missing, the worst first."""
    short = [row for row in rows if row["status"] in ("short", "at_risk")]
    without = [text.subject_said(row["subject_name"]) for row in rows if row["status"] == "not_assigned"]
    told = []
    if without:
        told.append(text("student.without", subjects=text.listed(without[:NAMED_SUBJECTS])))
    if short:
        named = [
            text(
                "student.lacks",
                subject=text.subject_said(row["subject_name"]),
                hours=text.hours_said(row["missing"]),
            )
            for row in short[:NAMED_SUBJECTS]
        ]
        rest = len(short) - len(named)
        if rest:
            named.append(text("student.others", n=text.number(rest)))
        count = text.counted("subject_row", len(short))
        told.append(text("student.short", subjects=count, list=text.listed(named)))
    if not told:
        calm = [row for row in rows if row["status"] not in WORRYING]
        key = "student.fine" if len(calm) == len(rows) else "student.fine_known"
        told.append(text(key, n=text.number(len(calm)), of=text.number(len(rows))))
    return " ".join(told)


def _second(request: Request, school: str, rows: list[Row]) -> str:
    text = request.view.text
    areas = {row["programme_area_code"]: row["name"] for row in request.reader.reference("programme_area")}
    area = rows[0]["programme_area_code"]
    offered, assumed = sum(row["offered"] for row in rows), sum(row["assumed"] for row in rows)
    told = f"{request.school_name(school)}, {areas.get(area) or area or text('word.unknown')}."
    if not offered:
        return told
    unknown = sum(1 for row in rows if row["status"] == "unknown")
    told += " " + text(
        "student.certainty",
        registered=text.share(1 - assumed / offered),
        assumed=text.share(assumed / offered),
    )
    return told + (
        " " + text("student.unknown", subjects=text.counted("subject_row", unknown)) if unknown else ""
    )


def _what_helps(rows: list[Row], evidence: Evidence, text: Text) -> Any:
    worst = next((row for row in rows if row["status"] in ("short", "at_risk")), None)
    measure = evidence.measure(worst) if worst else None
    if worst is None or measure is None:
        return None
    return text(
        "student.do",
        lessons=text.counted("lesson", measure["lessons"]),
        group=measure["group_name"],
        subject=worst["subject_name"],
    )


def _stale(request: Request, school: str) -> Any:
    found = request.schools[school]
    if not found["is_stale"]:
        return None
    text = request.view.text
    days = text.counted("school_day", found["age_teaching_days"])
    return html.P(text("school.stale", days=days), className="warning")


def _subjects_card(cards: Cards, rows: list[Row], evidence: Evidence) -> html.Section:
    text = cards.view.text
    hours = ("required", "scheduled", "outside_membership", "cancelled", "diverted", "made_up", "remaining")
    columns = [
        Column("subject_name", text("column.subject")),
        Column("subject_code", text("column.code")),
        Column("status", text("column.status"), "status"),
        *(Column(name, text(f"student_step.{name}"), "hours") for name in hours),
        Column("offered", text("column.offered"), "hours"),
        Column("assumed", text("column.assumed"), "hours"),
        Column("projected", text("column.projected"), "hours"),
        Column("missing", text("column.missing"), "hours"),
        Column("known_from", text("student.known_column"), "day"),
    ]
    needing = sum(1 for row in rows if row["status"] in WORRYING)
    title = text("student.title", n=text.number(needing), of=text.counted("subject_row", len(rows)))
    return cards.card(
        title if needing else text("student.title_fine", of=text.counted("subject_row", len(rows))),
        Table("subjects", text("student.caption"), columns, rows),
        figure=html.Ol([subject_row(row, evidence, cards.view) for row in rows], className="subjects"),
        note=bar_key(text),
        defined=DEFINED,
        className="wide",
    )
