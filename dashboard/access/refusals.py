"""What is answered instead of a page or a file: in the language of the address, and nothing about us."""

import logging
from html import escape
from urllib.parse import parse_qsl, urlsplit

import flask
from dash import Dash
from werkzeug.exceptions import HTTPException

from dashboard.components.markup import written
from dashboard.components.states import state
from dashboard.text import Text
from dashboard.view import language_of
from timerett import faults
from timerett.settings import settings

log = logging.getLogger(__name__)
KINDS = {
    400: "bad_request",
    403: "foreign",
    404: "missing",
    405: "bad_request",
    413: "too_large",
    415: "bad_request",
    429: "busy",
    500: "failed",
    503: "unpublished",
}
FRAME = """<!DOCTYPE html>
<html lang="{language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title} · timerett</title>
    <link rel="icon" href="{assets}mark.svg" type="image/svg+xml">
    <link rel="stylesheet" href="{assets}style.css">
    <link rel="stylesheet" href="{assets}refused.css">
  </head>
  <body>
    <div class="page">
      <main id="main">{content}<p class="refused-way"><a href="{home}">{overview}</a></p></main>
    </div>
  </body>
</html>
"""


def design(app: Dash) -> None:
    """To be called last: whatever goes wrong in a request is answered from here."""

    @app.server.errorhandler(HTTPException)  # type: ignore[untyped-decorator]
    def refuse(problem: HTTPException) -> flask.Response:
        if problem.response is not None:
            return flask.make_response(problem.response)
        return _answer(app, problem.code or 500, dict(problem.get_headers()))

    @app.server.errorhandler(Exception)  # type: ignore[untyped-decorator]
    def fail(problem: Exception) -> flask.Response:
        faults.record(problem, settings().logs, during="dashboard request")
        log.error("a request failed: %s; where is in the log of faults", type(problem).__name__)
        return _answer(app, 500, {})


def _answer(app: Dash, status: int, headers: dict[str, str]) -> flask.Response:
    text = _text()
    kind = KINDS.get(status, "failed" if status >= 500 else "bad_request")
    wait = flask.g.get("wait_seconds", 1)
    values = {"what": flask.request.path[:100], "seconds": text.number(wait)}
    if flask.request.path.startswith("/_"):
        words = {part: text(f"state.{kind}.{part}", **values) for part in ("title", "text", "do")}
        response = flask.jsonify(words)
    else:
        content = FRAME.format(
            language=text.language,
            title=escape(text(f"state.{kind}.title")),
            assets=app.get_asset_url(""),
            content=written(state(kind, text, **values)),
            home=escape(f"/?lang={text.language}"),
            overview=escape(text("page.overview")),
        )
        response = flask.Response(content, content_type="text/html; charset=utf-8")
    response.status_code = status
    if status == 429:
        response.headers["Retry-After"] = str(wait)
    if "Allow" in headers:
        response.headers["Allow"] = headers["Allow"]
    return response


def _text() -> Text:
    """In the language of the address; that of a callback's page, which the browser says it comes from."""
    params = flask.request.args.to_dict()
    if "lang" not in params:
        params = dict(parse_qsl(urlsplit(flask.request.headers.get("Referer", "")).query))
    return Text(language_of(params))
