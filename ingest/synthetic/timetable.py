"""A weekly grid per cohort and class, spread over the school year without a student in two places."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ingest.synthetic.calendar import SchoolYear
from ingest.synthetic.model import Cohort, Group, Lesson, Series, World

TEACHING_WEEKS = 37.8
MARGIN_BEYOND_USUAL = 0.01
SHORT_MARGIN = (-0.07, -0.02)
SHORT_PLANS, GAPPED_PLANS = 0.03, 0.015
EXTRA_START = 15 * 60 + 40
_STARTS_45 = (495, 540, 600, 645, 720, 765, 825, 870)
_STARTS_60 = (490, 550, 615, 675, 750, 815, 875)

ORDINARY, PLANNED_SHORT, GAP = "ordinary", "planned_short", "gap"


@dataclass(frozen=True)
class Place:
    """Where a lesson stands in the week."""

    weekday: int
    start: int
    minutes: int


@dataclass
class _Grid:
    """Free places of a week; a cell is a double lesson, or a single one where lessons last 60 minutes."""

    mode: int
    cells: list[tuple[int, int]]
    half: tuple[int, int] | None = None

    def copy(self, rng: random.Random) -> _Grid:
        cells = list(self.cells)
        rng.shuffle(cells)
        return _Grid(self.mode, cells, self.half)

    def take(self, minutes: int) -> list[Place]:
        unit = 60 if self.mode == 60 else 45
        units = -(-minutes // round(TEACHING_WEEKS * unit))
        if self.mode == 60:
            return [Place(day, _STARTS_60[cell], 60) for day, cell in self._cells(units)]
        places = [place for day, cell in self._cells(units // 2) for place in self._double(day, cell)]
        if units % 2:
            places += self._single()
        return places

    def _cells(self, count: int) -> list[tuple[int, int]]:
        taken: list[tuple[int, int]] = []
        for _ in range(min(count, len(self.cells))):
            days = {day for day, _ in taken}
            best = next((number for number, (day, _) in enumerate(self.cells) if day not in days), 0)
            taken.append(self.cells.pop(best))
        return taken

    def _double(self, day: int, cell: int) -> list[Place]:
        first, second = _STARTS_45[2 * cell], _STARTS_45[2 * cell + 1]
        if self.mode == 45:
            return [Place(day, first, 45), Place(day, second, 45)]
        return [Place(day, first, 90)]

    def _single(self) -> list[Place]:
        if self.half is not None:
            (day, cell), self.half = self.half, None
            return [Place(day, _STARTS_45[2 * cell + 1], 45)]
        found = self._cells(1)
        if not found:
            return []
        self.half = found[0]
        return [Place(found[0][0], _STARTS_45[2 * found[0][1]], 45)]


@dataclass
class Planned:
    """How the groups' years were planned, for the truth file."""

    kind: dict[str, list[Group]] = field(default_factory=dict)


def schedule(world: World) -> Planned:
    """Give every series its lessons of the year."""
    planned = Planned()
    days = _days_by_weekday(world.year)
    for cohort in world.cohorts:
        busy: set[tuple[str, int]] = set()
        for series, places in _weekly(world, cohort):
            occasions = [(day, place.start, place.minutes) for place in places for day in days[place.weekday]]
            kind = _spread(world, series, occasions, busy)
            planned.kind.setdefault(kind, []).extend(series.groups)
    world.lessons.sort(key=lambda lesson: (lesson.day, lesson.start, lesson.lesson_id))
    for group in world.groups:
        index_lessons(group)
    return planned


def index_lessons(group: Group) -> None:
    group.lessons.sort(key=lambda lesson: (lesson.day, lesson.start, lesson.lesson_id))
    group.by_day = {}
    for lesson in group.lessons:
        group.by_day.setdefault(lesson.day, []).append(lesson)


def add_lesson(world: World, day: int, start: int, minutes: int, groups: tuple[Group, ...]) -> Lesson:
    world.lesson_count += 1
    lesson_id = f"{world.lesson_prefix}{world.lesson_count:06d}"
    lesson = Lesson(lesson_id, day, start, start + minutes, groups, known_from=day + 1)
    world.lessons.append(lesson)
    for group in groups:
        group.lessons.append(lesson)
    return lesson


def _days_by_weekday(year: SchoolYear) -> list[list[int]]:
    found: list[list[int]] = [[], [], [], [], []]
    for day in year.teaching_days:
        found[(day - 1) % 7].append(day)
    return found


def _weekly(world: World, cohort: Cohort) -> list[tuple[Series, list[Place]]]:
    per_day = len(_STARTS_60) if world.school.lesson_mode == 60 else len(_STARTS_45) // 2
    cells = [(day, cell) for day in range(5) for cell in range(per_day)]
    world.rng.shuffle(cells)
    grid = _Grid(world.school.lesson_mode, cells)
    found: list[tuple[Series, list[Place]]] = []
    for parallel in cohort.common:
        places = grid.take(max((series.minutes for series in parallel), default=0))
        found += [(series, places) for series in parallel]
    for blocks in cohort.by_class.values():
        own = grid.copy(world.rng)
        for parallel in blocks:
            places = own.take(parallel[0].minutes)
            found += [(series, places) for series in parallel]
    return found


def _spread(
    world: World, series: Series, occasions: list[tuple[int, int, int]], busy: set[tuple[str, int]]
) -> str:
    """Choose the lessons of a year from all the week's places; returns the kind of plan."""
    kind = _kind_of_plan(world.rng)
    if kind == GAP:
        occasions = _without_a_month(world.rng, occasions)
    if kind == PLANNED_SHORT:
        margin = world.rng.uniform(*SHORT_MARGIN)
    else:
        usual = world.school.plan_margin
        margin = world.rng.triangular(0, usual + MARGIN_BEYOND_USUAL, usual)
    target = round(series.minutes * (1 + margin))
    total = _trim(world.rng, occasions, target)
    for day, start, minutes in occasions:
        add_lesson(world, day, start, minutes, series.groups)
    if kind == ORDINARY:
        _add_extra(world, series, target - total, busy)
    return kind


def _kind_of_plan(rng: random.Random) -> str:
    draw = rng.random()
    if draw < SHORT_PLANS:
        return PLANNED_SHORT
    return GAP if draw < SHORT_PLANS + GAPPED_PLANS else ORDINARY


def _without_a_month(rng: random.Random, occasions: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    first = rng.choice(occasions)[0]
    return [occasion for occasion in occasions if not first <= occasion[0] < first + 28]


def _trim(rng: random.Random, occasions: list[tuple[int, int, int]], target: int) -> int:
    """Leave out occasions here and there (planning, excursions, alternating weeks), down to the target."""
    total = sum(minutes for _, _, minutes in occasions)
    rng.shuffle(occasions)
    while total - occasions[-1][2] >= target:
        total -= occasions.pop()[2]
    return total


def _add_extra(world: World, series: Series, missing: int, busy: set[tuple[str, int]]) -> None:
    """Afternoons for what public holidays took from the week's places."""
    names = {name for group in series.groups for name in group.class_names}
    for _ in range(60):
        if missing <= 0:
            return
        day = world.rng.choice(world.year.teaching_days)
        if any((name, day) in busy for name in names):
            continue
        busy.update((name, day) for name in names)
        add_lesson(world, day, EXTRA_START, 90, series.groups)
        missing -= 90
