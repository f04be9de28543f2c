"""Where cameras connect, whatever protocol they speak.

A gateway is built with three questions to the rest of the hub and answers three verbs. What a
camera published counts as received only when the future that `deliver` gave is done.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Credentials:
    """What someone shows who says that he is a camera.

    camera       the name that he claims
    password     `wire.credential.sign_in` token, or empty
    certificate  DER of the client certificate that TLS has verified, or empty
    remote       where the connection comes from, for logs and limits
    """

    camera: str
    password: str
    certificate: bytes = b""
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that a camera said. The gateway vouches for `camera`.

    arrived_ns  by the hub's clock
    """

    camera: str
    topic: str
    payload: bytes
    arrived_ns: int


Admit = Callable[[Credentials], Awaitable[bool]]
Desired = Callable[[str], Awaitable[bytes | None]]
Deliver = Callable[[Arrival], "asyncio.Future[None]"]
Present = Callable[[str, bool], None]
Known = Callable[[str], Awaitable[bool]]


async def _everybody(camera: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a gateway needs of the hub.

    admit    whether these credentials are those of the camera that they claim
    desired  the desired state that a camera is told when it listens; None where it has none
    deliver  takes what was said; the future is done once it is durably stored. It fails with
             OutputError where it could not be stored and has to be sent again
    known    whether there is such a camera and it is not revoked, for gateways behind which
             somebody else has checked who it is
    present  told when a camera comes (True) and goes (False)
    """

    admit: Admit
    desired: Desired
    deliver: Deliver
    present: Present = lambda camera, here: None
    known: Known = _everybody


class Gateway(Protocol):
    """Cameras connected by one protocol. `counts` is what was refused, by reason."""

    @property
    def counts(self) -> Counter[str]: ...

    async def tell(self, camera: str, topic: str, payload: bytes, retain: bool = False) -> None:
        """Send something down. A camera that is away gets the desired state when it comes back,
        and of the rest what its session kept (see the gateway), so commands carry an expiry."""

    async def cut(self, camera: str) -> None:
        """Close its connection and forget its session, at once: it was revoked."""

    def connected(self, camera: str) -> bool:
        """Whether it is there now."""
