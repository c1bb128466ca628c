"""Asks the API one question at a time and gets an answer, or says plainly why there is none."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import httpx

from ingest.delivery import SourceError
from ingest.sources.fint_api.connection import Connection, Secrets
from ingest.sources.fint_api.token import Token, Tokens
from ingest.sources.fint_api.waiting import Budget, Clock, Limiter, asked_wait, http_date, jittered

T = TypeVar("T")
Parameters = Mapping[str, int]
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_ASKS_TO_WAIT = frozenset({429, 503})
_MOST_REDIRECTS = 5
_MEGABYTE = 1_000_000
_MOST_OF_A_REFUSAL = 65_536
_KEPT = "What was read so far is kept; the next run goes on from there."

log = logging.getLogger("timerett")


class NotOfferedError(Exception):
    """The API does not have the resource (404), or not for this client (403)."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class TooLargeError(Exception):
    """An answer larger than is taken in."""


class UnreadableError(Exception):
    """An answer that is not what was asked for; the message says what it was, and never quotes it."""


class _PassingError(Exception):
    """Worth another try: `said` is what happened, `wait` what the server asked for."""

    def __init__(self, said: str, wait: float | None = None) -> None:
        super().__init__(said)
        self.said = said
        self.wait = wait


class _TokenRefusedError(Exception):
    """401: a new token may do."""


