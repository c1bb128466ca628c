"""No request is answered without a session, except those listed here."""

from urllib.parse import urlencode

import flask

from dashboard.access.sign_in import session
from dashboard.access.sign_in.errors import SignInError
from dashboard.access.sign_in.local_path import language_in, page_of
from dashboard.access.sign_in.pages import page, sign_out
from dashboard.access.sign_in.routes import failed, language_asked
from dashboard.access.sign_in.sessions import Sessions
from dashboard.text import Text

PUBLIC = frozenset(
    {
        "/healthz",
        "/readyz",
        "/assets/<path:filename>",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        "/sign-in",
        "/sign-in/start",
        "/sign-in/back",
        "/sign-in/out",
    }
)
"""The routes anybody may ask: they hold no figures."""
SIGNAL = "Timerett-Sign-In"
"""Tells the page's script that the session is over; it opens the address anew."""


def guard(server: flask.Flask, sessions: Sessions) -> None:
    @server.before_request
    def demand() -> flask.Response | None:
        rule = flask.request.url_rule
        if rule is not None and rule.rule in PUBLIC:
            return None
        try:
            account = sessions.account()
        except SignInError as problem:
            return _signalled(failed(problem, sessions.configuration, _language(), _page()))
        if account is None:
            return _signed_out()
        if not account.grants:
            text = Text(_language())
            actions = [sign_out(text, account.csrf)]
            provider = sessions.configuration.provider_name
            return _signalled(page("no_role", text, 403, actions=actions, provider=provider))
        session.remember(account)
        return None


def _signed_out() -> flask.Response:
    to = f"/sign-in?{urlencode({'next': _page()})}"
    asks_for_page = flask.request.method in ("GET", "HEAD") and not flask.request.path.startswith("/_")
    response = flask.Response(status=303 if asks_for_page else 401, headers={"Location": to})
    return _signalled(response)


def _signalled(response: flask.Response) -> flask.Response:
    response.headers[SIGNAL] = "needed"
    return response


def _page() -> str:
    return page_of(flask.request.path, flask.request.query_string.decode(errors="replace"))


def _language() -> str:
    return language_asked(flask.request.args.get("lang") or language_in(_page()))
