"""The students of a random county: enrolments, subjects, groups, exams, decisions and absences."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.oracle.dice import HOURS, LAST_YEAR, SUBJECTS, YEAR, Dice, Landing, Row, days, iso, utc
from tests.oracle.lessons import MINUTE, OSLO

AREAS = ["STUSP1----", "STUSP1----", "STUSP2----", "IDIDR1----"]
CATEGORIES = [*["full_time"] * 7, "part_time", "adult", "private_candidate", "abroad"]
DECISIONS = ["exempt", "recognised", *["individual_plan"] * 3, "accelerated", "adapted_language"]


def add_students(dice: Dice, tables: Landing, students: int, schools: list[str], *, null_areas: bool) -> None:
    tables["student"], tables["enrolment"], tables["subject_enrolment"] = [], [], []
    tables["group_membership"], tables["exam_period"] = [], []
    tables["decision"], tables["absence"] = [], []
    ids = iter(dice.ids("e", 4 * students))
    for number in range(students):
        student = {"student_key": f"s{number:02d}", "county_number": "02"}
        tables["student"].append(student)
        over = dice.chance(0.2)
        for year in [YEAR] * dice.one([1, 1, 1, 2, 3]) + [LAST_YEAR] * dice.chance(0.15):
            first, last = _enrolled(dice, over)
            enrolment = {
                "enrolment_id": next(ids),
                "student_key": student["student_key"],
                "school_id": dice.one(schools),
                "school_year": year,
                "programme_area_code": None if null_areas and dice.chance(0.3) else dice.one(AREAS),
                "level": "Vg1",
                "category": dice.one(CATEGORIES),
                "start_date": iso(first),
                "end_date": iso(last),
                "main_school": dice.chance(0.6),
            }
            tables["enrolment"].append(enrolment)
            tables["subject_enrolment"] += _subject_enrolments(dice, enrolment)
            tables["group_membership"] += _memberships(dice, enrolment, tables["teaching_group"])
            tables["exam_period"] += _exam_periods(dice, enrolment)
            _add_decisions(dice, enrolment, tables["decision"])
            _add_absences(dice, enrolment, tables)


def _enrolled(dice: Dice, over: bool) -> tuple[date, date | None]:
    """First and last day; `over` for a student all of whose enrolments have ended or are to come."""
    first = dice.one([dice.day(-70, -60), dice.day(-5, 4), dice.as_of])
    last = dice.one([None, None, None, first + days(dice.number(0, 70)), dice.as_of])
    if over:
        first = dice.as_of + days(dice.one([-20, -20, -20, 2, 2, 4]))
        last = dice.one([dice.as_of - days(1), dice.as_of - days(1), dice.as_of - days(3)])
    return first, max(first, last) if last else None


def _spells(dice: Dice, enrolment: Row, most: int) -> dict[date, date | None]:
    """Overlapping, adjacent, gapped, open, within the enrolment or not; no two start on one day."""
    spells: dict[date, date | None] = {}
    start = date.fromisoformat(enrolment["start_date"])
    for _ in range(dice.number(1, most)):
        end = dice.one([None, None, None, *[start + days(count) for count in (0, 2, 5, 5, 9, 60)]])
        if enrolment["end_date"] and dice.chance(0.3):
            end = max(start, date.fromisoformat(enrolment["end_date"]))
        spells[start] = end
        start = (end or start) + days(dice.one([-2, 1, 1, 3]))
        if dice.chance(0.3):
            start = dice.one([dice.day(-8, 5), dice.as_of - days(4)])
    return spells


def _subject_enrolments(dice: Dice, enrolment: Row) -> list[Row]:
    rows = []
    for subject in dice.some(SUBJECTS, 1, 6) if dice.chance(0.8) else []:
        for start, end in _spells(dice, enrolment, dice.one([1, 1, 2])).items():
            row = {"enrolment_id": enrolment["enrolment_id"], "subject_code": subject}
            row |= {"start_date": iso(start), "end_date": iso(end)}
            rows.append(row | {"subject_status": dice.one([*["E"] * 7, "F", "V"])})
    return rows


def _memberships(dice: Dice, enrolment: Row, groups: list[Row]) -> list[Row]:
    rows = []
    of_year = [group for group in groups if group["school_year"] == enrolment["school_year"]]
    for group in dice.some(of_year, 1, 5):
        for start, end in _spells(dice, enrolment, 3).items():
            row = {"enrolment_id": enrolment["enrolment_id"], "group_id": group["group_id"]}
            rows.append(row | {"start_date": iso(start), "end_date": iso(end)})
    return rows


def _exam_periods(dice: Dice, enrolment: Row) -> list[Row]:
    first = dice.day(-8, 5)
    row = {"enrolment_id": enrolment["enrolment_id"], "start_date": iso(first)}
    row |= {"end_date": iso(first + days(dice.number(0, 3))), "kind": dice.one(["exam", "preparation"])}
    return [row] if dice.chance(0.5) else []


def _add_decisions(dice: Dice, enrolment: Row, decisions: list[Row]) -> None:
    concerned = dice.some([*SUBJECTS, "20-krav"], 2, 2)
    for _ in range(dice.one([0, 0, 0, 1, 2, 6])):
        first = dice.day(-30, 3)
        decisions.append(
            {
                "decision_id": dice.next_id("d", decisions),
                "enrolment_id": enrolment["enrolment_id"],
                "subject_code": dice.maybe(0.9, dice.one(concerned)),
                "kind": dice.one(DECISIONS),
                "hours": dice.maybe(0.7, dice.one(["0", *HOURS])),
                "valid_from": iso(first),
                "valid_to": iso(dice.maybe(0.4, max(first, dice.day(-3, 30)))),
                "decided_on": iso(dice.as_of - days(dice.one([0, 9, 9, 20]))),
            }
        )


def _add_absences(dice: Dice, enrolment: Row, tables: Landing) -> None:
    """Mostly from a few lessons of the student's own groups, so that registrations compete."""
    members = [m for m in tables["group_membership"] if m["enrolment_id"] == enrolment["enrolment_id"]]
    own = {membership["group_id"] for membership in members}
    lessons = {lesson["lesson_id"]: lesson for lesson in tables["lesson"]}
    given = {key for key, lesson in lessons.items() if _was_given(lesson, dice.as_of)}
    served_own = [s for s in tables["lesson_group"] if s["group_id"] in own and s["lesson_id"] in given]
    missed = dice.some(served_own, 2, 4)
    codes = dice.some("XMDR§!", 2, 4)
    for _ in range(dice.number(0, 20)):
        served = dice.one(tables["lesson_group"] if not missed or dice.chance(0.1) else missed)
        row: Row = {"absence_id": dice.next_id("a", tables["absence"])}
        row |= {"enrolment_id": enrolment["enrolment_id"], "group_id": served["group_id"]}
        row |= {"subject_code": dice.maybe(0.3, dice.one(SUBJECTS)), "code": dice.one(codes)}
        row["on_certificate"] = None
        tables["absence"].append(row | _extent(dice, lessons[served["lesson_id"]]))


