"""Who sits for an exam, and when."""

from __future__ import annotations

from ingest.synthetic.events import exam_days
from ingest.synthetic.model import FULL_TIME, Enrolment, ExamPeriod, World

EXAM, PREPARATION = "eksamen", "forberedelse"
AUTUMN_NOTICE, SPRING_NOTICE = 14, 7
_DRAWN_IN_SPRING = {1: 0.2, 2: 0.35, 3: 0.8}
_DRAWN_IN_AUTUMN = {3: 0.25}


def draw(world: World) -> list[Enrolment]:
    """Give some students a day of exam, half of them with a day of preparation before; returns the drawn."""
    autumn, spring = exam_days(world.year)
    drawn: list[Enrolment] = []
    for enrolment in world.enrolments:
        if enrolment.category != FULL_TIME or not enrolment.takings:
            continue
        in_autumn = _sit(world, enrolment, autumn, _DRAWN_IN_AUTUMN, AUTUMN_NOTICE)
        in_spring = _sit(world, enrolment, spring, _DRAWN_IN_SPRING, SPRING_NOTICE)
        if in_autumn or in_spring:
            drawn.append(enrolment)
    return drawn


def _sit(world: World, enrolment: Enrolment, days: list[int], shares: dict[int, float], notice: int) -> bool:
    if world.rng.random() >= shares.get(enrolment.level, 0.0):
        return False
    place = world.rng.randrange(1, len(days))
    day = days[place]
    if not enrolment.start <= day <= enrolment.end:
        return False
    known = days[0] - notice
    if world.rng.random() < 0.5:
        enrolment.exams.append(ExamPeriod(days[place - 1], days[place - 1], PREPARATION, known))
    enrolment.exams.append(ExamPeriod(day, day, EXAM, known))
    return True
