"""What becomes of the timetable: sickness, substitutes, cancellations, replacements, special days."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from ingest.synthetic.calendar import SchoolYear
from ingest.synthetic.model import ALWAYS, NEVER, Cohort, Group, Lesson, World
from ingest.synthetic.schools import REGISTERS_NOTHING, TIMETABLE_BY_REPORT
from ingest.synthetic.timetable import EXTRA_START, add_lesson, index_lessons

CANCELLED = "avlyst"
SHARE_MADE_UP = 0.4
LATE_REGISTRATIONS, NEVER_REGISTERED = 0.05, 0.01
_COVERS = ("vikar", CANCELLED, "slått sammen", "tilsyn", "selvstudium")
_COVER_WEIGHTS = (0.62, 0.15, 0.13, 0.05, 0.05)
_CAUSES = ("Sykdom", "Sykdom", "Sykdom", "Sykt barn", "Kurs", "Permisjon")
CROSS_SUBJECT_START, EXCURSION_START, EXCURSION_MINUTES = 495, 540, 300


@dataclass
class Happened:
    """What was planted, for the truth file."""

    replaced: list[Lesson] = field(default_factory=list)
    ahead_cancelled: list[Lesson] = field(default_factory=list)
    removed: list[Lesson] = field(default_factory=list)
    cross_subject: list[Lesson] = field(default_factory=list)
    excursions: list[tuple[Lesson, Group]] = field(default_factory=list)
    exam_cancelled: list[Lesson] = field(default_factory=list)
    subject_named: list[Lesson] = field(default_factory=list)
    unregistered: list[Lesson] = field(default_factory=list)


def play(world: World) -> Happened:
    """Let the school year happen, to its last day; deliveries later see as much of it as was known."""
    happened = Happened()
    for cohort in world.cohorts:
        _cross_subject_days(world, cohort, happened)
        _excursions(world, cohort, happened)
    world.lessons = [lesson for lesson in world.lessons if lesson.removed_from != ALWAYS]
    _teacher_absence(world)
    _exam_season(world, happened)
    _cancelled_ahead(world, happened)
    _named_subjects(world, happened)
    _register(world, happened)
    _replacements(world, happened)
    _removals(world, happened)
    for group in world.groups:
        index_lessons(group)
    return happened


def _cross_subject_days(world: World, cohort: Cohort, happened: Happened) -> None:
    """A class works a whole day across subjects; the register declares each subject's share."""
    for name in cohort.class_names:
        own = [series[0].groups[0] for series in cohort.by_class.get(name, []) if len(series) == 1]
        own = [group for group in own if len(group.subjects) == 1]
        others = {id(group) for series in cohort.common for part in series for group in part.groups}
        elsewhere = [group for group in world.groups if id(group) in others or group not in own]
        taught = {day for group in elsewhere if name in group.class_names for day in group.by_day}
        days = [
            day
            for day in world.year.teaching_days
            if day not in taught and len({group.group_id for group in own if day in group.by_day}) > 1
        ]
        for day in sorted(world.rng.sample(days, min(2, len(days)))):
            _merge_into_one(world, day, [group for group in own if day in group.by_day], happened)


def _merge_into_one(world: World, day: int, groups: list[Group], happened: Happened) -> None:
    shares: dict[str, int] = {}
    gone: set[str] = set()
    for group in groups:
        for lesson in group.by_day.pop(day):
            shares[group.subjects[0]] = shares.get(group.subjects[0], 0) + lesson.minutes
            gone.add(lesson.lesson_id)
        group.lessons = [lesson for lesson in group.lessons if lesson.lesson_id not in gone]
    _drop(world, gone)
    lesson = _new_lesson(world, day, CROSS_SUBJECT_START, sum(shares.values()), tuple(groups))
    lesson.shares = tuple(sorted(shares.items()))
    lesson.ahead_from = ALWAYS
    happened.cross_subject.append(lesson)


def _drop(world: World, gone: set[str]) -> None:
    for lesson in world.lessons:
        if lesson.lesson_id in gone:
            lesson.removed_from = ALWAYS


