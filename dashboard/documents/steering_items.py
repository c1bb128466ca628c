"""What is behind and who owns it, and what the steering group is asked to decide next."""

from collections.abc import Mapping
from typing import Any

from dashboard.access.scope import Row
from dashboard.pages.benefits_standing import Standing
from dashboard.pages.benefits_words import process_name
from dashboard.pages.words import worded
from dashboard.queries import benefits, common, rollout
from dashboard.queries.benefits import Whose
from dashboard.text import Text

Late = tuple[int, list[str]]
"""Days late, and what, where and whose it is."""
NAMED = 3
SHOWN = 5
"""Rows of what is behind: the paper is one page."""


def behind(of: Whose, register: Mapping[str, Row], found: Standing, text: Text) -> dict[str, Any]:
    """Measurements and milestones past their date, the latest first; the same for several counties is one."""
    late = [
        *_measurements(of, register, found, text),
        *(_milestone(of, row, text) for row in _overdue_milestones(of)),
    ]
    late.sort(key=lambda one: -one[0])
    rest = len(late) - SHOWN
    return {
        "title": text("steering.behind", n=text.number(len(late)))
        if late
        else text("steering.nothing_behind"),
        "columns": [
            {"head": text("steering.what"), "numeric": False},
            {"head": text("steering.where"), "numeric": False},
            {"head": text("benefits.owner"), "numeric": False},
            {"head": text("benefits.days_overdue"), "numeric": True},
        ],
        "rows": [[*cells, text.number(days)] for days, cells in late[:SHOWN]],
        "more": text("steering.more", n=text.number(rest)) if rest > 0 else "",
    }


def _overdue_milestones(of: Whose) -> list[Row]:
    return [row for row in rollout.milestones(of.reader) if row["state"] == "overdue"]


def _measurements(of: Whose, register: Mapping[str, Row], found: Standing, text: Text) -> list[Late]:
    by_process: dict[tuple[str, str], list[Row]] = {}
    for row in found.overdue:
        by_process.setdefault((row["process_code"], row["owner"] or ""), []).append(row)
    return [
        (
            max(row["days_overdue"] for row in rows),
            [
                text("steering.measure", process=process_name(text, register, code)),
                _few([benefits.names(of.reader, row["county_number"]) for row in rows], text),
                owner or text("steering.nobody"),
            ],
        )
        for (code, owner), rows in by_process.items()
    ]


def _few(names: list[str], text: Text) -> str:
    """The first names, and how many more: the paper is one page."""
    if len(names) <= NAMED:
        return text.listed(names)
    return text("steering.and_more", names=", ".join(names[: NAMED - 1]), n=len(names) - NAMED + 1)


def _milestone(of: Whose, row: Row, text: Text) -> Late:
    what = text("steering.milestone", milestone=worded(text, "milestone", row["milestone"]))
    county = benefits.names(of.reader, row["county_number"])
    where = f"{county}, {text.counted('school', row['schools'])}"
    return row["days_late"], [what, where, text("steering.county_project")]


def decisions(of: Whose, register: Mapping[str, Row], found: Standing, text: Text) -> list[str]:
    """What the figures themselves ask for, at most one of each kind."""
    return [
        said
        for said in (
            _who_measures(register, found, text),
            _which_milestone(of, text),
            _new_work(of, register, text),
            _which_release(of, text),
            _where_next(of, register, text),
        )
        if said
    ][:4]


def _who_measures(register: Mapping[str, Row], found: Standing, text: Text) -> str:
    if not found.overdue:
        return ""
    first = found.overdue[0]
    return text(
        "steering.decide_measure",
        owner=first["owner"] or text("steering.nobody"),
        process=process_name(text, register, first["process_code"]),
        n=text.counted("measurement", len(found.overdue)),
    )


def _which_milestone(of: Whose, text: Text) -> str:
    late = _overdue_milestones(of)
    if not late:
        return ""
    worst = max(late, key=lambda row: row["days_late"])
    return text(
        "steering.decide_milestone",
        milestone=worded(text, "milestone", worst["milestone"]),
        schools=text.counted("school", worst["schools"]),
        days=text.counted("day", worst["days_late"]),
    )


def _new_work(of: Whose, register: Mapping[str, Row], text: Text) -> str:
    """The new work that takes most, measured."""
    costly = [
        row
        for row in benefits.so_far(of, "process_code")
        if row["state"] == "realised" and row["high"] is not None and row["high"] < 0
    ]
    if not costly:
        return ""
    worst = min(costly, key=lambda row: row["hours"])
    return text(
        "steering.decide_work",
        process=process_name(text, register, worst["sum_key"]),
        hours=text.hours_said(-worst["hours"]),
    )


def _which_release(of: Whose, text: Text) -> str:
    waiting = [row for row in rollout.releases(of.reader) if not row["accepted_on"]]
    if not waiting:
        return ""
    days = text.counted("day", waiting[0]["days"] or 0)
    return text("steering.decide_release", release=waiting[0]["release"], days=days)


def _where_next(of: Whose, register: Mapping[str, Row], text: Text) -> str:
    plan = benefits.next_samples(of)
    if not plan:
        return ""
    schools = common.schools(of.reader)
    school = schools.get(plan[0]["school_id"], {}).get("name") or plan[0]["school_id"]
    return text(
        "steering.decide_sample",
        process=process_name(text, register, plan[0]["process_code"]),
        school=school,
        hours=text.hours_said(plan[0]["narrowed"]),
    )
