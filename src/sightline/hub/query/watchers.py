"""Who looks on, and that the cameras know it: they say sooner what they see as long as he does.

A camera that is told nothing more goes back by itself. Those that are away, or older than this,
are as they always are.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from sightline.hub.gateway.base import Gateway
from sightline.wire import topics
from sightline.wire.control import Watch, encode_control

_AGAIN_S = 5.0
_FOR_S = 15.0
_MOST = 100  # cameras that are asked at a time: those that are watched the longest
_EVERY_S = (0.03, 0.5)  # at least, at most


class Watchers:
    """`with watchers.look(cameras, fps): ...` while somebody does; `run` is its task."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._looking: dict[str, Counter[float]] = {}  # how often, by how many
        self._told: dict[str, tuple[float, float]] = {}  # when, and how often
        self._news = asyncio.Event()

    @contextmanager
    def look(self, cameras: Sequence[str], fps: float) -> Iterator[None]:
        """Somebody looks at so many frames a second of these."""
        # Half of the time between two frames is what he waits for one, on average.
        every_s = min(max(0.5 / fps, _EVERY_S[0]), _EVERY_S[1])
        for camera in cameras:
            self._looking.setdefault(camera, Counter())[every_s] += 1
        self._news.set()
        try:
            yield
        finally:
            for camera in cameras:
                self._left(camera, every_s)

    @property
    def watched(self) -> dict[str, float]:
        """Cameras that are to hurry, and how often each has to say something."""
        return {name: min(self._looking[name]) for name in list(self._looking)[:_MOST]}

    async def run(self) -> None:
        """Tell cameras, and again, until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_AGAIN_S):
                    await self._news.wait()
            self._news.clear()
            await self.remind(asyncio.get_running_loop().time())

    async def remind(self, now: float) -> None:
        """Tell those who were not told lately, or not enough."""
        wanted = self.watched
        self._told = {name: told for name, told in self._told.items() if name in wanted}
        for camera, every_s in wanted.items():
            when, often = self._told.get(camera, (-_AGAIN_S, _EVERY_S[1]))
            if now - when < 0.9 * _AGAIN_S and often <= every_s:
                continue
            if self._gateway.connected(camera):
                self._told[camera] = (now, every_s)
                said = encode_control(Watch(every_s, _FOR_S))
                await self._gateway.tell(camera, topics.down(camera, "watch"), said)

    def _left(self, camera: str, every_s: float) -> None:
        looking = self._looking[camera]
        looking[every_s] -= 1
        if not looking[every_s]:
            del looking[every_s]
        if not looking:
            del self._looking[camera]
