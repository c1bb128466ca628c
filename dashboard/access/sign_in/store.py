"""Sessions and begun sign-ins, in one SQLite file all workers share.

The browser holds a random secret, the file only its hash. What a row says is sealed with a key made from that
secret, so the file alone, or a copy of it, opens nothing and signs nobody in.
"""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from dashboard.access.sign_in import clock
from dashboard.access.sign_in.errors import Kind, SignInError
from dashboard.access.sign_in.mapping import Grant

FILE = "sessions.sqlite"
SECRET_BYTES, NONCE_BYTES, KEY_BYTES = 32, 12, 32
ATTEMPT_SECONDS = 15 * 60
MOST_ATTEMPTS = 5_000
NOTED_EVERY_SECONDS = 30
RENEWAL_SECONDS = 60
_SCHEMA = """
CREATE TABLE IF NOT EXISTS attempt (id TEXT PRIMARY KEY, begun REAL NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, begun REAL NOT NULL, seen REAL NOT NULL, renewing REAL NOT NULL, sealed BLOB NOT NULL
);
"""
T = TypeVar("T")


class Attempt(Struct, frozen=True):
    """What a browser set out with."""

    nonce: str
    verifier: str
    next: str
    language: str


class Session(Struct, frozen=True):
    """Who is signed in and what they may see."""

    sub: str
    subject: str
    name: str
    grants: tuple[Grant, ...]
    nonce: str
    id_token: str
    refresh_token: str | None
    good_until: float
    chosen: str = ""
    """The key of the grant in use; the first where it is not among them."""


@dataclass(frozen=True)
class Lasting:
    """How long a session may rest, and last."""

    idle: float
    longest: float


class Store:
    def __init__(self, file: Path) -> None:
        self._file = file

    def begin(self, attempt: Attempt, browser: str) -> str:
        """Remember a begun sign-in of a browser; the state it goes out with."""
        state, now = _secret(), clock.now()
        with self._opened() as connection:
            connection.execute("DELETE FROM attempt WHERE begun < ?", (now - ATTEMPT_SECONDS,))
            connection.execute(
                "DELETE FROM attempt WHERE id IN"
                " (SELECT id FROM attempt ORDER BY begun DESC LIMIT -1 OFFSET ?)",
                (MOST_ATTEMPTS,),
            )
            row = (_name(state), now, _sealed(state + browser, attempt))
            connection.execute("INSERT INTO attempt VALUES (?, ?, ?)", row)
        return state

    def take(self, state: str, browser: str) -> Attempt | None:
        """The sign-in begun with this state in this browser, once."""
        with self._opened() as connection:
            row = connection.execute(
                "DELETE FROM attempt WHERE id = ? RETURNING begun, sealed", (_name(state),)
            ).fetchone()
        if row is None or clock.now() - row[0] > ATTEMPT_SECONDS:
            return None
        return _unsealed(state + browser, row[1], Attempt)

    def open(self, session: Session, lasting: Lasting) -> str:
        """A new session; the secret that the browser keeps."""
        secret, now = _secret(), clock.now()
        with self._opened() as connection:
            connection.execute(
                "DELETE FROM session WHERE seen < ? OR begun < ?", (now - lasting.idle, now - lasting.longest)
            )
            row = (_name(secret), now, now, 0.0, _sealed(secret, session))
            connection.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?)", row)
        return secret

    def session(self, secret: str, lasting: Lasting) -> Session | None:
        """The session, if it still lasts; looking at it keeps it from resting."""
        now = clock.now()
        with self._opened() as connection:
            row = connection.execute(
                "SELECT begun, seen, sealed FROM session WHERE id = ?", (_name(secret),)
            ).fetchone()
            if row is None:
                return None
            begun, seen, sealed = row
            if now - seen > lasting.idle or now - begun > lasting.longest:
                connection.execute("DELETE FROM session WHERE id = ?", (_name(secret),))
                return None
            if now - seen > NOTED_EVERY_SECONDS:
                connection.execute("UPDATE session SET seen = ? WHERE id = ?", (now, _name(secret)))
        return _unsealed(secret, sealed, Session)

    def change(self, secret: str, become: Callable[[Session], Session]) -> Session | None:
        """Make a session into another, whatever else is done to it meanwhile; an ended one stays ended."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute("SELECT sealed FROM session WHERE id = ?", (_name(secret),)).fetchone()
            session = _unsealed(secret, row[0], Session) if row else None
            if session is None:
                return None
            changed = become(session)
            connection.execute(
                "UPDATE session SET sealed = ? WHERE id = ?", (_sealed(secret, changed), _name(secret))
            )
        return changed

    def may_renew(self, secret: str) -> bool:
        """Whether the caller is the one to renew; another may be at it, in any worker."""
        now = clock.now()
        with self._opened() as connection:
            found = connection.execute(
                "UPDATE session SET renewing = ? WHERE id = ? AND renewing < ?",
                (now, _name(secret), now - RENEWAL_SECONDS),
            )
            return found.rowcount == 1

    def not_renewing(self, secret: str) -> None:
        with self._opened() as connection:
            connection.execute("UPDATE session SET renewing = 0 WHERE id = ?", (_name(secret),))

    def end(self, secret: str) -> None:
        with self._opened() as connection:
            connection.execute("DELETE FROM session WHERE id = ?", (_name(secret),))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """One transaction; the file is its owner's alone."""
        try:
            if not self._file.exists():
                self._file.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(self._file, timeout=10)) as connection, connection:
                if not connection.execute("PRAGMA user_version").fetchone()[0]:
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.executescript(_SCHEMA + "PRAGMA user_version = 1;")
                connection.execute("PRAGMA synchronous = NORMAL")
                yield connection
        except (sqlite3.Error, OSError) as problem:
            raise SignInError(Kind.STORE, type(problem).__name__) from None


def csrf_token(secret: str) -> str:
    """What a form of this session carries."""
    return _derived(secret, b"timerett sign-in form").hex()


def _secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def _name(secret: str) -> str:
    return hashlib.sha256(b"timerett sign-in name\x00" + secret.encode()).hexdigest()


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(secret.encode())


def _sealed(secret: str, content: Struct) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = msgspec.msgpack.encode(content)
    return nonce + AESGCM(_derived(secret, b"timerett sign-in content")).encrypt(nonce, plain, None)


def _unsealed(secret: str, sealed: bytes, form: type[T]) -> T | None:
    try:
        cipher = AESGCM(_derived(secret, b"timerett sign-in content"))
        plain = cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        return msgspec.msgpack.decode(plain, type=form)
    except (InvalidTag, ValueError, msgspec.DecodeError):
        return None
