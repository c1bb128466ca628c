"""Talking to the provider: where people are sent, what it gives for a code, what it says of them since."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc.jwk import KeySet

from dashboard.access.sign_in import clock
from dashboard.access.sign_in.config import CALLBACK, SIGNED_OUT, SignIn, address_fault
from dashboard.access.sign_in.errors import EndedError, Kind, SignInError
from dashboard.access.sign_in.tokens import public_keys, verified

_METADATA_SECONDS, _KEYS_SECONDS, _KEYS_AGAIN_SECONDS = 3600.0, 3600.0, 30.0
# A provider that does not answer must not hold every thread until each has waited for itself.
_LEFT_ALONE_SECONDS = 10.0
# Tokens that are over as soon as they are given must not mean a question for every request.
_ASKED_EVERY_SECONDS = 30.0
_AUTHENTICATION = {"basic": "client_secret_basic", "body": "client_secret_post", "none": "none"}
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ENDED = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})


@dataclass(frozen=True)
class Answer:
    """What the provider gave. Tokens are never shown."""

    claims: dict[str, Any] = field(repr=False)
    id_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    good_until: float


class Provider:
    def __init__(self, sign_in: SignIn) -> None:
        self._secret = sign_in.client_secret
        self._configuration = sign_in.configuration
        self._lock = threading.Lock()
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._silent_until = 0.0
        # Made once: reading the machine's certificates takes longer than all the rest.
        self._tls = httpx2.create_ssl_context()

    def metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself; kept for an hour."""
        with self._lock:
            if self._metadata is None or clock.now() - self._metadata[0] > _METADATA_SECONDS:
                self._metadata = (clock.now(), self._discovered())
            return self._metadata[1]

    def authorization_url(self, *, state: str, nonce: str, verifier: str, language: str) -> str:
        """Where to send somebody who wants in."""
        endpoint = self.metadata()["authorization_endpoint"]
        with self._client() as client:
            address, _ = client.create_authorization_url(
                endpoint,
                state=state,
                code_verifier=verifier,
                nonce=nonce,
                ui_locales=language,
                **self._configuration.authorize,
            )
        return str(address)

    def require_own_answer(self, issuer: str | None) -> None:
        """The answer names the provider it comes from (RFC 9207), always where the provider says it does."""
        named = self.metadata().get("authorization_response_iss_parameter_supported") is True
        if issuer != self._configuration.issuer and (named or issuer is not None):
            raise SignInError(Kind.UNTRUSTED, "iss parameter")

    def redeem(self, code: str, *, verifier: str, nonce: str) -> Answer:
        """Tokens for a code, and the claims in them and behind them."""
        endpoint = self.metadata()["token_endpoint"]
        try:
            with self._answering(), self._client() as client:
                tokens = client.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except OAuthError as problem:
            kind = Kind.ATTEMPT if problem.error == "invalid_grant" else Kind.SETUP
            raise SignInError(kind, "token endpoint") from None
        access_token = _access_token(tokens)
        claims = self._verified(tokens.get("id_token"), nonce, access_token)
        return self._answer(tokens, claims, access_token, tokens["id_token"], None)

    def renew(self, refresh_token: str, *, subject: str, nonce: str, id_token: str) -> Answer:
        """What the provider says now about somebody signed in; EndedError when it says nothing any more."""
        endpoint = self.metadata()["token_endpoint"]
        try:
            with self._answering(), self._client() as client:
                tokens = client.refresh_token(endpoint, refresh_token=refresh_token)
        except OAuthError as problem:
            if problem.error in _ENDED:
                raise EndedError from None
            raise SignInError(Kind.SETUP, "token endpoint") from None
        access_token = _access_token(tokens)
        claims: dict[str, Any] = {"sub": subject}
        renewed = tokens.get("id_token")
        if renewed:
            claims = self._verified(renewed, None, access_token)
            if claims["sub"] != subject or claims.get("nonce", nonce) != nonce:
                raise SignInError(Kind.UNTRUSTED, "sub or nonce of a renewed token")
        return self._answer(tokens, claims, access_token, renewed or id_token, refresh_token)

    def end_url(self, id_token: str, language: str) -> str | None:
        """Where to sign out at the provider too; None where it has no such place, or cannot be asked."""
        try:
            endpoint = self.metadata().get("end_session_endpoint")
        except SignInError:
            return None
        if not isinstance(endpoint, str) or address_fault(endpoint.partition("?")[0]):
            return None
        query = {
            "id_token_hint": id_token,
            "client_id": self._configuration.client_id,
            "post_logout_redirect_uri": self._configuration.address + SIGNED_OUT,
            "ui_locales": language,
            "state": language,
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def _answer(
        self,
        tokens: Mapping[str, Any],
        id_claims: dict[str, Any],
        access_token: str,
        id_token: str,
        before: str | None,
    ) -> Answer:
        stated = tokens.get("refresh_token") or before
        refresh_token = stated if isinstance(stated, str) else None
        claims = {**self._more_claims(access_token, id_claims["sub"]), **id_claims}
        now = clock.now()
        until = [now + 60 * self._configuration.session.claims_minutes]
        lifetime = str(tokens.get("expires_in", ""))
        if lifetime.isdecimal():
            until.append(now + int(lifetime))
        # Without a refresh token the short life of an ID token would throw people out for nothing.
        if refresh_token and isinstance(id_claims.get("exp"), int | float):
            until.append(id_claims["exp"])
        return Answer(claims, id_token, refresh_token, max(min(until), now + _ASKED_EVERY_SECONDS))

    def _verified(self, id_token: Any, nonce: str | None, access_token: str) -> dict[str, Any]:
        return verified(
            id_token, self._public_keys, self._configuration, nonce=nonce, access_token=access_token
        )

    def _more_claims(self, access_token: str, subject: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        authorization = {"Authorization": f"Bearer {access_token}"}
        if self._configuration.claims.userinfo:
            endpoint = str(self.metadata().get("userinfo_endpoint", ""))
            if address_fault(endpoint):
                raise SignInError(Kind.SETUP, "userinfo endpoint")
            userinfo = self._fetched(endpoint, authorization)
            if not isinstance(userinfo, dict) or userinfo.get("sub") != subject:
                raise SignInError(Kind.UNTRUSTED, "sub of userinfo")
            found = userinfo
        also = self._configuration.claims.also
        return found | {name: self._fetched(address, authorization) for name, address in also.items()}

    def _public_keys(self, anew: bool) -> KeySet:
        address = self.metadata()["jwks_uri"]
        with self._lock:
            patience = _KEYS_AGAIN_SECONDS if anew else _KEYS_SECONDS
            if self._keys is None or clock.now() - self._keys[0] > patience:
                found = self._fetched(address)
                if not isinstance(found, dict):
                    raise SignInError(Kind.UNTRUSTED, "keys")
                self._keys = (clock.now(), public_keys(found))
            return self._keys[1]

    def _discovered(self) -> dict[str, Any]:
        issuer = self._configuration.issuer
        found = self._fetched(issuer.rstrip("/") + "/.well-known/openid-configuration")
        if not isinstance(found, dict) or found.get("issuer") != issuer:
            raise SignInError(Kind.SETUP, "issuer of the discovery document")
        for name in _NEEDED:
            if not isinstance(found.get(name), str) or address_fault(found[name].partition("?")[0]):
                raise SignInError(Kind.SETUP, name)
        return found

    def _fetched(self, address: str, headers: Mapping[str, str] | None = None) -> Any:
        with (
            self._answering(),
            httpx2.Client(timeout=self._configuration.timeout_seconds, verify=self._tls) as client,
        ):
            response = client.get(address, headers=headers)
            response.raise_for_status()
            return response.json()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        if clock.now() < self._silent_until:
            raise SignInError(Kind.DOWN, "left alone")
        try:
            yield
        except httpx2.TimeoutException:
            self._silent_until = clock.now() + _LEFT_ALONE_SECONDS
            raise SignInError(Kind.DOWN, "timeout") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as problem:
            raise SignInError(Kind.DOWN, type(problem).__name__) from None

    def _client(self) -> Any:
        configuration = self._configuration
        return OAuth2Client(
            configuration.client_id,
            self._secret,
            token_endpoint_auth_method=_AUTHENTICATION[configuration.client_authentication],
            scope=" ".join(configuration.scopes),
            redirect_uri=configuration.address + CALLBACK,
            code_challenge_method="S256",
            timeout=configuration.timeout_seconds,
            verify=self._tls,
        )


def _access_token(tokens: Mapping[str, Any]) -> str:
    found = tokens.get("access_token")
    if not isinstance(found, str):
        raise SignInError(Kind.UNTRUSTED, "no access token")
    return found
