"""Landing tables as plain dicts, with values typed: the form every module of the oracle reads."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

Row = dict[str, Any]
RawTables = Mapping[str, Sequence[Mapping[str, Any]]]
Tables = dict[str, list[Row]]

COLUMNS = {
    "enrolment": "enrolment_id student_key school_id school_year programme_area_code category start_date "
    "end_date main_school",
    "curriculum_hours": "subject_code programme_area_code valid_from_year valid_to_year hours",
    "curriculum_slot": "programme_area_code slot_code valid_from_year valid_to_year hours subjects",
    "subject_enrolment": "enrolment_id subject_code start_date end_date subject_status",
    "teaching_group": "group_id school_id school_year",
    "teaching_group_subject": "group_id subject_code",
    "group_membership": "enrolment_id group_id start_date end_date",
    "lesson": "lesson_id starts_at ends_at status cover replaces_lesson_id subject_code",
    "lesson_group": "lesson_id group_id",
    "lesson_subject": "lesson_id subject_code minutes",
    "absence": "absence_id enrolment_id group_id lesson_id subject_code starts_at ends_at absence_date "
    "minutes code",
    "exam_period": "enrolment_id start_date end_date",
    "decision": "decision_id enrolment_id subject_code kind hours valid_from valid_to decided_on",
}
DATES = {"start_date", "end_date", "valid_from", "valid_to", "decided_on", "absence_date"}
INSTANTS = {"starts_at", "ends_at"}


def typed(tables: RawTables) -> Tables:
    """Every table the oracle reads, also the absent ones, with every column it reads."""
    return {
        table: [
            {column: _value(column, row.get(column)) for column in columns.split()}
            for row in tables.get(table, [])
        ]
        for table, columns in COLUMNS.items()
    }


def _value(column: str, raw: Any) -> Any:
    if raw is None or raw == "":
        return None
    if column in DATES:
        return raw if isinstance(raw, date) else date.fromisoformat(raw)
    if column in INSTANTS:
        instant = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
        return instant.astimezone(UTC)
    if column == "hours":
        return Fraction(str(raw))
    if column == "minutes":
        return int(raw)
    return raw


def shipped_curriculum(seeds: Path) -> dict[str, list[dict[str, str]]]:
    """The shipped curriculum hours and slots, which landing rows beat."""
    return {name: _csv_rows(seeds / f"{name}.csv") for name in ("curriculum_hours", "curriculum_slot")}


def _csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
