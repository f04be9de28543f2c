"""What a camera speaks to: its link, and for a hub where packages come from and pictures go."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from tenacity.wait import wait_base

from sightline.camera.agent.courier import BACK_OFF
from sightline.camera.agent.identity import Identity
from sightline.camera.agent.pictures import PictureDesk
from sightline.camera.links.base import TABLE, Link
from sightline.camera.updates.fetching import Fetcher, tried_samples
from sightline.errors import ConfigError
from sightline.plugins import load
from sightline.twin.agent import LinkConfig
from sightline.twin.config import CameraConfig
from sightline.wire.control import Health
from sightline.wire.egress import SentPicture

HeaderOf = Callable[[str], Awaitable[bytes | None]]
Enter = Callable[[tuple[SentPicture, ...]], Awaitable[None]]


@dataclass(frozen=True)
class Outside:
    """Built from a configuration, and from who the camera is where it belongs to a hub.

    key  the camera's own, which signs its ledger
    """

    camera: str
    config: LinkConfig
    key: EllipticCurvePrivateKey
    identity: Identity | None = None
    trust: ssl.SSLContext | None = None
    metrics_address: str | None = None
    back_off: wait_base = BACK_OFF

    def link(self, header: HeaderOf) -> Link:
        """A connection, not open yet."""
        kind: Any = load("link", self.config.kind, TABLE)
        if self.config.kind == "hub":
            assert self.identity is not None
            secure = self.identity.mqtt.startswith(("mqtts:", "wss:"))
            context = self.trust if secure else None
            made: Link = kind(self.identity.mqtt, self.camera, self.identity.token, context)
            return made
        other: Link = kind(self.config, self.camera, header)
        return other

    def fetcher(self, folder: Path) -> Fetcher:
        """Where packages come from; only a hub has any."""
        if self.identity is None:
            return Fetcher("", folder, str, None)
        return Fetcher(self.identity.hub, folder, self.identity.token, self.trust)

    def pictures(self, enter: Enter) -> PictureDesk | None:
        """Where pictures go; only a hub takes any."""
        if self.identity is None:
            return None
        trust = self.trust or ssl.create_default_context()
        return PictureDesk(self.identity.hub, self.camera, self.identity.token, trust, enter)

    async def self_test(self, config: CameraConfig) -> dict[str, int]:
        """The samples of the package that runs. Raises ConfigError, ModelError."""
        path = Path(config.model.name)
        if path.suffix != ".slm":
            raise ConfigError("the network that runs is no package, so it has no samples")
        return {"passed": await asyncio.to_thread(tried_samples, path)}

    async def metrics(self, health: Callable[[], Awaitable[Health]]) -> None:
        """Serve numbers to Prometheus, where an address was given."""
        if self.metrics_address:
            from sightline.camera.agent.metrics import serve

            await serve(self.metrics_address, health)
