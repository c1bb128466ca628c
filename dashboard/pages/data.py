"""Data: can the figures be trusted? What came, what became of every row, what is wrong with it."""

from dashboard.access.roles import Role
from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.lede import key_figures, lede
from dashboard.components.table import Column, Table
from dashboard.pages import Body, EmptyError, Request
from dashboard.pages.data_agreement import backtest_card, causes_card, differing_card, schools_card
from dashboard.pages.data_rows import batches_card, files_card, quarantine_card, unknown_card, words
from dashboard.pages.words import school_column
from dashboard.queries import common, data
from dashboard.text import Text

SEVERITY_SIGNS = {"error": "▼", "warning": "◆", "info": "●"}
ONE_SCHOOL = (Role.PRINCIPAL, Role.TEACHER)


def build(request: Request) -> Body:
    text, viewer = request.view.text, request.reader.viewer
    batches = data.batches(request.reader)
    if not batches:
        raise EmptyError("data_empty")
    stale = common.stale_schools(request.reader)
    quarantine, checks = data.quarantine(request.reader), data.checks(request.reader)
    agreement = data.agreement(request.reader, request.year, [])
    cards = Cards(request.view, request.publication)
    read = sum(row["rows_read"] for row in batches)
    aside = sum(row["rows"] for row in quarantine)
    content = [
        lede(
            text("page.data"),
            _first(request, stale, text),
            _second(read, aside, agreement, text),
            html.A(text("data_page.do"), href="#checks") if checks else None,
        ),
        _keys(
            request,
            batches=batches,
            stale=stale,
            aside=aside,
            read=read,
            checks=checks,
            agreement=agreement,
        ),
        html.Div(
            [
                html.Div([_freshness_card(cards, request, stale), batches_card(cards, batches, text)]),
                html.Div([_checks_card(cards, checks, text), files_card(cards, request, text)]),
            ],
            className="halves",
        ),
        quarantine_card(cards, request, quarantine, text),
        html.Div(
            [
                html.Div(
                    [
                        causes_card(cards, request, agreement),
                        schools_card(cards, request) if agreement and viewer.role not in ONE_SCHOOL else None,
                    ]
                ),
                html.Div(
                    [
                        backtest_card(cards, data.backtest(request.reader, request.year), text),
                        unknown_card(cards, request, text),
                    ]
                ),
            ],
            className="halves",
        ),
        differing_card(cards, request) if viewer.sees_students else None,
    ]
    crumbs = [(text("page.overview"), request.view.href("/")), (text("page.data"), None)]
    return Body(text("page.data"), crumbs, content, cards.tables)


def _first(request: Request, stale: list[Row], text: Text) -> str:
    days = [row["extracted_on"] for row in request.schools.values() if row["extracted_on"]]
    newest = max(days, default=None)
    if newest is None:
        return text("data_page.first_unknown")
    if len(request.schools) == 1:
        name = request.school_name(next(iter(request.schools)))
        return text(f"data_page.first_one_{'stale' if stale else 'fresh'}", school=name, day=text.day(newest))
    if not stale:
        return text("data_page.first", n=text.counted("school", len(request.schools)), day=text.day(newest))
    return text(
        "data_page.first_stale",
        n=text.number(len(stale)),
        of=text.counted("school", len(request.schools)),
        names=text.listed([request.short_name(row["school_id"]) for row in stale[:3]]),
    )


def _second(read: int, aside: int, agreement: list[Row], text: Text) -> str:
    told = text(
        "data_page.second",
        read=text.number(read),
        aside=text.number(aside),
        share=text.share(aside / read if read else 0, 2),
    )
    return f"{told} {_agreement(agreement, text)}".strip()


def _agreement(agreement: list[Row], text: Text) -> str:
    left = agreement[0]["share_unexplained"] if agreement else None
    return text("data_page.agree", share=text.share(1 - left)) if isinstance(left, float) else ""


def _keys(
    request: Request,
    *,
    batches: list[Row],
    stale: list[Row],
    aside: int,
    read: int,
    checks: list[Row],
    agreement: list[Row],
) -> html.Dl:
    text = request.view.text
    errors = sum(row["rows"] for row in checks if row["severity"] == "error")
    share = agreement[0]["share_agree"] if agreement else None
    fresh = len(request.schools) - len(stale)
    return key_figures(
        [
            (
                text("key.fresh"),
                text("key.fresh_n", n=fresh, of=len(request.schools)),
                text("key.fresh_stale", days=text.counted("school_day", stale[0]["age_teaching_days"]))
                if stale
                else text("key.fresh_all"),
                "warn" if stale else "",
            ),
            (
                text("data_page.batches_key"),
                text.number(len(batches)),
                text("data_page.batches_note", day=text.day(batches[0]["extracted_at"], "d MMM")),
                "",
            ),
            (text("data_page.read_key"), text.number(read), text("data_page.read_note"), ""),
            (
                text("data_page.aside_key"),
                text.number(aside),
                text("data_page.aside_note", n=text.number(data.resolved(request.reader))),
                "warn" if aside else "",
            ),
            (
                text("data_page.errors_key"),
                text.number(errors),
                text("data_page.errors_note"),
                "warn" if errors else "",
            ),
            (
                text("data_page.agree_key"),
                text.share(share) if not isinstance(share, Hidden) else text.hidden(share),
                text("data_page.agree_note"),
                "",
            ),
        ]
    )


def _freshness_card(cards: Cards, request: Request, stale: list[Row]) -> html.Section:
    text = cards.view.text
    rows = [
        {
            **row,
            "name": request.short_name(row["school_id"]),
            "state": text("data_page.stale" if row["is_stale"] else "data_page.fresh"),
        }
        for row in sorted(
            request.schools.values(), key=lambda row: (-(row["age_teaching_days"] or 0), str(row["name"]))
        )
    ]
    columns = [
        school_column(cards.view),
        Column("extracted_on", text("data_page.extracted"), "day"),
        Column("age_teaching_days", text("column.age"), "count"),
        Column("state", text("column.status")),
    ]
    return cards.card(
        text("data_page.freshness_stale", n=text.counted("school", len(stale)))
        if stale
        else text("data_page.freshness_one" if len(rows) == 1 else "data_page.freshness"),
        Table("freshness", text("data_page.freshness_caption"), columns, rows),
        shown_rows=12,
        defined=("stale",),
    )


def _checks_card(cards: Cards, checks: list[Row], text: Text) -> html.Section:
    rows = [
        {
            **row,
            "what": words(f"check.{row['check_code']}", row["check_code"], text),
            "grave": f"{SEVERITY_SIGNS[row['severity']]} {text('severity.' + row['severity'])}",
            "remedy": words(f"remedy.{row['check_code']}", "", text),
        }
        for row in checks
    ]
    columns = [
        Column("what", text("column.check")),
        Column("grave", text("data_page.severity")),
        Column("rows", text("column.findings"), "count"),
        Column("schools", text("column.schools"), "count"),
        Column("since", text("column.since"), "day"),
        Column("remedy", text("data_page.remedy")),
    ]
    errors = sum(1 for row in checks if row["severity"] == "error")
    title = text(f"data_page.checks_{'one' if errors == 1 else 'other'}", n=text.number(errors))
    title = title if errors else text("data_page.checks_mild")
    return cards.card(
        title if checks else text("data_page.checks_none"),
        Table("checks", text("data_page.checks_caption"), columns, rows),
        shown_rows=12,
        defined=("finding",),
    )
