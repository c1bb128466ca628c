"""Where the tests go: every page of the registry as every role, and every state a page can be in.

A new page is visited without anybody adding it here; a new variable part of an address needs an example.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dashboard.access.roles import Role
from dashboard.routing import PAGES
from tests.dashboard.fixture import YEAR, build

SCHOOL, STALE, TINY, BARE = "99002", "99007", "99008", "99003"
STUDENT = "a-student"
"""Stands for one that is found in the published file."""


@dataclass(frozen=True)
class Place:
    name: str
    path: str
    edition: str = "whole"
    """Which of the published files stands behind it."""
    state: str | None = None
    """What the page says instead of figures, where it has none."""
    search: str = ""
    role: Role = Role.DIRECTOR

    def address(self, **more: str) -> str:
        asked = {"role": self.role.value, **({"as": SCHOOL} if self.role in ONE_SCHOOL else {}), **more}
        query = "&".join([*(f"{key}={value}" for key, value in asked.items()), *filter(None, [self.search])])
        return f"{self.path}?{query}"


ONE_SCHOOL = (Role.PRINCIPAL, Role.TEACHER)


def pages() -> Iterator[Place]:
    """Every page of the registry as every role; what a role may not see is a state, and looked at too."""
    parts = {"county": "99", "school": SCHOOL, "student": STUDENT}
    for page in PAGES:
        path = re.sub(r"\{(\w+)\}", lambda part: parts[part.group(1)], page.path)
        for role in Role:
            yield Place(f"{page.name}-{role.value}", path, role=role)


def states() -> Iterator[Place]:
    """Every state, brought about by what is published or asked for."""
    yield Place("missing", "/nowhere", state="missing")
    yield Place("refused", "/school/1", state="refused")
    yield Place("unpublished", "/", "none", "unpublished")
    yield Place("unreadable", "/", "broken", "unreadable")
    yield Place("failed", "/", "undated", "failed")
    yield Place("signed-out", "/", "real", "signed_out")
    yield Place("empty", "/", "empty", "empty")
    yield Place("school-empty", f"/school/{BARE}", "bare", "school_empty")
    yield Place("other-county", "/county/88", "bare", "other_county")
    for page in ("absence", "benefits", "changes", "corrections", "data", "rollout"):
        yield Place(f"{page}-empty", f"/{page}", "bare", f"{page}_empty")
    yield Place("older-edition", "/", search="as_of=2026-02-16")
    yield Place("closed-year", "/", "closed")
    yield Place("closed-year-corrections", "/corrections", "closed")
    yield Place("closed-year-authority", "/authority", "closed")
    yield Place("stale-school", f"/school/{STALE}")
    yield Place("suppressed-school", f"/school/{TINY}")
    yield Place("one-subject", f"/school/{SCHOOL}", search="subject=KRO1017", role=Role.PRINCIPAL)
    unfolded = f"/school/{SCHOOL}/student/{STUDENT}"
    yield Place("student-unfolded", unfolded, search="open=NAT1007", role=Role.PRINCIPAL)


EDITIONS = {
    "whole": "",
    "broken": "drop table marts.coverage_history",
    "undated": "update marts.publication set as_of_date = null",
    "real": "update marts.publication set synthetic = false",
    "empty": "delete from marts.school_coverage",
    "bare": f"""
        delete from marts.absence_limit; delete from marts.school_absence_limit;
        delete from marts.batch; delete from marts.closed_year;
        delete from marts.coverage_change; delete from marts.student_change; delete from marts.change_since;
        delete from marts.adoption; delete from marts.benefit_total;
        delete from marts.benefit_plan;
        delete from marts.school_coverage where school_id = '{BARE}';
        insert into marts.county select '88', 'Fantasien', date '2018-01-01', null, null;""",
    "closed": f"""
        insert into marts.closed_year select * replace ('{YEAR}' as school_year) from marts.closed_year;""",
}
"""Published files, each the small county with something done to it."""


def publish(folder: Path) -> dict[str, Path]:
    """Every edition as a file, an older one beside them, and none at all."""
    folder.mkdir(parents=True)
    whole = build(folder / "whole.duckdb")
    files = {"none": folder / "none.duckdb"}
    for name, change in EDITIONS.items():
        files[name] = folder / f"{name}.duckdb"
        if files[name] != whole:
            shutil.copy(whole, files[name])
            with duckdb.connect(str(files[name])) as db:
                db.execute(change)
    older = folder / "serving-000001.duckdb"
    shutil.copy(whole, older)
    with duckdb.connect(str(older)) as db:
        db.execute("update marts.publication set as_of_date = date '2026-02-16'")
    return files


def a_student(file: Path) -> str:
    """A student of the school with an exam and subjects that are short."""
    with duckdb.connect(str(file), read_only=True) as db:
        found = db.execute(
            """select student_key from marts.student_exam_period where school_id = ? and student_key in
               (select student_key from marts.student_subject_coverage
                where status in ('short', 'at_risk')) order by 1""",
            [SCHOOL],
        ).fetchone()
    assert found
    return str(found[0])
