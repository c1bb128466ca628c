"""Many small counties in one landing: every id and code carries its county's tag, so that none meets another.

A tag in front keeps every order the rules sort by. Programme areas need care: `*` alone also holds where
no programme area is known, and with a tag it no longer would.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.oracle.tables import RawTables

TAGGED = {
    *("school_id", "student_key", "enrolment_id", "group_id", "lesson_id", "replaces_lesson_id"),
    *("absence_id", "decision_id", "subject_code", "slot_code", "programme_area_code"),
}


def can_be_joined(tables: RawTables) -> bool:
    """Whether no slot for any programme area meets an enrolment without one."""
    bare = any(slot["programme_area_code"] == "*" for slot in tables.get("curriculum_slot", []))
    return not (bare and any(e["programme_area_code"] is None for e in tables["enrolment"]))


def joined(counties: Mapping[str, RawTables]) -> dict[str, list[dict[str, Any]]]:
    """One landing that holds each county under its tag."""
    together: dict[str, list[dict[str, Any]]] = {}
    for tag, tables in counties.items():
        if not can_be_joined(tables):
            raise ValueError(
                f"County {tag}: a slot for `*` and an enrolment without programme area; build it alone."
            )
        for table, rows in tables.items():
            together.setdefault(table, []).extend(_tagged_row(tag, table, row) for row in rows)
    return together


def tagged(tag: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A county's mart rows as they stand in the joined county's mart."""
    return [_tagged_row(tag, "mart", row) for row in rows]


def _tagged_row(tag: str, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {column: _tagged(tag, table, column, value) for column, value in row.items()}


def _tagged(tag: str, table: str, column: str, value: Any) -> Any:
    if value is None or (column in TAGGED and value == "*" and table == "curriculum_hours"):
        return value
    if column == "subjects":
        return "|".join(tag + subject for subject in value.split("|"))
    return tag + value if column in TAGGED else value
