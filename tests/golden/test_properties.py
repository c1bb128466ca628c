"""What must hold whatever the data: on the oracle for many counties, on the mart for some of them."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.coverage import coverage
from tests.oracle.joining import joined
from tests.oracle.random_county import random_county
from tests.oracle.real_path import computed_mart
from tests.oracle.requirement import NOT_ENTITLED
from tests.oracle.tables import RawTables

AS_OF = date(2018, 10, 29)
SEEDS = range(1000, 1100)
SEEDS_ON_THE_MART = range(1000, 1030)
ABSENT = [f"absent_{kind}_minutes" for kind in ("undocumented", "documented", "rights", "deducted")]
GIVEN = [f"{part}_minutes" for part in ("offered", "diverted", "remaining", "cancelled")]
Rows = Sequence[Mapping[str, Any]]


@cache
def county(seed: int) -> RawTables:
    return random_county(seed, AS_OF, null_areas=seed % 2 == 1, bare_slots=seed % 2 == 0)


@cache
def covered(seed: int) -> Rows:
    """The oracle's rows for the county as it is, which each property begins with."""
    return coverage(county(seed), AS_OF)


# What holds of every row ----------------------------------------------------------------------------


def assert_the_waterfall_adds_up(rows: Rows) -> None:
    for row in rows:
        minutes = {name.removesuffix("_minutes"): row[name] for name in row if name.endswith("_minutes")}
        lost = minutes["outside_membership"] + minutes["cancelled"] + minutes["diverted"]
        assert (
            minutes["offered"] == minutes["scheduled"] - lost + minutes["made_up"] - minutes["remaining"]
        ), row
        assert minutes["attended"] == minutes["offered"] - sum(row[column] for column in ABSENT), row
        assert min(row[name] for name in row if name.endswith("_minutes") and row[name] is not None) >= 0, row
        assert max(minutes["substitute"], minutes["exam"], minutes["assumed"]) <= minutes["offered"], row


def assert_one_row_per_student_subject_and_year(rows: Rows, tables: RawTables) -> None:
    keys = Counter((row["student_key"], row["subject_code"], row["school_year"]) for row in rows)
    assert not [key for key, count in keys.items() if count > 1]
    entitled = {
        (e["student_key"], e["school_year"]) for e in tables["enrolment"] if e["category"] not in NOT_ENTITLED
    }
    assert {(student, year) for student, _, year in keys} <= entitled


def assert_nobody_is_offered_more_than_was_given(rows: Rows, tables: RawTables) -> None:
    """Conservation: a student's parts of the lessons never sum to more than the lessons of their groups."""
    lessons = {row["lesson_id"]: _length(row) for row in tables["lesson"]}
    enrolments = _by(tables["enrolment"], "student_key", "enrolment_id")
    groups = _by(tables["group_membership"], "enrolment_id", "group_id")
    served = _by(tables["lesson_group"], "group_id", "lesson_id")
    given: Counter[tuple[str, str]] = Counter()
    for row in rows:
        given[row["student_key"], row["school_year"]] += sum(row[column] for column in GIVEN)
    for (student, _), minutes in given.items():
        joined_groups = {group for enrolment in enrolments[student] for group in groups[enrolment]}
        theirs = {lesson for group in joined_groups for lesson in served[group]}
        assert minutes <= sum(lessons[lesson] for lesson in theirs)


def _by(rows: Rows, key: str, value: str) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row[key]].add(row[value])
    return found


def _length(lesson: Mapping[str, Any]) -> int:
    span = datetime.fromisoformat(lesson["ends_at"]) - datetime.fromisoformat(lesson["starts_at"])
    return span // timedelta(minutes=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_adds_up_and_minutes_are_conserved(seed: int) -> None:
    tables = county(seed)
    rows = covered(seed)
    assert_the_waterfall_adds_up(rows)
    assert_one_row_per_student_subject_and_year(rows, tables)
    assert_nobody_is_offered_more_than_was_given(rows, tables)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    tables = county(seed)
    shuffled = {table: random.Random(seed).sample(list(rows), len(rows)) for table, rows in tables.items()}
    assert coverage(shuffled, AS_OF) == covered(seed)


