"""How often one client may ask: a bucket of tokens for each, filled at a steady rate, in each worker.

Whoever is signed in has a bucket of their own. A whole county may come through one proxy, so an address has
room for fifty people clicking; files cost more than pages, so they have smaller buckets.
"""

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

import flask

from dashboard.access.sign_in.session import account

CLIENTS_KEPT = 10_000
"""Of more, those who asked longest ago are forgotten, so that nobody fills the memory with addresses."""
FILES = ("/export/", "/document/")
UNLIMITED = ("/assets/", "/_dash-component-suites/", "/healthz", "/readyz")


@dataclass(frozen=True)
class Rate:
    at_once: int
    per_second: float


OF_AN_ACCOUNT = {"pages": Rate(60, 10), "files": Rate(20, 1)}
OF_AN_ADDRESS = {"pages": Rate(600, 100), "files": Rate(100, 10)}


class Buckets:
    """Tokens by client; `take` says how many seconds to wait, 0 where there was a token."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str, now: float) -> float:
        with self._lock:
            tokens, since = self._left.pop(client, (float(self._rate.at_once), now))
            tokens = min(self._rate.at_once, tokens + (now - since) * self._rate.per_second)
            short = max(0.0, 1 - tokens)
            self._left[client] = (tokens if short else tokens - 1, now)
            if len(self._left) > CLIENTS_KEPT:
                self._left.popitem(last=False)
        return short / self._rate.per_second


def limit(server: flask.Flask) -> None:
    """To be called after sign-in, which knows the account."""
    of_account = {kind: Buckets(rate) for kind, rate in OF_AN_ACCOUNT.items()}
    of_address = {kind: Buckets(rate) for kind, rate in OF_AN_ADDRESS.items()}

    @server.before_request
    def spend() -> None:
        path = flask.request.path
        if path.startswith(UNLIMITED):
            return
        kind = "files" if path.startswith(FILES) else "pages"
        now = time.monotonic()
        wait = of_address[kind].take(_network(flask.request.remote_addr or ""), now)
        who = _account()
        if who and not wait:
            wait = of_account[kind].take(who, now)
        if wait:
            flask.g.wait_seconds = math.ceil(wait)
            flask.abort(429)


def _account() -> str | None:
    signed_in = account()
    return signed_in.subject if signed_in else None


def _network(address: str) -> str:
    """Whoever has one address of IPv6 has the whole of its last half."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> 64) if isinstance(found, IPv6Address) else address
