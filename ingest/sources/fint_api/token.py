"""Access tokens: asked for when needed, renewed before they run out, never shown."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field

import httpx
import msgspec

from ingest.delivery import SourceError
from ingest.sources.fint_api.connection import Connection, Secrets
from ingest.sources.fint_api.waiting import Budget, Clock, jittered

_MARGIN_SECONDS, _MARGIN_SHARE = 60.0, 0.1
_UNSTATED_LIFETIME_SECONDS = 300.0
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class _Granted(msgspec.Struct):
    access_token: str
    expires_in: float | str | None = None


class _Denied(msgspec.Struct):
    error: str = ""


@dataclass(frozen=True)
class Token:
    value: str = field(repr=False)
    good_until: float


class Tokens:
    """One token for all threads; `renewed` replaces one the API would not take."""

    def __init__(
        self, connection: Connection, secrets: Secrets, http: httpx.Client, clock: Clock, budget: Budget
    ) -> None:
        self._connection = connection
        self._secrets = secrets
        self._http = http
        self._clock = clock
        self._budget = budget
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._refusal: SourceError | None = None

    def current(self) -> Token:
        with self._lock:
            if self._token is None or time.monotonic() >= self._token.good_until:
                self._token = self._granted()
            return self._token

    def renewed(self, refused: Token) -> Token:
        """A new token, unless another thread has already replaced the refused one."""
        with self._lock:
            if self._token is None or self._token == refused:
                self._token = self._granted()
            return self._token

    def _granted(self) -> Token:
        # A wrong secret tried again and again may lock the client out.
        if self._refusal is not None:
            raise self._refusal
        retry = self._connection.retry
        for attempt in range(retry.attempts):
            asked_at = time.monotonic()
            problem, response = self._ask()
            if response is not None and response.status_code == httpx.codes.OK:
                granted = _decoded(response)
                if granted is not None:
                    return Token(granted.access_token, asked_at + _lifetime(granted))
                problem = "answered without a token"
            elif response is not None and response.status_code not in _PASSING:
                self._refusal = SourceError(self._refused(response))
                raise self._refusal
            if attempt + 1 == retry.attempts or not self._budget.spend():
                break
            self._clock.wait(jittered(retry, attempt))
        raise SourceError(
            f"The identity provider {self._host} {problem}, {attempt + 1} times. No token, so nothing was "
            "read. Try again later; if it goes on, check token_url and that this machine may reach it."
        )

    def _ask(self) -> tuple[str, httpx.Response | None]:
        form = {"grant_type": "client_credentials", "scope": self._connection.scope}
        if self._secrets.username and self._secrets.password:
            form |= {
                "grant_type": "password",
                "username": self._secrets.username,
                "password": self._secrets.password,
            }
        auth: httpx.Auth = httpx.BasicAuth(self._connection.client_id, self._secrets.client_secret)
        if self._connection.client_authentication == "body":
            form |= {
                "client_id": self._connection.client_id,
                "client_secret": self._secrets.client_secret,
            }
            auth = httpx.Auth()
        try:
            response = self._http.post(self._connection.token_url, data=form, auth=auth)
        except httpx.HTTPError as fault:
            return f"could not be asked ({type(fault).__name__})", None
        return f"answered {response.status_code}", response

    def _refused(self, response: httpx.Response) -> str:
        try:
            code = msgspec.json.decode(response.content, type=_Denied).error
        except msgspec.DecodeError:
            code = ""
        # The provider's own words may repeat what was sent; its error codes cannot.
        said = f"{response.status_code} {code}" if _ERROR_CODE.fullmatch(code) else str(response.status_code)
        return (
            f"The identity provider {self._host} refused client {self._connection.client_id} ({said}). "
            "Nothing was read. Check client_id, scope and token_url in the connection file, and the secrets."
        )

    @property
    def _host(self) -> str:
        return httpx.URL(self._connection.token_url).host


def _decoded(response: httpx.Response) -> _Granted | None:
    try:
        granted = msgspec.json.decode(response.content, type=_Granted)
    except msgspec.DecodeError:
        return None
    return granted if granted.access_token.isascii() and granted.access_token.isprintable() else None


def _lifetime(granted: _Granted) -> float:
    """How long the token is used: its stated life less a margin."""
    try:
        stated = float(granted.expires_in or _UNSTATED_LIFETIME_SECONDS)
    except ValueError:
        stated = _UNSTATED_LIFETIME_SECONDS
    return stated - min(_MARGIN_SECONDS, stated * _MARGIN_SHARE)
