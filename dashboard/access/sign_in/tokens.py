"""Whether an ID token is the provider's own, for us, in time, and the answer to what this browser asked."""

from collections.abc import Callable, Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dashboard.access.sign_in import clock
from dashboard.access.sign_in.config import Configuration
from dashboard.access.sign_in.errors import Kind, SignInError

_OF_TIME = frozenset({"exp", "nbf", "iat"})


def verified(
    id_token: Any,
    keys: Callable[[bool], KeySet],
    configuration: Configuration,
    *,
    nonce: str | None,
    access_token: str,
) -> dict[str, Any]:
    """The token's claims; `keys(anew)` fetches the provider's keys. Without a nonce none was asked for."""
    if not isinstance(id_token, str):
        raise SignInError(Kind.UNTRUSTED, "no ID token")
    try:
        token = _opened(id_token, keys, configuration)
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": configuration.issuer},
                "aud": {"essential": True, "value": configuration.client_id},
                "sub": {"essential": True},
            },
            {"nonce": nonce, "client_id": configuration.client_id, "access_token": access_token},
        )
        claims.validate(now=int(clock.now()), leeway=configuration.leeway_seconds)
    except ExpiredTokenError:
        raise SignInError(Kind.TIME, "exp") from None
    except ClaimError as problem:
        told = isinstance(token.claims.get(problem.claim), int | float)
        kind = Kind.TIME if problem.claim in _OF_TIME and told else Kind.UNTRUSTED
        raise SignInError(kind, problem.claim) from None
    except (JoseError, ValueError, TypeError) as problem:
        raise SignInError(Kind.UNTRUSTED, type(problem).__name__) from None
    return dict(claims)


def _opened(id_token: str, keys: Callable[[bool], KeySet], configuration: Configuration) -> jwt.Token:
    registry = JWSRegistry(algorithms=configuration.algorithms, strict_check_header=False)
    try:
        return jwt.decode(id_token, keys(False), registry=registry)
    except InvalidKeyIdError:
        # The provider signs with a key it has taken into use since we last asked.
        return jwt.decode(id_token, keys(True), registry=registry)


def public_keys(document: Mapping[str, Any]) -> KeySet:
    """The keys that can prove who signed: no shared secrets, none meant for encryption."""
    listed = document.get("keys")
    usable = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError, KeyError) as problem:
        raise SignInError(Kind.UNTRUSTED, f"keys: {type(problem).__name__}") from None
