"""Everything a viewer can be shown: each page with each choice it offers, and what left the reader for it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask

from dashboard.access import session
from dashboard.access.measures import Measures
from dashboard.access.roles import Viewer
from dashboard.access.scope import Reader, Row

UNVARIED = ("lang", "role", "as")
METHODS = ("aggregate", "published", "lessons", "students", "reference")


@dataclass(frozen=True)
class Heard:
    """One answer of the reader."""

    method: str
    reader: Reader
    edition: date
    table: str
    measures: Measures | None
    group: tuple[str, ...]
    where: str
    params: Mapping[str, Any]
    county: str | None
    rows: tuple[Row, ...]

    @property
    def viewer(self) -> Viewer:
        return self.reader.viewer


@contextmanager
def listening() -> Iterator[list[Heard]]:
    """Writes down what leaves any reader."""
    heard: list[Heard] = []

    def overheard(name: str) -> Callable[..., Any]:
        plain = getattr(Reader, name)

        def asked(reader: Reader, first: str, *args: Any, **named: Any) -> Any:
            rows = plain(reader, first, *args, **named)
            [(edition,)] = reader._cursor.execute("select as_of_date from marts.publication").fetchall()
            table = args[0] if name == "students" else first
            measures = args[0] if name in ("aggregate", "published") else None
            given = {key: value for key, value in named.items() if key not in NOT_PARAMS}
            heard.append(
                Heard(
                    name,
                    reader,
                    edition,
                    table,
                    measures,
                    tuple(named.get("group", ())),
                    named.get("where", "true"),
                    given,
                    named.get("county"),
                    tuple(dict(row) for row in rows),
                )
            )
            return rows

        return asked

    with pytest.MonkeyPatch.context() as patch:
        for name in METHODS:
            patch.setattr(Reader, name, overheard(name))
        yield heard


NOT_PARAMS = ("group", "where", "order", "largest", "adds_up_within", "sums_add_up", "county", "grouped")


@contextmanager
def signed_in(viewer: Viewer) -> Iterator[None]:
    """The server takes every request for this viewer's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "trial_viewer", lambda params, reader: viewer)
        yield


def page(server: Flask, address: str) -> str:
    """The page's content as the browser gets it, over HTTP."""
    parts = urlsplit(address)
    search = f"?{parts.query}" if parts.query else ""
    answer = server.test_client().post(
        "/_dash-update-component",
        json={
            "output": "content.children",
            "outputs": {"id": "content", "property": "children"},
            "inputs": [
                {"id": "address", "property": "pathname", "value": parts.path},
                {"id": "address", "property": "search", "value": search},
            ],
            "changedPropIds": [],
        },
    )
    assert answer.status_code == 200, address
    return _html(json.loads(answer.get_data()))


def walk(
    server: Flask, start: tuple[str, ...] = ("/",), *, skip: Callable[[str], bool] = lambda address: False
) -> dict[str, str]:
    """Every page that links and choices lead to: each choice by itself, and each page in each edition."""
    waiting = list(start)
    seen: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in seen or skip(address):
            continue
        shown = page(server, address)
        seen[address] = shown
        edition = {key: value for key, value in _chosen(address).items() if key == "as_of"}
        waiting += [_address(urlsplit(found).path, {**_chosen(found), **edition}) for found in _links(shown)]
        if not _chosen(address):
            waiting += _choices(address, shown)
    return seen


def _address(path: str, chosen: Mapping[str, str]) -> str:
    """A link takes the state of its page along; what is followed is where it leads."""
    kept = sorted((key, value) for key, value in chosen.items() if key in ("as_of", "subject"))
    return path + (f"?{urlencode(kept)}" if kept else "")


def _chosen(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def _links(shown: str) -> set[str]:
    found = re.findall(r'href="(/[^"#]*)', shown)
    return {unescape(a) for a in found if not a.startswith(("/export", "/document", "/assets"))}


def _choices(path: str, shown: str) -> Iterator[str]:
    """The same page with another of the values it offers."""
    for param, options in re.findall(r'<select[^>]*data-param="(\w+)"[^>]*>(.*?)</select>', shown):
        for value in re.findall(r'<option[^>]*value="([^"]+)"', options):
            if param not in UNVARIED:
                yield f"{path}?{urlencode({param: unescape(value)})}"


def _html(node: Any) -> str:
    """The page as one piece of markup."""
    if isinstance(node, list):
        return "".join(map(_html, node))
    if not isinstance(node, dict):
        return "" if node is None else str(node)
    props = node.get("props", node)
    if node.get("type") == "Markup":
        given = "".join(f' {key}="{escape(str(value))}"' for key, value in props["attributes"].items())
        return f"<{props['tag']}{given}>{props['content']}</{props['tag']}>"
    return "".join(map(_html, props.values()))
