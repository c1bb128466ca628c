"""Landing tables at scale, made by set operations: for speed, not for realism (that is `timerett synth`).

Every student follows ten groups of one subject each; 6 % of memberships cover only part of the year, one
group in twenty shares its lessons with another, and absences are registered on lessons.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

STUDENTS_PER_GROUP = 25
GROUPS_PER_STUDENT = 10
LESSONS_PER_GROUP = 200
ABSENCES_PER_STUDENT = 63

STATEMENTS = Path(__file__).with_suffix(".sql")


def fill(connection: duckdb.DuckDBPyConnection, students: int) -> None:
    """Put a county of so many students (a multiple of a class) into empty landing tables."""
    numbers = {
        "students": students,
        "classes": students // STUDENTS_PER_GROUP,
        "students_per_group": STUDENTS_PER_GROUP,
        "groups_per_student": GROUPS_PER_STUDENT,
        "lessons_per_group": LESSONS_PER_GROUP,
        "absences": ABSENCES_PER_STUDENT,
    }
    for statement in STATEMENTS.read_text(encoding="utf-8").format(**numbers).split(";\n\n"):
        connection.execute(statement)
