"""Who looks on sees frames when they come: each parcel once, stored or not."""

import asyncio
from pathlib import Path

import pytest
from hubkit import Speaker, Store, arrival, open_store

from sightline.hub.ingest.feed import FramesSeen, FramesStored, Listener
from sightline.hub.store.trouble import StoreFull


def taken(listener: Listener[FramesSeen]) -> list[int]:
    """How many frames each of the news had."""
    found = [sum(len(block.times) for block in item.blocks) for item in listener._items]
    listener._items.clear()
    return found


async def test_each_parcel_is_seen_once_whatever_comes_again(
    small_store: Store, door: Speaker
) -> None:
    with small_store.feed.listen(FramesSeen, "door") as seen:
        await small_store.hear(door.announce(), door.frames([1]))
        parcels = [door.frames([2] * count) for count in (2, 3, 4)]
        for parcel in parcels:
            await small_store.hear(parcel)
        await small_store.hear(*parcels)
        assert taken(seen) == [1, 2, 3, 4]


async def test_frames_are_seen_while_the_disk_is_full_and_stored_later(
    tmp_path: Path, door: Speaker
) -> None:
    full = False

    def room() -> None:
        if full:
            raise StoreFull("no room")

    async with open_store(tmp_path, room=room) as store:
        with store.feed.listen(FramesSeen, "door") as seen:
            await store.hear(door.announce(), door.frames([1]))
            assert taken(seen) == [1]
            full = True
            stored = store.ingest.deliver(arrival(door.frames([1, 1])))
            [news] = list(seen._items)
            assert news.header is not None
            assert news.header.labels == ("person", "car")
            assert not stored.done()
            full = False
            with store.feed.listen(FramesStored, "door") as kept:
                await stored
                assert len(kept._items) == 1
            assert taken(seen) == [2]


async def test_another_network_is_read_with_its_own_header(
    small_store: Store, door: Speaker
) -> None:
    from dataclasses import replace

    with small_store.feed.listen(FramesSeen, "door") as seen:
        await small_store.hear(door.announce(), door.frames([1]))
        door.header = replace(door.header, labels=("cat", "dog"))
        await small_store.hear(door.announce(), door.frames([1]), door.frames([1]))
        labels = [item.header.labels for item in seen._items if item.header]
    assert labels == [("person", "car"), ("cat", "dog"), ("cat", "dog")]


async def test_another_run_of_the_camera_begins_anew(small_store: Store) -> None:
    with small_store.feed.listen(FramesSeen, "door") as seen:
        for boot in ("one", "two"):
            speaker = Speaker(boot=boot)
            await small_store.hear(speaker.announce())
            for _ in range(3):
                await small_store.hear(speaker.frames([1]))
        assert taken(seen) == [1] * 6


@pytest.mark.parametrize("damage", [b"", b"nonsense"])
async def test_what_is_no_parcel_is_refused_as_ever(
    small_store: Store, door: Speaker, damage: bytes
) -> None:
    with small_store.feed.listen(FramesSeen, "door") as seen:
        await small_store.hear(door.announce(), door.frames([1]))
        await small_store.hear(arrival(door.frames([1]), payload=damage))
        await small_store.hear(door.frames([1]))
        assert taken(seen) == [1, 1]
    assert small_store.ingest.counts["refused"] == 1


async def test_nothing_is_kept_of_a_camera_that_nobody_watches(
    small_store: Store, door: Speaker
) -> None:
    with small_store.feed.listen(FramesSeen, "door"):
        await small_store.hear(door.announce(), door.frames([1]))
        await asyncio.sleep(0)
        assert small_store.ingest._preview._runs
    await small_store.hear(door.frames([1]))
    assert not small_store.ingest._preview._runs
