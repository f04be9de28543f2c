"""What talks to the outside for a camera: the contract and the table of links."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol, TypeAlias

from sightline.wire.control import Command, Desired, Health, Reported, Result, Watch
from sightline.wire.parcel import Parcel

TABLE = {
    "hub": "sightline.camera.links.hub:HubLink",
    "azure": "sightline.camera.links.azure:AzureLink",
    "stdout": "sightline.camera.links.stdout:StdoutLink",
    "webhook": "sightline.camera.links.webhook:WebhookLink",
}

Said: TypeAlias = Parcel | Health | Reported | Result
Heard: TypeAlias = Desired | Command | Watch


class LinkLost(Exception):
    """A connection that could not be made or is over; the reason is in words, without secrets."""


class Link(Protocol):
    """One connection: `async with link: ...`. Made anew for each.

    Entering connects, and raises LinkLost where that fails.
    """

    async def __aenter__(self) -> Link: ...
    async def __aexit__(self, *exc: object) -> None: ...

    def send(self, said: Said) -> asyncio.Future[int]:
        """Begin to send, behind what was begun before.

        The future brings the bytes that were sent once the other side has them for good; it
        fails with LinkLost where that is uncertain, and then it has to be sent again.
        """
        ...

    def heard(self) -> AsyncIterator[Heard]:
        """What the camera is told. Raises LinkLost where the connection ends."""
        ...
