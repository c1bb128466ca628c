"""From the cookie of a request to who is signed in; opened at sign-in, renewed at the provider, ended."""

import hmac
import logging
import secrets
import time
from dataclasses import dataclass

import flask
import msgspec

from dashboard.access.sign_in import clock
from dashboard.access.sign_in.config import SignIn
from dashboard.access.sign_in.errors import EndedError, Kind, SignInError
from dashboard.access.sign_in.mapping import Grant, grants
from dashboard.access.sign_in.provider import Answer, Provider
from dashboard.access.sign_in.store import (
    ATTEMPT_SECONDS,
    FILE,
    SECRET_BYTES,
    Attempt,
    Lasting,
    Session,
    Store,
    csrf_token,
)
from ingest.identity import Pseudonyms, pseudonym_key
from ingest.privacy import masked, without_identity_number
from timerett.settings import settings

log = logging.getLogger(__name__)
LONGEST_NAME = 80
_POLLED_SECONDS = 0.05


@dataclass(frozen=True)
class Account:
    """Who is signed in, as the pages know them."""

    name: str
    subject: str
    grants: tuple[Grant, ...]
    chosen: str
    csrf: str


class Sessions:
    def __init__(self, sign_in: SignIn) -> None:
        self.configuration = sign_in.configuration
        self.provider = Provider(sign_in)
        self._role_map = sign_in.role_map
        self._store = Store(settings().home / FILE)
        lengths = sign_in.configuration.session
        self._lasting = Lasting(60 * lengths.idle_minutes, 3600 * lengths.longest_hours)
        # The prefix binds a cookie to this host; browsers take it over https only.
        prefix = "__Host-" if self.configuration.secure else ""
        self._cookie = f"{prefix}timerett_session"
        self._attempt_cookie = f"{prefix}timerett_sign_in"

    def begin(self, next_path: str, language: str) -> flask.Response:
        """Send the browser to the provider, remembering what it set out with."""
        self.provider.metadata()
        # Kept from one attempt to the next, so that two tabs do not undo each other.
        browser = flask.request.cookies.get(self._attempt_cookie) or secrets.token_urlsafe(SECRET_BYTES)
        attempt = Attempt(secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(48), next_path, language)
        state = self._store.begin(attempt, browser)
        address = self.provider.authorization_url(
            state=state, nonce=attempt.nonce, verifier=attempt.verifier, language=language
        )
        response = flask.Response(status=303, headers={"Location": address})
        self._set(response, self._attempt_cookie, browser, ATTEMPT_SECONDS)
        return response

    def taken(self) -> Attempt:
        """The sign-in that this answer of the provider ends; it cannot be ended twice."""
        state = flask.request.args.get("state", "")
        browser = flask.request.cookies.get(self._attempt_cookie, "")
        attempt = self._store.take(state, browser) if state and browser else None
        if attempt is None:
            raise SignInError(Kind.ATTEMPT, "state")
        return attempt

    def finish(self, attempt: Attempt) -> flask.Response:
        """Open a session for whoever the provider vouches for."""
        answers = flask.request.args
        self.provider.require_own_answer(answers.get("iss"))
        if "error" in answers:
            refused = answers["error"] in ("access_denied", "login_required", "interaction_required")
            raise SignInError(Kind.CANCELLED if refused else Kind.SETUP, "authorization endpoint")
        answer = self.provider.redeem(answers.get("code", ""), verifier=attempt.verifier, nonce=attempt.nonce)
        session = self._session(answer, attempt.nonce, chosen="")
        self.end()
        response = flask.Response(status=303, headers={"Location": attempt.next})
        self._set(response, self._cookie, self._store.open(session, self._lasting), None)
        return response

    def account(self) -> Account | None:
        """Who is signed in; what the provider said of them is asked for anew when it is too old."""
        secret = self._secret()
        session = self._store.session(secret, self._lasting) if secret else None
        if session is not None and clock.now() >= session.good_until:
            session = self._renewed(secret)
        if session is None:
            return None
        return Account(session.name, session.subject, session.grants, session.chosen, csrf_token(secret))

    def choose(self, key: str) -> None:
        """Take on another of the roles the claims give; any other is not taken."""
        self._store.change(self._secret(), lambda session: msgspec.structs.replace(session, chosen=key))

    def end(self) -> str | None:
        """End the session of this browser; its ID token, to sign out at the provider with."""
        secret = self._secret()
        session = self._store.session(secret, self._lasting) if secret else None
        if secret:
            self._store.end(secret)
        return session.id_token if session else None

    def forget(self, response: flask.Response) -> flask.Response:
        response.delete_cookie(
            self._cookie, path="/", secure=self.configuration.secure, httponly=True, samesite="Lax"
        )
        return response

    def require_own_form(self) -> None:
        """A form that changes something must be one we gave this session."""
        secret = self._secret()
        stated = flask.request.form.get("csrf", "")
        if not secret or not hmac.compare_digest(stated.encode(), csrf_token(secret).encode()):
            raise SignInError(Kind.FORGED)

    def _secret(self) -> str:
        return flask.request.cookies.get(self._cookie, "")

    def _renewed(self, secret: str) -> Session | None:
        if not self._store.may_renew(secret):
            return self._renewed_by_another(secret)
        # Read again: another may have renewed it just now, and a refresh token is good for one use.
        session = self._store.session(secret, self._lasting)
        if session is None or clock.now() < session.good_until:
            self._store.not_renewing(secret)
            return session
        if session.refresh_token is None:
            self._store.end(secret)
            return None
        try:
            answer = self.provider.renew(
                session.refresh_token, subject=session.sub, nonce=session.nonce, id_token=session.id_token
            )
        except EndedError:
            log.warning("a session was ended: the provider no longer stands for it")
            self._store.end(secret)
            return None
        except SignInError as problem:
            self._store.not_renewing(secret)
            if problem.kind in (Kind.UNTRUSTED, Kind.TIME):
                self._store.end(secret)
            raise
        renewed = self._store.change(secret, lambda now: self._session(answer, session.nonce, now.chosen))
        self._store.not_renewing(secret)
        return renewed

    def _renewed_by_another(self, secret: str) -> Session | None:
        """What another request has made of the session, in this worker or another."""
        for _ in range(int(self.configuration.timeout_seconds / _POLLED_SECONDS) + 1):
            time.sleep(_POLLED_SECONDS)
            session = self._store.session(secret, self._lasting)
            if session is None or clock.now() < session.good_until:
                return session
        raise SignInError(Kind.DOWN, "renewed by another")

    def _session(self, answer: Answer, nonce: str, chosen: str) -> Session:
        sub = str(answer.claims["sub"])
        subject = _text(answer.claims.get(self._role_map.subject)) or sub
        if masked(subject) != subject:
            # An identity number has no place in a log.
            subject = without_identity_number(subject, Pseudonyms(pseudonym_key(settings().keys)))
        return Session(
            sub=sub,
            subject=subject,
            name=masked(_text(answer.claims.get(self._role_map.name)) or "")[:LONGEST_NAME],
            grants=grants(answer.claims, self._role_map),
            nonce=nonce,
            id_token=answer.id_token,
            refresh_token=answer.refresh_token,
            good_until=answer.good_until,
            chosen=chosen,
        )

    def _set(self, response: flask.Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self.configuration.secure,
            httponly=True,
            samesite="Lax",
        )


def _text(claim: object) -> str | None:
    if isinstance(claim, list) and claim:
        claim = claim[0]
    return claim if isinstance(claim, str) and claim.strip() else None
