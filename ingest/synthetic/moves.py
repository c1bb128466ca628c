"""Students who come, go, change class or school, or are no ordinary full-time students."""

from __future__ import annotations

from ingest.synthetic import people
from ingest.synthetic.calendar import iso_day
from ingest.synthetic.drawing import Drawing
from ingest.synthetic.groups import STUDENTS_PER_COHORT
from ingest.synthetic.model import (
    ABROAD,
    ADULT,
    PART_TIME,
    PRIVATE,
    Enrolment,
    Group,
    Membership,
    Mover,
    Taking,
)
from ingest.synthetic.programme import FAMILIES
from ingest.synthetic.schools import LOADS_LATE, MISSING_LANGUAGE_GROUP, School

GAP_DAYS = 14


class Moves:
    """Each method draws one student and lets one thing happen."""

    def __init__(self, drawing: Drawing, schools: list[School]) -> None:
        self._drawing = drawing
        self._world = drawing.world
        self._rng = drawing.rng
        self.movers: list[Mover] = []
        self._later_schools = [
            school
            for school in schools
            if school.index > self._world.school.index and school.part in ("", MISSING_LANGUAGE_GROUP)
        ]

    def late_joiner(self) -> None:
        enrolment = self._drawing.draw("late_joiner")
        if enrolment is None:
            return
        day = self._drawing.day(14, 100)
        enrolment.start = enrolment.known_from = day
        for item in _dated(enrolment):
            item.start = item.known_from = day
        self._drawing.plant(enrolment, {"outside_membership_before": iso_day(day)})

    def class_change(self, gap: int = 0, kind: str = "class_change") -> None:
        enrolment = self._drawing.draw(kind, self._has_parallel_class)
        if enrolment is None:
            return
        cohort = self._cohort(enrolment)
        target = self._rng.choice([name for name in cohort if name != enrolment.class_name])
        day = self._drawing.day(30, 150)
        moved: list[tuple[str, str]] = []
        for membership in list(enrolment.memberships):
            other = self._same_subjects_in(membership.group, target)
            if other is None:
                continue
            membership.end, membership.end_known_from = day - 1, day
            enrolment.memberships.append(
                Membership(other, day + gap, self._world.year_end, known_from=day + gap)
            )
            moved.append((membership.group.group_id, other.group_id))
        enrolment.class_name = target
        self._drawing.plant(
            enrolment,
            {"gap_days": gap, "loses_and_doubles_nothing": gap == 0},
            moved=moved,
            last_day_in_old=iso_day(day - 1),
        )

    def class_change_with_gap(self) -> None:
        self.class_change(GAP_DAYS, "class_change_with_gap")

    def _cohort(self, enrolment: Enrolment) -> list[str]:
        return next(c.class_names for c in self._world.cohorts if enrolment.class_name in c.class_names)

    def _has_parallel_class(self, enrolment: Enrolment) -> bool:
        return len(self._cohort(enrolment)) > 1

    def _same_subjects_in(self, group: Group, class_name: str) -> Group | None:
        if len(group.class_names) != 1:
            return None
        for other in self._world.groups:
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
        if self._world.school.part == LOADS_LATE:
            return
        enrolment = self._drawing.draw("school_change", lambda found: self._next_school(found) is not None)
        school = self._next_school(enrolment) if enrolment else None
        if enrolment is None or school is None:
            return
        day = self._drawing.day(40, 150)
        self._end(enrolment, day - 1)
        mover = Mover(
            person=enrolment.person,
            student_number=enrolment.student_number,
            family=_family(enrolment),
            level=enrolment.level,
            area=enrolment.area,
            first_enrolment_id=enrolment.enrolment_id,
            start=day + self._rng.choice((0, 0, 3, 10)),
            to_school=school.index,
        )
        self.movers.append(mover)

    def _next_school(self, enrolment: Enrolment) -> School | None:
        family = _family(enrolment)
        return next((school for school in self._later_schools if family in school.families), None)

    def leaver(self) -> None:
        enrolment = self._drawing.draw("leaver")
        if enrolment is None:
            return
        day = self._drawing.day(20, 180)
        self._end(enrolment, day)
        self._drawing.plant(enrolment, {"status": "left", "once_the_as_of_date_is_after": iso_day(day)})

    def leaver_whose_membership_outlives(self) -> None:
        enrolment = self._drawing.draw("membership_outlives_enrolment")
        if enrolment is None:
            return
        day = self._drawing.day(40, 150)
        self._end(enrolment, day)
        for membership in enrolment.memberships:
            membership.end, membership.end_known_from = self._world.year_end, 0
        self._drawing.plant(
            enrolment, {"lands": True, "status": "left", "once_the_as_of_date_is_after": iso_day(day)}
        )

    def private_candidate(self) -> None:
        enrolment = self._drawing.draw("private_candidate")
        if enrolment is None:
            return
        enrolment.category = PRIVATE
        enrolment.takings = enrolment.takings[:2]
        enrolment.memberships = enrolment.memberships[:1]
        self._drawing.plant(enrolment, {"rows": 0})

    def abroad(self) -> None:
        enrolment = self._drawing.draw("abroad", lambda found: found.level > 1)
        if enrolment is None:
            return
        enrolment.category = ABROAD
        enrolment.memberships = []
        self._drawing.plant(enrolment, {"rows": 0})

    def _keep_only(self, enrolment: Enrolment, count: int) -> None:
        enrolment.takings = enrolment.takings[:count]
        codes = enrolment.codes()
        enrolment.memberships = [m for m in enrolment.memberships if codes & set(m.group.subjects)]

    def part_time(self) -> None:
        enrolment = self._drawing.draw("part_time")
        if enrolment is None:
            return
        enrolment.category = PART_TIME
        self._keep_only(enrolment, 3)
        self._drawing.plant(enrolment, {"slot_rows": 0, "subject_codes": sorted(enrolment.codes())})

    def adult(self) -> None:
        enrolment = self._drawing.draw("adult")
        if enrolment is None:
            return
        enrolment.category = ADULT
        serial = self._world.school.index * STUDENTS_PER_COHORT + int(enrolment.student_number[-4:])
        # A year of birth per level and school year, so that no two adults share a number.
        enrolment.person = people.student(1980 + (self._world.year.starts * 3 + enrolment.level) % 18, serial)
        self._keep_only(enrolment, 5)
        self._drawing.plant(enrolment, {"slot_rows": 0, "subject_codes": sorted(enrolment.codes())})


def _dated(enrolment: Enrolment) -> list[Taking | Membership]:
    return [*enrolment.takings, *enrolment.memberships]


def _family(enrolment: Enrolment) -> str:
    return next(
        family for family, levels in FAMILIES.items() if any(enrolment.area in areas for areas in levels)
    )
