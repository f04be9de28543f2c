"""A POST with a signature.

    X-Sightline-Time       seconds since 1970
    X-Sightline-Signature  hex HMAC-SHA256 of "<time>.<body>" with the channel's secret
    X-Sightline-Delivery   a number; the same one when it is tried again

The host is looked up once, every address of it has to be allowed, and that address is spoken to.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

import httpx
import msgspec
from pydantic import BaseModel, ConfigDict, Field

from sightline.errors import OutputError
from sightline.hub.alerts.channels.base import Notice
from sightline.hub.outside import Outside
from sightline.hub.refused import Refused
from sightline.hub.settings import Settings

_PATIENCE_S = 10.0
_PORTS = {"http": 80, "https": 443}


class WebhookSettings(BaseModel):
    """Where to, and the secret that both sides know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(max_length=2000)
    secret: str = Field(min_length=16, max_length=200, repr=False)


class Webhook:
    """Tells by HTTP."""

    settings = WebhookSettings

    def __init__(self, given: WebhookSettings, hub: Settings, outside: Outside) -> None:
        self._given, self._outside = given, outside

    async def tell(self, notice: Notice) -> str:
        try:
            place = await self._outside.place(self._given.url, _PORTS)
        except Refused as error:
            raise OutputError(str(error)) from None
        body = msgspec.json.encode(notice.plain())
        now = str(int(time.time()))
        signed = hmac.new(self._given.secret.encode(), f"{now}.".encode() + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json", "Host": place.url.netloc.rpartition("@")[2],
            "X-Sightline-Time": now, "X-Sightline-Signature": signed.hexdigest(),
            "X-Sightline-Delivery": str(notice.delivery),
        }  # fmt: skip
        address = place.addresses[0]
        pinned = httpx.URL(self._given.url).copy_with(
            host=address, port=place.port, userinfo=b""
        )  # fmt: skip
        more: dict[str, Any] = {"extensions": {"sni_hostname": place.host}}
        try:
            # Redirects are not followed: where they lead was not looked up. Of the answer only
            # its status is read, so that it may be as long as it likes.
            async with (
                httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as client,
                client.stream("POST", pinned, content=body, headers=headers, **more) as answer,
            ):
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise OutputError(f"{place.host}: {error or type(error).__name__}") from None
        if not 200 <= status < 300:
            raise OutputError(f"{place.host} answered {status}")
        return f"{place.host} answered {status}"