def _new_lesson(world: World, day: int, start: int, minutes: int, groups: tuple[Group, ...]) -> Lesson:
    lesson = add_lesson(world, day, start, minutes, groups)
    for group in groups:
        group.by_day.setdefault(day, []).append(lesson)
    return lesson


def _excursions(world: World, cohort: Cohort, happened: Happened) -> None:
    """One class is out for a day in one of its subjects; its other lessons are held without it (code !)."""
    for name in cohort.class_names:
        hosts = [parallel[0].groups[0] for parallel in cohort.by_class.get(name, []) if len(parallel) == 1]
        hosts = [group for group in hosts if len(group.subjects) == 1 and group.lessons]
        if not hosts or world.rng.random() < 0.4:
            continue
        host = world.rng.choice(hosts)
        day = world.rng.choice(host.lessons).day
        if any(lesson.shares for lesson in host.by_day.get(day, ())):
            continue
        gone = {lesson.lesson_id for lesson in host.by_day.get(day, ())}
        host.lessons = [lesson for lesson in host.lessons if lesson.lesson_id not in gone]
        host.by_day.pop(day, None)
        _drop(world, gone)
        lesson = _new_lesson(world, day, EXCURSION_START, EXCURSION_MINUTES, (host,))
        lesson.subject = host.subjects[0]
        happened.excursions.append((lesson, host))


def _wave(rng: random.Random, year: SchoolYear) -> dict[int, float]:
    """How much more likely sickness is on each day: an autumn wave, a winter wave, and noise."""
    peaks = (rng.gauss(80, 12), rng.gauss(165, 15))
    first = year.first_day.toordinal()
    return {
        day: 1 + 2.2 * max(0.0, 1 - min(abs(day - first - peak) for peak in peaks) / 22)
        for day in year.teaching_days
    }


def _teacher_absence(world: World) -> None:
    rng, wave = world.rng, _wave(world.rng, world.year)
    frailty = [rng.lognormvariate(-0.3, 0.7) for _ in world.teachers]
    away: dict[tuple[int, int], str] = {}
    for teacher, factor in enumerate(frailty):
        left, cause = 0, ""
        for day in world.year.teaching_days:
            if left == 0 and rng.random() < 0.018 * factor * wave[day]:
                left, cause = rng.choice((1, 1, 1, 2, 2, 3, 5)), rng.choice(_CAUSES)
            if left:
                away[teacher, day] = cause
                left -= 1
    for lesson in world.lessons:
        cause = away.get((lesson.groups[0].teacher, lesson.day), "")
        if cause:
            lesson.cause = cause
            _cover(lesson, rng.choices(_COVERS, _COVER_WEIGHTS)[0], rng)


def _cover(lesson: Lesson, cover: str, rng: random.Random) -> None:
    if cover == CANCELLED:
        lesson.status = CANCELLED
    else:
        lesson.cover = cover
        # Schools register a class on its own as held or as cancelled; both count as cancelled.
        if cover in ("tilsyn", "selvstudium") and rng.random() < 0.3:
            lesson.status = CANCELLED


def exam_days(year: SchoolYear) -> tuple[list[int], list[int]]:
    """The days of the autumn's and the spring's written exams."""
    autumn = date(year.starts, 11, 24).toordinal()
    spring = date(year.starts + 1, 5, 26).toordinal()
    return (
        [day for day in year.teaching_days if autumn <= day < autumn + 5],
        [day for day in year.teaching_days if spring <= day < spring + 14],
    )


def _exam_season(world: World, happened: Happened) -> None:
    """Rooms and teachers go to the exams; schools know most of it half a year before."""
    autumn, spring = exam_days(world.year)
    early = world.rng.random() < 0.6
    for lesson in world.lessons:
        in_spring, in_autumn = lesson.day in spring, lesson.day in autumn
        if not (in_spring or in_autumn) or lesson.shares:
            continue
        level = int(lesson.groups[0].class_names[0][0])
        share = 0.05 * level if in_spring else 0.15 * (level == 3)
        if world.rng.random() < share:
            lesson.status, lesson.cover, lesson.cause = CANCELLED, "", "Eksamen"
            lesson.cancelled_ahead = True
            lesson.ahead_from = lesson.day - (130 if early and in_spring else 21)
            happened.exam_cancelled.append(lesson)


