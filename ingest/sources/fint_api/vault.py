"""Files no one can read without the identity key: downloaded pages and what the next run must know."""

from __future__ import annotations

import os
import secrets
import zlib
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

T = TypeVar("T")
NONCE_BYTES = 12
_KEY_BYTES = 32
_FASTEST = 1


class Vault:
    """One folder of sealed files; each is bound to its name and to the connection it came by."""

    def __init__(self, folder: Path, identity_key: bytes, connection: str) -> None:
        self.folder = folder
        self._connection = connection
        self._cipher = AESGCM(_derived(identity_key, b"timerett fint-api files"))
        self.key_of_ids = _derived(identity_key, b"timerett fint-api ids")

    def write(self, name: str, content: msgspec.Struct) -> int:
        """Write whole or not at all; the size on disk."""
        plain = zlib.compress(msgspec.msgpack.encode(content), _FASTEST)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, plain, self._bound_to(name))
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = file.with_name(f"{file.name}.unfinished")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(sealed)
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.replace(file)
        return len(sealed)

    def read(self, name: str, form: type[T]) -> T | None:
        """What was written; None where there is nothing, or nothing this key and connection can open."""
        try:
            sealed = (self.folder / name).read_bytes()
            plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound_to(name))
            return msgspec.msgpack.decode(zlib.decompress(plain), type=form)
        except (FileNotFoundError, InvalidTag, ValueError, zlib.error, msgspec.DecodeError):
            return None

    def _bound_to(self, name: str) -> bytes:
        return f"{self._connection}\x00{name}".encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(key)
