"""When to ask again: a pace, back-off with full jitter, `Retry-After`, and a budget of retries."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.sources.fint_api.connection import Pace, Retry


class StoppedError(Exception):
    """Another part of the run has given up, so this one ends too."""


class Clock:
    """Waits that end at once when the run stops."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def wait(self, seconds: float) -> None:
        if self._stop.wait(max(0.0, seconds)):
            raise StoppedError


class Limiter:
    """Lets requests through one by one, no faster than the pace; a server that asks for rest holds all."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self._interval = 1 / pace.requests_per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._next = 0.0

    def pass_through(self) -> None:
        with self._lock:
            now = time.monotonic()
            mine = max(self._next, now)
            self._next = mine + self._interval
        self._clock.wait(mine - now)

    def hold(self, seconds: float) -> None:
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)


class Budget:
    """How many retries a run has left, for all its requests together."""

    def __init__(self, retry: Retry) -> None:
        self._left = retry.in_all
        self._lock = threading.Lock()

    def spend(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0


def jittered(retry: Retry, attempt: int) -> float:
    """Anything up to a bound that doubles, so that clients that failed together do not return together."""
    # Meant to differ between runs and machines, so it takes no seed.
    bound = min(retry.longest_wait_seconds, retry.first_wait_seconds * 2**attempt)
    return random.SystemRandom().uniform(0, bound)


def asked_wait(header: str | None, server_time: datetime | None) -> float | None:
    """The seconds of a `Retry-After`, which is a number or a date; None where it is neither."""
    if header is None:
        return None
    text = header.strip()
    if text.isdecimal():
        return float(text)
    until = http_date(text)
    if until is None:
        return None
    return max(0.0, (until - (server_time or datetime.now(UTC))).total_seconds())


def http_date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
