"""Absence, part of step 3 of docs "Coverage": what the student was offered and was not there for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.oracle.lessons import MINUTE, Lesson, Parts, largest_remainder
from tests.oracle.tables import Row

CODES = "!RD§MX"


@dataclass(frozen=True)
class Taken:
    lesson_id: str
    subject: str
    code: str
    minutes: int


@dataclass(frozen=True)
class OnLesson:
    """An absence registered on a lesson itself, with what it claims of it."""

    absence: Row
    minutes: int


class AbsenceLedger:
    """What is left of every part of every lesson the student was offered."""

    def __init__(self, offered: list[tuple[Lesson, Parts]]) -> None:
        self.offered = [lesson for lesson, parts in offered if sum(parts.values()) > 0]
        self.left = {lesson.lesson_id: dict(parts) for lesson, parts in offered}
        self.taken: list[Taken] = []

    def take_all(self, absences: list[Row]) -> list[Taken]:
        by_date = [a for a in absences if _is_by_date(a)]
        on_lessons = self._on_lessons([a for a in absences if not _is_by_date(a)])
        for lesson_id, claims in on_lessons.items():
            self._take_on_lesson(lesson_id, claims)
        for absence in sorted(by_date, key=lambda a: (CODES.index(a["code"]), a["absence_id"])):
            self._take_by_date(absence)
        return self.taken

    def _on_lessons(self, absences: list[Row]) -> dict[str, list[OnLesson]]:
        claims: dict[str, list[OnLesson]] = {}
        for absence in absences:
            for lesson in self.offered:
                minutes = _claim(absence, lesson)
                if minutes > 0:
                    claims.setdefault(lesson.lesson_id, []).append(OnLesson(absence, minutes))
        return claims

    def _take_on_lesson(self, lesson_id: str, claims: list[OnLesson]) -> None:
        for code in CODES:
            of_code = [claim for claim in claims if claim.absence["code"] == code]
            for claim in of_code:
                if claim.absence["subject_code"] is not None:
                    self._take(lesson_id, claim.absence["subject_code"], code, claim.minutes)
            others = sum(claim.minutes for claim in of_code if claim.absence["subject_code"] is None)
            self._take(lesson_id, None, code, others)

    def _take_by_date(self, absence: Row) -> None:
        minutes = absence["minutes"]
        for lesson in sorted(self.offered, key=lambda lesson: (lesson.starts_at, lesson.lesson_id)):
            if lesson.day == absence["absence_date"] and absence["group_id"] in lesson.groups:
                minutes -= self._take(lesson.lesson_id, absence["subject_code"], absence["code"], minutes)

    def _take(self, lesson_id: str, subject: str | None, code: str, minutes: int) -> int:
        """Take from the named part, or from all in proportion to what is left; never more than is left."""
        left = self.left[lesson_id]
        open_parts = {s: m for s, m in left.items() if m > 0 and subject in (None, s)}
        amount = min(minutes, sum(open_parts.values()))
        if amount == 0:
            return 0
        for part, share in largest_remainder(amount, open_parts).items():
            left[part] -= share
            self.taken.append(Taken(lesson_id, part, code, share))
        return amount


def _has_period(absence: Row) -> bool:
    return absence["starts_at"] is not None and absence["ends_at"] is not None


def _is_by_date(absence: Row) -> bool:
    return absence["lesson_id"] is None and not _has_period(absence)


def _claim(absence: Row, lesson: Lesson) -> int:
    """What an absence with a lesson or a period claims of one lesson."""
    if absence["lesson_id"] is None:
        return _overlap(absence, lesson) if absence["group_id"] in lesson.groups else 0
    if absence["lesson_id"] != lesson.lesson_id:
        return 0
    if absence["minutes"] is not None:
        return int(absence["minutes"])
    return _overlap(absence, lesson) if _has_period(absence) else lesson.minutes


def _overlap(absence: Row, lesson: Lesson) -> int:
    """Whole minutes."""
    shared: timedelta = min(absence["ends_at"], lesson.ends_at) - max(absence["starts_at"], lesson.starts_at)
    return max(0, shared // MINUTE)
