"""Benefits: who is to measure, where cases are counted, what measuring costs, how alike the work is done."""

from collections.abc import Mapping, Sequence

from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.benefits_words import process_name, role_names
from dashboard.queries import benefits
from dashboard.queries.benefits import ALL, Whose
from dashboard.text import Text


def measuring_cards(
    cards: Cards, request: Request, of: Whose, register: Mapping[str, Row]
) -> list[html.Section | html.Div]:
    late, counted = _due_card(cards, request, of, register), _volume_card(cards, of, register)
    ahead, cost = _next_card(cards, request, of, register), _cost_card(cards, request, of, register)
    return [
        late,
        html.Div([counted, cost], className="halves"),
        ahead,
        _likeness_card(cards, of, register),
    ]


def _county_column(of: Whose, text: Text) -> list[Column]:
    return [Column("county", text("column.county"))] if of.together else []


def _due_card(cards: Cards, request: Request, of: Whose, register: Mapping[str, Row]) -> html.Section:
    text = cards.view.text
    rows = [
        {
            **row,
            "name": process_name(text, register, row["process_code"]),
            "county": request.county_name(row["county_number"]),
            "phase": text(f"phase.{row['due_phase']}"),
        }
        for row in benefits.due(of)
    ]
    columns = [
        Column("name", text("benefits.process")),
        *_county_column(of, text),
        Column("owner", text("benefits.owner")),
        Column("phase", text("benefits.phase")),
        Column("due_on", text("benefits.due_on"), "day"),
        Column("days_overdue", text("benefits.days_overdue"), "count"),
        Column("last_follow_up_on", text("benefits.last_follow_up"), "day"),
    ]
    late = [row for row in rows if row["days_overdue"]]
    if late:
        title = text(
            "benefits.due_title",
            owner=late[0]["owner"],
            process=late[0]["name"],
            days=text.counted("day", late[0]["days_overdue"]),
        )
    else:
        title = text("benefits.due_ok")
    table = Table("due", text("benefits.due_caption"), columns, rows)
    return cards.card(title, table, shown_rows=8, defined=("measurement_due",), className="wide")


def _volume_card(cards: Cards, of: Whose, register: Mapping[str, Row]) -> html.Section:
    text = cards.view.text
    rows = [
        {
            **row,
            "name": process_name(text, register, row["process_code"]),
            "unit": register.get(row["process_code"], {}).get("unit"),
            "share": row["difference"] / row["extract_both"] if row["extract_both"] else None,
        }
        for row in benefits.volumes(of)
    ]
    columns = [
        Column("name", text("benefits.process")),
        Column("unit", text("benefits.unit")),
        Column("from_extract", text("benefits.from_extract"), "count"),
        Column("from_sheet", text("benefits.from_sheet"), "count"),
        Column("extract_both", text("benefits.extract_both"), "count"),
        Column("sheet_both", text("benefits.sheet_both"), "count"),
        Column("share", text("benefits.sheet_more"), "share"),
    ]
    both = [row for row in rows if row["share"] is not None]
    if both and both[0]["share"]:
        key = "benefits.sheet_above" if both[0]["share"] > 0 else "benefits.sheet_below"
        title = text(key, share=text.share(abs(both[0]["share"]), 0), process=both[0]["name"])
    else:
        title = text("benefits.volumes_agree" if both else "benefits.volumes_alone")
    table = Table("volumes", text("benefits.volume_caption"), columns, rows)
    return cards.card(title, table, shown_rows=8, defined=("volume",))


def _next_card(cards: Cards, request: Request, of: Whose, register: Mapping[str, Row]) -> html.Section:
    text = cards.view.text
    rows = [
        {
            **row,
            "name": process_name(text, register, row["process_code"]),
            "county": request.county_name(row["county_number"]),
            "school": request.short_name(row["school_id"]),
            "asked": role_names(text, row["role"]),
            "phase_said": text(f"phase.{row['phase']}"),
        }
        for row in benefits.next_samples(of)
    ]
    columns = [
        Column("name", text("benefits.process")),
        *_county_column(of, text),
        Column("school", text("column.school")),
        Column("asked", text("benefits.asked")),
        Column("phase_said", text("benefits.phase")),
        Column("cases", text("benefits.cases_to_time"), "count"),
        Column("minutes", text("benefits.minutes_asked"), "count"),
        Column("narrowed", text("benefits.narrowed"), "hours"),
    ]
    if rows:
        title = text("benefits.next_title", process=rows[0]["name"], school=rows[0]["school"])
    else:
        title = text("benefits.next_none")
    table = Table("next_samples", text("benefits.next_caption"), columns, rows)
    return cards.card(title, table, shown_rows=5, defined=("sampling_plan",), className="wide")


