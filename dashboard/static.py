"""Scripts, styles and fonts: packed once, and kept by the browser under a name that changes when they do."""

import gzip
import re
from collections.abc import Callable

import brotli
import flask

FOLDERS = ("/assets/", "/_dash-component-suites/")
NAMED_BY_VERSION = re.compile(r"/assets/(fonts/|plotly-basic-\d)|\.v\d+_\d+_\d+m\d+\.")
"""Another version has another name here; our other files get the time of their last change as `?m=`."""
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
ASKED_ANEW = "public, no-cache"
"""What Dash fetches later under a name of no version; from another version it would not fit the rest."""
PACKED = frozenset({"text/javascript", "application/javascript", "text/css", "image/svg+xml"})
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=9),
    "gzip": lambda content: gzip.compress(content, 9),
}
UNUSED = ("/dash_table/",)
"""Scripts Dash adds to every page, used or not."""


def used(scripts: str) -> str:
    """The script elements of a page without those nothing on it uses."""
    return "\n".join(line for line in scripts.splitlines() if not any(name in line for name in UNUSED))


def register(server: flask.Flask) -> None:
    """To be called after the compression of pages is: the last one called is the first to see an answer."""
    packed: dict[tuple[str, str], bytes] = {}

    @server.after_request
    def keep(response: flask.Response) -> flask.Response:
        path = flask.request.path
        if not path.startswith(FOLDERS) or response.status_code != 200:
            return response
        response.headers["Cache-Control"] = _kept(path)
        encoding = flask.request.accept_encodings.best_match(PACKERS)
        if encoding and response.mimetype in PACKED:
            if (path, encoding) not in packed:
                response.direct_passthrough = False
                packed[path, encoding] = PACKERS[encoding](response.get_data())
            response.direct_passthrough = False
            response.set_data(packed[path, encoding])
            response.headers["Content-Encoding"] = encoding
            response.headers["Vary"] = "Accept-Encoding"
            etag, _ = response.get_etag()
            if etag:
                response.set_etag(etag, weak=True)
        return response


def _kept(path: str) -> str:
    if "m" in flask.request.args or NAMED_BY_VERSION.search(path):
        return FOR_GOOD
    return FOR_A_DAY if path.startswith("/assets/") else ASKED_ANEW
