"""Before the first reader comes: what the readers of a county share is worked out behind their backs.

A worker that has just started has been asked nothing, and what is hidden of a county takes longest to find
out. So the pages of the menu are made once for the project owner, and for each county as a director and as a
teacher see it; nobody gets them. A teacher without groups stands for all teachers: no student is read.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import flask

from dashboard.access import answers
from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.access.scope import Reader
from dashboard.pages import EmptyError
from dashboard.queries.common import publication
from dashboard.queries.database import NothingPublishedError, Published
from dashboard.routing import PAGES, Opened, Router
from dashboard.text import Text
from dashboard.view import View

WAITS_SECONDS = 2.0
KEY = "timerett.ready"


def register(server: flask.Flask, published: Published, threshold: int) -> None:
    """So that `begin` finds what the server's pages are made of."""

    def work() -> None:
        with server.test_request_context():  # pages ask who visits: nobody who has been here before
            work_out(published, threshold)

    server.extensions[KEY] = work


def begin(server: flask.Flask) -> None:
    """To be called in each worker, since each remembers by itself."""
    threading.Thread(target=_later, args=(server.extensions[KEY],), daemon=True).start()


def _later(work: Callable[[], None]) -> None:
    time.sleep(WAITS_SECONDS)
    work()


def work_out(published: Published, threshold: int) -> None:
    """Make the pages. What fails here fails again where somebody sees it."""
    try:
        router, edition = Router(published, threshold), published.newest()
        everything = Reader(edition.cursor(), Viewer(Role.OWNER, "server"), threshold, edition.answers)
        for viewer in _readers(everything):
            for path in (page.in_menu(viewer) for page in PAGES):
                if path is not None:
                    with answers.resting():
                        _made(router, everything.seen_by(viewer), path)
    except NothingPublishedError:
        return
    except Exception as error:
        logging.getLogger(__name__).warning("not made ready: %s", type(error).__name__)


def _readers(everything: Reader) -> Iterator[Viewer]:
    """Those who share what they see with others, the largest counties first."""
    yield everything.viewer
    schools: dict[str, list[str]] = {}
    for school in everything.reference("school", order="school_id"):
        schools.setdefault(school["county_number"], []).append(school["school_id"])
    for county, own in sorted(schools.items(), key=lambda item: -len(item[1])):
        yield Viewer(Role.DIRECTOR, "server", county)
        yield Viewer(Role.TEACHER, "server", county, (own[0],))


def _made(router: Router, reader: Reader, path: str) -> None:
    view = View(path, {}, reader.viewer, demo=False, text=Text("nb"))
    with suppress(RefusedError, EmptyError):
        request, build = router.request(Opened(view, reader, publication(reader)), path)
        build(request)
