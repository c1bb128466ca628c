"""The same changes made by hand in a county's landing rows, as a school would make them in its own system."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ingest.local_time import OSLO
from scenario.change import AddLessons, Change, MoveMembers, TeacherAway

Tables = dict[str, list[dict[str, Any]]]
NOT_GIVEN = ("supervised", "self_study", "substitute")


def changed(tables: Tables, change: Change, school_id: str) -> Tables:
    """The county's rows with the change in them; the rows given stay as they are."""
    match change:
        case AddLessons():
            return _with_lessons(tables, change, school_id)
        case TeacherAway():
            return _without_teacher(tables, change)
        case MoveMembers():
            return _moved(tables, change)


def day_of(lesson: dict[str, Any]) -> date:
    return datetime.fromisoformat(lesson["starts_at"]).astimezone(OSLO).date()


def _groups(tables: Tables) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in tables["lesson_group"]:
        found[row["lesson_id"]].add(row["group_id"])
    return found


def _with_lessons(tables: Tables, change: AddLessons, school_id: str) -> Tables:
    groups = _groups(tables)
    at_school = {g["group_id"] for g in tables["teaching_group"] if g["school_id"] == school_id}
    ahead = [lesson for lesson in tables["lesson"] if day_of(lesson) >= change.first]
    days = sorted({day_of(lesson) for lesson in ahead if change.group_id in groups[lesson["lesson_id"]]})
    days = days or sorted({day_of(lesson) for lesson in ahead if groups[lesson["lesson_id"]] & at_school})
    lessons, served = list(tables["lesson"]), list(tables["lesson_group"])
    for number in range(change.lessons):
        starts_at = datetime.combine(days[number % len(days)], time(12), OSLO)
        lessons.append(
            {
                "lesson_id": f"{change.group_id}-extra-{number}",
                "school_id": school_id,
                "starts_at": starts_at.astimezone(UTC).isoformat(),
                "ends_at": (starts_at + timedelta(minutes=change.minutes or 0)).astimezone(UTC).isoformat(),
                "status": "timetabled",
            }
        )
        served.append({"lesson_id": lessons[-1]["lesson_id"], "group_id": change.group_id})
    return {**tables, "lesson": lessons, "lesson_group": served}


def _without_teacher(tables: Tables, change: TeacherAway) -> Tables:
    groups, last = _groups(tables), change.first + timedelta(weeks=change.weeks, days=-1)
    could = [
        lesson
        for lesson in sorted(tables["lesson"], key=lambda row: (row["starts_at"], row["lesson_id"]))
        if change.first <= day_of(lesson) <= last
        and lesson["status"] != "cancelled"
        and lesson.get("cover") not in NOT_GIVEN
    ]
    falling = [lesson["lesson_id"] for lesson in could if change.group_id in groups[lesson["lesson_id"]]]
    if change.every_group:
        leaders: dict[str, set[str]] = defaultdict(set)
        for row in tables["lesson_teacher"]:
            leaders[row["lesson_id"]].add(row["teacher_key"])
        leads = Counter(teacher for lesson in falling for teacher in leaders[lesson])
        if leads:
            away = min(leads, key=lambda key: (-leads[key], hashlib.md5(key.encode()).hexdigest()))  # noqa: S324
            falling += [lesson["lesson_id"] for lesson in could if leaders[lesson["lesson_id"]] == {away}]
    fate = dict.fromkeys(falling, "cancelled") | dict.fromkeys(falling[: change.covered], "covered")
    lessons = [
        {
            **lesson,
            **({"status": "cancelled"} if fate.get(lesson["lesson_id"]) == "cancelled" else {}),
            **({"cover": "substitute"} if fate.get(lesson["lesson_id"]) == "covered" else {}),
        }
        for lesson in tables["lesson"]
    ]
    return {**tables, "lesson": lessons}


def _moved(tables: Tables, change: MoveMembers) -> Tables:
    rows: dict[tuple[str, str, str], str | None] = {}

    def member(enrolment: str, group: str, first: str, last: str | None) -> None:
        """One row a key: of two with the same first day the one that lasts longer."""
        key = (enrolment, group, first)
        rows[key] = max(rows[key] or "9999", last or "9999") if key in rows else last
        rows[key] = None if rows[key] == "9999" else rows[key]

    first = change.first.isoformat()
    for row in tables["group_membership"]:
        enrolment, start, end = row["enrolment_id"], row["start_date"], row["end_date"]
        if row["group_id"] != change.group_id or (end and end < first):
            member(enrolment, row["group_id"], start, end)
            continue
        member(enrolment, change.to_group_id, max(start, first), end)
        if start < first:
            member(enrolment, change.group_id, start, (change.first - timedelta(days=1)).isoformat())
    names = ("enrolment_id", "group_id", "start_date")
    return {
        **tables,
        "group_membership": [dict(zip(names, key, strict=True), end_date=end) for key, end in rows.items()],
    }
