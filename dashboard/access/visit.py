"""When the reader last looked: kept in a signed cookie in the browser, and nowhere on the server."""

import hashlib
import hmac
import os
from datetime import date

import flask

from ingest.keys import PSEUDONYM_FILE, PSEUDONYM_KEY, pseudonym_key
from timerett.settings import settings

COOKIE = "timerett_visit"
KEPT_SECONDS = 180 * 24 * 3600


def before() -> date | None:
    """The date of the figures at the visit before this one; nothing where there was none."""
    dates = _read()
    return dates[0] if dates else None


def note(as_of: date) -> None:
    """Write down which figures were looked at; what was seen before moves back when newer ones are shown."""
    key = _key()
    if key is None:
        return
    seen = _read()
    if seen and seen[1] >= as_of:
        return
    value = f"{seen[1] if seen else as_of}.{as_of}"
    signed = f"{value}.{_signature(key, value)}"
    secure = flask.request.is_secure

    @flask.after_this_request
    def keep(response: flask.Response) -> flask.Response:
        response.set_cookie(
            COOKIE, signed, max_age=KEPT_SECONDS, httponly=True, samesite="Lax", secure=secure
        )
        return response


def _read() -> tuple[date, date] | None:
    key = _key()
    value, _, signature = flask.request.cookies.get(COOKIE, "").rpartition(".")
    if key is None or not hmac.compare_digest(signature.encode(), _signature(key, value).encode()):
        return None
    then, _, latest = value.partition(".")
    try:
        return date.fromisoformat(then), date.fromisoformat(latest)
    except ValueError:
        return None


def _signature(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def _key() -> bytes | None:
    """A key of its own, made from the home's; without one no cookie is set."""
    place = settings()
    if not os.environ.get(PSEUDONYM_KEY) and not (place.keys / PSEUDONYM_FILE).exists():
        return None
    return hmac.new(pseudonym_key(place.keys), b"visit cookie", hashlib.sha256).digest()
