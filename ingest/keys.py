"""The two keys: one makes pseudonyms, one opens the identity store; from the environment or a key file."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from pathlib import Path

from ingest import durable

PSEUDONYM_KEY = "TIMERETT_PSEUDONYM_KEY"
IDENTITY_KEY = "TIMERETT_IDENTITY_KEY"
PSEUDONYM_FILE = "pseudonym.key"
IDENTITY_FILE = "identity.key"
AUDIT_KEY = "TIMERETT_AUDIT_KEY"
AUDIT_FILE = "audit.key"
KEY_BYTES = 32


class UnusableKeyError(Exception):
    """A key that cannot be used; the message says which and what to do."""


def pseudonym_key(folder: Path) -> bytes:
    """The key of the pseudonyms; after each rotation one link longer (see `Pseudonyms`)."""
    return _key(PSEUDONYM_KEY, folder / PSEUDONYM_FILE, create=True)


def identity_key(folder: Path, *, create: bool = False) -> bytes | None:
    """The key of the identity store; None where this installation has none."""
    file = folder / IDENTITY_FILE
    if not create and not os.environ.get(IDENTITY_KEY) and not file.exists():
        return None
    key = _key(IDENTITY_KEY, file, create=create)
    if len(key) != KEY_BYTES:
        raise UnusableKeyError(_complaint(IDENTITY_KEY if os.environ.get(IDENTITY_KEY) else str(file)))
    return key


def audit_key(folder: Path, *, create: bool = True) -> bytes:
    """The key that seals the audit log. Its own: the dashboard need not hold that of the pseudonyms."""
    if not create and not os.environ.get(AUDIT_KEY) and not (folder / AUDIT_FILE).exists():
        raise UnusableKeyError(
            f"There is no {folder / AUDIT_FILE} and no {AUDIT_KEY}: nobody has looked yet."
        )
    return _key(AUDIT_KEY, folder / AUDIT_FILE, create=create)


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def write_key(file: Path, key: bytes) -> None:
    """A key file only its owner may read, whole or not at all; one line a link."""
    links = [key[start : start + KEY_BYTES] for start in range(0, len(key), KEY_BYTES)]
    durable.write_secret(file, b"\n".join(base64.urlsafe_b64encode(link) for link in links))


def decoded(text: str, where: str) -> bytes:
    """One key, or several links of one, divided by white space or commas."""
    try:
        links = [
            base64.b64decode(link, altchars=b"-_", validate=True)
            for link in re.split(r"[\s,]+", text.strip())
        ]
    except (binascii.Error, ValueError):
        links = []
    if not links or any(len(link) != KEY_BYTES for link in links):
        raise UnusableKeyError(_complaint(where))
    return b"".join(links)


def _key(variable: str, file: Path, *, create: bool) -> bytes:
    stated = os.environ.get(variable)
    if stated:
        return decoded(stated, variable)
    if not file.exists() and create:
        write_key(file, new_key())
    return decoded(file.read_text(encoding="utf-8", errors="replace"), str(file))


def _complaint(where: str) -> str:
    return f"{where}: must hold {KEY_BYTES} random bytes in URL-safe base64. Restore the right key."
