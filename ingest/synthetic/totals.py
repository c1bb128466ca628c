"""The administration system's own totals per student and subject (fravarsoversikt)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from ingest.synthetic.absence import Absences
from ingest.synthetic.hal import TIMEPLAN, VURDERING, link
from ingest.synthetic.model import ABROAD, PRIVATE, Enrolment, Group, World

DIFFERING_GROUPS = 0.02
DIFFERENCE = 1.15
Running = tuple[list[int], list[int]]


class Totals:
    """Answers as of any morning; some groups' totals are planted wrong."""

    def __init__(self, world: World, absences: Absences) -> None:
        self._world = world
        self._counted = absences.counted
        self._taught: dict[tuple[int, str], Running] = {}
        self.differing = {
            group.group_id
            for group in world.groups
            if group.lessons and world.rng.random() < DIFFERING_GROUPS
        }

    def entries(self, morning: int) -> list[str]:
        """One entry per student and subject that had any teaching by then."""
        last = min(morning - 1, self._world.year_end)
        found = []
        for enrolment in self._world.enrolments:
            if enrolment.category not in (PRIVATE, ABROAD) and enrolment.known_from <= morning:
                for taking in enrolment.takings:
                    text = self._entry(enrolment, taking.code, last)
                    if text:
                        found.append(text)
        return found

    def _entry(self, enrolment: Enrolment, code: str, last: int) -> str:
        first, spring = self._world.first_day, self._world.year.spring_begins
        year = self._teaching(enrolment, code, first, last)
        if not year:
            return ""
        half_from = spring if last >= spring else first
        half = self._teaching(enrolment, code, half_from, last)
        away = self._absent(enrolment, code, first, last)
        away_half = self._absent(enrolment, code, half_from, last)
        system_id = f"FO{enrolment.enrolment_id[2:]}-{code}"
        return (
            f'{{"halvar":{_percent(away_half, half)},"skolear":{_percent(away, year)},'
            f'"systemId":{{"identifikatorverdi":"{system_id}"}},'
            f'"_links":{{"elevforhold":[{{"href":"${{utdanning.elev.elevforhold}}/systemid/{enrolment.enrolment_id}"}}],'
            f'"fag":[{{"href":"{link(f"{TIMEPLAN}.fag", f"FA_{code}")}"}}],'
            f'"self":[{{"href":"{link(f"{VURDERING}.fravarsoversikt", system_id)}"}}]}}}}'
        )

    def _teaching(self, enrolment: Enrolment, code: str, first: int, last: int) -> int:
        """Minutes taught on the days of membership."""
        total = 0.0
        for membership in enrolment.memberships:
            group = membership.group
            if code in group.subjects:
                begin, end = max(membership.start, first), min(membership.end, enrolment.end, last)
                minutes = _within(self._running(enrolment, group, code), begin, end)
                total += minutes * (DIFFERENCE if group.group_id in self.differing else 1)
        return round(total)

    def _running(self, enrolment: Enrolment, group: Group, code: str) -> Running:
        own = [subject for subject in group.subjects if subject in enrolment.codes()]
        key = (id(group), code if len(own) > 1 else "")
        if key not in self._taught:
            whole = sum(self._world.curriculum.minutes(subject) for subject in own)
            share = self._world.curriculum.minutes(code) / whole if key[1] else 1.0
            days: list[int] = []
            minutes: list[int] = []
            for lesson in group.lessons:
                if lesson.is_taught:
                    days.append(lesson.day)
                    named = lesson.subject and lesson.subject != code and len(own) > 1
                    declared = dict(lesson.shares).get(code)
                    part = lesson.minutes if lesson.subject == code else round(lesson.minutes * share)
                    minutes.append(0 if named else part if declared is None else declared)
            self._taught[key] = (days, list(accumulate(minutes)))
        return self._taught[key]

    def _absent(self, enrolment: Enrolment, code: str, first: int, last: int) -> int:
        running = self._counted.get((enrolment.enrolment_id, code))
        return _within(running, first, last) if running else 0


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
