"""From an address to a page: which pages there are, who asks, and what to say when it cannot be shown."""

import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import duckdb

from dashboard.access import looks, session, visit
from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.access.scope import Reader, Row
from dashboard.access.sign_in.session import account
from dashboard.components import aria, html
from dashboard.components.markup import condensed
from dashboard.components.shell import Surroundings, shell
from dashboard.components.states import state
from dashboard.pages import (
    Body,
    Build,
    EmptyError,
    Request,
    absence,
    authority,
    benefits,
    changes,
    corrections,
    county,
    data,
    method,
    overview,
    rollout,
    school,
    student,
)
from dashboard.queries.common import Publication, publication
from dashboard.queries.database import Edition, NothingPublishedError, Published
from dashboard.text import Text
from dashboard.view import View, language_of
from timerett import faults
from timerett.settings import settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    """`{part}` stands for a variable part."""
    build: Build
    in_menu: Callable[[Viewer], str | None] = lambda viewer: None
    """The address under which the menu of this viewer leads here, if it does."""

    def parts(self, path: str) -> dict[str, str] | None:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        match = re.fullmatch(pattern, path)
        return match.groupdict() if match else None


def _own_county(viewer: Viewer) -> str | None:
    whole = viewer.role in (Role.DIRECTOR, Role.ANALYST)
    return f"/county/{viewer.county_number}" if whole and viewer.county_number else None


def _outside_the_project(viewer: Viewer) -> str | None:
    return None if viewer.role is Role.OWNER else "/absence"


def _of_the_benefits(viewer: Viewer) -> str | None:
    return "/benefits" if viewer.role in benefits.FOLLOWS else None


def _of_the_project(viewer: Viewer) -> str | None:
    return "/rollout" if viewer.role in rollout.FOLLOWS else None


PAGES = (
    Page("overview", "/", overview.build, lambda viewer: "/"),
    Page("county", "/county/{county}", county.build, _own_county),
    Page("school", "/school/{school}", school.build),
    Page("student", "/school/{school}/student/{student}", student.build),
    Page("changes", "/changes", changes.build, lambda viewer: "/changes"),
    Page("corrections", "/corrections", corrections.build),
    Page("authority", "/authority", authority.build),
    Page("authority_school", "/school/{school}/authority", authority.build),
    Page("absence", "/absence", absence.build, _outside_the_project),
    Page("benefits", "/benefits", benefits.build, _of_the_benefits),
    Page("rollout", "/rollout", rollout.build, _of_the_project),
    Page("data", "/data", data.build, lambda viewer: "/data"),
    Page("method", "/method", method.build, lambda viewer: "/method"),
)


@dataclass
class Opened:
    """One request's way into the data: who looks, through which reader, at which publication."""

    view: View
    reader: Reader
    publication: Publication
    editions: Sequence[date] = ()
    """The dates of the publications that can be opened; the last is the newest."""
    roles: Sequence[tuple[str, str]] = ()
    """The roles of whoever is signed in, each with its key and in words."""


