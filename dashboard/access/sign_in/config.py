"""The operator's file on sign-in, named by TIMERETT_SIGN_IN, and the secret from elsewhere."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from dashboard.access.sign_in.mapping import RoleMap, read_role_map
from dashboard.access.sign_in.toml import read_text, read_toml
from timerett.settings import SettingsError

VARIABLE = "TIMERETT_SIGN_IN"
CLIENT_SECRET = "TIMERETT_SIGN_IN_CLIENT_SECRET"  # noqa: S105 the variable's name
CALLBACK = "/sign-in/back"
SIGNED_OUT = "/sign-in/out"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OF_THE_PROTOCOL = frozenset(
    {"iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "azp", "at_hash", "acr", "amr"}
)
_ASKED_BY_US = frozenset(
    {"client_id", "response_type", "redirect_uri", "scope", "state", "nonce", "response_mode"}
    | {"code_challenge", "code_challenge_method", "request", "request_uri"}
)

Positive = Annotated[float, Meta(gt=0)]
# Signed with the provider's private key; anything else is not a proof of who wrote it.
Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"
]


class Lengths(Struct, frozen=True, forbid_unknown_fields=True):
    """How long a session lasts, and how long what the provider said about a person is believed."""

    idle_minutes: Positive = 60
    longest_hours: Positive = 10
    claims_minutes: Positive = 60


class Claims(Struct, frozen=True, forbid_unknown_fields=True):
    """Where claims come from besides the ID token."""

    userinfo: bool = False
    also: dict[str, str] = {}
    """Claim → an address that answers with JSON to the access token."""


class Configuration(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the file says."""

    issuer: str
    client_id: Annotated[str, Meta(min_length=1)]
    address: str
    mapping: str
    provider: str = ""
    scopes: list[str] = msgspec.field(default_factory=lambda: ["openid", "profile"])
    client_authentication: Literal["basic", "body", "none"] = "basic"
    secrets_file: str | None = None
    algorithms: Annotated[list[Algorithm], Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: ["RS256"]
    )
    leeway_seconds: Annotated[int, Meta(ge=0, le=300)] = 60
    timeout_seconds: Annotated[float, Meta(gt=0, le=60)] = 10
    authorize: dict[str, str] = {}
    session: Lengths = msgspec.field(default_factory=Lengths)
    claims: Claims = msgspec.field(default_factory=Claims)

    @property
    def provider_name(self) -> str:
        return self.provider or urlsplit(self.issuer).hostname or self.issuer

    @property
    def secure(self) -> bool:
        return self.address.startswith("https://")


@dataclass(frozen=True)
class SignIn:
    """Everything sign-in needs to know; the secret is never shown, also not by `repr`."""

    configuration: Configuration
    role_map: RoleMap
    client_secret: str | None = field(repr=False)


def configured() -> SignIn | None:
    """Sign-in as set up by the operator; None where it is not."""
    named = os.environ.get(VARIABLE, "").strip()
    return read_sign_in(Path(named)) if named else None


def read_sign_in(file: Path) -> SignIn:
    if "client_secret" in _top_level(file):
        raise SettingsError(
            f"{file}: client_secret must not stand in this file. Put it in the environment ({CLIENT_SECRET}) "
            "or in a file of its own, named as secrets_file."
        )
    found = read_toml(file, Configuration, "a file for sign-in")
    fault = _fault(found)
    if fault:
        raise SettingsError(f"{file}: {fault}")
    role_map = read_role_map(file.parent / found.mapping)
    return SignIn(found, role_map, _secret(file, found))


def _top_level(file: Path) -> list[str]:
    return [line.partition("=")[0].strip() for line in read_text(file).splitlines()]


def _fault(found: Configuration) -> str | None:
    addresses = {"issuer": found.issuer, "address": found.address}
    addresses |= {f"claims.also.{name}": address for name, address in found.claims.also.items()}
    for name, address in addresses.items():
        fault = address_fault(address)
        if fault:
            return f"{name} {fault}"
    if urlsplit(found.address).path:
        return "address is where people open timerett, without a path: https://timerett.county.no"
    if "openid" not in found.scopes:
        return 'scopes must hold "openid"; without it there is no ID token.'
    if overwritten := _OF_THE_PROTOCOL & set(found.claims.also):
        return f"claims.also may not set {', '.join(sorted(overwritten))}: the ID token alone says that."
    if set_twice := _ASKED_BY_US & set(found.authorize):
        return f"authorize may not set {', '.join(sorted(set_twice))}: timerett does."
    return None


def address_fault(address: str) -> str | None:
    """Why an address is not one to send people or tokens to."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "is not an address."
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        return "must be a plain address such as https://login.example.no, without query or user."
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return "must begin with https://, for people's sign-in travels there."
    return None


def _secret(file: Path, found: Configuration) -> str | None:
    if found.client_authentication == "none":
        return None
    stated = os.environ.get(CLIENT_SECRET)
    if stated:
        return stated
    if not found.secrets_file:
        raise SettingsError(
            f"{file}: no client secret. Set {CLIENT_SECRET}, or name a file as secrets_file with the line "
            'client_secret = "…", readable by its owner alone.'
        )
    beside = file.parent / found.secrets_file
    text = read_text(beside)
    if beside.stat().st_mode & _READABLE_BY_OTHERS:
        raise SettingsError(f"{beside}: may be read by others. Run: chmod 600 {beside}")
    try:
        held = msgspec.toml.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        held = {}
    if set(held) != {"client_secret"} or not held["client_secret"]:
        raise SettingsError(f'{beside}: must hold the line client_secret = "…" and no other.')
    return held["client_secret"]
