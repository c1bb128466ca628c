"""Tokens as an attacker would make them, also one who holds the provider's key."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

Claims = dict[str, Any]


def payload(token: str) -> Claims:
    part = token.split(".")[1]
    found: Claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def text(part: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def signed(claims: Claims, key: RSAKey, **header: str) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first", **header}, claims, key)


def with_shared_secret(header: Claims, claims: Claims, secret: bytes) -> str:
    """By hand, for the library will not do it with a public key."""
    content = f"{text(header)}.{text(claims)}"
    signature = hmac.new(secret, content.encode(), hashlib.sha256).digest()
    return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def with_claims(key: RSAKey, **changes: Any) -> Callable[[Claims], Claims]:
    """The same token with other claims, signed with the provider's own key; None leaves a claim out."""

    def alter(tokens: Claims) -> Claims:
        claims = payload(tokens["id_token"]) | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return {**tokens, "id_token": signed(kept, key)}

    return alter


def aged(key: RSAKey, seconds: float) -> Callable[[Claims], Claims]:
    """The same token as the provider would give it so much later."""

    def alter(tokens: Claims) -> Claims:
        if "id_token" not in tokens:
            return tokens
        claims = payload(tokens["id_token"])
        moved = {name: claims[name] + int(seconds) for name in ("iat", "exp")}
        return {**tokens, "id_token": signed(claims | moved, key)}

    return alter
