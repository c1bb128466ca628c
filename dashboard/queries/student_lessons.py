"""Which lessons stand behind each step of one student's waterfall in one subject.

The figures come from the mart; this finds the lessons they were made of, by the same rules. A lesson that
serves several of the student's subjects stands here with its whole length and counts with its part.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.access.scope import Row

STEPS = (
    "outside_membership",
    "cancelled",
    "diverted",
    "made_up",
    "remaining",
    "offered",
)


@dataclass(frozen=True)
class Lesson:
    lesson_id: str
    group: str
    day: date
    starts_at: datetime
    minutes: int
    status: str
    cover: str | None
    cause: str | None
    is_assumed: bool
    is_exam: bool
    steps: tuple[str, ...]
    """The steps it counts in, besides being on the timetable."""


def behind(
    spans: Sequence[Row], subject: str, exams: Sequence[Row], diverted: Collection[str]
) -> dict[str, list[Lesson]]:
    """The lessons of each step. `diverted`: ids of lessons the school took the student out of."""
    on_member_days: dict[str, Lesson] = {}
    outside: dict[str, Lesson] = {}
    for span in spans:
        for lesson in span["lessons"] or []:
            if lesson["subject_code"] not in (None, subject):
                continue
            key, day = lesson["lesson_id"], lesson["lesson_date"]
            if span["start_date"] <= day <= span["end_date"]:
                on_member_days[key] = _lesson(
                    lesson, span, _steps(lesson, day, exams, key in diverted), exams
                )
            elif lesson["replaces_lesson_id"] is None and span["group_id"] in _taken_from(day, spans):
                outside[key] = _lesson(lesson, span, ("outside_membership",), exams)
    found = {**outside, **on_member_days}
    ordered = sorted(found.values(), key=lambda lesson: (lesson.starts_at, lesson.lesson_id))
    return {step: [lesson for lesson in ordered if step in lesson.steps] for step in STEPS}


def _steps(lesson: dict[str, Any], day: date, exams: Sequence[Row], diverted: bool) -> tuple[str, ...]:
    given = ("remaining",) if lesson["is_ahead"] else ("offered",)
    if lesson["replaces_lesson_id"] is not None:
        return () if lesson["is_cancelled"] else ("made_up", *given)
    if lesson["is_cancelled"]:
        return given if _on_exam_day(day, exams) else ("cancelled",)
    return ("diverted", *given) if diverted else given


def _taken_from(day: date, spans: Sequence[Row]) -> set[str]:
    """On a day in none of the groups: the group joined next; where none follows, the one left last."""
    if any(span["start_date"] <= day <= span["end_date"] for span in spans):
        return set()
    ahead = [span["start_date"] for span in spans if span["start_date"] > day]
    if ahead:
        return {span["group_id"] for span in spans if span["start_date"] == min(ahead)}
    last = max(span["end_date"] for span in spans)
    return {span["group_id"] for span in spans if span["end_date"] == last}


def _on_exam_day(day: date, exams: Sequence[Row]) -> bool:
    return any(exam["start_date"] <= day <= exam["end_date"] for exam in exams)


def _lesson(lesson: dict[str, Any], span: Row, steps: tuple[str, ...], exams: Sequence[Row]) -> Lesson:
    return Lesson(
        lesson["lesson_id"],
        span["group_name"],
        lesson["lesson_date"],
        lesson["starts_at"],
        lesson["minutes"],
        lesson["status"],
        lesson["cover"],
        lesson["cause"],
        lesson["is_assumed"],
        lesson["is_cancelled"] and _on_exam_day(lesson["lesson_date"], exams),
        steps,
    )
