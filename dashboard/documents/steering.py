"""The one-page report for the steering group: what was promised, what came, what is behind, what next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.access.scope import Reader, Row
from dashboard.components.figures.bridge import Span
from dashboard.documents import about, render
from dashboard.documents.steering_items import behind, decisions
from dashboard.pages.benefits_bridge import bridge_title, spans
from dashboard.pages.benefits_cause import main_verdict, trust, use_of_time, verdict_sentence
from dashboard.pages.benefits_standing import Standing, first, second, standing
from dashboard.pages.benefits_where import process_rows
from dashboard.pages.benefits_words import MINUTES_OF, span
from dashboard.queries import benefits, rollout
from dashboard.queries.benefits import Whose
from dashboard.queries.common import Publication
from dashboard.text import Text

KINDS = {
    "unchanged": "ink",
    "realised": "good",
    "against": "warm",
    "net": "ink",
    "estimated": "soft",
    "promised": "hollow",
}
TICKS = 4
PROCESSES = 6
"""Rows of work: the paper is one page."""


@dataclass(frozen=True)
class Report:
    """Whose report it is, and the words it is written in."""

    of: Whose
    publication: Publication
    text: Text


def steering(reader: Reader, publication: Publication, text: Text, county: str = "") -> bytes:
    """The report as a PDF; of all counties together where the reader follows all and names none."""
    return render(
        "steering", filled(Report(benefits.whose(reader, county), publication, text)), text.language
    )


def filled(report: Report) -> dict[str, Any]:
    of, text = report.of, report.text
    found = standing(of)
    register = benefits.processes(of.reader)
    late = behind(of, register, found, text)
    return {
        "about": about(
            text,
            report.publication,
            kind=text("steering.kind"),
            place=text("overview.all_counties") if of.together else benefits.names(of.reader, of.county),
            title=first(found, text),
            sources=text("steering.sources", build=report.publication.build_id),
        ),
        "second": second(found, text),
        "figures": _figures(of, found, text),
        "bridge": _bridge(of, found, text),
        "curve": _curve(of, found, text),
        "processes": _processes(of, register, found, text),
        "behind": late,
        "cause": _cause(of, register, text),
        "decisions": {
            "title": text("steering.decisions"),
            "items": decisions(of, register, found, text) or [text("steering.no_decision")],
        },
        "method": text("steering.method"),
    }


def _figures(of: Whose, found: Standing, text: Text) -> list[dict[str, str]]:
    adopted = rollout.adoption(of.reader)
    running = sum(row["adopted_on"] is not None for row in adopted)
    realised, estimated = found.realised, found.estimated
    entries = (
        ("benefits.promised_key", text.hours(found.promised), text("steering.hours")),
        (
            "benefit_state.realised",
            text.hours(realised["hours"]) if realised else text.number(None),
            span(text, realised) if realised else text("benefits.nobody_measured"),
        ),
        (
            "benefit_state.estimated",
            text.hours(estimated["hours"]) if estimated else text.number(None),
            text("benefits.estimated_note"),
        ),
        ("benefits.planned_key", text.number(len(found.only_planned)), text("steering.processes")),
        (
            "rollout.running_key",
            text("rollout.running_n", n=text.number(running), of=text.number(len(adopted))),
            text("steering.schools"),
        ),
    )
    return [{"term": text(term), "figure": figure, "note": note} for term, figure, note in entries]


def _bridge(of: Whose, found: Standing, text: Text) -> dict[str, Any]:
    kinds = {row["sum_key"]: row for row in benefits.so_far(of, "change_kind") if row["state"] == "realised"}
    steps = [_step(one) for one in spans(found, kinds, text)]
    said = "; ".join(f"{step['name']} {step['figure']}" for step in steps)
    return {
        "title": bridge_title(kinds, text),
        "alt": f"{text('benefits.bridge_caption')}: {said}",
        "steps": steps,
    }


def _step(one: Span) -> dict[str, Any]:
    return {
        "name": one.name,
        "from": one.start / 60,
        "to": one.end / 60,
        "low": (one.end if one.low is None else one.low) / 60,
        "high": (one.end if one.high is None else one.high) / 60,
        "figure": one.figure,
        "kind": KINDS[one.kind],
    }


def _curve(of: Whose, found: Standing, text: Text) -> dict[str, Any]:
    rows = [row for row in benefits.curve(of) if row["hours"] is not None]
    plan = [row for row in benefits.promised(of) if row["month"] <= found.until]
    lines: list[dict[str, Any]] = []
    bands: list[dict[str, Any]] = []
    for state in ("realised", "estimated"):
        points = [row for row in rows if row["state"] == state]
        if points:
            months = [_month(row["month"]) for row in points]
            bands.append({"x": months, "kind": state} | {e: _hours(points, e) for e in ("low", "high")})
            words = f"{text.hours(points[-1]['hours'])} {text(f'benefit_state.{state}').lower()}"
            lines.append({"x": months, "y": _hours(points, "hours"), "kind": state, "label": words})
    if plan:
        words = f"{text.hours(plan[-1]['planned_so_far'])} {text('benefits.promised_word')}"
        months = [_month(row["month"]) for row in plan]
        lines.append({"x": months, "y": _hours(plan, "planned_so_far"), "kind": "planned", "label": words})
    alt = "; ".join(line["label"] for line in lines) or text("benefits.curve_none")
    return {
        "title": text("steering.against_plan"),
        "alt": f"{text('benefits.curve_caption')}: {alt}",
        "lines": _labelled(lines),
        "bands": bands,
        "x": _months([row["month"] for row in [*rows, *plan]], text),
        "y": _ticks([y for line in lines for y in line["y"]] + [y for b in bands for y in b["high"]], text),
    }


def _month(month: date) -> int:
    return 12 * month.year + month.month - 1


def _hours(rows: list[Row], name: str) -> list[float]:
    return [(row[name] or 0) / 60 for row in rows]


def _labelled(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each label beside the end of its line, kept apart by a tenth of the height."""
    if not lines:
        return []
    ys = [y for line in lines for y in line["y"]]
    apart = (max(0.0, *ys) - min(0.0, *ys)) * 0.13
    placed, free = [], float("-inf")
    for line in sorted(lines, key=lambda one: one["y"][-1]):
        at = max(line["y"][-1], free)
        free = at + apart
        placed.append({**line, "label-at": at})
    return placed


