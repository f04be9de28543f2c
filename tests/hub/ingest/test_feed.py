"""Who looks on hears what was stored, and never holds it up."""

import asyncio

from sightline.hub.ingest.feed import EventsStored, Feed, Presence


async def test_a_listener_hears_its_kind_and_camera() -> None:
    feed = Feed()
    with feed.listen(Presence, camera="door") as door, feed.listen(Presence) as everyone:
        feed.publish(Presence("door", True))
        feed.publish(Presence("gate", True))
        feed.publish(EventsStored("door", ()))
        assert await anext(aiter(door)) == Presence("door", True)
        heard = aiter(everyone)
        assert [(await anext(heard)).camera for _ in range(2)] == ["door", "gate"]


async def test_a_slow_listener_loses_the_oldest_and_knows() -> None:
    feed = Feed()
    with feed.listen(Presence, capacity=2) as slow:
        for name in "abcd":
            feed.publish(Presence(name, True))
        assert slow.dropped == 2
        heard = aiter(slow)
        assert [(await anext(heard)).camera for _ in range(2)] == ["c", "d"]


async def test_a_listener_waits_for_what_comes_later() -> None:
    feed = Feed()
    with feed.listen(Presence) as listener:
        asyncio.get_running_loop().call_later(0.01, feed.publish, Presence("late", False))
        assert await anext(aiter(listener)) == Presence("late", False)


def test_nobody_listens_after_the_end() -> None:
    feed = Feed()
    with feed.listen(Presence, camera="door"):
        assert feed.heard(Presence, "door")
        assert not feed.heard(Presence, "gate")
    assert not feed.heard(Presence, "door")