# What one change can and cannot do ------------------------------------------------------------------


def with_a_lesson_more(tables: RawTables, seed: int) -> RawTables:
    """One more lesson, held the day before by the group's own teacher."""
    group = random.Random(seed).choice(tables["teaching_group"])["group_id"]
    day = AS_OF - timedelta(days=1)
    lesson = dict.fromkeys(tables["lesson"][0]) | {
        "lesson_id": "l-more",
        "school_id": tables["school"][0]["school_id"],
        "starts_at": f"{day}T11:00:00Z",
        "ends_at": f"{day}T12:00:00Z",
        "status": "held",
    }
    served = {"lesson_id": "l-more", "group_id": group}
    return {
        **tables,
        "lesson": [*tables["lesson"], lesson],
        "lesson_group": [*tables["lesson_group"], served],
    }


def settled(tables: RawTables) -> RawTables:
    """Without what lets a membership decide more than which lessons count.

    Where groups stand in for subject enrolments, a membership gives rows; where `!` names a subject, it
    takes nothing from a joint lesson that another group's subject then has whole.
    """
    has_subjects = {row["enrolment_id"] for row in tables["subject_enrolment"]}
    return {
        **tables,
        "enrolment": [e for e in tables["enrolment"] if e["enrolment_id"] in has_subjects],
        **{
            table: [row for row in tables[table] if row["enrolment_id"] in has_subjects]
            for table in ("group_membership", "exam_period", "decision")
        },
        "absence": [a for a in tables["absence"] if a["enrolment_id"] in has_subjects and a["code"] != "!"],
    }


def without_a_membership(tables: RawTables, seed: int) -> RawTables:
    left_out = random.Random(seed).choice(tables["group_membership"] or [None])
    return {**tables, "group_membership": [m for m in tables["group_membership"] if m is not left_out]}


def offered(rows: Rows) -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for row in rows:
        total[row["student_key"], row["school_year"]] += row["offered_minutes"]
    return total


def assert_never_less(more: Rows, less: Rows) -> None:
    before, after = offered(less), offered(more)
    assert before.keys() == after.keys()
    assert all(after[student] >= before[student] for student in before), (before, after)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lesson_more_never_lowers_what_a_student_is_offered(seed: int) -> None:
    tables = county(seed)
    assert_never_less(coverage(with_a_lesson_more(tables, seed), AS_OF), covered(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_membership_less_never_raises_it(seed: int) -> None:
    tables = settled(county(seed))
    assert_never_less(coverage(tables, AS_OF), coverage(without_a_membership(tables, seed), AS_OF))


# The same on the mart -------------------------------------------------------------------------------


def test_all_of_it_holds_on_the_mart(tmp_path: Path) -> None:
    variants: dict[str, RawTables] = {}
    for seed in SEEDS_ON_THE_MART:
        tables = county(seed)
        variants[f"{seed}-plain-"] = tables
        variants[f"{seed}-lesson"] = with_a_lesson_more(tables, seed)
        variants[f"{seed}-settle"] = settled(tables)
        variants[f"{seed}-member"] = without_a_membership(settled(tables), seed)
    together = joined(variants)
    rows = computed_mart(tmp_path, [together], AS_OF)
    assert_the_waterfall_adds_up(rows)
    assert_one_row_per_student_subject_and_year(rows, together)
    assert_nobody_is_offered_more_than_was_given(rows, together)
    by_variant = {
        tag: [_untagged(tag, row) for row in rows if row["student_key"].startswith(tag)] for tag in variants
    }
    for seed in SEEDS_ON_THE_MART:
        assert_never_less(by_variant[f"{seed}-lesson"], by_variant[f"{seed}-plain-"])
        assert_never_less(by_variant[f"{seed}-settle"], by_variant[f"{seed}-member"])


def _untagged(tag: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "student_key": row["student_key"].removeprefix(tag)}
