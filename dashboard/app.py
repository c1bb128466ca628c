"""The dashboard, put together: `server` for the WSGI server, `app` for Dash."""

import logging
from html import escape
from pathlib import Path
from typing import Any

import flask
from dash import Dash, Input, Output, dcc, html

from dashboard import ready, static
from dashboard.access.headers import protect
from dashboard.access.limits import limit
from dashboard.access.proxies import BehindProxies
from dashboard.access.refusals import design
from dashboard.access.requests import screen
from dashboard.access.sign_in import routes as sign_in_routes
from dashboard.access.sign_in.config import configured
from dashboard.access.sign_in.gate import guard
from dashboard.access.sign_in.sessions import Sessions
from dashboard.components.markup import condensed
from dashboard.components.states import skeleton
from dashboard.documents import served
from dashboard.export import register
from dashboard.queries.database import Published
from dashboard.routing import Router
from dashboard.text import Text
from dashboard.view import language_of
from timerett.settings import settings

SHELL = """<!DOCTYPE html>
<html lang="{language}">
  <head>
    {metas}
    <meta name="color-scheme" content="light dark">
    <title>{title}</title>
    <script src="{trusted}"></script>
    <link rel="icon" href="{mark}" type="image/svg+xml">
    <link rel="preload" href="{assets}fonts/source-sans-3.woff2" as="font" type="font/woff2" crossorigin>
    <link id="plotly.js-style-global" class="no-inline-styles" rel="stylesheet" href="{charts}">
    {css}
    <link rel="prefetch" href="{assets}plotly-basic-4.1.1.min.js" as="script">
  </head>
  <body>
    <div id="react-entry-point"><p class="loading" role="status">{loading}</p></div>
    <noscript><p class="loading">{noscript}</p></noscript>
    {config}
    {scripts}
    {renderer}
  </body>
</html>"""


class App(Dash):
    """Dash with a page frame in the reader's language."""

    def interpolate_index(self, *_: Any, **parts: Any) -> str:
        text = Text(language_of(flask.request.args.to_dict()))
        return SHELL.format(
            language=text.language,
            metas=parts["metas"],
            title="timerett",
            assets=self.get_asset_url(""),
            css=parts["css"],
            charts=self._named("plotly-basic.css"),
            trusted=self._named("trusted.js"),
            mark=self._named("mark.svg"),
            loading=escape(text("shell.loading")),
            noscript=escape(text("shell.noscript")),
            config=parts["config"],
            scripts=static.used(parts["scripts"]),
            renderer=parts["renderer"],
        )

    def _named(self, asset: str) -> str:
        """The address of an asset Dash does not list, with the time of its last change as Dash adds it."""
        changed = (Path(self.config.assets_folder) / asset).stat().st_mtime
        return f"{self.get_asset_url(asset)}?m={changed}"


def create() -> App:
    state = settings()
    published = Published(state.current)
    sign_in = configured()
    router = Router(published, state.suppression_threshold, signs_in=sign_in is not None)
    app = App(
        __name__,
        title="timerett",
        update_title="",
        compress=True,
        serve_locally=True,
        suppress_callback_exceptions=True,
        assets_folder=str(Path(__file__).parent / "assets"),
        assets_ignore=r"plotly-basic.*|trusted.*",
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    screen(app, state, *([sign_in.configuration.address] if sign_in else []))
    app.layout = html.Div(
        [dcc.Location(id="address", refresh="callback-nav"), html.Div(condensed(skeleton()), id="content")]
    )

    @app.callback(Output("content", "children"), Input("address", "pathname"), Input("address", "search"))
    def show(path: str | None, search: str | None) -> Any:
        return router.page((path or "/").rstrip("/") or "/", search or "")

    ready.register(app.server, published, state.suppression_threshold)
    register(app.server, router)
    served.register(app.server, router)
    _health(app.server, published)
    if sign_in is not None:
        sessions = Sessions(sign_in)
        guard(app.server, sessions)
        sign_in_routes.register(app.server, sessions)
    limit(app.server)
    protect(app)
    static.register(app.server)
    design(app)
    if state.trusted_proxies:
        app.server.wsgi_app = BehindProxies(app.server.wsgi_app, state.trusted_proxies)
    _register_scripts(app)
    return app


def _register_scripts(app: App) -> None:
    """Dash learns its scripts by writing a page; a worker first asked for a script must know them too."""
    with app.server.test_request_context("/"):
        app.index()  # type: ignore[no-untyped-call]


def _health(server: flask.Flask, published: Published) -> None:
    @server.get("/healthz")
    def alive() -> flask.Response:
        return flask.Response("ok\n", content_type="text/plain")

    @server.get("/readyz")
    def ready() -> flask.Response:
        """Ready when there is a publication to show and it can be read."""
        try:
            published.cursor().execute("select as_of_date from marts.publication").fetchone()
        except Exception:
            logging.getLogger(__name__).warning("not ready: no published file can be read")
            return flask.Response("no publication\n", status=503, content_type="text/plain")
        return flask.Response("ready\n", content_type="text/plain")


app = create()
server = app.server
