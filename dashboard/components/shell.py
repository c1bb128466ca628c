"""What every page has around it: the way in, where we are, as of when, in which language, as whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.access.roles import Role
from dashboard.access.scope import Row
from dashboard.access.sign_in.sessions import Account
from dashboard.components import html
from dashboard.components.account import account_block
from dashboard.components.aria import aria, data
from dashboard.queries.common import Publication
from dashboard.text import LANGUAGES
from dashboard.view import View

Choice = tuple[str, str]


@dataclass(frozen=True)
class Surroundings:
    """What the header offers: the pages, and what may be chosen on each."""

    pages: Sequence[Choice]
    years: Sequence[str] = ()
    compare: Sequence[Choice] = ()
    compared: str = ""
    schools: Sequence[Row] = ()
    editions: Sequence[date] = ()
    closed: Row | None = None
    account: Account | None = None
    roles: Sequence[Choice] = ()
    """The roles of whoever is signed in."""
    role: str = ""


def shell(
    view: View,
    publication: Publication | None,
    around: Surroundings,
    crumbs: Sequence[tuple[str, str | None]],
    body: Any,
) -> html.Div:
    text = view.text
    return html.Div(
        [
            html.A(text("shell.skip"), href="#main", className="skip"),
            html.P(text("shell.synthetic"), className="synthetic", role="note")
            if publication and publication.synthetic
            else None,
            html.Header(
                [
                    _brand(view),
                    _pages(view, around),
                    _choices(view, around),
                    account_block(around.account, around.roles, around.role, view.text),
                ],
                className="top",
            ),
            _breadcrumb(view, crumbs, publication),
            _edition(view, around, publication),
            html.Main(body, id="main", tabIndex=-1),
            _foot(view, publication),
        ],
        id="page",
        className="page",
        lang=text.language,
    )


def _brand(view: View) -> html.A:
    return html.A("timerett", href=view.href("/"), className="brand")


def _pages(view: View, around: Surroundings) -> html.Nav:
    links = [
        html.Li(html.A(label, href=view.href(path), className="here" if path == view.path else ""))
        for path, label in around.pages
    ]
    return html.Nav(html.Ul(links), **aria(label=view.text("shell.pages")))


def _breadcrumb(
    view: View, crumbs: Sequence[tuple[str, str | None]], publication: Publication | None
) -> html.Div:
    text = view.text
    trail = crumbs if len(crumbs) > 1 else ()
    items = [
        html.Li(html.A(label, href=path) if path else html.Span(label, **aria(current="page")))
        for label, path in trail
    ]
    return html.Div(
        [
            html.Nav(html.Ol(items), className="crumbs", **aria(label=text("shell.breadcrumb")))
            if items
            else None,
            html.P(
                [
                    text("shell.as_of"),
                    " ",
                    html.Strong(text.day(publication.as_of)),
                    html.Span(
                        [
                            " · ",
                            html.Button(
                                text("shell.copy_link"),
                                type="button",
                                className="copy-link",
                                disable_n_clicks=True,
                                **data(done=text("shell.link_copied")),
                            ),
                            html.Span("", className="copied", role="status"),
                        ],
                        className="copying",
                    ),
                ],
                className="asof",
            )
            if publication
            else None,
        ],
        className="where" if items else "where only-date",
    )


def _edition(view: View, around: Surroundings, publication: Publication | None) -> html.P | None:
    """Says plainly that figures are older than the newest, or closed."""
    text = view.text
    if publication and around.editions and publication.as_of < around.editions[-1]:
        said = text("edition.older", day=text.day(publication.as_of))
        way = html.A(text("edition.to_newest"), href=view.href(as_of=None))
    elif around.closed:
        day = text.day(around.closed["as_of_date"])
        said = text("edition.closed", year=around.closed["school_year"], day=day)
        way = html.A(text("edition.to_corrections"), href=view.href("/corrections"))
    else:
        return None
    return html.P([said, " ", way], className="warning edition", role="note")


def _choices(view: View, around: Surroundings) -> html.Div:
    text = view.text
    choices: list[Any] = []
    if len(around.years) > 1:
        year = view.params.get("year", around.years[0])
        choices.append(
            choice("year", text("shell.year"), [(y, text.school_year(y)) for y in around.years], year)
        )
    if around.compare:
        choices.append(choice("compare", text("shell.compare"), around.compare, around.compared))
    if len(around.editions) > 1:
        *older, newest = around.editions
        days = [("", text("edition.newest", day=text.day(newest, "d MMM y")))]
        days += [(day.isoformat(), text.day(day, "d MMM y")) for day in reversed(older)]
        chosen = view.as_of.isoformat() if view.as_of in older else ""
        choices.append(choice("as_of", text("edition.label"), days, chosen))
    choices.append(choice("lang", text("shell.language"), list(LANGUAGES.items()), text.language))
    if view.demo:
        roles = [(role.value, text(f"role.{role}")) for role in Role]
        choices.append(choice("role", text("shell.role"), roles, view.viewer.role.value))
        if view.viewer.role in (Role.PRINCIPAL, Role.TEACHER):
            schools = [(row["school_id"], row["name"]) for row in around.schools]
            choices.append(choice("as", text("shell.as_school"), schools, view.viewer.school_ids[0]))
    return html.Div(choices, className="choices", role="group", **aria(label=text("shell.choices")))


def choice(param: str, label: str, options: Sequence[Choice], chosen: str) -> html.Label:
    """A native choice whose value lives in the address; the script in assets/ writes it there."""
    return html.Label(
        [
            html.Span(label),
            html.Select(
                [html.Option(name, value=value) for value, name in options],
                id=f"choose-{param}",
                disable_n_clicks=True,
                **data(param=param, chosen=chosen),
            ),
        ],
        className="choice",
    )


def _foot(view: View, publication: Publication | None) -> html.Footer:
    text = view.text
    if publication is None:
        return html.Footer(html.P(text("shell.about")))
    return html.Footer(
        [
            html.P(
                text(
                    "shell.built",
                    day=text.day(publication.as_of),
                    moment=text.moment(publication.built_at),
                    build=publication.build_id,
                )
            ),
            html.P(text("shell.about")),
        ]
    )
