"""A county's connection to FINT: a TOML file without secrets, and the secrets from elsewhere."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from ingest.delivery import SourceError

CLIENT_SECRET = "TIMERETT_FINT_CLIENT_SECRET"  # noqa: S105 the variable's name
USERNAME = "TIMERETT_FINT_USERNAME"
PASSWORD = "TIMERETT_FINT_PASSWORD"  # noqa: S105 the variable's name
_SECRETS = ("client_secret", "username", "password")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO

Positive = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]


class Paging(Struct, frozen=True, forbid_unknown_fields=True):
    """How a resource is read: entries a page, the largest page taken in, and how often it is read again."""

    size: Annotated[int, Meta(ge=1, le=100_000)] = 5_000
    largest_page_megabytes: Positive = 256
    passes: Count = 4


class Pace(Struct, frozen=True, forbid_unknown_fields=True):
    """How hard the API is asked."""

    requests_per_second: Positive = 10
    at_once: Annotated[int, Meta(ge=1, le=8)] = 2


class Retry(Struct, frozen=True, forbid_unknown_fields=True):
    """How often a request is tried, how often in a whole run, and how long is waited between."""

    attempts: Count = 6
    in_all: Count = 100
    first_wait_seconds: Positive = 1
    longest_wait_seconds: Positive = 60
    longest_asked_wait_seconds: Positive = 900


class Timeouts(Struct, frozen=True, forbid_unknown_fields=True):
    """A stall is told from slowness: to connect, between two pieces of an answer, and for a whole answer."""

    connect_seconds: Positive = 10
    read_seconds: Positive = 60
    answer_seconds: Positive = 600


class Connection(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the file says."""

    county_number: Annotated[str, Meta(pattern=r"^\d\d$")]
    base_url: str
    token_url: str
    client_id: str
    scope: str = "fint-client"
    org_id: str | None = None
    client_name: str | None = None
    client_authentication: Literal["basic", "body"] = "basic"
    secrets_file: str | None = None
    synthetic: bool = False
    skip: frozenset[str] = frozenset()
    paths: dict[str, list[str]] = msgspec.field(default_factory=dict)
    resume_within_hours: Positive = 6
    overlap_seconds: Annotated[int, Meta(ge=0)] = 300
    largest_drop_percent: Annotated[int, Meta(ge=0, le=100)] = 50
    paging: Paging = msgspec.field(default_factory=Paging)
    pace: Pace = msgspec.field(default_factory=Pace)
    retry: Retry = msgspec.field(default_factory=Retry)
    timeouts: Timeouts = msgspec.field(default_factory=Timeouts)


@dataclass(frozen=True)
class Secrets:
    """Never shown: not in a message, not in a log, not by `repr`."""

    client_secret: str = field(repr=False)
    username: str | None = field(repr=False, default=None)
    password: str | None = field(repr=False, default=None)


def read_connection(file: Path) -> Connection:
    text = _text(file)
    try:
        found = msgspec.toml.decode(text)
    except msgspec.DecodeError:
        # The parser's own message may quote the line, and a line may hold a secret put here by mistake.
        raise SourceError(f"{file}: is not TOML. docs/operations.md shows a connection file.") from None
    misplaced = [name for name in _SECRETS if name in found]
    if misplaced:
        raise SourceError(
            f"{file}: {', '.join(misplaced)} must not stand in this file. Put it in the environment "
            f"({CLIENT_SECRET}, {USERNAME}, {PASSWORD}) or in a file of its own, named as secrets_file."
        )
    try:
        connection = msgspec.convert(found, Connection)
    except msgspec.ValidationError as problem:
        raise SourceError(f"{file}: {problem}. Correct it; docs/operations.md has every setting.") from None
    for name in ("base_url", "token_url"):
        _must_be_safe(file, name, getattr(connection, name))
    return connection


def read_secrets(file: Path, connection: Connection) -> Secrets:
    """From the environment, else from the file the connection names."""
    found = {
        name: value
        for name, variable in zip(_SECRETS, (CLIENT_SECRET, USERNAME, PASSWORD), strict=True)
        if (value := os.environ.get(variable))
    }
    if not found and connection.secrets_file:
        found = _of_file(file.parent / connection.secrets_file)
    if "client_secret" not in found:
        raise SourceError(
            f"{file}: no client secret. Set {CLIENT_SECRET}, or name a file as secrets_file with the line "
            'client_secret = "…", readable by its owner alone.'
        )
    if ("username" in found) != ("password" in found):
        raise SourceError(f"{file}: a username and a password come together. Give both, or neither.")
    return Secrets(**found)


def _of_file(file: Path) -> dict[str, str]:
    text = _text(file)
    if file.stat().st_mode & _READABLE_BY_OTHERS:
        raise SourceError(f"{file}: may be read by others. Run: chmod 600 {file}")
    try:
        found = msgspec.toml.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        found = {}
    unknown = set(found) - set(_SECRETS)
    if unknown or not found:
        raise SourceError(f'{file}: must hold lines like client_secret = "…", of {", ".join(_SECRETS)} only.')
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SourceError(
            f"{file}: cannot be read. Expected a text file in TOML; docs/operations.md shows one."
        ) from None


def _must_be_safe(file: Path, name: str, address: str) -> None:
    parts = urlsplit(address)
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise SourceError(f"{file}: {name} must be a plain address such as https://api.example.no.")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise SourceError(
            f"{file}: {name} must begin with https://, for tokens and pupils' data travel there."
        )
