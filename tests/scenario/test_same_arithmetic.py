"""A scenario is what a build would say, in every row and column."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from scenario.change import AddLessons, Change, ImpossibleError, MoveMembers, TeacherAway
from scenario.school import ANSWERS, School, UnavailableError
from tests.oracle.comparison import report
from tests.scenario.conftest import AS_OF, Laid, laid_out
from tests.scenario.landing import changed
from timerett.build import PROJECT

SCHOOLS = "SELECT DISTINCT school_id FROM marts.student_subject_coverage ORDER BY 1"
TRIES = 12
KINDS = (AddLessons, TeacherAway, MoveMembers)
Rows = dict[str, list[tuple[Any, ...]]]


def _opened(laid: Laid, school_id: str) -> School | None:
    try:
        return School(laid.file, school_id)
    except UnavailableError as why:
        assert str(why) == "no lesson lies ahead", school_id
        return None


def test_a_school_whose_rows_do_not_give_the_published_figures_back_answers_nothing(
    laid: Laid, tmp_path: Path
) -> None:
    """By one minute, in one column of one row."""
    school_id = next(school_id for (school_id,) in laid.rows(SCHOOLS) if _opened(laid, school_id))
    file = tmp_path / "other.duckdb"
    shutil.copy(laid.file, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "UPDATE marts.student_subject_coverage SET assumed_minutes = assumed_minutes + 1 "
            "WHERE (student_key, subject_code) = (SELECT min((student_key, subject_code)) "
            "FROM marts.student_subject_coverage WHERE school_id = ?)",
            [school_id],
        )
    with pytest.raises(UnavailableError, match="not what was published"):
        School(file, school_id)


def test_a_scenario_says_what_a_build_with_the_change_in_its_landing_rows_says(
    laid: Laid, tmp_path: Path
) -> None:
    """One change in each county, and a build of all. A school that opens has given its published rows back.

    The loss rates are the build's own: what lies ahead moves none of them.
    """
    tables, said, moved = laid.tables, {}, Counter[type]()
    ids = [school_id for (school_id,) in laid.rows(SCHOOLS)]
    for number, county in enumerate(sorted({school_id[:4] for school_id in ids})):
        rng = random.Random(number)
        of_county = [school_id for school_id in ids if school_id.startswith(county)]
        schools = (_opened(laid, school_id) for school_id in rng.sample(of_county, len(of_county)))
        school = next((school for school in schools if school), None)
        asked = _asked(rng, school, KINDS[number % 3], laid) if school else None
        if school is None or asked is None:
            continue
        change, rows, before = asked
        said[school.school_id] = (change, rows, school.years)
        moved[type(change)] += rows != before
        tables = changed(tables, change, school.school_id)
    assert all(moved[kind] >= 3 for kind in KINDS), moved
    after = laid_out(tmp_path, tables)
    for school_id, (change, rows, years) in said.items():
        built = _published(after, school_id, years)
        for name in ANSWERS:
            lines = [f"{change}: {row}" for row in set(built[name]) ^ set(rows[name])]
            assert not lines, report(lines)


def _asked(rng: random.Random, school: School, kind: type, laid: Laid) -> tuple[Change, Rows, Rows] | None:
    """A random change of the kind that moves something, else one that can be made at the school."""
    groups = [g["group_id"] for g in laid.tables["teaching_group"] if g["school_id"] == school.school_id]
    before = _published(laid, school.school_id, school.years)
    found = None
    for _ in range(TRIES):
        change = _change(rng, kind, groups)
        try:
            found = change, _rows(school, change), before
        except ImpossibleError:
            continue
        if found[1] != before:
            break
    return found


def _change(rng: random.Random, kind: type, groups: list[str]) -> Change:
    group, first = rng.choice(groups), AS_OF + timedelta(days=rng.choice([1, 1, 1, 2, 3]))
    if kind is AddLessons:
        return AddLessons(group, first, rng.randint(1, 9), rng.choice([45, 60, 90, 7]))
    if kind is TeacherAway:
        every_group = rng.random() < 0.5
        covered = 0 if every_group else rng.choice([0, 0, 1])
        return TeacherAway(group, first, rng.randint(1, 3), covered, every_group)
    return MoveMembers(group, first, rng.choice(groups))


def _rows(school: School, change: Change | None) -> Rows:
    with school.after(change) as (connection, _):
        return {
            name: sorted(connection.execute(f"SELECT {_columns(name)} FROM marts.{name}").fetchall(), key=str)
            for name in ANSWERS
        }


def _published(laid: Laid, school_id: str, years: Iterable[str]) -> Rows:
    listed = ", ".join(map(repr, years))
    return {
        name: sorted(
            laid.rows(
                f"SELECT {_columns(name)} FROM marts.{name} "
                f"WHERE school_id = '{school_id}' AND school_year IN ({listed})"
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
