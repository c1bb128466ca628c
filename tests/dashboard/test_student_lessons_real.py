"""The lessons shown behind a figure add up to the figure the build made of them."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader
from dashboard.queries import student, student_lessons
from tests.dbt.county import SCHOOL, YEAR, County, day
from tests.dbt.warehouse import build, land

AS_OF: date = day(20)
MODELS = "student_subject_coverage student_subject_detail student_membership student_exam_period"
MODELS += " student_absence group_lesson school"
EXAM_DAY, REPLACED = 4, 2


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two groups of one subject; students who stay, come late, change group, are diverted, sit an exam."""
    county = County()
    county.subject("alg", 30)
    for group in ("one", "two"):
        county.group(group, "alg")
        for number in range(30):
            cancelled = number in (REPLACED, EXAM_DAY, 25)
            county.lesson(
                group, number, status="cancelled" if cancelled else "held" if number < 15 else "timetabled"
            )
        county.lesson(group, 40, status="timetabled", replaces_lesson_id=f"{group}-{REPLACED}")
    for name in ("stays", "late", "changes", "diverted", "examined"):
        county.student(name, "alg")
        county.member(name, "one", first=6 if name == "late" else 0)
    county.rows["group_membership"][2]["end_date"] = day(9)
    county.member("changes", "two", first=10)
    county.absence("diverted", "one", 7, "!")
    county.rows["exam_period"].append(
        {"enrolment_id": "examined", "start_date": day(EXAM_DAY), "end_date": day(EXAM_DAY), "kind": "exam"}
    )
    folder = tmp_path_factory.mktemp("real")
    land(folder, county.tables, AS_OF)
    build(folder, AS_OF, select=" ".join(f"+{model}" for model in MODELS.split()))
    return folder


@pytest.mark.parametrize("name", ["stays", "late", "changes", "diverted", "examined"])
def test_lessons_add_up_to_their_step(home: Path, name: str) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as db:
        reader = Reader(db.cursor(), Viewer(Role.PRINCIPAL, "test", "02", (SCHOOL,)), 10)
        row = student.subjects(reader, YEAR, SCHOOL, name)[0]
        absences = student.absences(reader, YEAR, SCHOOL, name)
        found = student_lessons.behind(
            student.spans(reader, YEAR, SCHOOL, name, row["groups"]),
            row["subject_code"],
            student.exam_periods(reader, YEAR, SCHOOL, name),
            {absence["lesson_id"] for absence in absences if absence["absence_code"] == "!"},
        )
    shown = {step: sum(lesson.minutes for lesson in found[step]) for step in student_lessons.STEPS}
    shown["offered"] -= shown["diverted"]
    assert shown == {step: row[step] for step in student_lessons.STEPS}
