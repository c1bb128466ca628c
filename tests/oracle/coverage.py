"""`student_subject_coverage` computed a second time: slowly, in plain Python, beside the text of the rules.

The SQL models and this module share nothing but that text. Where `on_track` and `at_risk` part is for
the forecast to say, so the oracle answers `on_track|at_risk`; it takes every extract to be fresh.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle.lessons import StudentLessons, all_lessons
from tests.oracle.requirement import entitlements
from tests.oracle.tables import RawTables, typed
from tests.oracle.waterfall import STEPS, has_left, not_scheduled, status, waterfall


def coverage(tables: RawTables, as_of: date, shipped: RawTables | None = None) -> list[dict[str, Any]]:
    """The mart's rows, ordered by school year, student and subject."""
    landing = typed(tables)
    lessons = all_lessons(landing)
    rows = []
    for entitlement in entitlements(landing, typed(shipped or {}), as_of):
        own = StudentLessons(landing, lessons, entitlement)
        minutes = waterfall(landing, entitlement, own, as_of)
        left = has_left(landing, lessons, entitlement, as_of)
        for subject, requirement in entitlement.rows.items():
            step = minutes[subject]
            rows.append(
                {
                    "school_year": entitlement.school_year,
                    "school_id": entitlement.primary["school_id"],
                    "enrolment_id": entitlement.primary["enrolment_id"],
                    "student_key": entitlement.student_key,
                    "programme_area_code": entitlement.primary["programme_area_code"],
                    "subject_code": subject,
                    "as_of_date": as_of.isoformat(),
                    "requirement_basis": requirement.basis,
                    "curriculum_minutes": requirement.curriculum_minutes,
                    "required_minutes": requirement.required_minutes,
                    **{f"{name}_minutes": step[name] for name in STEPS},
                    "not_scheduled_minutes": not_scheduled(requirement, step),
                    "status": status(subject, requirement, step, own, left),
                }
            )
    return sorted(rows, key=lambda row: (row["school_year"], row["student_key"], row["subject_code"]))
