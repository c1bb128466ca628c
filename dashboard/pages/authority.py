"""Authority: the answer to the supervisory authority, as a page; the paper to sign is the same."""

from typing import Any

from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.card import Cards
from dashboard.components.lede import lede
from dashboard.pages import Body, Request
from dashboard.pages.authority_answer import Part, Source, answers, checksum, finding, school_of, sure
from dashboard.pages.authority_parts import parts

LISTED = frozenset({"law", "method"})
"""Parts whose words are a list."""
TICKED = "routine"
"""The part whose words, after the first, are ticked on the paper."""
SHOWN_ROWS = {"statuses": 12, "findings": 6}


def build(request: Request) -> Body:
    of = Source(request, school_of(request))
    text, view = of.text, request.view
    cards = Cards(view, of.publication)
    found = parts(of)
    paper = view.href("/document/authority.pdf", school=of.school)
    ways: list[Any] = [html.A(text("authority.paper"), href=paper, download="")]
    ways += [html.A(text("authority.to_corrections"), href=view.href("/corrections", year=of.year))]
    content = [
        lede(text("authority.heading", place=of.place, year=of.year), finding(of), sure(of), ways),
        html.Div([_part(cards, part) for part in found], className="answer"),
        html.P(text("authority.sum", checksum=checksum(of, found)), className="quiet checksum"),
        None if of.school else _schools(request, of),
    ]
    crumbs: list[tuple[str, str | None]] = [(text("page.overview"), view.href("/"))]
    if of.school:
        crumbs.append((of.place, view.href(f"/school/{of.school}")))
    crumbs.append((text("page.authority"), None))
    return Body(text("page.authority"), crumbs, content, cards.tables)


def link(request: Request, school: str | None = None, **changes: str) -> html.P | None:
    """The way here from the pages whose figures it answers for."""
    if not answers(request.reader.viewer):
        return None
    path = f"/school/{school}/authority" if school else "/authority"
    return html.P(html.A(request.view.text("authority.link"), href=request.view.href(path, **changes)))


def _part(cards: Cards, part: Part) -> html.Section:
    told = 0 if part.name in LISTED else len(part.words)
    if part.name == TICKED:
        told = 1
    words: list[Any] = [html.P(said) for said in part.words[:told]]
    if told < len(part.words):
        words.append(html.Ul([html.Li(said) for said in part.words[told:]]))
    after = [html.P(said) for said in part.after]
    if part.table is None:
        heading = f"part-{part.name}"
        return html.Section(
            [html.H2(part.title, id=heading), html.Div(words, className="prose"), *after],
            className="card",
            **aria(labelledby=heading),
        )
    return cards.card(
        part.title, part.table, note=[*words, *after], shown_rows=SHOWN_ROWS.get(part.table.name)
    )


def _schools(request: Request, of: Source) -> html.Section:
    """Each school's own answer."""
    text = of.text
    rows = sorted(request.named(of.schools), key=lambda row: str(row["name"]))
    items = [
        html.Li(html.A(row["name"], href=request.view.href(f"/school/{row['school_id']}/authority")))
        for row in rows
    ]
    return html.Section(
        [html.H2(text("authority.schools"), id="part-schools"), html.Ul(items, className="each-school")],
        className="card",
        **aria(labelledby="part-schools"),
    )
