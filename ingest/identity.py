"""Pseudonyms, and the store of names that only the identity key opens."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.delivery import Person
from ingest.keys import (
    IDENTITY_KEY,
    KEY_BYTES,
    PSEUDONYM_KEY,
    UnusableKeyError,
    identity_key,
    pseudonym_key,
)

__all__ = [
    "IDENTITY_KEY",
    "PSEUDONYM_KEY",
    "IdentityStore",
    "Pseudonyms",
    "UnusableKeyError",
    "identifier",
    "identity_key",
    "pseudonym_key",
]

PSEUDONYM_LENGTH = 32
NONCE_BYTES = 12
IDENTITY_NUMBER_LENGTH = 11
# Sealed under a name no person can have, so that a wrong key is told from a store without persons.
_CHECK = ""


class Pseudonyms:
    """Keyed hashes of persons' identifiers: the same person always gets the same key.

    A rotation adds a link to the key: what the earlier links make is hashed again with the new one. So a
    leaked key is worth nothing any more, and every pseudonym that stands somewhere can be taken along,
    also where nobody remembers what it was made of.
    """

    def __init__(self, key: bytes) -> None:
        self._first, *self._later = [key[at : at + KEY_BYTES] for at in range(0, len(key), KEY_BYTES)]

    def student(self, identifier: str) -> str:
        return self._hash("student", identifier)

    def staff(self, identifier: str) -> str:
        return self._hash("staff", identifier)

    def _hash(self, kind: str, identifier: str) -> str:
        found = _keyed_hash(self._first, f"{kind}\x00{identifier}")
        for link in self._later:
            found = relinked(found, link)
        return found


def relinked(pseudonym: str, link: bytes) -> str:
    """What a pseudonym becomes when its key gets another link."""
    return _keyed_hash(link, f"pseudonym\x00{pseudonym}")


def _keyed_hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_LENGTH]


def identifier(field: str, value: str) -> str:
    """What a pseudonym is made of: the identity number alone, any other id with its field's name."""
    digits = re.sub(r"[\s-]", "", value)
    if len(digits) == IDENTITY_NUMBER_LENGTH and digits.isdigit():
        return digits
    return f"{field}:{value}"


class IdentityStore:
    """An SQLite file of pseudonym → encrypted name, number and schools; nothing in it is readable."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file = file
        self._cipher = AESGCM(key)

    def require_key(self) -> None:
        """Refuse a key that did not seal this store."""
        if not self._file.exists():
            return
        with self._opened() as connection:
            rows = connection.execute("SELECT key, sealed FROM person ORDER BY key LIMIT 1").fetchall()
        if rows and self._open(*rows[0]) is None:
            raise UnusableKeyError(
                f"{self._file}: is not opened by this identity key. Restore the key it was sealed with "
                f"({IDENTITY_KEY} or the file identity.key); without it the names in the store are lost."
            )

    def remember(self, persons: Iterable[Person]) -> None:
        # A delivery without names must not wipe out those of an earlier one.
        rows = [(person.key, self._seal(person.key, _content(person))) for person in persons if person.name]
        if not rows:
            return
        self._create()
        self.require_key()
        with self._opened() as connection:
            connection.executemany("INSERT OR REPLACE INTO person VALUES (?, ?)", rows)

    def names(self, keys: Iterable[str]) -> dict[str, str]:
        """Pseudonym → name, for those the store knows."""
        if not self._file.exists():
            return {}
        wanted = json.dumps(sorted(set(keys) - {_CHECK}))
        with self._opened() as connection:
            rows = connection.execute(
                "SELECT key, sealed FROM person WHERE key IN (SELECT value FROM json_each(?))", (wanted,)
            ).fetchall()
        opened = {key: self._open(key, sealed) for key, sealed in rows}
        return {key: person["name"] for key, person in opened.items() if person and person.get("name")}

    def keys(self) -> set[str]:
        """Everybody in the store, by pseudonym."""
        if not self._file.exists():
            return set()
        with self._opened() as connection:
            return {key for (key,) in connection.execute("SELECT key FROM person")} - {_CHECK}

    def with_number(self, number: str) -> set[str]:
        """The pseudonyms of whoever has this national identity number."""
        return {
            key
            for key, sealed in self._everybody()
            if (person := self._open(key, sealed)) and person.get("number") == number
        }

    def copy(self, file: Path, key: bytes, become: Callable[[str], str | None]) -> None:
        """A new store under a key, everybody under a new pseudonym; who becomes None is left out."""
        self.require_key()
        other = IdentityStore(file, key)
        other._create()
        rows = []
        for old, sealed in self._everybody():
            new, person = become(old), self._open(old, sealed)
            if new is not None and person is not None:
                rows.append((new, other._seal(new, person)))
        with other._opened() as connection:
            connection.executemany("INSERT OR REPLACE INTO person VALUES (?, ?)", rows)

    def _everybody(self) -> list[tuple[str, bytes]]:
        if not self._file.exists():
            return []
        with self._opened() as connection:
            rows = connection.execute("SELECT key, sealed FROM person ORDER BY key").fetchall()
        return [(key, sealed) for key, sealed in rows if key != _CHECK]

    def _create(self) -> None:
        """The file with its check, only for its owner to read, before anything is put in it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600))
        with self._opened() as connection:
            if not connection.execute("SELECT 1 FROM person LIMIT 1").fetchone():
                connection.execute("INSERT INTO person VALUES (?, ?)", (_CHECK, self._seal(_CHECK, {})))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Opened for writing also to read: a killed writer's journal must be played back."""
        with closing(sqlite3.connect(f"file:{self._file}?mode=rw", uri=True)) as connection, connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS person (key TEXT PRIMARY KEY, sealed BLOB NOT NULL)"
            )
            yield connection

    def _seal(self, key: str, content: dict[str, Any]) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, json.dumps(content).encode(), key.encode())

    def _open(self, key: str, sealed: bytes) -> dict[str, Any] | None:
        try:
            plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], key.encode())
        except InvalidTag:
            return None
        content: dict[str, Any] = json.loads(plain)
        return content


def _content(person: Person) -> dict[str, Any]:
    return {
        "kind": person.kind,
        "name": person.name,
        "number": person.national_identity_number,
        "school_ids": list(person.school_ids),
    }
