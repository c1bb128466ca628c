"""Absences: spells of days, single lessons, late arrivals, excursions, and the register's own totals."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from ingest.synthetic.events import Happened
from ingest.synthetic.model import NEVER, Enrolment, Group, Lesson, World

BY_LESSON, BY_PERIOD, BY_DATE = "lesson", "period", "date"
_STAGES, _STAGE_WEIGHTS = (BY_LESSON, BY_PERIOD, BY_DATE), (0.84, 0.11, 0.05)
_DAY_CODES, _DAY_WEIGHTS = ("X", "D", "M", "R", "§"), (0.5, 0.3, 0.06, 0.08, 0.06)
_LESSON_CODES, _LESSON_WEIGHTS = ("X", "M", "D", "R", "§"), (0.7, 0.16, 0.08, 0.03, 0.03)
UNDOCUMENTED = ("X", "M")
SPELL, SINGLE = 0.025, 0.05
HEAVY_SHARE = 0.015
WARN_FROM, WARN_TO, LIMIT = 0.05, 0.08, 0.10
WARNED = 0.87


@dataclass(slots=True)
class Absence:
    """`known_to` is set where the code changed later: another row with the same id takes over."""

    absence_id: str
    enrolment: Enrolment
    group: Group
    lesson: Lesson
    code: str
    minutes: int
    stage: str
    known_from: int
    known_to: int = NEVER


@dataclass(slots=True)
class Warning:
    warning_id: str
    enrolment: Enrolment
    subject: str
    sent_on: int
    percent: int


@dataclass
class Absences:
    rows: list[Absence] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    unwarned: list[tuple[Enrolment, str]] = field(default_factory=list)
    on_cancelled: list[Absence] = field(default_factory=list)
    too_long: list[Absence] = field(default_factory=list)
    over_limit: list[tuple[Enrolment, str, int]] = field(default_factory=list)


def register(world: World, happened: Happened, last_day: int) -> Absences:
    """Everything registered up to a day."""
    found = Absences()
    wave = _student_wave(world)
    days = [day for day in world.year.teaching_days if day <= last_day]
    for enrolment in world.enrolments:
        if enrolment.memberships:
            _live(world, enrolment, days, wave, found)
    _on_excursions(world, happened, last_day, found)
    _misfits(world, last_day, found)
    _warn(world, found, last_day + 1)
    return found


def _student_wave(world: World) -> dict[int, float]:
    first = world.first_day
    peaks = (world.rng.gauss(85, 10), world.rng.gauss(160, 12))
    return {
        day: 1 + 1.6 * max(0.0, 1 - min(abs(day - first - peak) for peak in peaks) / 20)
        for day in world.year.teaching_days
    }


def _live(
    world: World, enrolment: Enrolment, days: list[int], wave: dict[int, float], found: Absences
) -> None:
    """One student's year."""
    rng = world.rng
    factor = rng.lognormvariate(-0.25, 0.7)
    if rng.random() < HEAVY_SHARE:
        factor *= 4
    spell, single = SPELL * factor, SINGLE * factor
    left, code = 0, ""
    random_number = rng.random
    for day in days:
        if left == 0 and random_number() < spell * wave[day]:
            left = rng.choice((1, 1, 1, 1, 2, 2, 3, 5))
            code = rng.choices(_DAY_CODES, _DAY_WEIGHTS)[0]
        if left:
            left -= 1
            _away_all_day(rng, enrolment, day, code, found)
        elif random_number() < single:
            _away_from_one(rng, enrolment, day, found)


def _lessons(enrolment: Enrolment, day: int) -> Iterator[tuple[Group, Lesson]]:
    """The day's lessons, each once, though the student may be in several of its groups."""
    seen: set[str] = set()
    for membership in enrolment.memberships:
        if membership.start <= day <= membership.end and enrolment.start <= day <= enrolment.end:
            for lesson in membership.group.by_day.get(day, ()):
                if lesson.is_taught and lesson.lesson_id not in seen:
                    seen.add(lesson.lesson_id)
                    yield membership.group, lesson


def _away_all_day(rng: random.Random, enrolment: Enrolment, day: int, code: str, found: Absences) -> None:
    stage = rng.choices(_STAGES, _STAGE_WEIGHTS)[0]
    lag = 1 if rng.random() < 0.85 else rng.randint(2, 12)
    # Documentation that comes later turns X into D.
    documented = day + rng.randint(8, 40) if code == "X" and rng.random() < 0.15 else NEVER
    for where in _lessons(enrolment, day):
        _add(found, enrolment, where, code, known_from=day + lag, stage=stage, documented=documented)


def _away_from_one(rng: random.Random, enrolment: Enrolment, day: int, found: Absences) -> None:
    lessons = list(_lessons(enrolment, day))
    if not lessons:
        return
    group, lesson = rng.choice(lessons)
    code = rng.choices(_LESSON_CODES, _LESSON_WEIGHTS)[0]
    minutes = lesson.minutes if rng.random() < 0.45 else rng.choice((5, 10, 15, 20, 30))
    stage = rng.choices(_STAGES, _STAGE_WEIGHTS)[0]
    _add(found, enrolment, (group, lesson), code, known_from=day + 1, minutes=minutes, stage=stage)


