"""Signing in through an OpenID Connect provider: the authorization code flow with PKCE.

Where the provider is and which keys it signs with it says itself, under its issuer's
`/.well-known/openid-configuration`. Nothing of it is kept but who somebody is.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import jwt

from sightline.errors import ConfigError
from sightline.hub.auth.people import NotKnown
from sightline.hub.refused import Refused
from sightline.hub.settings import OidcSettings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_LASTS_S = 600.0  # somebody looks for his password
_MOST = 1000  # sign-ins that have begun
_KNOWN_S = 600.0  # what the provider published is asked again after that
_LEEWAY_S = 60


class ProviderAway(Refused):
    """The provider does not answer, or not as the standard says."""

    status = 502


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in elsewhere. `subject` never changes; `groups` are what the claim holds."""

    subject: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Begun:
    nonce: str
    verifier: str
    until_s: float


class Provider:
    """One provider, by its settings. Raises ConfigError for an issuer in the clear."""

    def __init__(self, settings: OidcSettings) -> None:
        parts = urlsplit(settings.issuer)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        schemes = ("https", "http") if local else ("https",)
        if not parts.hostname or parts.scheme not in schemes:
            raise ConfigError(f"oidc.issuer: {settings.issuer!r} has to begin with https://")
        self.settings = settings
        self._begun: OrderedDict[str, _Begun] = OrderedDict()
        self._told: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, jwt.PyJWKSet] | None = None

    async def begin(self, back: str) -> tuple[str, str]:
        """Where to send the browser, and the state that it has to come back with."""
        told = await self._configuration()
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        begun = _Begun(secrets.token_urlsafe(24), verifier, time.monotonic() + _LASTS_S)
        self._begun[state] = begun
        while len(self._begun) > _MOST:
            self._begun.popitem(last=False)
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code", "client_id": self.settings.client_id, "redirect_uri": back,
            "scope": "openid profile email", "state": state, "nonce": begun.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{told['authorization_endpoint']}?{urlencode(query)}", state

    async def finish(self, state: str, code: str, back: str) -> Identity:
        """Who came back. Raises NotKnown, ProviderAway."""
        begun = self._begun.pop(state, None)
        if begun is None or begun.until_s < time.monotonic():
            raise NotKnown("this sign-in has not begun here or took too long; begin again")
        told = await self._configuration()
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back,
            "code_verifier": begun.verifier,
        }  # fmt: skip
        given = await self._asked("POST", told["token_endpoint"], form)
        claims = await self._verified(str(given.get("id_token", "")), begun.nonce)
        return self._identity(claims)

    def _identity(self, claims: dict[str, Any]) -> Identity:
        name = next(
            (str(claims[key]) for key in ("preferred_username", "email") if claims.get(key)),
            str(claims["sub"]),
        )
        held = claims.get(self.settings.claim)
        groups = [held] if isinstance(held, str) else held if isinstance(held, list) else []
        issuer = self.settings.issuer.rstrip("/")
        return Identity(f"{issuer} {claims['sub']}"[:256], name, tuple(map(str, groups)))

    async def _verified(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(str(header.get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=list(ALGORITHMS), audience=self.settings.client_id,
                issuer=[self.settings.issuer, self.settings.issuer.rstrip("/")], leeway=_LEEWAY_S,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )  # fmt: skip
        except jwt.InvalidTokenError as error:
            raise NotKnown(f"the provider's identity token is not sound: {error}") from None
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise NotKnown("the provider's identity token belongs to another sign-in")
        return claims

    async def _key(self, number: str) -> jwt.PyJWK:
        for fresh in (False, True):  # keys change; once more where this one is not known
            for key in (await self._published(fresh)).keys:
                if not number or key.key_id == number:
                    return key
        raise NotKnown("the provider signs with a key that it does not publish")

    async def _published(self, fresh: bool) -> jwt.PyJWKSet:
        if self._keys is None or fresh or self._keys[0] < time.monotonic():
            told = await self._asked("GET", (await self._configuration())["jwks_uri"])
            try:
                found = jwt.PyJWKSet.from_dict(told)
            except (jwt.PyJWTError, AttributeError) as error:
                raise ProviderAway(f"the provider's keys cannot be read: {error}") from None
            self._keys = time.monotonic() + _KNOWN_S, found
        return self._keys[1]

    async def _configuration(self) -> dict[str, Any]:
        if self._told is None or self._told[0] < time.monotonic():
            issuer = self.settings.issuer.rstrip("/")
            told = await self._asked("GET", f"{issuer}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if str(told.get("issuer", "")).rstrip("/") != issuer or not all(
                isinstance(told.get(key), str) for key in needed
            ):
                raise ProviderAway("what the provider publishes is not that of this issuer")
            self._told = time.monotonic() + _KNOWN_S, told
        return self._told[1]

    async def _asked(
        self, method: str, url: str, form: dict[str, str] | None = None
    ) -> dict[str, Any]:
        own = self.settings
        who = (quote(own.client_id, safe=""), quote(own.client_secret, safe="")) if form else None
        try:
            async with asyncio.timeout(20), httpx.AsyncClient(timeout=10) as client:
                answer = await client.request(method, url, data=form, auth=who)
                told = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TimeoutError) as error:
            raise ProviderAway(f"{own.name} does not answer: {error}") from None
        if answer.is_error or not isinstance(told, dict):
            reason = told.get("error", "") if isinstance(told, dict) else ""
            raise ProviderAway(f"{own.name} answers {answer.status_code} {reason!s:.80}")
        return told
