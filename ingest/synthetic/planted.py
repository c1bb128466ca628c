"""What a school's year says for the truth file, beyond single students."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ingest.synthetic.absence import Absences
from ingest.synthetic.calendar import iso_day
from ingest.synthetic.events import Happened
from ingest.synthetic.exams import EXAM
from ingest.synthetic.feed import Feed
from ingest.synthetic.groups import has_surplus
from ingest.synthetic.model import Lesson, World
from ingest.synthetic.schools import LOADS_LATE, REGISTERS_NOTHING, SMALL
from ingest.synthetic.timetable import GAP, PLANNED_SHORT, Planned
from ingest.synthetic.totals import Totals
from ingest.synthetic.truth import Truth

_EXPECTED: dict[str, dict[str, object]] = {
    "ordinary_student": {"slot_rows": 0, "hours": "fill the programme area exactly"},
    "accelerated_mathematics": {"slot_rows": 0, "hours": "56 more than the programme area demands"},
    "drawn_for_exam": {"ordinary lessons cancelled on the exam's days": "count as given"},
}
_COUNTED = {
    "students": "utdanning.elev/elev.json",
    "enrolments": "utdanning.elev/elevforhold.json",
    "groups": "utdanning.timeplan/undervisningsgruppe.json",
    "group_memberships": "utdanning.timeplan/undervisningsgruppemedlemskap.json",
    "subject_enrolments": "utdanning.timeplan/faggruppemedlemskap.json",
    "lessons_in_fint": "utdanning.timeplan/time.json",
    "lessons_in_register": "timeregister.csv",
    "lessons_in_timetable_report": "timeplan.csv",
    "absences_by_lesson": "fravaer.csv",
    "absences_by_period": "utdanning.vurdering/fravarsregistrering.json",
    "absences_by_date": "utdanning.vurdering/aktivitetsfravar.json",
    "warnings": "utdanning.elev/varsel.json",
    "decisions": "vedtak.csv",
    "exam_periods": "eksamen.csv",
}


def count(truth: Truth, folder: str, feed: Feed, world: World, morning: int) -> None:
    """The good rows of a school in one delivery."""
    for what, file in _COUNTED.items():
        truth.count(
            folder, what, sum(since <= morning < until for since, until, _ in feed.rows.get(file, ()))
        )
    timetabled = sum(
        not lesson.only_in_register and morning < lesson.removed_from for lesson in world.lessons
    )
    replacing = 0
    if world.school.part != REGISTERS_NOTHING:
        replacing = sum(
            lesson.only_in_register and min(lesson.ahead_from, lesson.known_from) <= morning
            for lesson in world.lessons
        )
    truth.count(folder, "lessons", timetabled + replacing)
    for lesson in world.lessons:
        if lesson.known_from <= morning and world.school.part != REGISTERS_NOTHING:
            truth.count(folder, f"registered:{lesson.status}:{lesson.cover or 'egen'}", 1)


def tell(
    truth: Truth,
    world: World,
    *,
    plan: Planned,
    happened: Happened,
    absences: Absences,
    totals: Totals,
    mornings: list[int],
) -> None:
    last = mornings[-1] if mornings else 0
    _schools(truth, world, mornings)
    _students(truth, world, mornings)
    _groups(truth, world, plan, totals)
    _lessons(truth, world, happened, mornings)
    _absences(truth, world, absences, last)


def _plant(truth: Truth, world: World, situation: str, expect: dict[str, object], **where: object) -> None:
    truth.plant(situation, school_id=world.school.school_id, year=world.year.name, **where, expect=expect)


def _schools(truth: Truth, world: World, mornings: list[int]) -> None:
    school = world.school
    truth.school(
        school_id=school.school_id,
        school_year=world.year.name,
        name=school.name,
        students=len(world.enrolments),
        groups=sum(group.exists for group in world.groups),
        part=school.part,
        delivered=[iso_day(morning) for morning in mornings],
    )
    if school.part == REGISTERS_NOTHING:
        _plant(truth, world, REGISTERS_NOTHING, {"lesson_status": "timetabled", "evidence": "assumed"})
    if school.part == LOADS_LATE:
        known = iso_day(mornings[-1] - 1) if mornings else None
        _plant(truth, world, LOADS_LATE, {"last_day_known": known, "status": "unknown", "is_stale": True})
    if school.part == SMALL:
        _plant(truth, world, SMALL, {"students": len(world.enrolments), "suppressed": True})


def _students(truth: Truth, world: World, mornings: list[int]) -> None:
    """Those whose year is as it should be, whatever becomes of their lessons."""
    ordinary = [enrolment for enrolment in world.enrolments if not enrolment.special]
    by_kind = {
        "ordinary_student": [one.enrolment_id for one in ordinary if not has_surplus(one)],
        "accelerated_mathematics": [one.enrolment_id for one in ordinary if has_surplus(one)],
    }
    last = mornings[-1] if mornings else 0
    by_kind["drawn_for_exam"] = [
        one.enrolment_id
        for one in world.enrolments
        if any(period.kind == EXAM and period.known_from <= last for period in one.exams)
    ]
    for situation, ids in by_kind.items():
        if ids:
            _plant(truth, world, situation, _EXPECTED[situation], enrolment_ids=ids)


def _groups(truth: Truth, world: World, plan: Planned, totals: Totals) -> None:
    for kind, situation in ((PLANNED_SHORT, "not_scheduled"), (GAP, "gap_in_timetable")):
        for group in plan.kind.get(kind, []):
            planned = sum(lesson.minutes for lesson in group.lessons if not lesson.replaces)
            _plant(
                truth,
                world,
                situation,
                {"subject_codes": list(group.subjects), "planned_minutes": planned},
                group_ids=[group.group_id],
            )
    for group in world.groups:
        if group.group_id in totals.differing:
            expect: dict[str, object] = {"subject_codes": list(group.subjects), "reconciles": False}
            _plant(truth, world, "reconciliation_difference", expect, group_ids=[group.group_id])


def _lessons(truth: Truth, world: World, happened: Happened, mornings: list[int]) -> None:
    last = mornings[-1] if mornings else 0

    def known(lessons: Iterable[Lesson]) -> list[Lesson]:
        return [lesson for lesson in lessons if min(lesson.known_from, lesson.ahead_from) <= last]

    def ids(lessons: Iterable[Lesson]) -> list[str]:
        return [lesson.lesson_id for lesson in lessons]

    ahead = known([*happened.exam_cancelled, *happened.ahead_cancelled])
    replaced = known(happened.replaced)
    vanished = [
        lesson
        for lesson in happened.removed
        if any(before < lesson.removed_from <= after for before, after in pairwise(mornings))
        and lesson.day >= next(morning for morning in mornings if morning >= lesson.removed_from)
    ]
    planted: list[tuple[str, list[Lesson], dict[str, object]]] = [
        (
            "joint_lesson",
            [one for one in known(world.lessons) if len(one.groups) > 1 and not one.shares],
            {"counted": "once"},
        ),
        ("cross_subject_day", known(happened.cross_subject), {"shares": "as declared"}),
        (
            "excursion",
            known(lesson for lesson, _ in happened.excursions if lesson.is_taught),
            {"other_groups": "diverted"},
        ),
        ("subject_named_by_lesson", known(happened.subject_named), {"split": False}),
        (
            "cancelled_ahead",
            [one for one in ahead if one.day >= last],
            {"status": "cancelled", "remaining": False},
        ),
        (
            "cancelled_for_exam",
            [one for one in known(happened.exam_cancelled) if one.day < last],
            {"status": "cancelled"},
        ),
        (
            "made_up",
            [one for one in replaced if one.day < last and one.status == "holdt"],
            {"replaces": "a cancelled lesson"},
        ),
        ("made_up_ahead", [one for one in replaced if one.day >= last], {"status": "timetabled"}),
        ("removed_from_timetable", vanished, {"status": "cancelled", "cause": "removed from timetable"}),
    ]
    if world.school.part != REGISTERS_NOTHING:
        silent = [lesson for lesson in happened.unregistered if lesson.day < last]
        planted.append(("never_registered", silent, {"lesson_status": "timetabled", "evidence": "assumed"}))
    for situation, lessons, expect in planted:
        if lessons:
            _plant(truth, world, situation, expect, lesson_ids=ids(lessons))


def _absences(truth: Truth, world: World, absences: Absences, last: int) -> None:
    on_cancelled = [row.absence_id for row in absences.on_cancelled if row.known_from <= last]
    if on_cancelled:
        _plant(
            truth,
            world,
            "absence_on_cancelled_lesson",
            {"counts": 0, "finding": True},
            absence_ids=on_cancelled,
        )
    too_long = [row.absence_id for row in absences.too_long if row.known_from <= last]
    if too_long:
        _plant(truth, world, "absence_longer_than_lesson", {"lands": True}, absence_ids=too_long)
    for enrolment, subject, percent in absences.over_limit:
        _plant(
            truth,
            world,
            "over_absence_limit",
            {"subject_code": subject, "absence_limit": "over", "percent": percent},
            enrolment_ids=[enrolment.enrolment_id],
        )
    for enrolment, subject in absences.unwarned:
        _plant(
            truth,
            world,
            "over_limit_without_warning",
            {"subject_code": subject, "warning_sent": False},
            enrolment_ids=[enrolment.enrolment_id],
        )