def _was_given(lesson: Row, as_of: date) -> bool:
    cancelled = lesson["status"] == "cancelled" or lesson["cover"] in {"supervised", "self_study"}
    return not cancelled and lesson["starts_at"] < f"{as_of + days(1)}"


def _extent(dice: Dice, lesson: Row) -> Row:
    """On the lesson, over a period around it, or minutes on its day."""
    start, end = datetime.fromisoformat(lesson["starts_at"]), datetime.fromisoformat(lesson["ends_at"])
    begins = start + timedelta(minutes=dice.one([-30, 0, 0, 10]), seconds=dice.one([0, 0, 20]))
    ends = begins + dice.one([9 * MINUTE, end - start, timedelta(hours=3), days(2)])
    period = {"starts_at": utc(begins), "ends_at": utc(ends)}
    day = start.astimezone(OSLO).date()
    minutes = dice.one([0, 5, 20, 30, 45, 60, 100, 300])
    row: Row = {"lesson_id": None, "starts_at": None, "ends_at": None, "minutes": None}
    kind = dice.one(["lesson", "lesson", "period", "date", "date"])
    if kind == "lesson":
        row |= {"lesson_id": lesson["lesson_id"], "minutes": dice.maybe(0.5, minutes)}
        row |= period if dice.chance(0.4) else {}
        day += days(dice.one([0, 0, 0, 1]))
    elif kind == "period":
        row |= period | {"minutes": dice.maybe(0.1, minutes)}
    else:
        row["minutes"] = minutes
        row["starts_at"] = dice.maybe(0.05, utc(begins))
    return row | {"absence_date": iso(day)}
