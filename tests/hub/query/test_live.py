"""Live viewers see each camera as often as they asked, and every event."""

import asyncio
import json
from typing import Any

from hubkit import NOW, SECOND, detections

from sightline.hub.ingest.feed import EventsStored, Feed, FramesSeen, Presence
from sightline.hub.query.live import Stream
from sightline.wire.formats.block import PackedFrame, decode_block, encode_block
from sightline.wire.messages import Event, Header

HEADER = Header("door", "", 1920, 1080, ("person",))


def frames(camera: str, times: list[float], objects: int = 2) -> FramesSeen:
    held = [
        PackedFrame(NOW + int(t * SECOND), number, detections(objects))
        for number, t in enumerate(times)
    ]
    return FramesSeen(camera, HEADER, (decode_block(encode_block(held)),))


async def told(stream: Stream, feed: Feed, *news: Any, wait_s: float = 0.1) -> list[Any]:
    """What a viewer is told of some news."""
    said: list[Any] = []

    async def look() -> None:
        async for text in stream:
            said.extend([json.loads(text)])

    looking = asyncio.create_task(look())
    await asyncio.sleep(0.02)
    for item in news:
        feed.publish(item)
        await asyncio.sleep(0)
    await asyncio.sleep(wait_s)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    return said


async def test_frames_are_thinned_by_when_they_were_taken() -> None:
    feed = Feed()
    batch = frames("door", [i / 30 for i in range(60)])
    said = await told(Stream(feed, ["door"], 5), feed, batch)
    assert 9 <= len(said) <= 12
    assert said[0]["width"] == 1920
    assert [item["label"] for item in said[0]["objects"]] == ["person", "class 1"]
    assert said[0]["objects"][0]["track"] == 1


async def test_only_cameras_that_were_asked_for() -> None:
    feed = Feed()
    said = await told(
        Stream(feed, ["door"], 60), feed, frames("door", [0]), frames("yard", [0]),
        EventsStored("yard", (Event("zone.entered", NOW, "x", "yard"),)),
    )  # fmt: skip
    assert [item["camera"] for item in said] == ["door"]


async def test_events_and_comings_are_told_whole() -> None:
    feed = Feed()
    events = tuple(Event("zone.entered", NOW + i, "x", "door") for i in range(20))
    said = await told(
        Stream(feed, ["door"], 1), feed, EventsStored("door", events), Presence("door", False)
    )
    assert [item["type"] for item in said] == ["event"] * 20 + ["presence"]
    assert said[-1] == {"type": "presence", "camera": "door", "connected": False}


async def test_a_clock_that_is_set_back_does_not_silence_a_camera() -> None:
    feed = Feed()
    said = await told(Stream(feed, ["door"], 5), feed, frames("door", [100]), frames("door", [0]))
    assert len(said) == 2


async def test_nothing_stays_behind_when_a_viewer_goes() -> None:
    feed = Feed()
    await told(Stream(feed, ["door", "yard"], 5), feed)
    assert not feed.heard(FramesSeen, "door")
