"""The simplest link: what the camera says as JSON Lines on standard output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

from sightline.camera.links.base import Heard, LinkLost, Said
from sightline.camera.links.plain import HeaderOf, bodies
from sightline.camera.links.queued import Queue
from sightline.twin.agent import LinkConfig


class StdoutLink:
    """One line a message. Nothing is ever heard."""

    def __init__(self, config: LinkConfig, camera: str, header_of: HeaderOf) -> None:
        self._header_of = header_of
        self._queue: Queue

    async def __aenter__(self) -> StdoutLink:
        self._queue = Queue(self._write)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._queue.close()

    def send(self, said: Said) -> asyncio.Future[int]:
        """Write it."""
        return self._queue.send(said)

    async def heard(self) -> AsyncIterator[Heard]:
        """Waits for the end."""
        await self._queue.lost
        return
        yield

    async def _write(self, said: Said) -> int:
        lines = b"".join(body + b"\n" for _, body in await bodies(said, self._header_of))
        try:
            await asyncio.to_thread(_put, lines)
        except OSError as error:
            raise LinkLost(f"standard output: {error.strerror}") from None
        return len(lines)


def _put(lines: bytes) -> None:
    sys.stdout.buffer.write(lines)
    sys.stdout.buffer.flush()
