"""What the pages about changes and corrections share: causes as a bridge, as a table and as words."""

from typing import Any

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.bridge import Span, bridge
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.words import school_column
from dashboard.queries.changes import CAUSES, FIGURES, largest
from dashboard.text import Text

NAMED = 2
"""Causes a sentence names in each direction."""
HELPS = {"missing": -1, "offered": 1, "attended": 1}
"""Which way is good."""


def signed_hours(minutes: Any, text: Text) -> str:
    return text.change(minutes)


def moved_sentence(row: Row | None, text: Text, *, key: str, day: str) -> str:
    """`Siden … mangler det 312 timer mer: avlyst (+410), tatt igjen (−120).`"""
    if row is None or row["moved"] == 0:
        return text(f"{key}.still", day=day)
    if isinstance(row["moved"], Hidden):
        return text(f"{key}.hidden", day=day)
    way = "more" if row["moved"] > 0 else "fewer"
    causes = [
        f"{text(f'change_cause.{cause}').lower()} ({signed_hours(n, text)})"
        for rising in (row["moved"] > 0, row["moved"] < 0)
        for cause, n in largest(row, rising=rising)[:NAMED]
    ]
    told = text(f"{key}.{way}", day=day, hours=text.hours_said(abs(row["moved"])))
    return f"{told}: {text.listed(causes)}." if causes else f"{told}."


def causes_title(row: Row | None, text: Text) -> str:
    """The causes that have moved most each way, of those that may be shown."""
    rising = largest(row, rising=True)[:1] if row else []
    falling = largest(row, rising=False)[:1] if row else []
    if not (rising or falling):
        return text("changes.causes_title")
    said: dict[str, str] = {}
    for (way, hours), found in zip((("up", "more"), ("down", "fewer")), (rising, falling), strict=True):
        for cause, minutes in found:
            said |= {way: text(f"change_cause.{cause}"), hours: signed_hours(minutes, text)}
    if not (rising and falling):
        return text("changes.most_more" if rising else "changes.most_fewer", **said)
    return text("changes.most_both", **{**said, "down": said["down"].lower()})


def causes_card(cards: Cards, row: Row | None, title: str, note: str) -> html.Section:
    """The causes of the change in missing hours: bridge and table."""
    text = cards.view.text
    rows = _cause_rows(row, text)
    table = Table(
        "causes",
        text("changes.causes_caption"),
        [
            Column("cause", text("changes.cause")),
            Column("minutes", text("changes.moved_missing"), "change"),
            Column("students", text("column.students"), "count"),
        ],
        rows,
    )
    figure = bridge(_spans(row, text)) if row and rows else html.P(text("changes.none"))
    return cards.card(title, table, figure=figure, note=note, defined=("change", "known_then"))


def _cause_rows(row: Row | None, text: Text) -> list[Row]:
    if row is None:
        return []
    causes = [
        {"cause": text(f"change_cause.{cause}"), "minutes": row[cause], "students": row[f"n_{cause}"]}
        for cause in CAUSES
        if row[f"n_{cause}"] != 0
    ]
    return [*causes, {"cause": text("changes.in_all"), "minutes": row["moved"], "students": row["students"]}]


def _spans(row: Row, text: Text) -> list[Span]:
    spans: list[Span] = []
    reached = 0.0
    for cause, minutes in largest(row, rising=True) + largest(row, rising=False)[::-1]:
        kind = "against" if minutes > 0 else "realised"
        spans.append(
            Span(
                text(f"change_cause.{cause}"),
                kind,
                reached,
                reached + minutes,
                None,
                None,
                signed_hours(minutes, text),
            )
        )
        reached += minutes
    if isinstance(row["moved"], int):
        unshown = row["moved"] - reached
        if unshown:
            name = text("changes.unshown")
            spans.append(
                Span(
                    name, "planned", reached, reached + unshown, None, None, signed_hours(int(unshown), text)
                )
            )
        total = signed_hours(row["moved"], text)
        spans.append(Span(text("changes.in_all"), "net", 0.0, float(row["moved"]), None, None, total))
    return spans


def schools_card(cards: Cards, rows: list[Row], request: Request, address: str) -> html.Section:
    """Where it moved: the schools with most first, each with its largest cause."""
    text = cards.view.text
    named = [
        {**row, "cause": _main_cause(row, text)}
        for row in sorted(
            request.named(rows), key=lambda row: -abs(row["moved"]) if isinstance(row["moved"], int) else 1
        )
    ]
    table = Table(
        "by_school",
        text("changes.schools_caption"),
        [
            school_column(cards.view),
            Column("moved", text("changes.moved_missing"), "change"),
            Column("students", text("changes.students_moved"), "count"),
            Column("cause", text("changes.main_cause")),
        ],
        named,
    )
    first = named[0] if named and isinstance(named[0]["moved"], int) else None
    title = (
        text("changes.schools_title", school=first["name"], hours=signed_hours(first["moved"], text))
        if first
        else text("changes.schools_plain")
    )
    return cards.card(title, table, shown_rows=12, defined=("change",))


def _main_cause(row: Row, text: Text) -> str:
    causes = sorted(largest(row, rising=True) + largest(row, rising=False), key=lambda entry: -abs(entry[1]))
    return text(f"change_cause.{causes[0][0]}") if causes else ""


def figures_card(cards: Cards, rows: dict[str, Row | None]) -> html.Section:
    """Missing, offered and attended hours side by side, cause by cause."""
    text = cards.view.text
    listed = [
        {"cause": text(f"change_cause.{cause}"), **{f: row[cause] if row else 0 for f, row in rows.items()}}
        for cause in CAUSES
        if any(row and row[f"n_{cause}"] != 0 for row in rows.values())
    ]
    if listed:
        listed.append(
            {"cause": text("changes.in_all"), **{f: row["moved"] if row else 0 for f, row in rows.items()}}
        )
    table = Table(
        "figures",
        text("changes.figures_caption"),
        [
            Column("cause", text("changes.cause")),
            *(Column(figure, text(f"change_figure.{figure}"), "change") for figure in FIGURES),
        ],
        listed,
    )
    return cards.card(text("changes.figures_title"), table, defined=("change",))
