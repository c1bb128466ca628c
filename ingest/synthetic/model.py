"""What one school's year consists of, before it is written as dumps and reports."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ingest.synthetic.calendar import SchoolYear
from ingest.synthetic.people import Person
from ingest.synthetic.programme import Curriculum
from ingest.synthetic.schools import School

ALWAYS = 0
NEVER = 9_999_999

FULL_TIME, PART_TIME, ADULT, PRIVATE, ABROAD = "heltid", "deltid", "voksen", "privatist", "utland"


@dataclass(slots=True)
class Lesson:
    """One occasion. `known_from` is the first morning an extract can tell how it went."""

    lesson_id: str
    day: int
    start: int
    end: int
    groups: tuple[Group, ...]
    status: str = "holdt"
    cover: str = ""
    cause: str = ""
    subject: str = ""
    shares: tuple[tuple[str, int], ...] = ()
    replaces: str = ""
    known_from: int = NEVER
    ahead_from: int = NEVER
    removed_from: int = NEVER
    only_in_register: bool = False
    cancelled_ahead: bool = False

    @property
    def minutes(self) -> int:
        return self.end - self.start

    @property
    def is_taught(self) -> bool:
        return self.status == "holdt" and self.cover not in ("tilsyn", "selvstudium")


@dataclass(slots=True)
class Group:
    group_id: str
    name: str
    subjects: tuple[str, ...]
    teacher: int
    class_names: tuple[str, ...]
    exists: bool = True
    lessons: list[Lesson] = field(default_factory=list, repr=False)
    by_day: dict[int, list[Lesson]] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Membership:
    """Known from a morning on; where it ends early, the end is known only from a later one."""

    group: Group
    start: int
    end: int
    known_from: int = ALWAYS
    end_known_from: int = ALWAYS


@dataclass(slots=True)
class Taking:
    """A subject enrolment."""

    code: str
    start: int
    end: int
    status: str = "E"
    known_from: int = ALWAYS
    end_known_from: int = ALWAYS


@dataclass(slots=True)
class Decision:
    decision_id: str
    code: str
    kind: str
    hours: str
    valid_from: int
    valid_to: int | None
    decided_on: int


@dataclass(slots=True)
class ExamPeriod:
    start: int
    end: int
    kind: str
    known_from: int


@dataclass(slots=True)
class Enrolment:
    enrolment_id: str
    student_number: str
    person: Person
    area: str
    level: int
    class_name: str
    start: int
    end: int
    category: str = FULL_TIME
    known_from: int = ALWAYS
    end_known_from: int = ALWAYS
    takings: list[Taking] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    exams: list[ExamPeriod] = field(default_factory=list)
    special: str = ""

    def codes(self) -> set[str]:
        return {taking.code for taking in self.takings}


@dataclass(slots=True)
class Series:
    """Lessons given together all year: one group, or several in joint lessons."""

    groups: tuple[Group, ...]
    minutes: int


@dataclass(slots=True)
class Cohort:
    """The students of one level and family of programme areas; they share choices and a weekly grid."""

    name: str
    areas: tuple[str, ...]
    level: int
    class_names: list[str]
    enrolments: list[Enrolment] = field(default_factory=list)
    common: list[list[Series]] = field(default_factory=list)
    by_class: dict[str, list[list[Series]]] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """One school in one school year."""

    school: School
    year: SchoolYear
    curriculum: Curriculum = field(repr=False)
    rng: random.Random = field(repr=False)
    cohorts: list[Cohort] = field(default_factory=list, repr=False)
    enrolments: list[Enrolment] = field(default_factory=list, repr=False)
    groups: list[Group] = field(default_factory=list, repr=False)
    lessons: list[Lesson] = field(default_factory=list, repr=False)
    teachers: list[Person] = field(default_factory=list, repr=False)
    lesson_count: int = 0
    lesson_prefix: str = field(init=False)

    def __post_init__(self) -> None:
        self.lesson_prefix = f"T{self.school.school_id}-{self.year.short}-"

    @property
    def first_day(self) -> int:
        return self.year.first_day.toordinal()

    @property
    def year_end(self) -> int:
        """31 July: when enrolments of the year end by themselves."""
        return self.year.first_day.replace(year=self.year.starts + 1, month=7, day=31).toordinal()


@dataclass(frozen=True, slots=True)
class Mover:
    """A student on the way to another school of the county."""

    person: Person
    student_number: str
    family: str
    level: int
    area: str
    first_enrolment_id: str
    start: int
    to_school: int
