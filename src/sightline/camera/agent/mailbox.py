"""What stands between the thread that sees and the asyncio side that stores."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Condition
from typing import Literal, TypeAlias

from sightline.camera.course import Course
from sightline.camera.privacy import Published
from sightline.camera.readout import Readout
from sightline.results import Detections
from sightline.wire.messages import Header, Measure


@dataclass(frozen=True, slots=True)
class Seen:
    """One readout, without its picture; `header` is what it is read with."""

    readout: Readout
    header: Header


@dataclass(frozen=True, slots=True)
class Mark:
    """All before may be stored together, with what the analytics remember at this point."""

    state: bytes | None = None
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Switched:
    """Another course took over between two pictures; `back` where it is the one before.

    error  why it was left by the thread itself
    """

    course: Course
    back: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture that somebody asked for; None where the policy lets none be seen."""

    id: str
    time_ns: int
    published: Published | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What a candidate did beside the network that runs; `error` where it could not go on."""

    trial: dict[str, float]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """No more pictures. `error` is why, where it was not the end of a recording."""

    error: BaseException | None = None


Item: TypeAlias = Seen | Mark | Switched | Shown | Tried | Ended


class Mailbox:
    """Filled by one thread, emptied by one task. Bounded in pictures; the rest is little.

    Where it is full, "wait" lets the thread wait, and "drop_oldest" takes the objects out of
    the oldest picture but leaves its events. `dropped` counts those pictures.
    """

    def __init__(self, policy: Literal["wait", "drop_oldest"], size: int) -> None:
        self._policy, self._size = policy, size
        self._items: deque[Item] = deque()
        self._pictures = 0
        self._changed = Condition()
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._filled = asyncio.Event()
        self._urgent = asyncio.Event()
        self.dropped = 0

    def put(self, item: Item) -> None:
        """Leave something; in the thread."""
        picture = isinstance(item, Seen) and item.readout.sequence is not None
        with self._changed:
            if picture and self._pictures >= self._size:
                if self._policy == "wait":
                    self._changed.wait_for(lambda: self._closed or self._pictures < self._size)
                else:
                    self._drop_oldest()
            if self._closed:
                return
            self._items.append(item)
            self._pictures += picture
            urgent = not isinstance(item, Seen | Mark) or self._pictures * 2 >= self._size
        if urgent:
            self._loop.call_soon_threadsafe(self._urgent.set)
        if urgent or isinstance(item, Mark):
            self._loop.call_soon_threadsafe(self._filled.set)

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until there is something that cannot."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._urgent.wait()

    def hurry(self) -> None:
        """Whoever rests has rested enough."""
        self._urgent.set()

    async def take(self, timeout: float) -> list[Item]:
        """All that is there; waits for a mark or something urgent, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._filled.wait()
        self._filled.clear()
        self._urgent.clear()
        with self._changed:
            items, self._items = list(self._items), deque()
            self._pictures = 0
            self._changed.notify_all()
        return items

    def close(self) -> None:
        """Nothing is taken any more; whoever waits to leave something goes on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _drop_oldest(self) -> None:
        for place, item in enumerate(self._items):
            if not isinstance(item, Seen) or item.readout.sequence is None:
                continue
            self.dropped += 1
            self._pictures -= 1
            if item.readout.events:
                nothing = Detections.empty()
                bare = replace(item.readout, sequence=None, detections=nothing, seen=nothing)
                self._items[place] = replace(item, readout=bare)
            else:
                del self._items[place]
            return
