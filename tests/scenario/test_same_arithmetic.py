"""A scenario is what a build would say, in every row and column."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scenario.change import AddLessons, Applied, Change, ImpossibleError, MoveMembers, TeacherAway
from scenario.school import ANSWERS, School, UnavailableError
from tests.oracle.comparison import report
from tests.scenario.conftest import AS_OF, Laid, laid_out
from tests.scenario.landing import changed
from timerett.build import PROJECT

KINDS = (AddLessons, TeacherAway, MoveMembers)
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def schools(laid: Laid) -> dict[str, School]:
    """Every school with something ahead of it."""
    found: dict[str, School] = {}
    for (school_id,) in laid.rows("SELECT DISTINCT school_id FROM marts.student_subject_coverage ORDER BY 1"):
        try:
            found[school_id] = School(laid.file, school_id)
        except UnavailableError as why:
            assert str(why) == "no lesson lies ahead", school_id
    assert len(found) > 60
    return found


def test_a_school_that_nothing_is_changed_at_has_the_published_rows(
    laid: Laid, schools: dict[str, School]
) -> None:
    for school_id, school in schools.items():
        assert _rows(school, None)[0] == _published(laid, school), school_id


def test_a_scenario_says_what_a_build_with_the_change_in_its_landing_rows_says(
    laid: Laid, schools: dict[str, School], tmp_path: Path
) -> None:
    """One change in each county; the loss rates are the build's own, since what lies ahead moves none."""
    tables, said, moved = laid.tables, {}, Counter[type]()
    for number, county in enumerate(sorted({school_id[:4] for school_id in schools})):
        rng = random.Random(number)
        of_county = [school for name, school in schools.items() if name.startswith(county)]
        asked = _asked(rng, rng.choice(of_county), KINDS[number % 3], laid)
        if asked is None:
            continue
        school, change, rows = asked
        said[school.school_id] = (change, rows)
        moved[type(change)] += rows != _published(laid, school)
        tables = changed(tables, change, school.school_id)
    assert all(moved[kind] >= 5 for kind in KINDS), moved
    after = laid_out(tmp_path, tables)
    for school_id, (change, rows) in said.items():
        built = _published(after, schools[school_id])
        for name in ANSWERS:
            lines = [f"{change}: {row}" for row in set(built[name]) ^ set(rows[name])]
            assert not lines, report(lines)


def _asked(rng: random.Random, school: School, kind: type, laid: Laid) -> tuple[School, Change, Rows] | None:
    """A random change of the kind that can be made at the school, and what the scenario says to it."""
    groups = [g["group_id"] for g in laid.tables["teaching_group"] if g["school_id"] == school.school_id]
    for _ in range(30):
        change = _change(rng, kind, groups)
        try:
            rows, _ = _rows(school, change)
        except ImpossibleError:
            continue
        return school, change, rows
    return None


def _change(rng: random.Random, kind: type, groups: list[str]) -> Change:
    group, first = rng.choice(groups), AS_OF + timedelta(days=rng.choice([1, 1, 1, 2, 3]))
    if kind is AddLessons:
        return AddLessons(group, first, rng.randint(1, 9), rng.choice([45, 60, 90, 7]))
    if kind is TeacherAway:
        every_group = rng.random() < 0.5
        covered = 0 if every_group else rng.choice([0, 0, 1])
        return TeacherAway(group, first, rng.randint(1, 3), covered, every_group)
    return MoveMembers(group, first, rng.choice(groups))


def _rows(school: School, change: Change | None) -> tuple[Rows, Applied]:
    with school.after(change) as (connection, applied):
        found = {
            name: sorted(connection.execute(f"SELECT {_columns(name)} FROM marts.{name}").fetchall(), key=str)
            for name in ANSWERS
        }
    return found, applied


def _published(laid: Laid, school: School) -> Rows:
    with school.rows() as connection:
        years = connection.execute("SELECT DISTINCT school_year FROM coverage.entitled_enrolment").fetchall()
    listed = ", ".join(repr(year) for (year,) in years)
    return {
        name: sorted(
            laid.rows(
                f"SELECT {_columns(name)} FROM marts.{name} "
                f"WHERE school_id = '{school.school_id}' AND school_year IN ({listed})"
            ),
            key=str,
        )
        for name in ANSWERS
    }


def _columns(name: str) -> str:
    """All of the mart's, by name: a build puts them in the contract's order."""
    return ", ".join(sorted(_contract(name)))


@cache
def _contract(name: str) -> list[str]:
    file = PROJECT / "models" / "marts" / f"{name}.yml"
    model = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]
    return [column["name"] for column in model["columns"]]
