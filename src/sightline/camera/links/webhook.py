"""A link that posts what the camera says to a URL, as JSON, signed where a secret was given."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from sightline.camera.links.base import Heard, LinkLost, Said
from sightline.camera.links.plain import HeaderOf, bodies
from sightline.camera.links.queued import Queue
from sightline.errors import ConfigError, InputError
from sightline.twin.agent import LinkConfig

_PATIENCE_S = 15.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class WebhookLink:
    """Whatever is not answered with 2xx is sent again. No redirect is followed.

    X-Sightline-Signature is "t=SECONDS,v1=HEX": HMAC-SHA256 over "SECONDS.BODY" with the secret.
    """

    def __init__(self, config: LinkConfig, camera: str, header_of: HeaderOf) -> None:
        parts = urlsplit(config.url or "")
        if parts.scheme != "https" and (parts.scheme, parts.hostname in _LOOPBACK) != (
            "http",
            True,
        ):
            raise ConfigError("link.url: a webhook is https://, or http:// on this machine itself")
        self._url, self._camera, self._header_of = config.url or "", camera, header_of
        self._secret = _secret(config.secret)
        self._queue: Queue

    async def __aenter__(self) -> WebhookLink:
        import httpx

        self._client = httpx.AsyncClient(
            timeout=_PATIENCE_S, follow_redirects=False, trust_env=False
        )
        self._queue = Queue(self._post)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._queue.close()
        await self._client.aclose()

    def send(self, said: Said) -> asyncio.Future[int]:
        """Post it."""
        return self._queue.send(said)

    async def heard(self) -> AsyncIterator[Heard]:
        """Waits for the end."""
        await self._queue.lost
        return
        yield

    async def _post(self, said: Said) -> int:
        import httpx

        size = 0
        for kind, body in await bodies(said, self._header_of):
            headers = {
                "Content-Type": "application/json",
                "X-Sightline-Camera": self._camera,
                "X-Sightline-Kind": kind,
            }
            if self._secret:
                headers["X-Sightline-Signature"] = signature(self._secret, body, int(time.time()))
            try:
                answer = await self._client.post(self._url, content=body, headers=headers)
            except httpx.HTTPError as error:
                raise LinkLost(f"the webhook cannot be reached: {type(error).__name__}") from None
            if not answer.is_success:
                raise LinkLost(f"the webhook answered {answer.status_code}")
            size += len(body)
        return size


def signature(secret: bytes, body: bytes, seconds: int) -> str:
    """What proves who sent a body, and when."""
    signed = hmac.new(secret, b"%d." % seconds + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def _secret(path: str | None) -> bytes:
    if path is None:
        return b""
    try:
        return Path(path).read_bytes().strip()
    except OSError as error:
        raise InputError(f"link.secret: {path}: cannot be read: {error.strerror}") from None
