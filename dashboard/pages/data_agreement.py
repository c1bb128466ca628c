"""The part of the Data page about agreement: with the administration system, and of forecasts with events."""

from typing import Any

from dashboard.access import names
from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.backtest import backtest
from dashboard.components.figures.bars import Bar, bars
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.words import school_column, student_column
from dashboard.queries import data
from dashboard.text import Text

STUDENTS_SHOWN = 200


def causes_card(cards: Cards, request: Request, agreement: list[Row]) -> html.Section:
    """Why the administration system's totals differ from ours."""
    text = cards.view.text
    if not agreement:
        return html.Section(
            [html.H2(text("reconciliation.nothing")), html.P(text("reconciliation.none_note"))],
            className="card quiet",
        )
    total = agreement[0]
    sizes = data.differences(request.reader, request.year)
    rows = [
        {
            "cause": cause,
            "name": text(f"reconciliation.{cause}"),
            "rows": total[cause],
            "share": _share(total[cause], total["compared"]),
            "size": sizes.get(cause),
        }
        for cause in data.CAUSES
        if total[cause] != 0
    ]
    rows.sort(key=lambda row: -row["rows"] if isinstance(row["rows"], int) else 1)
    columns = [
        Column("name", text("reconciliation.cause")),
        Column("rows", text("reconciliation.rows"), "count"),
        Column("share", text("column.share"), "share"),
        Column("size", text("reconciliation.size"), "count"),
    ]
    drawn = [row for row in rows if isinstance(row["rows"], int) and row["cause"] not in data.AGREEING]
    lines = [
        Bar(
            row["name"],
            [("f-short" if row["cause"] == "unexplained" else "k-start", row["rows"])],
            text.number(row["rows"]),
            text.share(row["share"]),
        )
        for row in drawn
    ]
    return cards.card(
        _title(total, text),
        Table("reconciliation", text("reconciliation.caption"), columns, rows),
        figure=bars(lines) if lines else None,
        note=text("reconciliation.note", n=text.number(total["compared"])),
        defined=("reconciliation",),
    )


def _title(total: Row, text: Text) -> str:
    agree, left = total["share_agree"], total["share_unexplained"]
    if not isinstance(agree, float) or not isinstance(left, float):
        return text("reconciliation.title_hidden")
    return text("reconciliation.title", agree=text.share(agree), left=text.share(left))


def _share(part: Any, whole: Any) -> Any:
    if isinstance(part, Hidden) or isinstance(whole, Hidden):
        return part if isinstance(part, Hidden) else whole
    return part / whole if whole else None


def schools_card(cards: Cards, request: Request) -> html.Section:
    text = cards.view.text
    rows = data.agreement(request.reader, request.year, ["school_id"])
    named = request.named(rows)
    named.sort(
        key=lambda row: -row["share_unexplained"] if isinstance(row["share_unexplained"], float) else 1
    )
    columns = [
        school_column(cards.view),
        Column("compared", text("reconciliation.rows"), "count"),
        Column("share_agree", text("reconciliation.agree"), "share"),
        Column("unexplained", text("reconciliation.unexplained"), "count"),
        Column("share_unexplained", text("column.share"), "share"),
    ]
    most = named[0] if named and isinstance(named[0]["share_unexplained"], float) else None
    title = (
        text(
            "reconciliation.schools",
            school=request.short_name(most["school_id"]),
            share=text.share(most["share_unexplained"]),
        )
        if most
        else text("reconciliation.schools_plain")
    )
    return cards.card(
        title,
        Table("agreement", text("reconciliation.schools_caption"), columns, named),
        shown_rows=12,
        defined=("reconciliation",),
    )


def differing_card(cards: Cards, request: Request) -> html.Section:
    """Student by student, for those who may see students."""
    text, viewer = cards.view.text, request.reader.viewer
    rows = data.students_differing(request.reader, request.year, STUDENTS_SHOWN)
    known = names.of(viewer, [row["student_key"] for row in rows])
    named = [
        {
            **row,
            "name": known.get(row["student_key"], row["student_key"][:8]),
            "cause": text(f"reconciliation.{row['probable_cause']}"),
        }
        for row in rows
    ]
    columns = [
        student_column(cards.view),
        Column("subject_name", text("column.subject")),
        Column("ours", text("reconciliation.ours"), "hours"),
        Column("theirs", text("reconciliation.theirs"), "hours"),
        Column("difference", text("reconciliation.difference"), "hours"),
        Column("ours_absence", text("reconciliation.ours_absence"), "hours"),
        Column("theirs_absence", text("reconciliation.theirs_absence"), "hours"),
        Column("cause", text("reconciliation.cause")),
    ]
    found = rows[0]["found"] if rows else 0
    note = text("reconciliation.students_first", shown=text.number(len(rows)), found=text.number(found))
    title = text("reconciliation.students", n=text.number(found))
    return cards.card(
        title if rows else text("reconciliation.students_none"),
        Table("differing", text("reconciliation.students_caption"), columns, named),
        shown_rows=8,
        note=note if found > len(rows) else None,
        defined=("reconciliation",),
        className="wide",
    )


def backtest_card(cards: Cards, rows: list[Row], text: Text) -> html.Section:
    columns = [
        Column("cutoff_date", text("backtest.cutoff"), "day"),
        Column("horizon", text("backtest.horizon"), "count"),
        Column("groups", text("backtest.groups"), "count"),
        Column("actual", text("backtest.actual"), "points"),
        Column("ours", text("backtest.ours"), "points"),
        Column("no_loss", text("backtest.no_loss"), "points"),
        Column("group_rate", text("backtest.group_rate"), "points"),
        Column("rmse_ours", text("backtest.rmse_ours"), "points"),
        Column("rmse_no_loss", text("backtest.rmse_no_loss"), "points"),
    ]
    table = Table("backtest", text("backtest.caption"), columns, rows)
    if not rows:
        return cards.card(text("backtest.none"), table, defined=("backtest",))
    mean = {
        name: text.number(sum(row[name] for row in rows) / len(rows))
        for name in ("ours", "no_loss", "rmse_ours", "rmse_no_loss")
    }
    return cards.card(
        text("backtest.title", **mean),
        table,
        figure=backtest(rows, text) if len(rows) > 1 else None,
        note=text("backtest.note", **mean),
        defined=("backtest",),
    )
