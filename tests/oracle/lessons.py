"""Step 2 of docs "Coverage": how many minutes of which lesson are of which of the student's subjects?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from tests.oracle.requirement import Entitlement
from tests.oracle.tables import Row, Tables

OSLO = ZoneInfo("Europe/Oslo")
MINUTE = timedelta(minutes=1)
Parts = dict[str, int]


@dataclass(frozen=True)
class Lesson:
    lesson_id: str
    starts_at: datetime
    ends_at: datetime
    status: str
    cover: str | None
    is_replacement: bool
    named_subject: str | None
    groups: frozenset[str]
    shares: dict[str, int]

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // MINUTE

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(OSLO).date()

    @property
    def is_cancelled(self) -> bool:
        return self.status == "cancelled" or self.cover in ("supervised", "self_study")


def all_lessons(tables: Tables) -> list[Lesson]:
    groups: dict[str, set[str]] = {}
    for served in tables["lesson_group"]:
        groups.setdefault(served["lesson_id"], set()).add(served["group_id"])
    shares: dict[str, dict[str, int]] = {}
    for share in tables["lesson_subject"]:
        shares.setdefault(share["lesson_id"], {})[share["subject_code"]] = share["minutes"]
    return [
        Lesson(
            lesson_id=row["lesson_id"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            status=row["status"],
            cover=row["cover"],
            is_replacement=row["replaces_lesson_id"] is not None,
            named_subject=row["subject_code"],
            groups=frozenset(groups.get(row["lesson_id"], ())),
            shares=shares.get(row["lesson_id"], {}),
        )
        for row in tables["lesson"]
    ]


def largest_remainder(total: int, weights: Mapping[str, int]) -> Parts:
    """Whole minutes in proportion to the weights, summing to the total; ties by subject code."""
    exact = {subject: Fraction(total * weight, sum(weights.values())) for subject, weight in weights.items()}
    parts = {subject: floor(share) for subject, share in exact.items()}
    by_remainder = sorted(exact, key=lambda subject: (parts[subject] - exact[subject], subject))
    for subject in by_remainder[: total - sum(parts.values())]:
        parts[subject] += 1
    return parts


class StudentLessons:
    """The lessons of one student's groups in one school year, seen from that student."""

    def __init__(self, tables: Tables, lessons: list[Lesson], entitlement: Entitlement) -> None:
        self.rows = entitlement.rows
        ids = {e["enrolment_id"] for e in entitlement.enrolments}
        self.memberships = [m for m in tables["group_membership"] if m["enrolment_id"] in ids]
        self.groups = {m["group_id"] for m in self.memberships}
        self.subjects_of: dict[str, set[str]] = {group: set() for group in self.groups}
        for row in tables["teaching_group_subject"]:
            if row["group_id"] in self.groups:
                self.subjects_of[row["group_id"]].add(row["subject_code"])
        self.lessons = [lesson for lesson in lessons if lesson.groups & self.groups]

    def groups_on(self, day: date) -> set[str]:
        return {m["group_id"] for m in self.memberships if _covers(m, day)}

    def groups_of_subject(self, subject: str) -> set[str]:
        return {group for group in self.groups if subject in self.subjects_of[group]}

    def split(self, lesson: Lesson, groups: set[str]) -> Parts:
        """The lesson's minutes by the student's subjects, for someone in these of its groups."""
        if lesson.shares:
            return {subject: minutes for subject, minutes in lesson.shares.items() if subject in self.rows}
        if lesson.named_subject is not None:
            return {lesson.named_subject: lesson.minutes} if lesson.named_subject in self.rows else {}
        served = {subject for group in groups for subject in self.subjects_of[group] if subject in self.rows}
        if not served:
            return {}
        known = {subject: self.rows[subject].curriculum_minutes or 0 for subject in served}
        return largest_remainder(lesson.minutes, known if all(known.values()) else dict.fromkeys(served, 1))

    def as_member(self) -> list[tuple[Lesson, Parts]]:
        """Lessons on member days, each once, with their parts."""
        found = []
        for lesson in self.lessons:
            groups = lesson.groups & self.groups_on(lesson.day)
            if groups:
                found.append((lesson, self.split(lesson, set(groups))))
        return found

    def outside_membership(self, subject: str) -> int:
        """Minutes of ordinary lessons on days when the student is in none of the subject's groups."""
        total = 0
        for lesson in self.lessons:
            if lesson.is_replacement or lesson.groups & self.groups_on(lesson.day):
                continue
            taken_from = lesson.groups & self._groups_standing_in(subject, lesson.day)
            if taken_from:
                total += self.split(lesson, set(taken_from)).get(subject, 0)
        return total

    def _groups_standing_in(self, subject: str, day: date) -> set[str]:
        """On a day in none of the subject's groups: those joined next, else those left last."""
        of_subject = [m for m in self.memberships if m["group_id"] in self.groups_of_subject(subject)]
        if any(_covers(m, day) for m in of_subject):
            return set()
        coming = [m for m in of_subject if m["start_date"] > day]
        if coming:
            next_start = min(m["start_date"] for m in coming)
            return {m["group_id"] for m in coming if m["start_date"] == next_start}
        last_end = max((m["end_date"] for m in of_subject), default=None)
        return {m["group_id"] for m in of_subject if m["end_date"] == last_end}


def _covers(interval: Row, day: date) -> bool:
    first: date = interval["start_date"]
    last: date = interval["end_date"] or date.max
    return first <= day <= last
