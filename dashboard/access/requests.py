"""Which requests are taken in at all: to our own host, and what is posted from our own pages only."""

import re
from urllib.parse import urlsplit

import flask
from dash import Dash

from timerett.settings import Settings

CALLBACK = "/_dash-update-component"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
LARGEST_BODY = 256 * 1024
"""A callback sends an address and what it asks for: a few hundred bytes."""
DEEPEST = 20
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"(\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+)(?::\d{1,5})?")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(rb"[\[\]{}]")


def screen(app: Dash, state: Settings, *addresses: str) -> None:
    """To be called before anything else looks at requests. `addresses`: others we are reached under."""
    server = app.server
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    server.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    server.config["MAX_FORM_PARTS"] = 50
    addressed = [urlsplit(address).hostname or "" for address in (state.address, *addresses)]
    hosts = {name.lower() for name in (*LOOPBACK_NAMES, *addressed, *state.hosts)}

    @server.before_request  # type: ignore[untyped-decorator]
    def take_in() -> None:
        request = flask.request
        host = _HOST.fullmatch(request.environ.get("HTTP_HOST", ""))
        if host is None or host[1].lower() not in hosts:
            # A page of another name that points here, or a name nobody has set up: see TIMERETT_HOSTS.
            flask.abort(400)
        if request.method not in _SAFE and not from_own_page():
            flask.abort(403)
        if request.path == CALLBACK and request.method == "POST":
            _require_callback(app)


def from_own_page() -> bool:
    """As the browser reports it. One that reports nothing is a program: it has nobody's session."""
    request = flask.request
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")


def _require_callback(app: Dash) -> None:
    """What Dash would stumble over is refused here, so that nobody fills the log of faults."""
    request = flask.request
    if request.mimetype != "application/json":
        flask.abort(415)
    if _depth(request.get_data()) > DEEPEST:
        flask.abort(400)
    asked = request.get_json()
    if not isinstance(asked, dict) or asked.get("output") not in list(app.callback_map):
        flask.abort(400)
    inputs = asked.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
        flask.abort(400)


def _depth(body: bytes) -> int:
    """How deep the brackets of a JSON text go; the parser itself gives up only far down."""
    deepest = depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
