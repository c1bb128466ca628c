"""Drawing students who are still ordinary, so that nothing happens to anybody twice."""

from __future__ import annotations

import random
from collections.abc import Callable

from ingest.synthetic.model import Enrolment, World
from ingest.synthetic.truth import Truth


class Drawing:
    """The students of a school in random order, and what was planted with those already drawn."""

    def __init__(self, world: World, truth: Truth) -> None:
        self.world = world
        self.rng: random.Random = world.rng
        self._truth = truth
        self._free = [enrolment for enrolment in world.enrolments if not enrolment.special]
        self.rng.shuffle(self._free)

    @property
    def left(self) -> int:
        return len(self._free)

    def draw(self, kind: str, suits: Callable[[Enrolment], bool] = lambda _: True) -> Enrolment | None:
        for number in range(len(self._free) - 1, -1, -1):
            if suits(self._free[number]):
                enrolment = self._free.pop(number)
                enrolment.special = kind
                return enrolment
        return None

    def plant(self, enrolment: Enrolment, expect: dict[str, object], **where: object) -> None:
        self._truth.plant(
            enrolment.special,
            school_id=self.world.school.school_id,
            year=self.world.year.name,
            enrolment_ids=[enrolment.enrolment_id],
            **where,
            expect=expect,
        )

    def day(self, earliest: int, latest: int) -> int:
        """A teaching day so many days into the school year."""
        first = self.world.first_day
        days = [day for day in self.world.year.teaching_days if first + earliest <= day <= first + latest]
        return self.rng.choice(days)
