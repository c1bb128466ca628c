"""Pseudonyms, and the store of names that only the identity key opens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.delivery import Person

PSEUDONYM_KEY = "TIMERETT_PSEUDONYM_KEY"
IDENTITY_KEY = "TIMERETT_IDENTITY_KEY"
KEY_BYTES = 32
NONCE_BYTES = 12
IDENTITY_NUMBER_LENGTH = 11


class UnusableKeyError(Exception):
    """A key that cannot be used; the message says which and what to do."""


class Pseudonyms:
    """Keyed hashes of persons' identifiers: the same person always gets the same key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def student(self, identifier: str) -> str:
        return self._hash("student", identifier)

    def staff(self, identifier: str) -> str:
        return self._hash("staff", identifier)

    def _hash(self, kind: str, identifier: str) -> str:
        return hmac.new(self._key, f"{kind}\x00{identifier}".encode(), hashlib.sha256).hexdigest()[:32]


def identifier(field: str, value: str) -> str:
    """What a pseudonym is made of: the identity number alone, any other id with its field's name."""
    digits = re.sub(r"[\s-]", "", value)
    if len(digits) == IDENTITY_NUMBER_LENGTH and digits.isdigit():
        return digits
    return f"{field}:{value}"


def pseudonym_key(folder: Path) -> bytes:
    return _key(PSEUDONYM_KEY, folder / "pseudonym.key", create=True)


def identity_key(folder: Path, *, create: bool = False) -> bytes | None:
    """The key of the identity store; None where this installation has none."""
    file = folder / "identity.key"
    if not create and not os.environ.get(IDENTITY_KEY) and not file.exists():
        return None
    return _key(IDENTITY_KEY, file, create=create)


def _key(variable: str, file: Path, *, create: bool) -> bytes:
    stated = os.environ.get(variable)
    if stated:
        return _decoded(stated, variable)
    if not file.exists() and create:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode())
    return _decoded(file.read_text(), str(file))


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise UnusableKeyError(
            f"{where}: must hold {KEY_BYTES} random bytes in URL-safe base64. Restore the right key."
        )
    return key


class IdentityStore:
    """An SQLite file of pseudonym → encrypted name, number and schools; nothing in it is readable."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file = file
        self._cipher = AESGCM(key)

    def remember(self, persons: Iterable[Person]) -> None:
        # A delivery without names must not wipe out those of an earlier one.
        rows = [(person.key, self._seal(person)) for person in persons if person.name]
        if not rows:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS person (key TEXT PRIMARY KEY, sealed BLOB NOT NULL)"
            )
            connection.executemany("INSERT OR REPLACE INTO person VALUES (?, ?)", rows)

    def names(self, keys: Iterable[str]) -> dict[str, str]:
        """Pseudonym → name, for those the store knows."""
        return {key: person["name"] for key, person in self._persons(keys).items() if person.get("name")}

    def _persons(self, keys: Iterable[str]) -> dict[str, dict[str, str]]:
        if not self._file.exists():
            return {}
        wanted = json.dumps(sorted(set(keys)))
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "SELECT key, sealed FROM person WHERE key IN (SELECT value FROM json_each(?))", (wanted,)
            ).fetchall()
        return {key: self._open(key, sealed) for key, sealed in rows}

    def _seal(self, person: Person) -> bytes:
        content = {
            "kind": person.kind,
            "name": person.name,
            "number": person.national_identity_number,
            "school_ids": list(person.school_ids),
        }
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, json.dumps(content).encode(), person.key.encode())

    def _open(self, key: str, sealed: bytes) -> dict[str, str]:
        try:
            plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key.encode())
        except InvalidTag:
            return {}
        content: dict[str, str] = json.loads(plain)
        return content
