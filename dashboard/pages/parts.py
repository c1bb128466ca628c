"""Cards that more than one page shows."""

from typing import Any

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.waterfall import STEPS, waterfall
from dashboard.components.lede import concentration
from dashboard.components.status import mini_bar, status_parts
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.school_what_if import try_it
from dashboard.pages.words import school_column
from dashboard.queries import common, county
from dashboard.queries.common import LOSSES
from dashboard.queries.overview import Funnel
from dashboard.text import Text
from dashboard.view import View

NAMED = 3
"""Schools a title names before it counts the rest."""


def recovery_card(
    cards: Cards, rows: list[Row], request: Request, *, at_school: bool = False, shown_rows: int = 5
) -> html.Section:
    """Which extra lessons help most, as sentences; the table has every figure."""
    text = cards.view.text
    named = [{**row, "school": request.short_name(row["school_id"])} for row in rows]
    columns = [
        Column("group_name", text("column.group")),
        Column("subject_name", text("column.subject")),
        *([] if at_school else [Column("school", text("column.school"))]),
        Column("lessons", text("column.lessons"), "count"),
        Column("lesson_minutes", text("column.lesson_minutes"), "count"),
        Column("students", text("column.students_missing"), "count"),
        Column("lifted", text("column.lifted"), "count"),
        Column("recovered", text("column.recovered"), "hours"),
    ]
    table = Table("recovery", text("recovery.caption"), columns, named)
    if not rows:
        return cards.card(text("recovery.none"), table, defined=("recovery",))
    items = [_measure(row, request, at_school) for row in named[:shown_rows]]
    return cards.card(
        text("recovery.title"),
        table,
        figure=html.Ol(items, className="measures"),
        defined=("recovery",),
    )


def _measure(row: Row, request: Request, at_school: bool) -> html.Li:
    """One measure; at the school its subject leads to the students it is for."""
    text, view = request.view.text, request.view
    subject: Any = row["subject_name"]
    at = view.path if at_school else f"/school/{row['school_id']}"
    name = html.A(row["group_name"], href=f"{_group_href(view, at_school, at, row['group_id'])}#group")
    place = None
    if at_school:
        subject = html.A(subject, href=view.href(subject=row["subject_code"]))
    else:
        place = html.A(row["school"], href=view.href(f"/school/{row['school_id']}"), className="place")
    effect: list[Any] = [
        text("recovery.each", n=text.number(row["lesson_minutes"])),
        " · ",
        text("recovery.lift", students=text.counted("student", row["lifted"])),
    ]
    tried = try_it(view, row) if at_school and request.reader.viewer.sees_students else None
    return html.Li(
        [
            html.Strong(text.counted("added", row["lessons"]), className="dose"),
            html.Span(
                [
                    html.Span([name, " · ", subject]),
                    html.Span([*effect, " · " if place or tried else None, place, tried], className="effect"),
                ]
            ),
        ]
    )


def _group_href(view: View, at_school: bool, path: str, group: str) -> str:
    return view.href(group=group) if at_school else view.href(path, group=group)


def loss_card(cards: Cards, rows: list[Row], total: Row, text: Text, *, name: str = "why") -> html.Section:
    """Why: the waterfall from the timetable to what was offered, and the largest cause in the title."""
    lost = rows[0] if rows else None
    table_rows = [
        {
            "step": text(f"step.{step}"),
            "minutes": total[step],
            "share": total[step] / total["scheduled"] if _known(total, step) else None,
        }
        for step, _ in STEPS
    ]
    table_rows += [
        {"step": text(f"step.{cause}"), "minutes": total[cause], "share": None}
        for cause in ("required", "not_scheduled", "not_assigned", "missing")
    ]
    table = Table(
        name,
        text("why.caption"),
        [
            Column("step", text("column.step")),
            Column("minutes", text("column.student_hours"), "hours"),
            Column("share", text("column.of_scheduled"), "share"),
        ],
        table_rows,
    )
    if not _known(total, "scheduled"):
        return cards.card(text("why.hidden"), table, defined=("waterfall",))
    return cards.card(
        _why_title(lost, text),
        table,
        figure=waterfall(total, lost, text),
        defined=("waterfall", "not_scheduled"),
    )


def _why_title(lost: Row | None, text: Text) -> str:
    largest = largest_cause(lost)
    if lost is None or largest is None:
        return text("why.none")
    return text("why.title", cause=text(f"cause.{largest}"), hours=text.hours_said(lost[largest]))


