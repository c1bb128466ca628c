"""Benefits by work process, by role, and by school or county."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.benefits_words import process_name, role_names
from dashboard.queries import benefits
from dashboard.queries.benefits import Whose
from dashboard.text import Text


def where_cards(
    cards: Cards, request: Request, of: Whose, register: Mapping[str, Row], until: date
) -> list[html.Section | html.Div]:
    return [
        _process_card(cards, of, register, until),
        html.Div([_place_card(cards, request, of), _role_card(cards, of)], className="halves"),
    ]


def _by_key(rows: Sequence[Row]) -> dict[str, Row]:
    """One row a key, with what is known in each way beside each other: they are never added up."""
    found: dict[str, Row] = {}
    for row in rows:
        merged = found.setdefault(row["sum_key"], {"key": row["sum_key"], "states": []})
        merged["states"].append(row["state"])
        merged |= {f"{row['state']}_{name}": row[name] for name in ("hours", "low", "high")}
    return found


def _hours_columns(text: Text) -> list[Column]:
    return [
        Column("realised_hours", text("benefit_state.realised"), "hours", bar=True),
        Column("realised_low", text("benefits.low"), "hours"),
        Column("realised_high", text("benefits.high"), "hours"),
        Column("estimated_hours", text("benefit_state.estimated"), "hours"),
    ]


def _most(rows: Sequence[Row]) -> Row | None:
    known = [row for row in rows if row.get("realised_hours") is not None]
    return max(known, key=lambda row: row["realised_hours"], default=None)


def process_rows(of: Whose, register: Mapping[str, Row], until: date, text: Text) -> list[Row]:
    """Every process counted or promised, those with most measured hours either way first."""
    found = _by_key(benefits.so_far(of, "process_code"))
    promised, times = benefits.promised_by_process(of, until), benefits.minutes(of)
    rows = [
        {
            **found.get(code, {"states": []}),
            "name": process_name(text, register, code),
            "kind": text(f"change_kind.{register[code]['change_kind']}") if code in register else "",
            "role": role_names(text, register[code]["role"]) if code in register else "",
            "before": times.get(code, {}).get("baseline", {}).get("minutes_per_case"),
            "after": times.get(code, {}).get("follow_up", {}).get("minutes_per_case"),
            "promised": promised.get(code),
            "how": text.listed(
                [text(f"benefit_state.{s}").lower() for s in benefits.STATES if s in found[code]["states"]]
            )
            if code in found
            else text("benefits.not_counted"),
        }
        for code in sorted({*found, *promised})
    ]
    rows.sort(key=lambda row: (row.get("realised_hours") is None, -abs(row.get("realised_hours") or 0)))
    return rows


def _process_card(cards: Cards, of: Whose, register: Mapping[str, Row], until: date) -> html.Section:
    text = cards.view.text
    rows = process_rows(of, register, until, text)
    columns = [
        Column("name", text("benefits.process")),
        Column("kind", text("benefits.change")),
        Column("role", text("benefits.role")),
        *(
            []
            if of.together
            else [
                Column("before", text("benefits.minutes_before"), "points"),
                Column("after", text("benefits.minutes_after"), "points"),
            ]
        ),
        Column("promised", text("benefits.promised_key"), "hours"),
        *_hours_columns(text),
        Column("how", text("benefits.known_how")),
    ]
    most = _most(rows)
    return cards.card(
        text("benefits.process_title", process=most["name"], hours=text.hours_said(most["realised_hours"]))
        if most
        else text("benefits.process_none"),
        Table("processes", text("benefits.process_caption"), columns, rows),
        shown_rows=8,
        defined=("benefit", "benefit_state", "minutes_per_case"),
        className="wide",
    )


def _place_card(cards: Cards, request: Request, of: Whose) -> html.Section:
    """The counties where all are seen together, else the county's schools."""
    text = cards.view.text
    if of.together:
        found = _by_key([{**row, "sum_key": row["county_number"]} for row in benefits.by_county(of.reader)])
        rows = [{**row, "name": request.county_name(key)} for key, row in found.items()]
        unit, head = "county_measured", text("column.county")
    else:
        found = _by_key(benefits.so_far(of, "school_id"))
        rows = [{**row, "name": request.short_name(key)} for key, row in found.items()]
        unit, head = "school_measured", text("column.school")
    measured = sum("realised" in row["states"] for row in rows)
    title = text(f"benefits.{unit}", n=text.number(measured), of=text.number(len(rows)))
    return cards.card(
        title if rows else text("benefits.nowhere"),
        Table("places", text("benefits.place_caption"), [Column("name", head), *_hours_columns(text)], rows),
        shown_rows=8,
        defined=("benefit_state",),
    )


def _role_card(cards: Cards, of: Whose) -> html.Section:
    text = cards.view.text
    found = _by_key(benefits.so_far(of, "role"))
    rows = [{**row, "name": role_names(text, key)} for key, row in found.items()]
    most = _most(rows)
    return cards.card(
        text("benefits.role_title", role=most["name"], hours=text.hours_said(most["realised_hours"]))
        if most
        else text("benefits.role_none"),
        Table(
            "roles_saved",
            text("benefits.role_caption"),
            [Column("name", text("benefits.role")), *_hours_columns(text)],
            rows,
        ),
        shown_rows=8,
        defined=("benefit_state",),
    )
