"""The students whose year is not the ordinary one, each kind in every larger school."""

from __future__ import annotations

from collections.abc import Callable

from ingest.synthetic.calendar import iso_day
from ingest.synthetic.drawing import Drawing
from ingest.synthetic.entitlements import Entitlements
from ingest.synthetic.model import Mover, World
from ingest.synthetic.moves import Moves
from ingest.synthetic.schools import SMALL, School
from ingest.synthetic.truth import Truth


def play(world: World, truth: Truth, schools: list[School]) -> list[Mover]:
    """Let something happen to some students; returns those who move on to another school."""
    drawing = Drawing(world, truth)
    moves, entitlements = Moves(drawing, schools), Entitlements(drawing)
    scale = drawing.left / 100
    for happen, per_hundred in _catalogue(moves, entitlements):
        count = round(scale * per_hundred)
        for _ in range(count if world.school.part == SMALL else max(1, count)):
            happen()
    return moves.movers


def _catalogue(moves: Moves, entitlements: Entitlements) -> list[tuple[Callable[[], None], float]]:
    return [
        (moves.late_joiner, 1.5),
        (moves.class_change, 0.8),
        (moves.class_change_with_gap, 0.6),
        (moves.school_change, 0.8),
        (moves.leaver, 1.0),
        (moves.leaver_whose_membership_outlives, 0.3),
        (moves.private_candidate, 0.5),
        (moves.abroad, 0.4),
        (moves.part_time, 0.8),
        (moves.adult, 0.6),
        (entitlements.exempt, 0.7),
        (entitlements.recognised, 0.5),
        (entitlements.plan_with_hours, 0.5),
        (entitlements.plan_without_hours, 0.3),
        (entitlements.adapted_language, 0.4),
        (entitlements.status_exempt, 0.5),
        (entitlements.no_language, 0.4),
        (entitlements.in_no_group, 0.5),
        (entitlements.subject_dropped, 0.4),
        (entitlements.no_subject_enrolments, 0.3),
    ]


def missing_language_groups(world: World, truth: Truth) -> None:
    """The groups that a school forgot to create, and the students who wait for them."""
    forgotten = [group for group in world.groups if not group.exists]
    for code in sorted({code for group in forgotten for code in group.subjects}):
        students = [e.enrolment_id for e in world.enrolments if code in e.codes() and not e.special]
        truth.plant(
            "missing_language_group",
            school_id=world.school.school_id,
            year=world.year.name,
            enrolment_ids=students,
            expect={"subject_code": code, "status": "not_assigned"},
        )


def received(world: World, movers: list[Mover], truth: Truth) -> None:
    """Those who came from another school: one entitlement a subject and year, two enrolments."""
    for mover in movers:
        truth.plant(
            "school_change",
            school_id=world.school.school_id,
            year=world.year.name,
            enrolment_ids=[mover.first_enrolment_id, f"EF{mover.student_number}-{world.year.short}-2"],
            expect={"rows_of": "the second enrolment", "once_the_as_of_date_is_after": iso_day(mover.start)},
        )
