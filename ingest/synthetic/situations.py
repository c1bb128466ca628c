"""The students whose year is not the ordinary one, each kind in every larger school."""

from __future__ import annotations

import random
from collections.abc import Callable

from ingest.synthetic import people
from ingest.synthetic.calendar import iso_day
from ingest.synthetic.groups import STUDENTS_PER_COHORT
from ingest.synthetic.model import (
    ABROAD,
    ADULT,
    PART_TIME,
    PRIVATE,
    Decision,
    Enrolment,
    Group,
    Membership,
    Mover,
    Taking,
    World,
)
from ingest.synthetic.programme import FAMILIES, LANGUAGE_SLOT
from ingest.synthetic.schools import LOADS_LATE, MISSING_LANGUAGE_GROUP, SMALL, School
from ingest.synthetic.truth import Truth

GAP_DAYS = 14


class Situations:
    """Draws students who are still ordinary and makes something happen to them."""

    def __init__(self, world: World, truth: Truth, schools: list[School]) -> None:
        self.world = world
        self.rng: random.Random = world.rng
        self.truth = truth
        self.movers: list[Mover] = []
        self._later_schools = [
            school
            for school in schools
            if school.index > world.school.index and school.part in ("", MISSING_LANGUAGE_GROUP)
        ]
        self._free = [enrolment for enrolment in world.enrolments if not enrolment.special]
        self.rng.shuffle(self._free)

    def play(self) -> None:
        scale = len(self._free) / 100
        for happen, per_hundred in self._catalogue():
            count = round(scale * per_hundred)
            for _ in range(count if self.world.school.part == SMALL else max(1, count)):
                happen()

    def _catalogue(self) -> list[tuple[Callable[[], None], float]]:
        return [
            (self.late_joiner, 1.5),
            (self.class_change, 0.8),
            (self.class_change_with_gap, 0.6),
            (self.school_change, 0.8),
            (self.leaver, 1.0),
            (self.leaver_whose_membership_outlives, 0.3),
            (self.private_candidate, 0.5),
            (self.abroad, 0.4),
            (self.part_time, 0.8),
            (self.adult, 0.6),
            (self.exempt, 0.7),
            (self.recognised, 0.5),
            (self.plan_with_hours, 0.5),
            (self.plan_without_hours, 0.3),
            (self.adapted_language, 0.4),
            (self.status_exempt, 0.5),
            (self.no_language, 0.4),
            (self.in_no_group, 0.5),
            (self.subject_dropped, 0.4),
            (self.no_subject_enrolments, 0.3),
        ]

    def _draw(self, kind: str, suits: Callable[[Enrolment], bool] = lambda _: True) -> Enrolment | None:
        for number in range(len(self._free) - 1, -1, -1):
            if suits(self._free[number]):
                enrolment = self._free.pop(number)
                enrolment.special = kind
                return enrolment
        return None

    def _plant(self, enrolment: Enrolment, expect: dict[str, object], **where: object) -> None:
        self.truth.plant(
            enrolment.special,
            school_id=self.world.school.school_id,
            year=self.world.year.name,
            enrolment_ids=[enrolment.enrolment_id],
            **where,
            expect=expect,
        )

    def _day(self, earliest: int, latest: int) -> int:
        """A teaching day so many days into the school year."""
        first = self.world.first_day
        days = [day for day in self.world.year.teaching_days if first + earliest <= day <= first + latest]
        return self.rng.choice(days)

    def late_joiner(self) -> None:
        enrolment = self._draw("late_joiner")
        if enrolment is None:
            return
        day = self._day(14, 100)
        enrolment.start = enrolment.known_from = day
        for item in _dated(enrolment):
            item.start = item.known_from = day
        self._plant(enrolment, {"outside_membership_before": iso_day(day)})

    def class_change(self, gap: int = 0, kind: str = "class_change") -> None:
        enrolment = self._draw(kind, self._has_parallel_class)
        if enrolment is None:
            return
        cohort = self._cohort(enrolment)
        target = self.rng.choice([name for name in cohort if name != enrolment.class_name])
        day = self._day(30, 150)
        moved: list[tuple[str, str]] = []
        for membership in list(enrolment.memberships):
            other = self._same_subjects_in(membership.group, target)
            if other is None:
                continue
            membership.end, membership.end_known_from = day - 1, day
            enrolment.memberships.append(
                Membership(other, day + gap, self.world.year_end, known_from=day + gap)
            )
            moved.append((membership.group.group_id, other.group_id))
        enrolment.class_name = target
        self._plant(
            enrolment,
            {"gap_days": gap, "loses_and_doubles_nothing": gap == 0},
            moved=moved,
            last_day_in_old=iso_day(day - 1),
        )

    def class_change_with_gap(self) -> None:
        self.class_change(GAP_DAYS, "class_change_with_gap")

    def _cohort(self, enrolment: Enrolment) -> list[str]:
        return next(c.class_names for c in self.world.cohorts if enrolment.class_name in c.class_names)

    def _has_parallel_class(self, enrolment: Enrolment) -> bool:
        return len(self._cohort(enrolment)) > 1

    def _same_subjects_in(self, group: Group, class_name: str) -> Group | None:
        if len(group.class_names) != 1:
            return None
        for other in self.world.groups:
            if other.class_names == (class_name,) and other.subjects == group.subjects:
                return other
        return None

    def _end(self, enrolment: Enrolment, last_day: int) -> None:
        enrolment.end, enrolment.end_known_from = last_day, last_day + 1
        for item in _dated(enrolment):
            if item.end > last_day:
                item.end, item.end_known_from = last_day, last_day + 1

    def school_change(self) -> None:
        """Moves on to a later school of the county that has the same programme."""
        if self.world.school.part == LOADS_LATE:
            return
        enrolment = self._draw("school_change", lambda found: self._next_school(found) is not None)
        school = self._next_school(enrolment) if enrolment else None
        if enrolment is None or school is None:
            return
        day = self._day(40, 150)
        self._end(enrolment, day - 1)
        mover = Mover(
            person=enrolment.person,
            student_number=enrolment.student_number,
            family=_family(enrolment),
            level=enrolment.level,
            area=enrolment.area,
            first_enrolment_id=enrolment.enrolment_id,
            start=day + self.rng.choice((0, 0, 3, 10)),
            to_school=school.index,
        )
        self.movers.append(mover)

    def _next_school(self, enrolment: Enrolment) -> School | None:
        family = _family(enrolment)
        return next((school for school in self._later_schools if family in school.families), None)

    def leaver(self) -> None:
        enrolment = self._draw("leaver")
        if enrolment is None:
            return
        day = self._day(20, 180)
        self._end(enrolment, day)
        self._plant(enrolment, {"status": "left", "once_the_as_of_date_is_after": iso_day(day)})

    def leaver_whose_membership_outlives(self) -> None:
        enrolment = self._draw("membership_outlives_enrolment")
        if enrolment is None:
            return
        day = self._day(40, 150)
        self._end(enrolment, day)
        for membership in enrolment.memberships:
            membership.end, membership.end_known_from = self.world.year_end, 0
        self._plant(
            enrolment, {"lands": True, "status": "left", "once_the_as_of_date_is_after": iso_day(day)}
        )

    def private_candidate(self) -> None:
        enrolment = self._draw("private_candidate")
        if enrolment is None:
            return
        enrolment.category = PRIVATE
        enrolment.takings = enrolment.takings[:2]
        enrolment.memberships = enrolment.memberships[:1]
        self._plant(enrolment, {"rows": 0})

    def abroad(self) -> None:
        enrolment = self._draw("abroad", lambda found: found.level > 1)
        if enrolment is None:
            return
        enrolment.category = ABROAD
        enrolment.memberships = []
        self._plant(enrolment, {"rows": 0})

    def _keep_only(self, enrolment: Enrolment, count: int) -> None:
        enrolment.takings = enrolment.takings[:count]
        codes = enrolment.codes()
        enrolment.memberships = [m for m in enrolment.memberships if codes & set(m.group.subjects)]

    def part_time(self) -> None:
        enrolment = self._draw("part_time")
        if enrolment is None:
            return
        enrolment.category = PART_TIME
        self._keep_only(enrolment, 3)
        self._plant(enrolment, {"slot_rows": 0, "subject_codes": sorted(enrolment.codes())})

    def adult(self) -> None:
        enrolment = self._draw("adult")
        if enrolment is None:
            return
        enrolment.category = ADULT
        serial = self.world.school.index * STUDENTS_PER_COHORT + int(enrolment.student_number[-4:])
        # A year of birth per level and school year, so that no two adults share a number.
        enrolment.person = people.student(1980 + (self.world.year.starts * 3 + enrolment.level) % 18, serial)
        self._keep_only(enrolment, 5)
        self._plant(enrolment, {"slot_rows": 0, "subject_codes": sorted(enrolment.codes())})

    def _decide(self, enrolment: Enrolment, code: str, kind: str, hours: str = "") -> Decision:
        decided = self._day(5, 140)
        decision = Decision(
            f"V{enrolment.enrolment_id[2:]}-1",
            code,
            kind,
            hours,
            self.world.first_day if self.rng.random() < 0.5 else decided,
            None,
            decided,
        )
        enrolment.decisions.append(decision)
        return decision

    def _decided(self, situation: str, kind: str, hours: str = "", stays_in_group: bool = True) -> None:
        enrolment = self._draw(situation)
        if enrolment is None:
            return
        code = self.rng.choice(sorted(enrolment.codes()))
        decision = self._decide(enrolment, code, kind, hours)
        if not stays_in_group:
            for membership in enrolment.memberships:
                if membership.group.subjects == (code,):
                    membership.end, membership.end_known_from = decision.decided_on, decision.decided_on + 1
        expect: dict[str, object] = {
            "subject_code": code,
            "once_the_as_of_date_is_after": iso_day(decision.decided_on),
        }
        if kind in ("fritak", "godkjent"):
            expect["required_minutes"] = 0
        elif hours:
            expect["required_minutes"] = round(float(hours.replace(",", ".")) * 60)
        self._plant(enrolment, expect, decision_ids=[decision.decision_id])

    def exempt(self) -> None:
        self._decided("exempt", "fritak", stays_in_group=False)

    def recognised(self) -> None:
        self._decided("recognised", "godkjent", stays_in_group=False)

    def plan_with_hours(self) -> None:
        self._decided(
            "individual_plan_with_hours", "IOP", hours=self.rng.choice(("28", "42,5", "56", "70,25"))
        )

    def plan_without_hours(self) -> None:
        self._decided("individual_plan_without_hours", "IOP")

    def adapted_language(self) -> None:
        self._decided("adapted_language", "særskilt språkopplæring")

    def status_exempt(self) -> None:
        enrolment = self._draw("status_f")
        if enrolment is None:
            return
        taking = self.rng.choice(enrolment.takings)
        taking.status = "F"
        if taking.code.startswith("KRO"):
            enrolment.memberships = [m for m in enrolment.memberships if m.group.subjects != (taking.code,)]
        self._plant(enrolment, {"subject_code": taking.code, "status": "exempt", "required_minutes": 0})

    def no_language(self) -> None:
        enrolment = self._draw("slot_without_subject", lambda found: _language(found) is not None)
        if enrolment is None:
            return
        code = _language(enrolment)
        enrolment.takings = [taking for taking in enrolment.takings if taking.code != code]
        enrolment.memberships = [m for m in enrolment.memberships if code not in m.group.subjects]
        self._plant(enrolment, {"subject_code": LANGUAGE_SLOT, "status": "not_assigned"})

    def in_no_group(self) -> None:
        enrolment = self._draw("enrolled_in_no_group")
        if enrolment is None:
            return
        single = [m.group for m in enrolment.memberships if len(m.group.subjects) == 1]
        group = self.rng.choice(single)
        enrolment.memberships = [m for m in enrolment.memberships if m.group is not group]
        self._plant(enrolment, {"subject_code": group.subjects[0], "status": "not_assigned"})

    def subject_dropped(self) -> None:
        """A subject tried and dropped before the enrolment ends is no longer due."""
        enrolment = self._draw("subject_dropped", lambda found: "REA3035" not in found.codes())
        if enrolment is None:
            return
        day = self._day(20, 60)
        enrolment.takings.append(
            Taking("REA3035", enrolment.start, day, known_from=0, end_known_from=day + 1)
        )
        self._plant(enrolment, {"no_row_for": "REA3035", "once_the_as_of_date_is_after": iso_day(day)})

    def no_subject_enrolments(self) -> None:
        """The groups' subjects stand in."""
        enrolment = self._draw("no_subject_enrolments")
        if enrolment is not None:
            codes = sorted({code for m in enrolment.memberships for code in m.group.subjects})
            enrolment.takings = []
            self._plant(enrolment, {"rows_from": "groups", "subject_codes": codes})


def _dated(enrolment: Enrolment) -> list[Taking | Membership]:
    return [*enrolment.takings, *enrolment.memberships]


def _family(enrolment: Enrolment) -> str:
    return next(
        family for family, levels in FAMILIES.items() if any(enrolment.area in areas for areas in levels)
    )


def _language(enrolment: Enrolment) -> str | None:
    return next((code for code in enrolment.codes() if code.startswith("FSP")), None)


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