def _cost_card(cards: Cards, request: Request, of: Whose, register: Mapping[str, Row]) -> html.Section:
    text = cards.view.text
    rows = [
        {
            **row,
            "name": text("benefits.all_work")
            if row["process_code"] == ALL
            else process_name(text, register, row["process_code"]),
            "county": request.county_name(row["county_number"]),
            "word": text(f"measuring.{row['verdict']}"),
        }
        for row in benefits.costs(of)
    ]
    columns = [
        Column("name", text("benefits.process")),
        *_county_column(of, text),
        Column("samples_given", text("benefits.samples"), "count"),
        Column("given", text("benefits.given"), "hours"),
        Column("hours_planned", text("benefits.planned_cost"), "hours"),
        Column("saved", text("benefits.saved_a_year"), "hours"),
        Column("low", text("benefits.low"), "hours"),
        Column("high", text("benefits.high"), "hours"),
        Column("cost_share", text("benefits.cost_share"), "share"),
        Column("word", text("benefits.advice")),
    ]
    table = Table("measuring_cost", text("benefits.cost_caption"), columns, rows)
    return cards.card(_cost_title(rows, text), table, shown_rows=8, defined=("measuring_cost",))


def _cost_title(rows: Sequence[Row], text: Text) -> str:
    whole = [row for row in rows if row["process_code"] == ALL]
    if not whole:
        return text("benefits.cost_none")
    given, planned = (sum(row[name] or 0 for row in whole) for name in ("given", "hours_planned"))
    return text("benefits.cost_title", given=text.hours_said(given), planned=text.hours_said(planned))


def _likeness_card(cards: Cards, of: Whose, register: Mapping[str, Row]) -> html.Section:
    text = cards.view.text
    rows = [
        {**row, "name": process_name(text, register, row["process_code"])}
        for row in benefits.likeness(of.reader)
    ]
    columns = [
        Column("name", text("benefits.process")),
        Column("school_year", text("shell.year"), "year"),
        Column("counties", text("likeness.counties"), "count"),
        Column("schools", text("column.schools"), "count"),
        Column("schools_adopted", text("likeness.adopted"), "count"),
        Column("minutes_per_case", text("likeness.minutes"), "points"),
        Column("county_spread", text("likeness.county_spread"), "share"),
        Column("school_spread", text("likeness.school_spread"), "share"),
        Column("school_spread_low", text("benefits.low"), "share"),
        Column("school_spread_high", text("benefits.high"), "share"),
        Column("common_share", text("likeness.common"), "share", bar=True),
    ]
    table = Table("likeness", text("likeness.caption"), columns, rows)
    return cards.card(
        _likeness_title(rows, text),
        table,
        shown_rows=10,
        note=text("likeness.note") if rows else None,
        defined=("standardisation",),
        className="wide",
    )


def _likeness_title(rows: Sequence[Row], text: Text) -> str:
    """The process whose spread between schools changed most from its first year to its last, beyond doubt."""
    lines: dict[str, list[Row]] = {}
    for row in rows:
        if row["school_spread"] is not None:
            lines.setdefault(row["process_code"], []).append(row)
    pairs = [(line[-1], line[0]) for line in lines.values() if len(line) > 1]
    clear = [
        (then, now)
        for then, now in pairs
        if now["school_spread_high"] < then["school_spread_low"]
        or now["school_spread_low"] > then["school_spread_high"]
    ]
    if not pairs:
        return text("likeness.none")
    if not clear:
        return text("likeness.unchanged")
    then, now = max(clear, key=lambda pair: abs(pair[1]["school_spread"] - pair[0]["school_spread"]))
    key = "likeness.alike" if now["school_spread"] < then["school_spread"] else "likeness.apart"
    return text(key, process=now["name"], year=then["school_year"])