def largest_cause(lost: Row | None) -> str | None:
    """What takes most of the lost hours, of the causes that may be shown."""
    shown = {c: lost[c] for c in LOSSES if isinstance(lost[c], int) and lost[c]} if lost else {}
    return max(shown, key=lambda cause: shown[cause]) if shown else None


def _known(row: Row, name: str) -> bool:
    return not isinstance(row["scheduled"], Hidden) and not isinstance(row[name], Hidden) and row["scheduled"]


def school_bar(row: Row) -> Any:
    return mini_bar(status_parts(row), row["students"])


def by_status_card(cards: Cards, request: Request, rows: list[Row], status: str) -> html.Section:
    """Where the students of one status are: what a count on the status bar leads to."""
    text, name, share = cards.view.text, f"students_{status}", f"share_{status}"
    ordered = sorted(rows, key=lambda row: -row[share] if isinstance(row[share], float) else 1)
    columns = [
        school_column(cards.view),
        Column("students", text("column.students"), "count"),
        Column(name, text(f"status.{status}"), "count"),
        Column(share, text("column.share"), "share", bar=True),
        Column("bar", text("column.statuses"), draw=school_bar),
    ]
    first = next((row for row in ordered if isinstance(row[share], float) and row[share]), None)
    said = {"status": text(f"status.{status}"), "school": first["name"] if first else ""}
    return cards.card(
        text("by_status.title" if first else "by_status.none", **said),
        Table("schools", text("by_status.caption", **said), columns, ordered),
        note=html.A(text("by_status.all"), href=f"{cards.view.href(status=None)}#schools"),
        defined=("needing",),
        className="wide",
    )


def standing_out(schools: list[Row], limits: Funnel | None, text: Text) -> str:
    """Which schools are beyond the limits; where none is, which lies highest."""
    shown = [row for row in schools if isinstance(row["share_needing"], float)]
    far = [row["name"] for row in shown if limits and limits.is_outside(row)]
    if far:
        more = len(far) - NAMED
        named = far if more < 2 else [*far[:NAMED], text("where.more", n=more)]
        return text("where.title" if len(far) > 1 else "where.title_one", schools=text.listed(named))
    if not shown or not limits:
        return text("where.none")
    return text("where.highest", school=shown[0]["name"], share=text.share(shown[0]["share_needing"]))


def where_lost(request: Request, where: str = "true", **params: Any) -> str:
    """The few schools that hold most of a subject's lost lessons, in words."""
    row = county.concentrated(request.reader, request.year, where, **params)
    names = [request.short_name(school) for school in row["school_ids"].split("|")] if row else []
    return concentration(row, names, request.view.text)


def counties_card(cards: Cards, request: Request, *, alone: bool = True) -> html.Section | None:
    """Counties and years side by side; not `alone` where one would repeat the first sentence."""
    text, known = cards.view.text, common.counties(request.reader)
    rows = [
        {**row, "name": known.get(row["county_number"], {}).get("name", row["county_number"])}
        for row in county.counties_side_by_side(request.reader)
    ]
    if len(rows) < 2 and not alone:
        return None
    years = {row["school_year"] for row in rows}
    return cards.card(
        text("counties.title" if len({row["county_number"] for row in rows}) > 1 else "counties.alone"),
        Table(
            "counties",
            text("counties.caption"),
            [
                Column("name", text("column.county")),
                *([Column("school_year", text("column.year"), "year")] if len(years) > 1 else []),
                Column("students", text("column.students"), "count"),
                Column("students_needing", text("column.needing"), "count"),
                Column("share_needing", text("column.share"), "share", bar=True),
            ],
            rows,
        ),
        defined=("published",),
    )


def loss_columns(text: Text) -> list[Any]:
    return [
        Column("lost", text("column.lost"), "hours", bar=True),
        *(Column(cause, text(f"cause_short.{cause}"), "hours") for cause in LOSSES),
    ]


def distinct_names(rows: list[Row]) -> list[Row]:
    """Subjects by name, with the code where several share one."""
    codes: dict[str, set[str]] = {}
    for row in rows:
        codes.setdefault(str(row["subject_name"]), set()).add(row["subject_code"])
    return [{**row, "name": _distinct(row, codes)} for row in rows]


def _distinct(row: Row, codes: dict[str, set[str]]) -> str:
    name = str(row["subject_name"] or row["subject_code"])
    return f"{name} ({row['subject_code']})" if len(codes[str(row["subject_name"])]) > 1 else name
