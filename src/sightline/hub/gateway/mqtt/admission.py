"""Who is let in: one question to the registry at a time for each, few for all."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable

from sightline.hub.gateway.base import Admit, Credentials
from sightline.hub.gateway.mqtt.packets import (
    ACCEPTED,
    BAD_CLIENT,
    BAD_PROTOCOL,
    NOT_ALLOWED,
    UNAVAILABLE,
    Connect,
)  # fmt: skip
from sightline.wire.topics import CAMERA_NAME

_LOG = logging.getLogger(__name__)
_AT_A_TIME = 32
_FAILURES = 5
_MINUTE = 60.0


class Admission:
    """Answers a sign-in with a code of the protocol.

    A name that failed often from one address is refused for a minute without being looked at.
    """

    def __init__(self, admit: Admit, now: Callable[[], float]) -> None:
        self._admit = admit
        self._now = now
        self._gate = asyncio.Semaphore(_AT_A_TIME)
        self._failures: Counter[tuple[str, str]] = Counter()
        self._since = now()

    async def decide(self, packet: Connect, certificate: bytes, remote: str) -> int:
        """ACCEPTED, or why not."""
        if packet.level != 4:
            return BAD_PROTOCOL
        if not packet.client and not packet.clean:
            return BAD_CLIENT
        camera = packet.user or ""
        who = (remote.rpartition(":")[0], camera)
        if not CAMERA_NAME.fullmatch(camera) or self._failed_often(who):
            return NOT_ALLOWED
        credentials = Credentials(camera, _text(packet.password), certificate, remote)
        try:
            async with self._gate:
                admitted = await self._admit(credentials)
        except Exception:
            _LOG.exception("the sign-in of %s could not be checked", camera)
            return UNAVAILABLE
        if not admitted:
            self._failures[who] += 1
        return ACCEPTED if admitted else NOT_ALLOWED

    def _failed_often(self, who: tuple[str, str]) -> bool:
        if self._now() - self._since > _MINUTE or len(self._failures) > 10_000:
            self._failures.clear()
            self._since = self._now()
        return self._failures[who] >= _FAILURES if who in self._failures else False


def _text(password: bytes | None) -> str:
    return (password or b"").decode(errors="replace")
