"""Benefits: how much of the change is the system's, and where the time went."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.card import Cards
from dashboard.components.figures.bars import Bar, bars
from dashboard.components.figures.event_study import event_study
from dashboard.components.shell import choice
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.benefits_words import effect, indicator_name, is_share, role_names
from dashboard.pages.words import worded
from dashboard.queries import benefits
from dashboard.queries.benefits import Whose
from dashboard.text import Text

SAID = ("increase", "decrease", "no_clear_change")
"""Verdicts with an estimate behind them; the others say why there is none."""
PROMISED_USE = "hours:pedagogical"
"""What saved time was promised to go to."""
PRE_TREND = 0.05
EVENT = "◆"
LEFT_OUT = ("with_gaps", "adopted_before", "in_small_cohorts")
"""Why a school is not among those compared."""


def cause_cards(
    cards: Cards, request: Request, of: Whose, register: Mapping[str, Row]
) -> list[html.Section | html.Div]:
    rows = benefits.verdicts(of.reader)
    return [
        html.Div(
            [_study_card(cards, request, of, rows, register), _verdict_card(cards, rows, register)],
            className="halves",
        ),
        _positions_card(cards, of, rows),
    ]


def main_verdict(rows: Sequence[Row], chosen: str = "") -> Row | None:
    """The one asked for, else what was promised, else the first that is no control."""
    tried = [row for row in rows if not row["is_control"]] or list(rows)
    by_name = {row["indicator"]: row for row in rows}
    return by_name.get(chosen) or by_name.get(PROMISED_USE) or (tried[0] if tried else None)


def verdict_sentence(row: Row, register: Mapping[str, Row], text: Text) -> str:
    """What can be said of one indicator, or plainly why it cannot."""
    name = row["indicator"]
    said = {
        "name": indicator_name(text, register, name),
        "unit": text("attribution.points" if is_share(name) else "attribution.minutes"),
        "estimate": effect(text, name, row["estimate"]),
        "low": effect(text, name, row["low"]),
        "high": effect(text, name, row["high"]),
        "detectable": effect(text, name, row["detectable"]).lstrip("+"),
        "raw": effect(text, name, row["raw_change"]),
    }
    return text(f"attribution.says_{row['verdict']}", **said)


def _study_card(
    cards: Cards, request: Request, of: Whose, rows: Sequence[Row], register: Mapping[str, Row]
) -> html.Section:
    text = cards.view.text
    row = main_verdict(rows, request.view.params.get("indicator", ""))
    points = benefits.event_study(of.reader, row["indicator"]) if row else []
    columns = [
        Column("event_time", text("attribution.period"), "count"),
        *(
            Column(name, text(f"attribution.{name}"))
            for name in ("estimate_said", "low_said", "high_said", "band_said")
        ),
        Column("cohorts", text("attribution.cohorts"), "count"),
        Column("events", text("attribution.events")),
    ]
    indicator = row["indicator"] if row else ""
    shown = [
        {
            **point,
            **{f"{name}_said": effect(text, indicator, point[name]) for name in ("estimate", "low", "high")},
            "band_said": text(
                "attribution.from_to",
                low=effect(text, indicator, point["band_low"]),
                high=effect(text, indicator, point["band_high"]),
            ),
            "events": text.listed(_events(point, text)),
        }
        for point in points
    ]
    table = Table("event_study", text("attribution.study_caption"), columns, shown)
    if row is None:
        return cards.card(text("attribution.none"), table, defined=("attribution",))
    options = [(one["indicator"], indicator_name(text, register, one["indicator"])) for one in rows]
    note: list[Any] = [
        html.Div(choice("indicator", text("attribution.indicator"), options, indicator), className="filters"),
        html.P(trust(row, points, text)),
    ]
    return cards.card(
        verdict_sentence(row, register, text),
        table,
        figure=event_study(points, text, percent=is_share(indicator))
        if points
        else html.P(text("attribution.no_figure"), className="note"),
        note=note,
        defined=("attribution", "pre_trend", "competing_event"),
    )


def trust(row: Row, points: Sequence[Row], text: Text, mark: str = EVENT) -> str:
    """Whether schools moved alike before, whether untouched work moved, and what else came; `mark` is how the
    figure beside it marks that."""
    parts = []
    if row["pre_trend_p"] is not None:
        moved = row["pre_trend_p"] < PRE_TREND
        name = "attribution.moved_apart" if moved else "attribution.moved_alike"
        parts.append(text(name, p=text.number(row["pre_trend_p"], 2)))
    if row["controls_tried"]:
        key = "attribution.controls_moved" if row["controls_moved"] else "attribution.controls_flat"
        parts.append(text(key, n=text.number(row["controls_moved"]), of=text.number(row["controls_tried"])))
    left_out = sum(row[f"schools_{why}"] or 0 for why in LEFT_OUT)
    if left_out:
        reasons = [
            text(f"attribution.out_{why}", n=text.number(row[f"schools_{why}"]))
            for why in LEFT_OUT
            if row[f"schools_{why}"]
        ]
        out = text.counted("school", left_out)
        parts.append(text("attribution.left_out", schools=out, reasons=text.listed(reasons)))
    events = sorted({event for point in points for event in _events(point, text)})
    if events:
        parts.append(text("attribution.events_met", mark=mark, events=text.listed(events)).strip())
    return " ".join(parts)


def _events(point: Row, text: Text) -> list[str]:
    codes = (point["competing_events"] or "").split("|")
    return [worded(text, "competing_event", code) for code in codes if code]


def _verdict_card(cards: Cards, rows: Sequence[Row], register: Mapping[str, Row]) -> html.Section:
    text = cards.view.text
    named = [
        {
            **row,
            "name": indicator_name(text, register, row["indicator"]),
            "control": text("attribution.control") if row["is_control"] else "",
            "word": text(f"attribution.verdict_{row['verdict']}"),
            "estimate_said": effect(text, row["indicator"], row["estimate"]),
            "interval": text(
                "attribution.from_to",
                low=effect(text, row["indicator"], row["low"]),
                high=effect(text, row["indicator"], row["high"]),
            )
            if row["low"] is not None
            else "",
            "raw_said": effect(text, row["indicator"], row["raw_change"]),
        }
        for row in rows
    ]
    columns = [
        Column("name", text("attribution.indicator")),
        Column("word", text("attribution.verdict")),
        Column("estimate_said", text("attribution.estimate_said")),
        Column("interval", text("attribution.interval")),
        Column("raw_said", text("attribution.raw")),
        Column("schools", text("column.schools"), "count"),
        Column("control", text("attribution.control_head")),
    ]
    tried = [row for row in rows if not row["is_control"]]
    told = [row["verdict"] for row in tried if row["verdict"] in SAID]
    unclear = told.count("no_clear_change")
    title = text(
        "attribution.told",
        system=text.number(len(told) - unclear),
        of=text.number(len(tried)),
        none=text.number(unclear),
        rest=text.number(len(tried) - len(told)),
    )
    return cards.card(
        title if rows else text("attribution.none"),
        Table("attribution", text("attribution.verdict_caption"), columns, named),
        shown_rows=8,
        note=text("attribution.note"),
        defined=("attribution", "control"),
    )


def _positions_card(cards: Cards, of: Whose, verdicts: Sequence[Row]) -> html.Section:
    text = cards.view.text
    rows = [
        {
            **row,
            "name": role_names(text, row["role"]),
            "when": text("positions.after" if row["is_after_adoption"] else "positions.before"),
            "which": text(f"positions.{row['plan']}"),
        }
        for row in benefits.positions(of)
    ]
    columns = [
        Column("name", text("benefits.role")),
        Column("which", text("positions.which")),
        Column("when", text("positions.when")),
        Column("positions", text("positions.positions"), "count"),
        *(
            Column(f"{kind}_{per}", text(f"positions.{kind}_{per}"), "hours" if per == "each" else "points")
            for per in ("each", "fte")
            for kind in ("teaching", "pedagogical", "administrative")
        ),
    ]
    return cards.card(
        use_of_time(rows, verdicts, text),
        Table("positions", text("positions.caption"), columns, rows),
        figure=_positions_figure(rows, text),
        note=text("positions.note"),
        defined=("position_plan", "full_time"),
        className="wide",
    )


def _positions_figure(rows: Sequence[Row], text: Text) -> Any:
    """What a position's hours went to, role by role, before and with the system."""
    used = [row for row in rows if row["plan"] == "actual" and row["positions"]]
    if not used:
        return None
    kinds = (("f-on_track", "teaching"), ("f-met", "pedagogical"), ("f-exempt", "administrative"))
    lines = [
        Bar(
            f"{row['name']}, {row['when'].lower()}",
            [(fill, float(row[f"{kind}_each"] or 0)) for fill, kind in kinds],
            text.hours(row["pedagogical_each"]),
            text.number(row["pedagogical_fte"], 1),
        )
        for row in used
    ]
    key = [
        html.Span([html.Span(className=f"swatch {fill}"), text(f"positions.{kind}")]) for fill, kind in kinds
    ]
    return [html.P(key, className="bar-key", **aria(hidden="true")), bars(lines)]


def use_of_time(rows: Sequence[Row], verdicts: Sequence[Row], text: Text) -> str:
    """Whether teachers' positions hold more hours of pedagogical work than before, and whether that is shown
    to be the system's doing: before and after alone cannot tell."""
    found = {
        row["is_after_adoption"]: row
        for row in rows
        if row["role"] == "teacher" and row["plan"] == "actual" and row["pedagogical_each"] is not None
    }
    if len(found) < 2:
        return text("positions.none")
    more = found[True]["pedagogical_each"] - found[False]["pedagogical_each"]
    if abs(more) < 30:
        return text("positions.same")
    said = text("positions.more" if more > 0 else "positions.less", hours=text.hours_said(abs(more)))
    shown = {row["verdict"] for row in verdicts if row["indicator"] == PROMISED_USE}
    if shown == {"increase" if more > 0 else "decrease"}:
        return said
    return text("positions.not_shown", said=said)
