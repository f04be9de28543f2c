"""Many cameras in one process, each with people who walk through its picture.

    simulation = Simulation(identities, fps=10, people=3)
    async with simulation:
        await asyncio.sleep(60)
    print(simulation.told)

Cameras speak once a second, each at its own moment of the second, as real ones do; those that
somebody looks at speak after each picture, twenty times a second at most.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self

import numpy as np

from sightline.hub.simulation.camera import SimulatedCamera
from sightline.hub.simulation.identity import Identity
from sightline.hub.simulation.people import People
from sightline.results import Detections
from sightline.wire.formats.block import PackedFrame
from sightline.wire.messages import Event, Measure

_SLOTS = 20  # moments of a second at which cameras speak
_HEALTH_EVERY = 30  # seconds
_MEASURE_EVERY = 60
_DELAYS = 200_000
_CONNECTING = 50  # new sessions a slot


@dataclass(slots=True)
class Told:
    """What was said since the start. Counts of messages are those of all kinds."""

    detections: int = 0
    frames: int = 0
    events: int = 0
    acknowledged: int = 0
    late: int = 0


class Simulation:
    """Enter it to begin. `told` and `waiting` say how it goes; `delays` are the seconds from
    saying something to its acknowledgement, lately."""

    def __init__(
        self, identities: Sequence[Identity], fps: int = 10, people: int = 3, seed: int = 0
    ) -> None:
        self.told = Told()
        self.delays: deque[float] = deque(maxlen=_DELAYS)
        self.cameras = [SimulatedCamera(item, fps, self._acknowledged) for item in identities]
        self._fps = fps
        self._people = People(len(self.cameras), people, seed)
        self._inside = np.zeros(len(self.cameras))
        self._moment = np.arange(len(self.cameras)) % _SLOTS  # of the second, for each
        # The slot in which each spoke last; the first one is slot 1.
        self._spoke = (self._moment - 1) % _SLOTS + 1 - _SLOTS
        self._stack = AsyncExitStack()
        self._silent = False

    @property
    def connected(self) -> int:
        """Cameras that are."""
        return sum(camera.session.open for camera in self.cameras)

    @property
    def waiting(self) -> int:
        """Messages that the hub has not acknowledged."""
        return sum(camera.session.waiting for camera in self.cameras)

    async def __aenter__(self) -> Self:
        group = await self._stack.enter_async_context(asyncio.TaskGroup())
        tasks = [group.create_task(self._run(), name="simulation")]
        self._stack.callback(lambda: [task.cancel() for task in tasks])
        tasks.append(group.create_task(self._connect(group, tasks), name="connecting"))
        return self

    async def __aexit__(self, *exc: object) -> None:
        for camera in self.cameras:
            camera.session.close()
        await self._stack.aclose()

    async def quiet(self) -> None:
        """Say nothing more, and wait until all that was said is acknowledged."""
        self._silent = True
        while self.waiting:
            await asyncio.sleep(0.05)

    def ahead(self, seconds: int) -> None:
        """Say what a while brings, a message of frames a second, without waiting for it. Of one
        that is not entered the messages are not sent: `camera.session.unsent` has them."""
        everybody = np.arange(len(self.cameras))
        for _ in range(seconds):
            self._speak(everybody, self._fps)

    async def _connect(self, group: asyncio.TaskGroup, tasks: list[asyncio.Task[None]]) -> None:
        for number, camera in enumerate(self.cameras):
            tasks.append(group.create_task(camera.session.run(), name=camera.name))
            if number % _CONNECTING == _CONNECTING - 1:
                await asyncio.sleep(0.1)

    async def _run(self) -> None:
        """Slot after slot, in step with the clock."""
        began, slot = time.monotonic(), 0
        while True:
            slot += 1
            if self._silent:
                return
            for which, frames in self._due(slot):
                self._speak(which, frames)
            which = np.flatnonzero(self._moment == slot % _SLOTS)
            self._now_and_then(which, slot // _SLOTS, time.time_ns())
            pause = began + slot / _SLOTS - time.monotonic()
            self.told.late += pause < 0
            await asyncio.sleep(max(0.0, pause))

    def _due(self, slot: int) -> Iterator[tuple[np.ndarray, int]]:
        """The cameras that speak now, together with those that have as many pictures to tell."""
        watched = np.fromiter((camera.watched for camera in self.cameras), bool)
        pictures = self._taken(slot) - self._taken(self._spoke)
        due = (pictures > 0) & (watched | (self._moment == slot % _SLOTS))
        self._spoke[due] = slot
        for count in np.unique(pictures[due]):
            yield np.flatnonzero(due & (pictures == count)), int(count)

    def _taken(self, slot: int | np.ndarray) -> np.ndarray:
        """Pictures up to a slot, each camera at moments of its own."""
        taken: np.ndarray = (slot + self._moment) * self._fps // _SLOTS
        return taken

    def _speak(self, which: np.ndarray, count: int) -> None:
        """The last pictures of some cameras."""
        now, step = time.time_ns(), 1_000_000_000 // self._fps
        times = [now - (count - 1 - i) * step for i in range(count)]
        frames: list[list[PackedFrame]] = [[] for _ in which]
        events: list[list[Event]] = [[] for _ in which]
        numbers = [self.cameras[camera].numbers(count) for camera in which]
        for i, at in enumerate(times):
            crossed = self._people.step(which, 1 / self._fps)
            here, tracks = self._people.here[which], self._people.track[which]
            boxes = self._people.boxes(which, at / 1e9)
            for row, _ in enumerate(which):
                frames[row].append(
                    PackedFrame(at, numbers[row][i], _seen(boxes[row], tracks[row], here[row]))
                )
            for row, place in zip(*np.nonzero(crossed), strict=True):
                events[row].append(_crossing(at, int(tracks[row, place]), crossed[row, place] > 0))
        self._inside[which] += here.sum(axis=1) * count / self._fps
        self.told.frames += len(which) * count
        for row, camera in enumerate(which):
            self.told.detections += sum(len(frame.detections) for frame in frames[row])
            self.told.events += len(events[row])
            self.cameras[camera].saw(frames[row], events[row])

    def _now_and_then(self, which: np.ndarray, second: int, now: int) -> None:
        for camera in which:
            if (second + camera) % _HEALTH_EVERY == 0:
                self.cameras[camera].report_health(self.cameras[camera].session.waiting)
            if second and (second + camera) % _MEASURE_EVERY == 0:
                mean = float(self._inside[camera]) / _MEASURE_EVERY
                begin = now - _MEASURE_EVERY * 10**9
                self.cameras[camera].measured(
                    [Measure("zone.occupancy", "floor", begin, now, mean)]
                )
                self._inside[camera] = 0

    def _acknowledged(self, delay_s: float) -> None:
        self.told.acknowledged += 1
        self.delays.append(delay_s)


def _seen(boxes: np.ndarray, tracks: np.ndarray, here: np.ndarray) -> Detections:
    count = int(here.sum())
    scores, labels = np.full(count, 0.8, np.float32), np.zeros(count, np.int32)
    return Detections(boxes[here], scores, labels, tracks[here])


def _crossing(at: int, track: int, inward: bool) -> Event:
    direction = "in" if inward else "out"
    return Event(
        "line.crossed", at, "middle", track=track, label="person", place=(0.5, 0.8),
        data={"direction": direction},
    )  # fmt: skip