class Router:
    def __init__(self, published: Published, threshold: int, *, signs_in: bool = False) -> None:
        self._published = published
        self._threshold = threshold
        self._signs_in = signs_in

    def page(self, path: str, search: str) -> html.Div:
        """The whole page for an address, or the state that says why there is none."""
        view = bare_view(path, search)
        opened: Opened | None = None
        try:
            opened = self.open(view)
            view = opened.view
            request, build = self.request(opened, path)
            with looks.gathered(request.page):
                body = build(request)
            visit.note(opened.editions[-1])
            around = _around(opened, request, body)
            return _titled(shell(view, opened.publication, around, body.crumbs, body.content), body.title)
        except Exception as error:
            shown = _state_of(error, view.text)
            around = _around(opened, None, None) if opened else Surroundings([], account=account())
            found = opened.publication if opened else None
            heading = view.text("page.overview")
            return _titled(shell(view, found, around, [(heading, view.href("/"))], shown), heading)

    def open(self, view: View) -> Opened:
        server = Viewer(Role.OWNER, "server")
        owner = self._reader(self._published.newest(), server)
        newest = publication(owner).as_of
        earlier = {day: file for day, file in self._published.editions().items() if day < newest}
        chosen = view.as_of if view.as_of in earlier else None
        if chosen:
            owner = self._reader(self._published.earlier(earlier[chosen]), server)
        found = publication(owner)
        opened_dates = (*sorted(earlier), newest)
        if self._signs_in:
            viewer = session.signed_in_viewer(owner)
            seen = View(view.path, session.without_trial(view.params), viewer, demo=False, text=view.text)
            roles = session.roles(owner, view.text)
            return Opened(seen, owner.seen_by(viewer), found, opened_dates, roles)
        if not session.trial_open(found.synthetic):
            raise session.SignedOutError
        viewer = session.trial_viewer(view.params, owner)
        seen = View(view.path, view.params, viewer, demo=True, text=view.text)
        return Opened(seen, owner.seen_by(viewer), found, opened_dates)

    def _reader(self, edition: Edition, viewer: Viewer) -> Reader:
        return Reader(edition.cursor(), viewer, self._threshold, edition.answers)

    def request(self, opened: Opened, path: str) -> tuple[Request, Build]:
        for page in PAGES:
            parts = page.parts(path)
            if parts is not None:
                request = Request(opened.view, opened.reader, opened.publication, parts, page.name)
                if not request.years:
                    raise EmptyError("empty")
                return request, page.build
        raise EmptyError("missing", what=path)


def bare_view(path: str, search: str) -> View:
    params = dict(parse_qsl(search.lstrip("?")))
    if account() is not None:
        params = session.without_trial(params)
    nobody = Viewer(Role.OWNER, "nobody")
    return View(path, params, nobody, demo=False, text=Text(language_of(params)))


def _around(opened: Opened, request: Request | None, body: Body | None) -> Surroundings:
    text, viewer = opened.view.text, opened.reader.viewer
    pages = [(path, text(f"page.{page.name}")) for page in PAGES if (path := page.in_menu(viewer))]
    compare = [(day.isoformat(), text.day(day, "d MMM y")) for day in body.compare[::-1]] if body else []
    everyone = opened.reader.seen_by(Viewer(Role.OWNER, "server"))
    return Surroundings(
        pages=pages,
        years=request.years if request else (),
        compare=compare,
        compared=body.compared.isoformat() if body and body.compared else "",
        schools=everyone.reference("school", order="name"),
        editions=opened.editions,
        closed=_closed(everyone, request),
        account=account(),
        roles=opened.roles,
        role=session.role_in_use(opened.roles),
    )


def _closed(everyone: Reader, request: Request | None) -> Row | None:
    """The closed year the page shows, if it is one."""
    if request is None:
        return None
    try:
        rows = everyone.reference("closed_year", where="school_year = $year", year=request.year)
    except duckdb.CatalogException:
        # Published by a version that closed no years.
        return None
    return rows[0] if rows else None


def _titled(page: html.Div, title: str) -> html.Div:
    """The script in assets/ sets the window's title from this, in the language of the page."""
    return html.Div(condensed(page), **aria.data(title=f"{title} · timerett", stamp=str(time.monotonic_ns())))


def _state_of(error: Exception, text: Text) -> Any:
    match error:
        case EmptyError():
            return state(error.kind, text, **error.values)
        case RefusedError():
            return state("refused", text)
        case NothingPublishedError():
            return state("unpublished", text)
        case session.SignedOutError():
            return state("signed_out", text)
        case session.NothingCoveredError():
            return state("nothing_covered", text)
        case _:
            # The message may hold data, so only the kind and the place are written down.
            faults.record(error, settings().logs, during="dashboard page")
            log.error("a page failed: %s; where is in the log of faults", type(error).__name__)
            return state("unreadable" if isinstance(error, duckdb.Error) else "failed", text)