class Client:
    """Used by several threads at once."""

    def __init__(self, connection: Connection, secrets: Secrets, clock: Clock) -> None:
        # httpx tells every address at INFO; addresses are this module's to show.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._connection = connection
        self._clock = clock
        self._limiter = Limiter(connection.pace, clock)
        self._budget = Budget(connection.retry)
        self._base = httpx.URL(connection.base_url.rstrip("/") + "/")
        limits = connection.timeouts
        self._http = httpx.Client(
            timeout=httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds),
            follow_redirects=False,
            headers=self._headers(),
        )
        self._tokens = Tokens(connection, secrets, self._http, clock, self._budget)
        self._lock = threading.Lock()
        self.first_answer: datetime | None = None

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, parse: Callable[[bytearray], T], parameters: Parameters | None = None) -> T:
        """What `parse` makes of the answer. Raises NotOfferedError, TooLargeError, or SourceError."""
        retry = self._connection.retry
        where = shown(path, parameters)
        for attempt in range(retry.attempts):
            self._limiter.pass_through()
            try:
                return parse(self._answer(path, parameters))
            except _PassingError as fault:
                said, wait = fault.said, fault.wait
            except UnreadableError as fault:
                said, wait = str(fault), None
            if wait is not None:
                self._rest(where, said, wait)
            if attempt + 1 == retry.attempts:
                raise SourceError(
                    f"{where}: FINT {said}, {retry.attempts} times. {self._advice(path)} {_KEPT}"
                )
            if not self._budget.spend():
                raise SourceError(
                    f"{where}: FINT {said}, and the {retry.in_all} retries of one run are used up. "
                    f"Try again when the API is well. {_KEPT}"
                )
            self._clock.wait(jittered(retry, attempt) if wait is None else 0)
        raise AssertionError(where)

    def _answer(self, path: str, parameters: Parameters | None) -> bytearray:
        """The body, with a new token where the first was refused."""
        url = self._base.join(path)
        token = self._tokens.current()
        try:
            return self._followed(url, parameters, token, path)
        except _TokenRefusedError:
            token = self._tokens.renewed(token)
        try:
            return self._followed(url, parameters, token, path)
        except _TokenRefusedError:
            raise SourceError(
                f"{shown(path, parameters)}: FINT refuses new tokens too (401). Check that the client is "
                "given access in FINT's customer portal, and that base_url and token_url belong together."
            ) from None

    def _followed(self, url: httpx.URL, parameters: Parameters | None, token: Token, path: str) -> bytearray:
        """Redirects stay on the host: a token is for nobody else."""
        for _ in range(_MOST_REDIRECTS):
            answer = self._exchange(url, parameters, token, path)
            if not isinstance(answer, httpx.URL):
                return answer
            if _origin(answer) != _origin(self._base):
                raise SourceError(
                    f"{shown(path, parameters)}: FINT sends us on to another host ({answer.host}), "
                    "which is not given the token. If that is right, correct base_url in the connection file."
                )
            url, parameters = answer, None if answer.query else parameters
        raise SourceError(f"{shown(path, parameters)}: FINT redirects in a circle. Check base_url.")

    def _exchange(
        self, url: httpx.URL, parameters: Parameters | None, token: Token, path: str
    ) -> bytearray | httpx.URL:
        headers = {"Authorization": f"Bearer {token.value}"}
        try:
            with self._http.stream("GET", url, params=parameters, headers=headers) as response:
                self._remember_time(response)
                if response.status_code in _REDIRECTS:
                    return response.url.join(response.headers.get("location", ""))
                if response.status_code != httpx.codes.OK:
                    _drain(response)
                self._judge(response, shown(path, parameters))
                return self._body(response)
        except httpx.TimeoutException as fault:
            raise _PassingError(f"did not answer in time ({type(fault).__name__})") from None
        except httpx.DecodingError:
            raise _PassingError("sent an answer that cannot be unpacked") from None
        except httpx.ConnectError as fault:
            raise _PassingError(f"could not be reached{_certificate(fault)}") from None
        except httpx.TransportError as fault:
            raise _PassingError(f"broke off the connection ({type(fault).__name__})") from None
        except httpx.InvalidURL:
            raise SourceError(
                f"{shown(path, parameters)}: FINT redirects to an address that is none."
            ) from None

    def _judge(self, response: httpx.Response, where: str) -> None:
        status = response.status_code
        if status == httpx.codes.OK:
            return
        if status == httpx.codes.UNAUTHORIZED:
            raise _TokenRefusedError
        if status in (httpx.codes.NOT_FOUND, httpx.codes.FORBIDDEN):
            raise NotOfferedError(status)
        if status in _PASSING:
            wait = asked_wait(
                response.headers.get("retry-after") if status in _ASKS_TO_WAIT else None,
                http_date(response.headers.get("date")),
            )
            raise _PassingError(f"answered {status}", wait)
        raise SourceError(
            f"{where}: FINT answered {status}, which is not expected. Check base_url and paths in the "
            "connection file."
        )

    def _body(self, response: httpx.Response) -> bytearray:
        most = self._connection.paging.largest_page_megabytes * _MEGABYTE
        deadline = time.monotonic() + self._connection.timeouts.answer_seconds
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > most:
                raise TooLargeError
            if time.monotonic() > deadline:
                raise _PassingError("did not finish its answer in time")
        return body

    def _rest(self, where: str, said: str, wait: float) -> None:
        """Hold every request for as long as the server asks, within reason."""
        most = self._connection.retry.longest_asked_wait_seconds
        if wait > most:
            raise SourceError(
                f"{where}: FINT {said} and asks to wait {wait / 60:.0f} minutes, longer than "
                f"longest_asked_wait_seconds ({most:.0f}). Run again then. {_KEPT}"
            )
        if wait >= 1:
            log.info("FINT asks to wait %.0f s.", wait)
        self._limiter.hold(wait)

    def _remember_time(self, response: httpx.Response) -> None:
        with self._lock:
            if self.first_answer is None:
                self.first_answer = http_date(response.headers.get("date")) or datetime.now(UTC)

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", "User-Agent": "timerett"}
        if self._connection.org_id:
            headers["x-org-id"] = self._connection.org_id
        if self._connection.client_name:
            headers["x-client"] = self._connection.client_name
        return headers

    @staticmethod
    def _advice(path: str) -> str:
        return f'Try again later; if {path} alone fails, leave it out with skip = ["{path}"] meanwhile.'


def shown(path: str, parameters: Parameters | None = None) -> str:
    """The address as a message may show it: the resource and the place in it, nothing else is ever asked."""
    if not parameters or "offset" not in parameters:
        return path
    return f"{path} from entry {parameters['offset'] + 1}"


def _drain(response: httpx.Response) -> None:
    """Take in what little a refusal says, so that the connection can be used again."""
    taken = 0
    for piece in response.iter_raw():
        taken += len(piece)
        if taken > _MOST_OF_A_REFUSAL:
            return


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _certificate(fault: httpx.ConnectError) -> str:
    return ": its certificate is not trusted" if "CERTIFICATE_VERIFY_FAILED" in str(fault) else ""
