"""What a change would make of a school: who would reach the requirement, and who would fall below it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from dashboard.access.scope import Reader, Row
from dashboard.queries.common import STATUSES
from scenario.change import Applied, Change

LACKING = ("not_assigned", "short", "at_risk")
REACHING = ("on_track", "met")


@dataclass(frozen=True)
class Answer:
    """What a change comes to, for the students the viewer may see."""

    applied: Applied
    before: Row
    after: Row
    """Students by worst status."""
    moved: list[Row]
    """Each student and subject whose status would be another."""
    touched: int
    """Students who would have more or fewer hours, whatever their status."""
    still_lacking: int
    """Students of the group who would still lack hours in a subject of it."""

    @property
    def up(self) -> int:
        """Students who would reach the requirement in a subject in which they lack hours today."""
        return _students(self.moved, LACKING, REACHING)

    @property
    def down(self) -> int:
        """Students who would lack hours in a subject in which they reach the requirement today."""
        return _students(self.moved, REACHING, LACKING)

    @property
    def nearer(self) -> int:
        """Students who are short in a subject today, and would be at risk."""
        return _students(self.moved, ("short",), ("at_risk",))

    @property
    def deeper(self) -> int:
        """Students who are at risk in a subject today, and would be short."""
        return _students(self.moved, ("at_risk",), ("short",))


def answer(reader: Reader, year: str, school: str, change: Change) -> Answer:
    """Computed by the models of the publication shown, from the school's rows with the change in them."""
    with reader.scenario(school, change) as (changed, applied):
        rows = changed.students(
            """student_key, subject_code, status_before, status, missing_before,
               missing_minutes as missing, projected_before, projected_minutes as projected,
               coalesce((select name from marts.subject where subject.subject_code = rows.subject_code),
                        subject_code) as subject_name,
               exists (select 1 from marts.student_subject_detail as detail
                where detail.school_year = rows.school_year and detail.student_key = rows.student_key
                  and detail.subject_code = rows.subject_code
                  and list_contains(string_split(detail.group_ids, '|'), $group)) as in_group""",
            "student_what_if",
            where="school_year = $year and school_id = $school",
            order="missing desc nulls last, student_key, subject_code",
            year=year,
            school=school,
            group=change.group_id,
        )
        whole = changed.students(
            "status_before, status",
            "student_what_if_whole",
            where="school_year = $year and school_id = $school",
            order="1, 2",
            year=year,
            school=school,
        )
    return Answer(
        applied,
        _by_status([row["status_before"] for row in whole]),
        _by_status([row["status"] for row in whole]),
        [row for row in rows if row["status"] != row["status_before"]],
        len({row["student_key"] for row in rows if row["projected"] != row["projected_before"]}),
        len({row["student_key"] for row in rows if row["in_group"] and row["status"] in LACKING}),
    )


def _students(rows: list[Row], before: tuple[str, ...], after: tuple[str, ...]) -> int:
    return len(
        {row["student_key"] for row in rows if row["status_before"] in before and row["status"] in after}
    )


def _by_status(statuses: list[Any]) -> Row:
    """A row as the status bar takes it."""
    counts, students = Counter(statuses), len(statuses)
    row: Row = {"students": students, **{f"students_{status}": counts[status] for status in STATUSES}}
    row |= {f"share_{status}": counts[status] / students if students else None for status in STATUSES}
    row["students_needing"] = sum(counts[status] for status in LACKING)
    row["students_rest"] = sum(counts[status] for status in ("on_track", "met", "exempt", "left"))
    return row
