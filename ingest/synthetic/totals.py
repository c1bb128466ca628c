"""The administration system's own totals per student and subject (fravarsoversikt)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from ingest.synthetic.absence import Absences, counted, shares
from ingest.synthetic.hal import ELEV, TIMEPLAN, VURDERING, link
from ingest.synthetic.model import ABROAD, PRIVATE, Enrolment, Group, Lesson, World

DIFFERING_GROUPS = 0.02
DIFFERENCE = 1.15
Running = tuple[list[int], list[int]]
_NONE: Running = ([], [])


class Totals:
    """The totals of one school; those of some groups are planted wrong."""

    def __init__(self, world: World, absences: Absences) -> None:
        self._world = world
        self._absences = absences
        self.differing = {
            group.group_id
            for group in world.groups
            if group.lessons and world.rng.random() < DIFFERING_GROUPS
        }

    def entries(self, morning: int) -> list[str]:
        """One entry per student and subject that had any teaching by then."""
        known = _Known(self._world, self._absences, self.differing, morning)
        return [
            text
            for enrolment in self._world.enrolments
            if enrolment.category not in (PRIVATE, ABROAD) and enrolment.known_from <= morning
            for taking in enrolment.takings
            if (text := known.entry(enrolment, taking.code))
        ]


class _Known:
    """What the administration system knew on one morning."""

    def __init__(self, world: World, absences: Absences, differing: set[str], morning: int) -> None:
        self._world = world
        self._differing = differing
        self._morning = morning
        self._last = min(morning - 1, world.year_end)
        self._absent = counted(world, absences, morning)
        self._taught: dict[tuple[int, str], Running] = {}

    def entry(self, enrolment: Enrolment, code: str) -> str:
        first, spring = self._world.first_day, self._world.year.spring_begins
        year = self._teaching(enrolment, code, first)
        if not year:
            return ""
        half_from = spring if self._last >= spring else first
        half = self._teaching(enrolment, code, half_from)
        away = self._absent.get((enrolment.enrolment_id, code), _NONE)
        system_id = f"FO{enrolment.enrolment_id[2:]}-{code}"
        to_enrolment = link(f"{ELEV}.elevforhold", enrolment.enrolment_id)
        return (
            f'{{"halvar":{_percent(_within(away, half_from, self._last), half)},'
            f'"skolear":{_percent(_within(away, first, self._last), year)},'
            f'"systemId":{{"identifikatorverdi":"{system_id}"}},'
            f'"_links":{{"elevforhold":[{{"href":"{to_enrolment}"}}],'
            f'"fag":[{{"href":"{link(f"{TIMEPLAN}.fag", f"FA_{code}")}"}}],'
            f'"self":[{{"href":"{link(f"{VURDERING}.fravarsoversikt", system_id)}"}}]}}}}'
        )

    def _teaching(self, enrolment: Enrolment, code: str, first: int) -> int:
        """Minutes taught on the days of membership."""
        total = 0.0
        for membership in enrolment.memberships:
            group = membership.group
            if code in group.subjects:
                begin, end = max(membership.start, first), min(membership.end, self._last)
                minutes = _within(self._running(enrolment, group, code), begin, end)
                total += minutes * (DIFFERENCE if group.group_id in self._differing else 1)
        return round(total)

    def _running(self, enrolment: Enrolment, group: Group, code: str) -> Running:
        own = [subject for subject in group.subjects if subject in enrolment.codes()]
        key = (id(group), code if len(own) > 1 else "")
        if key not in self._taught:
            lessons = [lesson for lesson in group.lessons if self._counts(lesson)]
            minutes = (self._part(enrolment, group, lesson, code) for lesson in lessons)
            self._taught[key] = ([lesson.day for lesson in lessons], list(accumulate(minutes)))
        return self._taught[key]

    def _counts(self, lesson: Lesson) -> bool:
        """Taught, or not yet known to be otherwise."""
        if lesson.removed_from <= self._morning:
            return False
        if lesson.only_in_register and min(lesson.ahead_from, lesson.known_from) > self._morning:
            return False
        known_from = lesson.ahead_from if lesson.cancelled_ahead else lesson.known_from
        return lesson.is_taught or known_from > self._morning

    def _part(self, enrolment: Enrolment, group: Group, lesson: Lesson, code: str) -> int:
        if lesson.shares:
            return dict(lesson.shares).get(code, 0)
        return dict(shares(self._world, enrolment, group, lesson, lesson.minutes)).get(code, 0)


def _within(running: Running, first: int, last: int) -> int:
    """The sum over days from first to last."""
    days, sums = running
    low, high = bisect_left(days, first), bisect_right(days, last)
    if high <= low:
        return 0
    return sums[high - 1] - (sums[low - 1] if low else 0)


def _percent(absent: int, taught: int) -> str:
    percent = round(100 * absent / taught) if taught else 0
    hours = f'"fravarstimer":{round(absent / 60)},"undervisningstimer":{round(taught / 60)}'
    return f'{{{hours},"prosent":{percent}}}'
