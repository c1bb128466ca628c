"""What a viewer may see, said once more: independent of the reader's."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from dashboard.access.roles import Role, Viewer
from tests.attack.counties import COUNTIES

SCHOOLS = {school: number for number, schools in COUNTIES.items() for school, _ in schools}
LINE = {"99": {"99"}, "98": {"98", "95"}, "97": {"97"}, "95": {"95"}}
"""Each county with those it has taken over."""
ALL_COUNTIES = {"99", "98", "97", "95", "*"}


@dataclass(frozen=True)
class Scope:
    role: Role
    schools: frozenset[str]
    counties: frozenset[str]
    students: frozenset[str]

    @classmethod
    def of(cls, viewer: Viewer, truth: duckdb.DuckDBPyConnection) -> Scope:
        schools = seen_schools(viewer)
        students = seen_students(viewer, schools, truth)
        return cls(viewer.role, frozenset(schools), frozenset(seen_counties(viewer)), frozenset(students))

    def foreign_students(self, truth: duckdb.DuckDBPyConnection) -> set[str]:
        everyone = truth.execute("select student_key from marts.student_coverage").fetchall()
        return {key[:8] for (key,) in everyone if key not in self.students}


def seen_schools(viewer: Viewer) -> set[str]:
    if viewer.role is Role.OWNER:
        return set(SCHOOLS)
    if viewer.role in (Role.PRINCIPAL, Role.TEACHER):
        return set(viewer.school_ids)
    return {
        school for school, number in SCHOOLS.items() if number in LINE.get(viewer.county_number or "", ())
    }


def seen_counties(viewer: Viewer) -> set[str]:
    if viewer.role is Role.OWNER:
        return ALL_COUNTIES
    return LINE.get(viewer.county_number or "", {viewer.county_number or ""})


def seen_students(viewer: Viewer, schools: set[str], truth: duckdb.DuckDBPyConnection) -> set[str]:
    if viewer.role in (Role.DIRECTOR, Role.OWNER):
        return set()
    rows = truth.execute(
        "select distinct school_id, student_key, group_ids from marts.student_subject_detail"
    ).fetchall()
    return {
        key
        for at, key, groups in rows
        if at in schools
        and (viewer.role is not Role.TEACHER or set(groups.split("|")) & set(viewer.group_ids))
    }