def _cancelled_ahead(world: World, happened: Happened) -> None:
    """A few lessons are called off weeks before: courses, study trips, project days."""
    for lesson in world.lessons:
        if lesson.status == "holdt" and not lesson.shares and world.rng.random() < 0.002:
            lesson.status, lesson.cover, lesson.cause = CANCELLED, "", "Fagdag på skolen"
            lesson.cancelled_ahead = True
            lesson.ahead_from = lesson.day - world.rng.randint(14, 60)
            happened.ahead_cancelled.append(lesson)


def _named_subjects(world: World, happened: Happened) -> None:
    """Where one group has two programme subjects, some teachers name the lesson's subject."""
    for group in world.groups:
        if len(group.subjects) > 1 and not group.subjects[0].startswith("FSP") and world.rng.random() < 0.4:
            for lesson in group.lessons:
                if world.rng.random() < 0.35:
                    lesson.subject = world.rng.choice(group.subjects)
                    happened.subject_named.append(lesson)


def _register(world: World, happened: Happened) -> None:
    """Most teachers register the same day, some weeks later, a few lessons never."""
    silent = world.school.part == REGISTERS_NOTHING
    slow = {number for number in range(len(world.teachers)) if world.rng.random() < 0.05}
    for lesson in world.lessons:
        draw = world.rng.random()
        if silent or draw < NEVER_REGISTERED:
            lesson.known_from = lesson.ahead_from = NEVER
            lesson.status, lesson.cover, lesson.cause, lesson.subject = "holdt", "", "", ""
            lesson.cancelled_ahead = False
            happened.unregistered.append(lesson)
        elif draw < NEVER_REGISTERED + LATE_REGISTRATIONS or lesson.groups[0].teacher in slow:
            lesson.known_from = lesson.day + 1 + world.rng.randint(3, 30)
    if silent:
        _forget(happened)


def _forget(happened: Happened) -> None:
    """A school without a register has no cancellations, no shares and no replacements that anybody knows."""
    for lesson in happened.cross_subject:
        lesson.shares = ()
    happened.cross_subject.clear()
    happened.exam_cancelled.clear()
    happened.ahead_cancelled.clear()
    happened.subject_named.clear()


def _replacements(world: World, happened: Happened) -> None:
    """Some cancelled lessons are made up for on a later afternoon, and some of those fall out again."""
    busy: set[tuple[str, int]] = set()
    for lesson in list(world.lessons):
        lost = lesson.status == CANCELLED and lesson.cause != "Eksamen"
        if not lost or world.rng.random() > SHARE_MADE_UP:
            continue
        later = [day for day in world.year.teaching_days if lesson.day + 7 <= day <= lesson.day + 42]
        names = {name for group in lesson.groups for name in group.class_names}
        later = [day for day in later if not any((name, day) in busy for name in names)]
        if not later:
            continue
        day = world.rng.choice(later)
        busy.update((name, day) for name in names)
        replacement = add_lesson(world, day, EXTRA_START + 100, lesson.minutes, lesson.groups)
        replacement.replaces = lesson.lesson_id
        replacement.subject = lesson.subject
        replacement.only_in_register = True
        replacement.ahead_from = min(lesson.day + 3, day)
        if world.rng.random() < 0.06:
            replacement.status, replacement.cause = CANCELLED, "Sykdom"
        happened.replaced.append(replacement)


def _removals(world: World, happened: Happened) -> None:
    """A few lessons vanish from FINT's timetable while they still lie ahead."""
    if world.school.part == TIMETABLE_BY_REPORT:
        return
    for lesson in world.lessons:
        ordinary = not lesson.replaces and not lesson.shares and lesson.status == "holdt"
        if ordinary and world.rng.random() < 0.0006:
            lesson.removed_from = lesson.day - world.rng.randint(20, 90)
            lesson.status, lesson.known_from = CANCELLED, NEVER
            happened.removed.append(lesson)
