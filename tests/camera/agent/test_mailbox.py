"""Between the thread that sees and what stores: bounded, and no event is dropped."""

import asyncio
from threading import Thread

import numpy as np

from sightline.camera.agent.mailbox import Item, Mailbox, Mark, Seen
from sightline.camera.readout import Readout
from sightline.results import Detections
from sightline.wire.messages import Event, Header

HEADER = Header("door", "scene:", 64, 48, ("person",))


def seen(number: int, events: int = 0) -> Seen:
    found = Detections(np.zeros((1, 4), np.float32), np.ones(1, np.float32), np.zeros(1, np.int32))
    said = tuple(Event("line.crossed", number) for _ in range(events))
    readout = Readout("door", number, number, (64, 48), found, ("person",), said, found)
    return Seen(readout, HEADER)


def test_drop_oldest_gives_up_pictures_and_keeps_events() -> None:
    async def run() -> list[Item]:
        mailbox = Mailbox("drop_oldest", 8)
        for number in range(20):
            mailbox.put(seen(number, events=number % 2))
        mailbox.put(Mark())
        assert mailbox.dropped == 12
        return await mailbox.take(1)

    items = asyncio.run(run())
    readouts = [item.readout for item in items if isinstance(item, Seen)]
    assert [r.sequence for r in readouts if r.sequence is not None] == list(range(12, 20))
    assert sum(len(r.events) for r in readouts) == 10


def test_wait_lets_the_thread_wait_and_nothing_is_lost() -> None:
    async def run() -> list[int]:
        mailbox = Mailbox("wait", 8)
        thread = Thread(target=lambda: [mailbox.put(seen(number)) for number in range(100)])
        thread.start()
        found: list[int] = []
        while len(found) < 100:
            items = await mailbox.take(0.05)
            assert len(items) <= 8
            found += [item.readout.time_ns for item in items if isinstance(item, Seen)]
        thread.join()
        return found

    assert asyncio.run(run()) == list(range(100))


def test_close_frees_who_waits() -> None:
    async def run() -> None:
        mailbox = Mailbox("wait", 8)
        thread = Thread(target=lambda: [mailbox.put(seen(number)) for number in range(20)])
        thread.start()
        await asyncio.sleep(0.05)
        mailbox.close()
        await asyncio.to_thread(thread.join, 5)
        assert not thread.is_alive()

    asyncio.run(run())
