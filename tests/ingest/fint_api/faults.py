"""What an API does to its clients."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

from tests.ingest.fint_api.api import Fault, Handler

Pick = Callable[[Handler], bool]
Act = Callable[[Handler], None]


def pages_of(path: str, offset: int | None = None) -> Pick:
    """Requests for pages of a resource, or for the page at a place."""
    return lambda asked: asked.path_asked == path and offset in (None, asked.query.get("offset"))


def served(asked: Handler) -> bool:
    """Requests for pages of what there is."""
    return "size" in asked.query and asked.path_asked in asked.server.api.resources


def every(number: int) -> Pick:
    """Every so many requests for pages."""
    seen = 0

    def picked(asked: Handler) -> bool:
        nonlocal seen
        seen += "size" in asked.query
        return "size" in asked.query and seen % number == 0

    return picked


def whenever(pick: Pick, act: Act, times: int | None = None) -> Fault:
    """Do it to the requests picked, as often as said."""
    done = 0

    def fault(asked: Handler) -> bool:
        nonlocal done
        if not pick(asked) or (times is not None and done >= times):
            return False
        done += 1
        act(asked)
        return True

    return fault


def in_turn(pick: Pick, acts: list[Act]) -> Fault:
    """Each of them once, one for every request picked; the list is empty when all have had their turn."""

    def fault(asked: Handler) -> bool:
        if not acts or not pick(asked):
            return False
        acts.pop()(asked)
        return True

    return fault


def status(code: int, **headers: str) -> Act:
    return lambda asked: asked.send(code, {"message": "person 14029923273 could not be served"}, **headers)


def stall(seconds: float) -> Act:
    def act(asked: Handler) -> None:
        time.sleep(seconds)
        asked.hang_up()

    return act


def dribble(asked: Handler) -> None:
    """One byte now and then, for ever: every wait is short, and the answer never comes."""
    asked.send_response_only(200)
    asked.send_header("Content-Length", "1000000")
    asked.end_headers()
    try:
        for _ in range(100):
            asked.wfile.write(b" ")
            time.sleep(0.05)
    except OSError:
        pass
    asked.hang_up()


def hang_up(asked: Handler) -> None:
    asked.hang_up()


def cut_body(asked: Handler) -> None:
    """Half of what the length promises."""
    body = asked.page()
    asked.send_bytes(200, body[: len(body) // 2], promised=len(body))


def cut_json(asked: Handler) -> None:
    """Half a page, with the length of half a page."""
    body = asked.page()
    asked.send_bytes(200, body[: len(body) // 2])


def cut_gzip(asked: Handler) -> None:
    asked.send_bytes(200, b"\x1f\x8b\x08\x00 not the rest of it", Content_Encoding="gzip")


def html(asked: Handler) -> None:
    asked.send_bytes(200, b"<!DOCTYPE html><title>Login for 14029923273</title>", kind="text/html")


def nothing(asked: Handler) -> None:
    asked.send_bytes(200, b"")


def other_json(asked: Handler) -> None:
    asked.send(200, {"error": "14029923273", "status": 200})


def wrong_types(asked: Handler) -> None:
    asked.send(200, {"_embedded": {"_entries": {"0": "14029923273"}}, "total_items": "many"})


def nul_bytes(asked: Handler) -> None:
    asked.send_bytes(200, b"\x00" * 100)


def latin1(asked: Handler) -> None:
    body = asked.page()
    asked.send_bytes(200, body[:-1] + b',"navn":"\xe6\xf8"' + body[-1:])


def wait_as_date(asked: Handler) -> None:
    until = asked.server.api.clock + timedelta(seconds=0.05)
    asked.send(429, {}, Retry_After=format_datetime(until, usegmt=True))


def page_with(**instead: object) -> Act:
    """The page, with other words about itself."""
    return lambda asked: asked.send_bytes(200, asked.page(**instead))


def next_link(href: str) -> Act:
    return page_with(_links={"next": [{"href": href}]})


def with_unknown_fields(asked: Handler) -> None:
    page = json.loads(asked.page())
    for entry in page["_embedded"]["_entries"]:
        entry["aNewField"] = {"deep": [1, None, "x"]}
        entry["_links"]["aNewLink"] = [{"href": "${somewhere.new.thing}/systemid/1", "templated": False}]
    asked.send(200, page | {"_meta": {"page": 1}})
