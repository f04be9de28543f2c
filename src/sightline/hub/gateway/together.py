"""All gateways of a hub as one: whoever speaks to a camera need not know where it connects."""

from __future__ import annotations

from collections import Counter

from sightline.hub.gateway.base import Gateway


class Gateways:
    """A gateway made of those that join; without any, nobody is connected."""

    def __init__(self) -> None:
        self._joined: list[Gateway] = []

    def join(self, gateway: Gateway) -> None:
        """Add one; it stays."""
        self._joined.append(gateway)

    @property
    def counts(self) -> Counter[str]:
        """What was refused, by reason."""
        return sum((gateway.counts for gateway in self._joined), Counter())

    async def tell(self, camera: str, topic: str, payload: bytes, retain: bool = False) -> None:
        """Send something down by every gateway; those where the camera is not know what to do."""
        for gateway in self._joined:
            await gateway.tell(camera, topic, payload, retain)

    async def cut(self, camera: str) -> None:
        """Close its connections at once, wherever they are."""
        for gateway in self._joined:
            await gateway.cut(camera)

    def connected(self, camera: str) -> bool:
        """Whether it is there now."""
        return any(gateway.connected(camera) for gateway in self._joined)