def _months(months: list[date], text: Text) -> list[dict[str, Any]]:
    """The turns of the year; the first month where there is none."""
    every = sorted(set(months))
    shown = [month for month in every if month.month == 1] or every[:1]
    step = len(shown) // 5 + 1
    return [{"at": _month(month), "label": text.day(month, "MMM y")} for month in shown[::step]]


def _ticks(values: list[float], text: Text) -> list[dict[str, Any]]:
    """Round numbers of hours, at most a handful."""
    if not values:
        return []
    reach = max(*values, 1.0)
    rough = reach / TICKS
    unit = 10 ** (len(str(int(rough))) - 1)
    step = next(unit * n for n in (1, 2, 5, 10) if unit * n >= rough)
    return [{"at": n * step, "label": text.number(n * step)} for n in range(int(reach / step) + 1)]


def _processes(of: Whose, register: Mapping[str, Row], found: Standing, text: Text) -> dict[str, Any]:
    """The work that gave and took most; what nobody has measured stands last."""
    rows = process_rows(of, register, found.until, text)
    most = max(
        (row for row in rows if row.get("realised_hours")),
        key=lambda row: row["realised_hours"],
        default=None,
    )
    heads = ("benefits.process", "benefits.change", "benefits.promised_key", "benefit_state.realised")
    numeric = (False, False, True, True, True, True)
    cells = [
        [
            row["name"],
            row["kind"],
            text.hours(row["promised"]),
            text.hours(row.get("realised_hours")),
            f"{text.hours(row.get('realised_low'))} – {text.hours(row.get('realised_high'))}"
            if row.get("realised_low") is not None
            else "",
            text.hours(row.get("estimated_hours")),
        ]
        for row in rows[:PROCESSES]
    ]
    named = [text(head) for head in heads]
    named += [text("attribution.interval"), text("benefit_state.estimated")]
    title = text("benefits.process_none")
    if most:
        hours = text.hours_said(most["realised_hours"])
        title = text("benefits.process_title", process=most["name"], hours=hours)
    columns = [{"head": head, "numeric": one} for head, one in zip(named, numeric, strict=True)]
    return {"title": title, "columns": columns, "rows": cells}


def _cause(of: Whose, register: Mapping[str, Row], text: Text) -> dict[str, Any]:
    verdicts = benefits.verdicts(of.reader)
    verdict = main_verdict(verdicts)
    used = f"{use_of_time(benefits.positions(of), verdicts, text)}."
    if verdict is None:
        return {"title": text("steering.cause"), "words": [f"{text('attribution.none')}.", used]}
    points = benefits.event_study(of.reader, verdict["indicator"])
    said = f"{verdict_sentence(verdict, register, text)}. {trust(verdict, points, text, mark='')}"
    most = [f"{verdict_sentence(row, register, text)}." for row in _of_most(of, verdicts)]
    return {"title": text("steering.cause"), "words": [*most, said.strip(), used]}


def _of_most(of: Whose, verdicts: list[Row]) -> list[Row]:
    """What is said of the work that gave most, where its minutes were compared."""
    realised = [row for row in benefits.so_far(of, "process_code") if row["state"] == "realised"]
    most = max(realised, key=lambda row: row["hours"] or 0.0, default=None)
    indicator = f"{MINUTES_OF}{most['sum_key']}" if most else ""
    return [row for row in verdicts if row["indicator"] == indicator]
