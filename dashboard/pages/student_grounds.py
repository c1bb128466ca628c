"""Why a student is due these hours, and what the student was away from: rule, decisions, exams, absence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.table import Column, Table, as_html
from dashboard.queries.student_lessons import Lesson
from dashboard.text import Text


@dataclass(frozen=True)
class Evidence:
    """What stands behind one student's figures."""

    rules: Mapping[str, Row]
    decisions: Sequence[Row]
    exams: Sequence[Row]
    absences: Sequence[Row]
    recovery: Sequence[Row]
    opened: str | None = None
    """The subject whose lessons were asked for."""
    lessons: Mapping[str, Sequence[Lesson]] = field(default_factory=dict)

    def measure(self, row: Row) -> Row | None:
        """The extra lessons that help most among the student's groups in the subject."""
        for measure in self.recovery:
            fits = measure["subject_code"] == row["subject_code"] and measure["group_id"] in row["groups"]
            if fits and not isinstance(measure["lifted"], Hidden):
                return measure
        return None

    def decisions_of(self, subject: str) -> list[Row]:
        return [row for row in self.decisions if row["subject_code"] in (None, subject)]

    def absences_of(self, subject: str) -> list[Row]:
        return [row for row in self.absences if row["subject_code"] == subject]


def grounds(row: Row, evidence: Evidence, text: Text) -> list[Any]:
    """Why this many hours: the curriculum row, the decisions, and the law they stand in."""
    rule, told = evidence.rules.get(row["subject_code"]), []
    if rule:
        told.append(
            text(
                "student.rule",
                hours=text.number(rule["hours"]),
                year=rule["valid_from_year"],
                source=rule["source"],
            )
            if rule["curriculum_source"] != "local"
            else text("student.rule_local", hours=text.number(rule["hours"]))
        )
    else:
        told.append(text("student.rule_none"))
    if row.get("slot_name"):
        told.append(text("student.slot", slot=row["slot_name"]))
    told.append(text("student.law"))
    for decision in evidence.decisions_of(row["subject_code"]):
        told.append(_decision(decision, text))
    for exam in evidence.exams:
        told.append(
            text(
                f"student.exam_{exam['kind']}",
                start=text.day(exam["start_date"], "d MMM y"),
                end=text.day(exam["end_date"], "d MMM y"),
            )
        )
    return [html.Ul([html.Li(words) for words in told], className="told")]


def _decision(decision: Row, text: Text) -> str:
    hours = decision["decided_minutes"]
    told = text(
        "student.decision",
        kind=word("decision", decision["kind"], text),
        hours=f" ({text('student.hours', n=text.hours(hours))})" if hours is not None else "",
        day=text.day(decision["decided_on"], "d MMM y"),
        start=text.day(decision["valid_from"], "d MMM y"),
        end=text.day(decision["valid_to"], "d MMM y") if decision["valid_to"] else "",
    )
    return told if decision["is_in_force"] else f"{told} {text('student.not_in_force')}"


def absences(row: Row, evidence: Evidence, text: Text, opened: bool) -> list[Any]:
    found = evidence.absences_of(row["subject_code"])
    if not found:
        return [html.P(text("student.no_absence"))]
    sums: dict[str, int] = {}
    for absence in found:
        sums[absence["absence_code"]] = sums.get(absence["absence_code"], 0) + absence["minutes"]
    told = html.Ul(
        [
            html.Li(text("student.absent", code=text(f"absence_code.{code}"), hours=text.hours(minutes)))
            for code, minutes in sums.items()
        ],
        className="told",
    )
    if not opened:
        return [told]
    rows = [
        {**absence, "day": text.day(absence["lesson_date"], "EEE d MMM y"), "code": _code(absence, text)}
        for absence in found
    ]
    columns = [
        Column("day", text("student.day")),
        Column("code", text("student.code")),
        Column("minutes", text("student.minutes_column"), "count"),
    ]
    return [told, as_html(Table("absences", text("student.absence"), columns, rows), text)]


def word(section: str, kind: str, text: Text) -> str:
    """The word for a kind the register may hold more of than we know."""
    key = f"{section}.{kind}"
    return text(key) if text.has(key) else kind


def _code(absence: Row, text: Text) -> str:
    return text(f"absence_code.{absence['absence_code']}")
