"""Step 1 of docs "Coverage": what is the student entitled to?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from tests.oracle.tables import Row, Tables

NOT_ENTITLED = ("private_candidate", "abroad")
FREES = ("exempt", "recognised")


@dataclass(frozen=True)
class Requirement:
    """One row: a subject, or a curriculum slot nothing fills."""

    curriculum_minutes: int | None
    required_minutes: int | None
    basis: str


@dataclass(frozen=True)
class Entitlement:
    """One student in one school year."""

    student_key: str
    school_year: str
    enrolments: list[Row]
    primary: Row
    rows: dict[str, Requirement]


@dataclass(frozen=True)
class Curriculum:
    """The curriculum rows that count for one programme area in one school year."""

    hours: dict[str, Fraction]
    slots: list[Row]

    def minutes(self, subject: str) -> int | None:
        return in_minutes(self.hours[subject]) if subject in self.hours else None

    def is_assessment_code(self, subject: str) -> bool:
        return subject in self.hours and self.hours[subject] == 0


def in_minutes(hours: Fraction) -> int:
    """Rounded half up."""
    return floor(hours * 60 + Fraction(1, 2))


def matches(pattern: str, code: str) -> bool:
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern


def curriculum(tables: Tables, shipped: Tables, area: str | None, year: str) -> Curriculum:
    sources = ((True, tables), (False, shipped))
    hours = _picked([(local, t["curriculum_hours"]) for local, t in sources], "subject_code", area, year)
    slots = _picked([(local, t["curriculum_slot"]) for local, t in sources], "slot_code", area, year)
    return Curriculum(
        hours={subject: row["hours"] for subject, row in hours.items()},
        slots=[slots[code] for code in sorted(slots) if slots[code]["hours"] > 0],
    )


def _picked(sources: list[tuple[bool, list[Row]]], key: str, area: str | None, year: str) -> dict[str, Row]:
    """The one row per key that beats the others: local, longer match, exact, later."""
    best: dict[str, tuple[tuple[bool, int, bool, str], Row]] = {}
    for is_local, rows in sources:
        for row in rows:
            pattern = row["programme_area_code"]
            if not (pattern == "*" if area is None else matches(pattern, area)):
                continue
            if not row["valid_from_year"] <= year <= (row["valid_to_year"] or "9999-99"):
                continue
            rank = (is_local, len(pattern.rstrip("*")), not pattern.endswith("*"), row["valid_from_year"])
            if row[key] not in best or rank > best[row[key]][0]:
                best[row[key]] = (rank, row)
    return {value: row for value, (_, row) in best.items()}


def entitlements(tables: Tables, shipped: Tables, as_of: date) -> list[Entitlement]:
    found = []
    counted = [enrolment for enrolment in tables["enrolment"] if enrolment["category"] not in NOT_ENTITLED]
    for student, year in sorted({(e["student_key"], e["school_year"]) for e in counted}):
        enrolments = [e for e in counted if (e["student_key"], e["school_year"]) == (student, year)]
        bearing = bearing_enrolments(enrolments, as_of)
        primary = primary_enrolment(bearing)
        law = curriculum(tables, shipped, primary["programme_area_code"], year)
        decisions = _valid_decisions(tables, enrolments, as_of)
        due = _subjects_due(tables, bearing, as_of)
        due |= {d["subject_code"] for d in decisions if d["kind"] in FREES} - {None}
        entitled: dict[str, int | None] = {s: law.minutes(s) for s in due if not law.is_assessment_code(s)}
        if primary["category"] == "full_time":
            entitled |= _open_slots(law, entitled)
        exempt = _exempt_by_status(tables, bearing, as_of)
        rows = {s: _requirement(s, entitled[s], decisions, s in exempt) for s in sorted(entitled)}
        found.append(Entitlement(student, year, enrolments, primary, rows))
    return found


def _last_day(row: Row, column: str = "end_date") -> date:
    end: date | None = row[column]
    return end or date.max


def bearing_enrolments(enrolments: list[Row], as_of: date) -> list[Row]:
    in_force = [e for e in enrolments if e["start_date"] <= as_of <= _last_day(e)]
    if in_force:
        return in_force
    to_come = [e for e in enrolments if e["start_date"] > as_of]
    if to_come:
        next_start = min(e["start_date"] for e in to_come)
        return [e for e in to_come if e["start_date"] == next_start]
    last_end = max(_last_day(e) for e in enrolments)
    return [e for e in enrolments if _last_day(e) == last_end]


def primary_enrolment(bearing: list[Row]) -> Row:
    """Main school first, then latest start, then lowest id."""
    by_id = sorted(bearing, key=lambda e: str(e["enrolment_id"]))
    by_start = sorted(by_id, key=lambda e: e["start_date"], reverse=True)
    return sorted(by_start, key=lambda e: not e["main_school"])[0]


def _is_due(subject_enrolment: Row, enrolment: Row, as_of: date) -> bool:
    """Open on the as-of date, or ended no earlier than its enrolment."""
    ended = _last_day(subject_enrolment)
    return ended >= as_of or ended >= _last_day(enrolment)


def _subjects_due(tables: Tables, bearing: list[Row], as_of: date) -> set[str]:
    due: set[str] = set()
    for enrolment in bearing:
        own = [s for s in tables["subject_enrolment"] if s["enrolment_id"] == enrolment["enrolment_id"]]
        if own:
            due |= {s["subject_code"] for s in own if _is_due(s, enrolment, as_of)}
            continue
        groups = {
            m["group_id"]
            for m in tables["group_membership"]
            if m["enrolment_id"] == enrolment["enrolment_id"]
        }
        due |= {s["subject_code"] for s in tables["teaching_group_subject"] if s["group_id"] in groups}
    return due


def _exempt_by_status(tables: Tables, bearing: list[Row], as_of: date) -> set[str]:
    """Subjects one of whose subject enrolments that count has status F."""
    return {
        s["subject_code"]
        for enrolment in bearing
        for s in tables["subject_enrolment"]
        if s["enrolment_id"] == enrolment["enrolment_id"]
        and s["subject_status"] == "F"
        and _is_due(s, enrolment, as_of)
    }


def _valid_decisions(tables: Tables, enrolments: list[Row], as_of: date) -> list[Row]:
    ids = {e["enrolment_id"] for e in enrolments}
    return [
        d
        for d in tables["decision"]
        if d["enrolment_id"] in ids and d["valid_from"] <= as_of <= _last_day(d, "valid_to")
    ]


def _open_slots(law: Curriculum, entitled: dict[str, int | None]) -> dict[str, int]:
    """Rows for what the programme area demands and nothing the student takes fills."""
    open_minutes = {slot["slot_code"]: in_minutes(slot["hours"]) for slot in law.slots}
    for subject in sorted(entitled):
        left = entitled[subject]
        for slot in law.slots:
            code = slot["slot_code"]
            if not _fits(slot, subject) or open_minutes[code] == 0:
                continue
            if left is None:
                open_minutes[code] = 0
                break
            taken = min(left, open_minutes[code])
            open_minutes[code] -= taken
            left -= taken
            if left == 0:
                break
    rows: dict[str, int] = {}
    for slot in law.slots:
        minutes = open_minutes[slot["slot_code"]]
        fitting = [hours for subject, hours in law.hours.items() if hours > 0 and _fits(slot, subject)]
        if minutes == 0 or (fitting and minutes < in_minutes(min(fitting))):
            continue
        first: str = slot["subjects"].split("|")[0]
        has_row = first in entitled or first in rows
        named_by_first = "*" not in first and not law.is_assessment_code(first) and not has_row
        rows[first if named_by_first else slot["slot_code"]] = minutes
    return rows


def _fits(slot: Row, subject: str) -> bool:
    return any(matches(listed, subject) for listed in slot["subjects"].split("|"))


def _requirement(subject: str, minutes: int | None, decisions: list[Row], status_f: bool) -> Requirement:
    if status_f:
        return Requirement(minutes, 0, "decision")
    changing = [
        d
        for d in decisions
        if d["subject_code"] in (None, subject)
        and (d["kind"] in FREES or (d["kind"] == "individual_plan" and d["hours"] is not None))
    ]
    if changing:
        last = max(changing, key=lambda d: (d["decided_on"], d["decision_id"]))
        required = in_minutes(last["hours"]) if last["kind"] == "individual_plan" else 0
        return Requirement(minutes, required, "decision")
    return Requirement(minutes, minutes, "none" if minutes is None else "curriculum")