def _add(
    found: Absences,
    enrolment: Enrolment,
    where: tuple[Group, Lesson],
    code: str,
    *,
    known_from: int,
    minutes: int | None = None,
    stage: str = BY_LESSON,
    documented: int = NEVER,
) -> None:
    """Register an absence, of the whole lesson unless minutes are given; documentation turns X into D."""
    group, lesson = where
    absence_id = f"FR{lesson.lesson_id[1:]}-{enrolment.student_number}"
    length = lesson.minutes if minutes is None else minutes
    if documented != NEVER:
        documented = max(documented, known_from)
        found.rows.append(
            Absence(absence_id, enrolment, group, lesson, code, length, stage, known_from, documented)
        )
        code, known_from = "D", documented
    found.rows.append(Absence(absence_id, enrolment, group, lesson, code, length, stage, known_from))


def _on_excursions(world: World, happened: Happened, last_day: int, found: Absences) -> None:
    """Students out with one group are registered with ! in the lessons of their other groups."""
    out: dict[int, list[tuple[Lesson, Group]]] = {}
    for lesson, host in happened.excursions:
        if lesson.day <= last_day and lesson.is_taught:
            out.setdefault(lesson.day, []).append((lesson, host))
    if not out:
        return
    away = {(row.enrolment.enrolment_id, row.lesson.day) for row in found.rows}
    for enrolment in world.enrolments:
        groups = {id(membership.group) for membership in enrolment.memberships}
        for day, trips in out.items():
            for trip, host in trips:
                if id(host) not in groups or (enrolment.enrolment_id, day) in away:
                    continue
                for group, lesson in _lessons(enrolment, day):
                    if lesson is not trip:
                        _add(found, enrolment, (group, lesson), "!", known_from=day + 1)


def _misfits(world: World, last_day: int, found: Absences) -> None:
    """Absence on lessons that were cancelled, and minutes beyond the lesson: real life, and they land."""
    for enrolment in world.rng.sample(world.enrolments, len(world.enrolments) // 60):
        for membership in enrolment.memberships:
            cancelled = [
                lesson
                for lesson in membership.group.lessons
                if lesson.status == "avlyst"
                and membership.start <= lesson.day <= min(membership.end, last_day, enrolment.end)
                and lesson.known_from <= lesson.day + 31
                and not lesson.only_in_register
            ]
            if cancelled:
                lesson = world.rng.choice(cancelled)
                _add(found, enrolment, (membership.group, lesson), "X", known_from=lesson.day + 1)
                found.on_cancelled.append(found.rows[-1])
                break
    whole = [row for row in found.rows if row.stage == BY_LESSON and row.minutes == row.lesson.minutes]
    for row in world.rng.sample(whole, min(len(whole), 2)):
        row.minutes += 30
        found.too_long.append(row)


Counted = dict[tuple[str, str], tuple[list[int], list[int]]]


def counted(world: World, found: Absences, morning: int) -> Counted:
    """Days and running minutes of X and M by enrolment id and subject, as known on a morning."""
    by_subject: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row in found.rows:
        if row.code in UNDOCUMENTED and row.known_from <= morning < row.known_to and row.lesson.is_taught:
            minutes = min(row.minutes, row.lesson.minutes)
            for subject, part in shares(world, row.enrolment, row.group, row.lesson, minutes):
                key = (row.enrolment.enrolment_id, subject)
                by_subject.setdefault(key, []).append((row.lesson.day, part))
    running: Counted = {}
    for key, items in by_subject.items():
        items.sort()
        running[key] = ([day for day, _ in items], list(accumulate(minutes for _, minutes in items)))
    return running


def shares(
    world: World, enrolment: Enrolment, group: Group, lesson: Lesson, minutes: int
) -> list[tuple[str, int]]:
    """How minutes of a lesson fall on the student's subjects in the group, much as the rules split."""
    if lesson.shares:
        return [(code, round(minutes * part / lesson.minutes)) for code, part in lesson.shares]
    if len(group.subjects) == 1:
        return [(group.subjects[0], minutes)]
    if lesson.subject:
        return [(lesson.subject, minutes)]
    own = [code for code in group.subjects if code in enrolment.codes()]
    if len(own) < 2:
        return [(code, minutes) for code in own]
    whole = sum(world.curriculum.minutes(code) for code in own)
    first = round(minutes * world.curriculum.minutes(own[0]) / whole)
    return [(own[0], first), (own[1], minutes - first)]


def _warn(world: World, found: Absences, morning: int) -> None:
    by_id = {enrolment.enrolment_id: enrolment for enrolment in world.enrolments}
    for (enrolment_id, subject), (days, running) in counted(world, found, morning).items():
        minutes = world.curriculum.minutes(subject)
        enrolment = by_id[enrolment_id]
        place = bisect_right(running, world.rng.uniform(WARN_FROM, WARN_TO) * minutes)
        if subject not in enrolment.codes() or place == len(running):
            continue
        is_over = running[-1] > LIMIT * minutes
        if is_over:
            found.over_limit.append((enrolment, subject, round(100 * running[-1] / minutes)))
        if world.rng.random() < WARNED:
            percent = int(100 * running[place] / minutes)
            warning_id = f"VA{enrolment.student_number}-{world.year.short}-{subject}"
            found.warnings.append(Warning(warning_id, enrolment, subject, days[place] + 1, percent))
        elif is_over:
            found.unwarned.append((enrolment, subject))
