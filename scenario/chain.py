"""Which models a scenario computes anew, which rows it changes, and what it takes as the build left it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TARGET = "student_coverage"
"""Computed from `student_subject_coverage`, which is the answer by subject."""
CHANGED = ("stg_group_membership", "stg_lesson", "stg_lesson_group", "stg_lesson_subject")
FROZEN = {
    "absence_registration": "a coming lesson has no absence",
    "curriculum_match": "the curriculum",
    "decision_in_force": "decisions are not what is changed",
    "entitled_enrolment": "enrolments are not what is changed; it numbers the students of all schools",
    "group_subject_rate": "loss rates come from lessons that are over, of the whole county",
    "school_freshness": "when extracts were taken; a lesson inside the school year moves nothing of it",
    "school_now": "the schools' particulars",
    "slot_demand": "the curriculum",
    "slot_listing": "the curriculum",
    "slot_room": "the curriculum",
    "stg_exam_period": "exams are not what is changed",
    "stg_subject_enrolment": "subjects are not what is changed",
    "stg_teaching_group": "groups are not what is changed",
    "stg_teaching_group_subject": "groups are not what is changed",
}
"""Inputs that no change touches, each with the reason."""

Nodes = Mapping[str, Mapping[str, Any]]


class UnknownInputError(Exception):
    """A model reads what no scenario lays out: it belongs to `FROZEN` or `CHANGED`, or the chain is wrong."""


@dataclass(frozen=True)
class Model:
    """One model as the build compiled it."""

    schema: str
    name: str
    is_view: bool
    sql: str


def chain(nodes: Nodes, compiled: Path) -> list[Model]:
    """The models from the changed rows to the answer, each after those it reads; none without the target."""
    target = next((key for key, node in nodes.items() if node["name"] == TARGET), None)
    if target is None:
        return []
    return [_model(nodes[key], compiled) for key in _ordered(nodes, target, [])]


def _ordered(nodes: Nodes, key: str, done: list[str]) -> list[str]:
    node = nodes.get(key)
    if node is None or node["resource_type"] != "model" or node["name"].startswith("stg_"):
        raise UnknownInputError(f"A scenario does not lay out {key}; see scenario/chain.py.")
    for read in node["depends_on"]["nodes"]:
        known = read in done or (read in nodes and nodes[read]["name"] in {*CHANGED, *FROZEN})
        if not known:
            _ordered(nodes, read, done)
    done.append(key)
    return done


def _model(node: Mapping[str, Any], compiled: Path) -> Model:
    sql = (compiled / node["package_name"] / node["original_file_path"]).read_text(encoding="utf-8")
    is_view = node["config"]["materialized"] == "view"
    return Model(node["schema"], node["name"], is_view, sql.strip().rstrip(";"))
