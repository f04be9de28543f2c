"""Cameras are told that somebody looks on, as long as somebody does."""

import asyncio
from typing import Any

import pytest

from sightline.hub.query.watchers import Watchers
from sightline.wire import topics
from sightline.wire.control import Watch, decode_control


class Gateway:
    def __init__(self, *here: str) -> None:
        self.here = set(here)
        self.said: list[tuple[str, Watch]] = []

    async def tell(self, camera: str, topic: str, payload: bytes, retain: bool = False) -> None:
        assert topic == topics.down(camera, "watch")
        assert not retain
        self.said.append((camera, decode_control(Watch, payload, "the hub")))

    def connected(self, camera: str) -> bool:
        return camera in self.here


def watchers(gateway: Any) -> Watchers:
    return Watchers(gateway)


async def test_a_camera_that_is_there_is_told_and_told_again_in_time() -> None:
    gateway = Gateway("door")
    looking = watchers(gateway)
    with looking.look(["door", "away"], 10):
        await looking.remind(100.0)
        await looking.remind(101.0)
        [(camera, watch)] = gateway.said
        assert camera == "door"
        assert 0.02 <= watch.every_s <= 0.1
        await looking.remind(100.0 + watch.for_s / 2)
        assert len(gateway.said) == 2
        gateway.here.add("away")
        await looking.remind(100.1 + watch.for_s / 2)
        assert [name for name, _ in gateway.said] == ["door", "door", "away"]


async def test_who_looks_the_closest_says_how_often() -> None:
    gateway = Gateway("door")
    looking = watchers(gateway)
    with looking.look(["door"], 1):
        await looking.remind(0.0)
        with looking.look(["door"], 10):
            await looking.remind(1.0)
            await looking.remind(2.0)
        await looking.remind(20.0)
    seldom, often, again = [watch.every_s for _, watch in gateway.said]
    assert often < seldom == again


async def test_nobody_is_told_once_nobody_looks() -> None:
    gateway = Gateway("door")
    looking = watchers(gateway)
    with pytest.raises(ZeroDivisionError), looking.look(["door", "yard"], 5):
        _ = 1 / 0
    await looking.remind(0.0)
    assert gateway.said == []
    assert looking.watched == {}


async def test_a_fleet_is_not_asked_at_once() -> None:
    names = [f"c{number}" for number in range(300)]
    gateway = Gateway(*names)
    looking = watchers(gateway)
    with looking.look(names, 5):
        await looking.remind(0.0)
    assert [name for name, _ in gateway.said] == names[:100]


async def test_the_task_tells_as_soon_as_somebody_looks() -> None:
    gateway = Gateway("door")
    looking = watchers(gateway)
    running = asyncio.create_task(looking.run())
    await asyncio.sleep(0)
    with looking.look(["door"], 5):
        while not gateway.said:
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
