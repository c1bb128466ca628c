"""The addresses of signing in and out."""

import logging
from urllib.parse import urlencode

import flask

from dashboard.access.sign_in.config import CALLBACK, SIGNED_OUT, Configuration
from dashboard.access.sign_in.errors import Kind, SignInError
from dashboard.access.sign_in.local_path import language_in, local_path
from dashboard.access.sign_in.pages import page, way
from dashboard.access.sign_in.sessions import Sessions
from dashboard.text import LANGUAGES, Text

log = logging.getLogger(__name__)
STATUS = {
    Kind.ATTEMPT: 400,
    Kind.UNTRUSTED: 400,
    Kind.TIME: 400,
    Kind.CANCELLED: 403,
    Kind.SETUP: 502,
    Kind.DOWN: 503,
    Kind.STORE: 503,
    Kind.FORGED: 400,
}
_SAME_PAGE = (Kind.FORGED, Kind.DOWN, Kind.STORE)
"""After these the page is tried again, for the session may still be there."""


def register(server: flask.Flask, sessions: Sessions) -> None:
    configuration = sessions.configuration

    @server.get("/sign-in")
    def sign_in() -> flask.Response:
        to = local_path(flask.request.args.get("next"))
        text = Text(language_asked(flask.request.args.get("lang") or language_in(to)))
        start = f"/sign-in/start?{urlencode({'next': to, 'lang': text.language})}"
        languages = {code: f"/sign-in?{urlencode({'next': to, 'lang': code})}" for code in LANGUAGES}
        label = text("sign_in.start", provider=configuration.provider_name)
        return page(
            "needed",
            text,
            200,
            actions=[way(label, start)],
            languages=languages,
            provider=configuration.provider_name,
        )

    @server.get("/sign-in/start")
    def start() -> flask.Response:
        to = local_path(flask.request.args.get("next"))
        language = language_asked(flask.request.args.get("lang") or language_in(to))
        try:
            return sessions.begin(to, language)
        except SignInError as problem:
            return failed(problem, configuration, language, to)

    @server.get(CALLBACK)
    def back() -> flask.Response:
        language, to = language_asked(None), "/"
        try:
            attempt = sessions.taken()
            language, to = attempt.language, attempt.next
            return sessions.finish(attempt)
        except SignInError as problem:
            return failed(problem, configuration, language, to)

    @server.get(SIGNED_OUT)
    def signed_out() -> flask.Response:
        # The provider gives back the state it was sent off with: the language.
        text = Text(language_asked(flask.request.args.get("lang") or flask.request.args.get("state")))
        label = text("sign_in.again")
        languages = {code: f"{SIGNED_OUT}?lang={code}" for code in LANGUAGES}
        actions = [way(label, f"/sign-in?lang={text.language}")]
        provider = configuration.provider_name
        return page("out", text, 200, actions=actions, languages=languages, provider=provider)

    @server.post(SIGNED_OUT)
    def sign_out() -> flask.Response:
        text = Text(language_asked(flask.request.form.get("lang")))
        try:
            sessions.require_own_form()
            id_token = sessions.end()
        except SignInError as problem:
            return failed(problem, configuration, text.language, "/")
        # Not a redirect: the policy on forms would stop one to another host.
        onward = sessions.provider.end_url(id_token, text.language) if id_token else None
        onward = onward or f"{SIGNED_OUT}?lang={text.language}"
        provider = configuration.provider_name
        actions = [way(text("sign_in.onward", provider=provider), onward)]
        return sessions.forget(page("leaving", text, 200, actions=actions, onward=onward, provider=provider))

    @server.post("/sign-in/role")
    def role() -> flask.Response:
        language = language_asked(flask.request.form.get("lang"))
        try:
            sessions.require_own_form()
            sessions.choose(flask.request.form.get("grant", ""))
        except SignInError as problem:
            return failed(problem, configuration, language, "/")
        return flask.Response(status=303, headers={"Location": f"/?lang={language}"})


def failed(problem: SignInError, configuration: Configuration, language: str, to: str) -> flask.Response:
    """What happened and what to do; the log learns the kind and the check that failed, and no more."""
    log.warning("sign-in: %s (%s)", problem.kind, problem.detail or "no detail")
    text = Text(language)
    again = to if problem.kind in _SAME_PAGE else f"/sign-in?{urlencode({'next': to, 'lang': language})}"
    label = text("sign_in.back" if problem.kind in _SAME_PAGE else "sign_in.again")
    provider = configuration.provider_name
    return page(problem.kind, text, STATUS[problem.kind], actions=[way(label, again)], provider=provider)


def language_asked(stated: str | None) -> str:
    """The language asked for, else the browser's, else bokmål."""
    if stated in LANGUAGES:
        return str(stated)
    accepted = flask.request.accept_languages.best_match(["nb", "no", "nn", "en"], default="nb")
    return "nb" if accepted == "no" else str(accepted)
