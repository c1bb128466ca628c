"""A county to reckon by hand: one school, whole-hour lessons, a subject for each rule to show."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.tables import RawTables

YEAR = "2018-19"
FIRST_DAY = date(2018, 8, 20)
AREA = "TESTA1----"
SCHOOL = "1001"
OSLO = ZoneInfo("Europe/Oslo")


def day(number: int) -> date:
    """The n-th weekday of the school year, from 0."""
    weeks, weekday = divmod(number, 5)
    return FIRST_DAY + timedelta(days=7 * weeks + weekday)


class County:
    """Landing rows, added piece by piece."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.rows["school"].append(
            {
                "school_id": SCHOOL,
                "valid_from": date(2018, 1, 1),
                "county_number": "02",
                "name": "Solvik",
                "owner": "county",
            }
        )

    @property
    def tables(self) -> RawTables:
        return dict(self.rows)

    def subject(self, code: str, hours: int) -> None:
        self.rows["subject"].append({"subject_code": code, "name": code.title()})
        self.rows["curriculum_hours"].append(
            {"subject_code": code, "programme_area_code": "*", "valid_from_year": YEAR, "hours": hours}
        )

    def group(self, group_id: str, *subjects: str) -> None:
        self.rows["teaching_group"].append(
            {"group_id": group_id, "school_id": SCHOOL, "school_year": YEAR, "name": group_id.upper()}
        )
        for code in subjects:
            self.rows["teaching_group_subject"].append({"group_id": group_id, "subject_code": code})

    def lesson(self, group_id: str, number: int, *, status: str = "held", **more: Any) -> str:
        """An hour on the n-th weekday; one a day for a group."""
        lesson_id = f"{group_id}-{number}"
        starts_at = datetime.combine(day(number), datetime.min.time().replace(hour=10), OSLO)
        lesson = {"lesson_id": lesson_id, "school_id": SCHOOL, "starts_at": starts_at.isoformat()}
        ends_at = (starts_at + timedelta(hours=1)).isoformat()
        self.rows["lesson"].append({**lesson, "ends_at": ends_at, "status": status, **more})
        self.rows["lesson_group"].append({"lesson_id": lesson_id, "group_id": group_id})
        return lesson_id

    def student(self, name: str, *subjects: str, category: str = "full_time") -> None:
        self.rows["student"].append({"student_key": name, "county_number": "02"})
        self.rows["enrolment"].append(
            {
                "enrolment_id": name,
                "student_key": name,
                "school_id": SCHOOL,
                "school_year": YEAR,
                "programme_area_code": AREA,
                "level": "Vg1",
                "category": category,
                "start_date": FIRST_DAY,
                "main_school": True,
            }
        )
        for code in subjects:
            self.rows["subject_enrolment"].append(
                {"enrolment_id": name, "subject_code": code, "start_date": FIRST_DAY, "subject_status": "E"}
            )

    def member(self, name: str, group_id: str, first: int = 0) -> None:
        self.rows["group_membership"].append(
            {"enrolment_id": name, "group_id": group_id, "start_date": day(first)}
        )

    def absence(self, name: str, group_id: str, number: int, code: str, minutes: int = 60) -> None:
        self.rows["absence"].append(
            {
                "absence_id": f"{name}-{group_id}-{number}",
                "enrolment_id": name,
                "group_id": group_id,
                "lesson_id": f"{group_id}-{number}",
                "absence_date": day(number),
                "minutes": minutes,
                "code": code,
            }
        )
