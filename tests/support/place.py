"""A hub of a shop as it is after a week: cameras with people walking, crossings, a rule."""

import asyncio
import math
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hubkit import SECOND, Speaker
from hubrun import KEYBOARD, RunningHub, running_hub
from visits import settle

from sightline.hub.alerts.rules import FleetRule
from sightline.hub.gateway.base import Arrival
from sightline.hub.simulation.identity import identities
from sightline.hub.simulation.simulation import Simulation
from sightline.hub.twin.twins import Author
from sightline.web import mount
from sightline.wire import topics
from sightline.wire.control import Health, encode_control
from sightline.wire.messages import Event

CAMERAS = ("entrance", "checkout", "square", "car-park")
_HOUR = 3600 * SECOND
_DAYS = 8
_COUNTER = [[0.58, 0.42], [0.95, 0.42], [0.95, 0.9], [0.58, 0.9]]
_CONFIG: dict[str, Any] = {
    "lines": [{"name": "middle", "points": [[0.5, 0.15], [0.5, 0.98]]}],
    "zones": [{"name": "counter", "polygon": _COUNTER}],
}


@contextmanager
def staffed_place(folder: Path) -> Iterator[RunningHub]:
    """A hub without cameras: `ada` is its administrator, `operator` and `viewer` what they say."""
    with running_hub(folder, mount) as hub:
        settle(hub)
        yield hub


def let_in(hub: RunningHub, name: str, tags: dict[str, str] | None = None) -> None:
    """A camera that has a name and says nothing by itself."""
    hub.enrol(name, **(tags or {}))


@contextmanager
def busy_place(folder: Path, days: int = _DAYS) -> Iterator[RunningHub]:
    """Served until the block is left. `ada` is its administrator; cameras speak all the while."""
    with staffed_place(folder / "hub") as hub:
        token, _ = hub.do(
            hub.services.registry.give_out("shop", tags={"site": "oslo"}, uses=len(CAMERAS))
        )
        known = hub.do(identities(hub.url, token, list(CAMERAS), folder / "keys"))
        for camera in CAMERAS:
            _remember(hub, camera, days)
        hub.do(
            hub.services.alerts.put_rule(
                FleetRule("slow camera", "health.fps < 5 for 2 min", "site=oslo"), KEYBOARD, ""
            )
        )
        stopped = asyncio.Event()
        living = hub.start(_live(known, stopped))
        time.sleep(3.0)  # a few seconds of frames, so that views have something to show
        try:
            yield hub
        finally:
            hub.call(stopped.set)
            living.result(30)


async def _live(known: Any, stopped: asyncio.Event) -> None:
    async with Simulation(known, fps=10, people=5, seed=7):
        await stopped.wait()


def _remember(hub: RunningHub, camera: str, days: int) -> None:
    """What a camera said before: crossings by the hour, its health, and what it is to count."""
    hub.do(hub.services.twins.put(camera, _CONFIG, Author("ada", time.time_ns(), "first lines")))
    now = time.time_ns()
    chance = random.Random(camera)
    speaker = Speaker(camera, boot="before", now_ns=now - SECOND)
    said = [speaker.announce()]
    for hours in range(24 * days, 0, -1):
        start = now - hours * _HOUR
        told = [
            _crossing(start + chance.randrange(_HOUR), camera, chance, number)
            for number in range(_busy(start, chance))
        ]
        if told:
            said.append(speaker.say(*sorted(told, key=lambda one: one.time_ns)))
    hub.hear(*said)
    hub.arrive(
        *(_healthy(camera, now - minutes * 60 * SECOND, chance) for minutes in range(350, 0, -5))
    )


def _busy(start_ns: int, chance: random.Random) -> int:
    """People an hour: most in the afternoon, nobody at night."""
    hour = time.localtime(start_ns / 1e9).tm_hour
    return round(max(0.0, math.sin((hour - 7) / 14 * math.pi)) * (14 + 5 * chance.random()))


def _crossing(at: int, camera: str, chance: random.Random, number: int) -> Event:
    way = "in" if chance.random() < 0.54 else "out"
    place = (0.5, 0.4 + 0.5 * chance.random())
    return Event("line.crossed", at, "middle", camera, number, "person", place, {"direction": way})


def _healthy(camera: str, at: int, chance: random.Random) -> Arrival:
    said = Health(
        camera, "before", at, "running", 3600.0, 9.6 + 0.4 * chance.random(),
        {"median": 11 + 2 * chance.random(), "p95": 17 + 5 * chance.random()},
        temperature_c=47.0, memory_mb=118.0, model="simulated",
    )  # fmt: skip
    return Arrival(camera, topics.up(camera, "health"), encode_control(said), at)
