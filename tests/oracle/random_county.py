"""Small random counties that mix every situation of the rules, densely: seeded, and clean to the contract.

Days, codes and ids come from short lists, so that ties, overlaps and collisions are common rather than rare.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from tests.oracle.lessons import MINUTE, OSLO

T = TypeVar("T")
Row = dict[str, Any]
YEAR, LAST_YEAR = "2018-19", "2017-18"
SUBJECTS = ["ENG", "FSP1", "FSP2", "GEO", "KRO", "MAT", "NOR", "ORAL", "REA1", "REA2", "XYZ"]
AREAS = ["STUSP1----", "STUSP1----", "STUSP2----", "IDIDR1----"]
PATTERNS = ["*", "ST*", "STUSP1*", "STUSP1----", "STUSP1----*", "STUSP2*", "IDIDR1----"]
SLOT_LISTS = ["NOR", "MAT|ENG", "FSP*", "REA*|GEO", "KRO|REA1", "ORAL|GEO", "GEO", "XYZ|REA*", "NOR|MAT|REA2"]
HOURS = ["0.5", "1", "1.025", "2", "2.175", "2.5", "3", "4", "0.3417"]
CATEGORIES = ["full_time"] * 7 + ["part_time", "adult", "private_candidate", "abroad"]
COVERS = [None, None, None, None, "own", "substitute", "substitute", "merged", "supervised", "self_study"]
DECISIONS = ["exempt", "recognised", "individual_plan", "individual_plan", "accelerated", "adapted_language"]


class RandomCounty:
    """One county around an as-of date; `tables` holds it in landing form.

    `null_areas` says whether an enrolment may lack a programme area, `bare_slots` whether a slot may
    hold for any programme area: with both, the county cannot be built together with others.
    """

    def __init__(
        self, seed: int, as_of: date, *, students: int = 5, null_areas: bool = False, bare_slots: bool = True
    ) -> None:
        self.rng = random.Random(seed)
        self.as_of = as_of
        self.null_areas = null_areas
        self.tables: dict[str, list[Row]] = {}
        self.schools = ["1001", "1002", "1003"]
        self._add_each("school", [self._school(school) for school in self.schools])
        self._add_each("subject", [{"subject_code": s, "name": s, "kind": None} for s in SUBJECTS])
        self._add_curriculum(bare_slots)
        self._add_groups(students)
        self._add_lessons(students)
        self._add_students(students)
        for enrolment in self.tables["enrolment"]:
            self._add_subject_enrolments(enrolment)
            self._add_memberships(enrolment)
            self._add_exam_periods(enrolment)
            self._add_decisions(enrolment)
            self._add_absences(enrolment)

    # Choices ----------------------------------------------------------------------------------------

    def _add_each(self, table: str, rows: list[Row]) -> None:
        self.tables.setdefault(table, []).extend(rows)

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _some(self, among: Sequence[T], least: int, most: int) -> list[T]:
        return self.rng.sample(among, min(self.rng.randint(least, most), len(among)))

    def _maybe(self, share: float, value: T) -> T | None:
        return value if self._chance(share) else None

    def _near(self, earliest: int, latest: int) -> date:
        return self.as_of + timedelta(days=self.rng.randint(earliest, latest))

    def _ids(self, letter: str, count: int) -> list[str]:
        """Unique ids in an order that says nothing."""
        return [f"{letter}{number}" for number in self.rng.sample(range(10, 10 + 3 * count), count)]

    # Schools, curriculum and groups -----------------------------------------------------------------

    def _school(self, school_id: str) -> Row:
        return {
            "school_id": school_id,
            "valid_from": "2018-01-01",
            "valid_to": None,
            "county_number": "02",
            "name": f"Skole {school_id}",
            "organisation_number": None,
            "owner": "county",
        }

    def _validity(self) -> Row:
        first = self.rng.choice(["2016-17", LAST_YEAR, LAST_YEAR, LAST_YEAR, YEAR, YEAR, YEAR, "2019-20"])
        last = self._maybe(0.15, max(first, self.rng.choice([LAST_YEAR, YEAR])))
        return {"valid_from_year": first, "valid_to_year": last}

    def _add_curriculum(self, bare_slots: bool) -> None:
        hours: dict[tuple[str, ...], Row] = {}
        for subject in SUBJECTS:
            for _ in range(self.rng.choice([1, 2, 2, 3]) if subject != "XYZ" else 0):
                pattern = self.rng.choice(["*", "*", *PATTERNS])
                row = {"subject_code": subject, "programme_area_code": pattern, **self._validity()}
                row["hours"] = "0" if subject == "ORAL" or self._chance(0.03) else self.rng.choice(HOURS)
                hours[subject, pattern, row["valid_from_year"]] = row
        self._add_each("curriculum_hours", list(hours.values()))
        slots: dict[tuple[str, ...], Row] = {}
        patterns = PATTERNS if bare_slots else PATTERNS[1:]
        for _ in range(self.rng.randint(0, 6)):
            code, pattern = f"{self.rng.randint(1, 4)}0-krav", self.rng.choice(patterns)
            row = {"programme_area_code": pattern, "level": None, "slot_code": code, "name": code}
            row |= self._validity()
            row |= {"hours": self.rng.choice(["0", *HOURS, "6"]), "subjects": self.rng.choice(SLOT_LISTS)}
            slots[pattern, code, row["valid_from_year"]] = row
        self._add_each("curriculum_slot", list(slots.values()))

    def _add_groups(self, students: int) -> None:
        for group_id in self._ids("g", students + 2):
            year = LAST_YEAR if self._chance(0.1) else YEAR
            self._add_each(
                "teaching_group",
                [
                    {
                        "group_id": group_id,
                        "school_id": self.rng.choice(self.schools),
                        "school_year": year,
                        "name": group_id,
                    }
                ],
            )
            subjects = self._some(SUBJECTS, 0, 1) if self._chance(0.5) else self._some(SUBJECTS, 2, 4)
            rows = [{"group_id": group_id, "subject_code": subject} for subject in subjects]
            self._add_each("teaching_group_subject", rows)

    # Lessons ----------------------------------------------------------------------------------------

    def _add_lessons(self, students: int) -> None:
        groups = [group["group_id"] for group in self.tables["teaching_group"]]
        ids = self._ids("l", 6 * students)
        for lesson_id in ids:
            starts = self._lesson_start()
            length = self.rng.choice([45, 45, 60, 60, 90, 50, 61, 7, 240]) * MINUTE
            length += timedelta(seconds=self.rng.choice([0, 0, 0, 0, 0, 0, 0, 30]))
            self._add_each(
                "lesson",
                [
                    {
                        "lesson_id": lesson_id,
                        "school_id": self.rng.choice(self.schools),
                        "starts_at": _utc(starts),
                        "ends_at": _utc(starts + length),
                        "status": self.rng.choice(["held", "held", "held", "timetabled", "cancelled"]),
                        "cover": self.rng.choice(COVERS),
                        "replaces_lesson_id": self._maybe(
                            0.15, self.rng.choice([other for other in [*ids, "gone"] if other != lesson_id])
                        ),
                        "subject_code": self._maybe(0.15, self.rng.choice(SUBJECTS)),
                        "cause": None,
                    }
                ],
            )
            served = self._some(groups, 0 if self._chance(0.03) else 1, self.rng.choice([1, 1, 2, 3]))
            self._add_each("lesson_group", [{"lesson_id": lesson_id, "group_id": group} for group in served])
            if self._chance(0.15):
                self._add_shares(lesson_id, length // MINUTE)

    def _lesson_start(self) -> datetime:
        """Mostly in the days around the as-of date; some at local midnight, some far away."""
        day = self._near(-9, 6) if not self._chance(0.08) else self._near(-60, 90)
        clock = self.rng.choice(
            [(8, 0), (8, 0), (9, 0), (10, 0), (10, 30), (12, 0), (0, 30), (2, 30), (23, 30)]
        )
        return datetime(day.year, day.month, day.day, *clock, tzinfo=OSLO).astimezone(UTC)

    def _add_shares(self, lesson_id: str, minutes: int) -> None:
        for subject in self._some(SUBJECTS, 1, 3):
            declared = self.rng.choice([0, minutes // 3, minutes // 2, minutes])
            declared = min(declared, minutes)
            minutes -= declared
            row = {"lesson_id": lesson_id, "subject_code": subject, "minutes": declared}
            self._add_each("lesson_subject", [row])

    # Students ---------------------------------------------------------------------------------------

    def _add_students(self, students: int) -> None:
        ids = iter(self._ids("e", 4 * students))
        for number in range(students):
            student = {"student_key": f"s{number:02d}", "county_number": "02"}
            self._add_each("student", [student])
            years = [YEAR] * self.rng.choice([1, 1, 1, 2, 3]) + [LAST_YEAR] * self._chance(0.15)
            for year in years:
                start = self.rng.choice([self._near(-70, -60), self._near(-5, 4), self.as_of])
                end = self.rng.choice(
                    [None, None, start + timedelta(days=self.rng.randint(0, 70)), self.as_of]
                )
                self._add_each(
                    "enrolment", [self._enrolment(next(ids), student["student_key"], year, start, end)]
                )

    def _enrolment(self, enrolment_id: str, student: str, year: str, start: date, end: date | None) -> Row:
        area = None if self.null_areas and self._chance(0.3) else self.rng.choice(AREAS)
        return {
            "enrolment_id": enrolment_id,
            "student_key": student,
            "school_id": self.rng.choice(self.schools),
            "school_year": year,
            "programme_area_code": area,
            "level": "Vg1",
            "category": self.rng.choice(CATEGORIES),
            "start_date": start.isoformat(),
            "end_date": _iso(max(end, start) if end else None),
            "main_school": self._chance(0.6),
        }

    def _spells(self, enrolment: Row, most: int) -> list[tuple[date, date | None]]:
        """Overlapping, adjacent, gapped, open, within the enrolment or not; no two start on one day."""
        spells: dict[date, date | None] = {}
        start = date.fromisoformat(enrolment["start_date"])
        for _ in range(self.rng.randint(1, most)):
            end = self.rng.choice([None, start + timedelta(days=self.rng.choice([0, 2, 5, 9, 60]))])
            if self._chance(0.3) and enrolment["end_date"]:
                end = max(start, date.fromisoformat(enrolment["end_date"]))
            spells[start] = end
            start = (end or start) + timedelta(days=self.rng.choice([-2, 1, 1, 3]))
            if self._chance(0.3):
                start = self.rng.choice([self._near(-8, 5), self.as_of - timedelta(days=4)])
        return list(spells.items())

    def _add_subject_enrolments(self, enrolment: Row) -> None:
        if self._chance(0.2):
            return
        for subject in self._some(SUBJECTS, 1, 5):
            for start, end in self._spells(enrolment, self.rng.choice([1, 1, 2])):
                row = {"enrolment_id": enrolment["enrolment_id"], "subject_code": subject}
                row |= {"start_date": start.isoformat(), "end_date": _iso(end)}
                row["subject_status"] = self.rng.choice(["E", "E", "E", "E", "E", "F", "V"])
                self._add_each("subject_enrolment", [row])

    def _add_memberships(self, enrolment: Row) -> None:
        of_year = [g for g in self.tables["teaching_group"] if g["school_year"] == enrolment["school_year"]]
        for group in self._some(of_year, 1, 5):
            for start, end in self._spells(enrolment, 3):
                row = {"enrolment_id": enrolment["enrolment_id"], "group_id": group["group_id"]}
                row |= {"start_date": start.isoformat(), "end_date": _iso(end)}
                self._add_each("group_membership", [row])

    def _add_exam_periods(self, enrolment: Row) -> None:
        if self._chance(0.5):
            first = self._near(-8, 5)
            last = first + timedelta(days=self.rng.randint(0, 3))
            row = {"enrolment_id": enrolment["enrolment_id"], "start_date": first.isoformat()}
            row |= {"end_date": last.isoformat(), "kind": self.rng.choice(["exam", "preparation"])}
            self._add_each("exam_period", [row])

    def _add_decisions(self, enrolment: Row) -> None:
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            valid_from = self._near(-30, 3)
            number = len(self.tables.get("decision", []))
            row = {"decision_id": f"d{number * 7 % 10}{number}", "enrolment_id": enrolment["enrolment_id"]}
            row["subject_code"] = self._maybe(0.9, self.rng.choice([*SUBJECTS, "20-krav"]))
            row["kind"] = self.rng.choice(DECISIONS)
            row["hours"] = self._maybe(0.7, self.rng.choice(["0", *HOURS]))
            row["valid_from"] = valid_from.isoformat()
            row["valid_to"] = _iso(self._maybe(0.4, max(valid_from, self._near(-3, 30))))
            row["decided_on"] = (self.as_of - timedelta(days=self.rng.choice([0, 9, 9, 20]))).isoformat()
            self._add_each("decision", [row])

    # Absence ----------------------------------------------------------------------------------------

    def _add_absences(self, enrolment: Row) -> None:
        own = {
            m["group_id"]
            for m in self.tables.get("group_membership", [])
            if m["enrolment_id"] == enrolment["enrolment_id"]
        }
        served = [s for s in self.tables["lesson_group"] if s["group_id"] in own]
        for _ in range(self.rng.randint(0, 20)):
            of_lesson = self.rng.choice(
                served if served and not self._chance(0.1) else self.tables["lesson_group"]
            )
            lesson = next(r for r in self.tables["lesson"] if r["lesson_id"] == of_lesson["lesson_id"])
            number = len(self.tables.get("absence", []))
            row: Row = {
                "absence_id": f"a{number * 7 % 10}{number}",
                "enrolment_id": enrolment["enrolment_id"],
            }
            row |= {
                "group_id": of_lesson["group_id"],
                "subject_code": self._maybe(0.3, self.rng.choice(SUBJECTS)),
            }
            row |= {"code": self.rng.choice("XXMDR§!"), "on_certificate": None}
            self._add_each("absence", [row | self._extent(lesson)])

    def _extent(self, lesson: Row) -> Row:
        """On the lesson, over a period around it, or minutes on its day."""
        start, end = datetime.fromisoformat(lesson["starts_at"]), datetime.fromisoformat(lesson["ends_at"])
        period_start = start + timedelta(
            minutes=self.rng.choice([-30, 0, 0, 10]), seconds=self.rng.choice([0, 0, 20])
        )
        period_end = period_start + self.rng.choice(
            [9 * MINUTE, end - start, timedelta(hours=3), timedelta(days=2)]
        )
        period = {"starts_at": _utc(period_start), "ends_at": _utc(period_end)}
        nothing = {"lesson_id": None, "starts_at": None, "ends_at": None, "minutes": None}
        day = start.astimezone(OSLO).date()
        minutes = self.rng.choice([0, 5, 20, 45, 60, 100, 300])
        kind = self.rng.random()
        if kind < 0.4:
            extent = {"lesson_id": lesson["lesson_id"]}
            extent |= {"minutes": self._maybe(0.5, minutes)} | (period if self._chance(0.4) else {})
            day += timedelta(days=self.rng.choice([0, 0, 0, 1]))
        elif kind < 0.65:
            extent = period | {"minutes": self._maybe(0.1, minutes)}
        else:
            extent = {"minutes": minutes} | ({"starts_at": _utc(period_start)} if self._chance(0.05) else {})
        return nothing | extent | {"absence_date": day.isoformat()}


def random_county(
    seed: int, as_of: date, *, students: int = 5, null_areas: bool = False, bare_slots: bool = True
) -> dict[str, list[Row]]:
    county = RandomCounty(seed, as_of, students=students, null_areas=null_areas, bare_slots=bare_slots)
    return county.tables


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
