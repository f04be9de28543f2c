"""What cameras say is stored once, whatever comes in between."""

import asyncio
import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hubkit import NOW, SECOND, Speaker, Store, arrival, counted, open_store
from sqlalchemy import Connection, select

from sightline.hub.gateway.base import Arrival
from sightline.hub.ingest.feed import EventsStored, FramesStored, HealthStored, ReportedArrived
from sightline.hub.store.events import Wanted, events_page, last_health, measures_page
from sightline.hub.store.frame_messages import Reading
from sightline.hub.store.frames import newest
from sightline.hub.store.segments import Segments
from sightline.hub.store.series import Asked, read_series
from sightline.hub.store.tables.delivery import boots, gaps, refusals
from sightline.hub.store.tables.events import events
from sightline.hub.store.tables.frames import tail
from sightline.hub.store.trouble import StoreFull
from sightline.wire import topics
from sightline.wire.control import Health, Reported, encode_control
from sightline.wire.messages import Event, Measure
from sightline.wire.parcel import Parcel

IN = {"direction": "in"}
CROSSED = Event("line.crossed", NOW, "door", track=7, label="person", place=(0.5, 0.25), data=IN)
INSIDE = Measure("zone.occupancy", "queue", NOW, NOW + 60 * SECOND, 2.5)


def rows(table: Any, connection: Connection) -> list[Any]:
    return list(connection.execute(select(table)).mappings())


def last_frames(segments: Segments, camera: str, limit: int, connection: Connection) -> list[Any]:
    table = newest(connection, segments, camera, limit)
    return list(Reading(connection, camera).messages(table))


async def test_events_and_measures_come_back_as_they_were_said(store: Store, door: Speaker) -> None:
    await store.hear(door.announce(), door.say(CROSSED, INSIDE))
    (event,) = await store.database.read(partial(events_page, wanted=Wanted(), limit=10))
    (measure,) = await store.database.read(partial(measures_page, wanted=Wanted(), limit=10))
    assert event.event == Event(
        "line.crossed", NOW, "door", "door", 7, "person", (0.5, 0.25), {"direction": "in"}
    )
    assert (measure.measure.value, measure.measure.camera) == (2.5, "door")


async def test_frames_come_back_with_names(store: Store, door: Speaker) -> None:
    await store.hear(door.announce(), door.frames([2, 0, 1]))
    frames = await store.database.read(partial(last_frames, store.segments, "door", 2))
    assert [len(frame.objects) for frame in frames] == [0, 1]
    assert frames[1].objects[0].label == "person"
    assert frames[1].time_ns == NOW + 2 * SECOND // 10


async def test_frames_before_their_header_are_kept(store: Store, door: Speaker) -> None:
    header, frames = door.announce(), door.frames([2])
    await store.hear(frames)
    read = partial(last_frames, store.segments, "door", 1)
    assert [item.label for item in (await store.database.read(read))[0].objects] == [
        "class 0", "class 1",
    ]  # fmt: skip
    await store.hear(header)
    assert [item.label for item in (await store.database.read(read))[0].objects] == [
        "person", "car",
    ]  # fmt: skip


async def test_any_order_any_number_of_times_counts_once(store: Store, door: Speaker) -> None:
    said = [door.announce(), *(door.say(CROSSED) for _ in range(30)), door.frames([1] * 5)]
    shuffled = said * 3
    random.Random(1).shuffle(shuffled)
    for begin in range(0, len(shuffled), 10):
        await store.hear(*shuffled[begin : begin + 10])
    assert await store.database.read(counted(events)) == 30
    (run,) = await store.database.read(partial(rows, boots))
    assert (run["received"], run["next_sequence"]) == (32, 32)
    assert run["duplicates"] == 64
    assert run["late"] > 0
    assert await store.database.read(partial(rows, gaps)) == []
    assert store.ingest.counts["objects"] == 5


async def test_counting_goes_on_after_a_restart(tmp_path: Path) -> None:
    door = Speaker()
    said = [door.say(CROSSED) for _ in range(4)]
    async with open_store(tmp_path) as store:
        await store.hear(said[0], said[3])
    async with open_store(tmp_path) as store:
        await store.hear(*said)
        assert await store.database.read(counted(events)) == 4
        (run,) = await store.database.read(partial(rows, boots))
        assert (run["received"], run["duplicates"], run["late"]) == (4, 2, 2)


async def test_holes_are_seen_and_what_was_given_up_is_told_apart(
    store: Store, door: Speaker
) -> None:
    first = door.say(CROSSED)
    door.sequence = 10
    lost = door.parcel("lost", b'{"frames": 70, "events": 1, "first": 3, "last": 5}')
    await store.hear(first, lost)
    holes = await store.database.read(partial(rows, gaps))
    assert [(hole["first"], hole["last"], bool(hole["lost"])) for hole in holes] == [
        (1, 2, False), (3, 5, True), (6, 9, False),
    ]  # fmt: skip
    (run,) = await store.database.read(partial(rows, boots))
    assert (run["lost_frames"], run["lost_events"], run["lost_measures"]) == (70, 1, 0)


async def test_a_second_boot_is_counted_by_itself(store: Store) -> None:
    for boot in ("one", "two"):
        await store.hear(Speaker(boot=boot).say(CROSSED))
    assert await store.database.read(counted(events)) == 2
    assert len(await store.database.read(partial(rows, boots))) == 2


HOSTILE = {
    "no parcel": b"nonsense",
    "empty": b"",
    "a nest": b"\x91" * 100_000,
    "too much": b"x" * 300_000,
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("kind", ["frames", "events", "health", "reported", "result/x"])
async def test_what_is_no_message_is_refused_and_blocks_nothing(
    store: Store, door: Speaker, payload: bytes, kind: str
) -> None:
    topic = f"sightline/v1/door/up/{kind}"
    await store.hear(Arrival("door", topic, payload, NOW), door.say(CROSSED))
    assert await store.database.read(counted(events)) == 1
    (refused,) = await store.database.read(partial(rows, refusals))
    assert (refused["camera"], refused["count"]) == ("door", 1)


def _bad_parcels(door: Speaker) -> dict[str, Parcel]:
    nan = Measure("zone.occupancy", "queue", NOW, NOW, float("nan"))
    return {
        "in another's name": Speaker("gate").say(CROSSED),
        "frames among events": door.parcel("events", door.frames([1]).body),
        "events among frames": door.parcel("frames", door.say(CROSSED).body, "a" * 16),
        "frames of no header": door.parcel("frames", door.frames([1]).body, "../../etc"),
        "a number that is none": door.say(nan),
        "a name without end": door.say(Event("x" * 1000, NOW)),
        "a name with a zero": door.say(Event("a\0b", NOW)),
        "a time beyond time": door.say(Event("a", 1 << 63)),
        "a loss of everything": door.parcel("lost", b'{"first": 0, "last": 99999999999999999}'),
        "damage": door.parcel("frames", door.frames([3]).body[:-7], "a" * 16),
    }


@pytest.mark.parametrize("case", _bad_parcels(Speaker()))
async def test_a_hostile_parcel_is_refused(store: Store, door: Speaker, case: str) -> None:
    parcel = _bad_parcels(door)[case]
    bad = arrival(parcel)
    await store.hear(Arrival("door", bad.topic, bad.payload, NOW))
    (refused,) = await store.database.read(partial(rows, refusals))
    assert refused["camera"] == "door"
    assert await store.database.read(counted(events)) == 0
    assert await store.database.read(counted(tail)) == 0


async def test_rollups_agree_with_what_was_stored(store: Store, door: Speaker) -> None:
    said = [door.announce()]
    for minute in range(3):
        door.now_ns = NOW + minute * 60 * SECOND
        said.append(door.say(*[Event("line.crossed", door.now_ns, "door")] * (minute + 1)))
        said.append(door.frames([2, 0, 3], first=10 * minute))
    await store.hear(*said)
    begin = NOW // SECOND // 60 * 60

    def read(connection: Connection) -> list[Any]:
        crossed = read_series(connection, Asked(subject="event"), begin, begin + 180, 60)
        seen = read_series(connection, Asked(subject="objects"), begin, begin + 180, 60)
        people = {item.key.name: item for item in seen.series}
        return [
            crossed.series[0].n.tolist(), people[""].n.tolist(), people[""].total.tolist(),
            people["person"].total.tolist(), people[""].cells["high"].tolist(),
        ]  # fmt: skip

    assert await store.database.read(read) == [
        [1, 2, 3], [3, 3, 3], [5, 5, 5], [3, 3, 3], [3, 3, 3],
    ]  # fmt: skip


async def test_times_of_a_recording_become_times_of_the_day(store: Store) -> None:
    camera = Speaker(clock="media")
    await store.hear(camera.announce(), camera.say(Event("x", 5 * SECOND)))
    await store.hear(camera.frames([1], first_ns=6 * SECOND))
    (event,) = await store.database.read(partial(events_page, wanted=Wanted(), limit=10))
    (frame,) = await store.database.read(partial(last_frames, store.segments, "door", 5))
    assert event.event.time_ns == NOW + 5 * SECOND
    assert frame.time_ns == NOW + 6 * SECOND


async def test_a_wrong_clock_is_kept_and_flagged(store: Store) -> None:
    five_minutes = 300 * SECOND
    camera = Speaker(now_ns=NOW - five_minutes)
    health = Health("door", "boot-1", NOW - five_minutes, "running")
    topic = topics.up("door", "health")
    await store.hear(arrival(camera.say(Event("x", camera.now_ns)), NOW))
    await store.hear(Arrival("door", topic, encode_control(health), NOW))
    (event,) = await store.database.read(partial(events_page, wanted=Wanted(), limit=10))
    assert (event.event.time_ns, event.arrived_ns) == (NOW - five_minutes, NOW)
    (run,) = await store.database.read(partial(rows, boots))
    assert run["skew_ns"] == -five_minutes
    found = await store.database.read(partial(last_health, cameras=["door", "nobody"]))
    assert found["door"].skew_ns == -five_minutes
    assert found["door"].health == health


async def test_what_is_said_by_a_wrong_clock_is_marked_invalid(store: Store) -> None:
    topic, late = topics.up("door", "health"), NOW - 300 * SECOND
    camera = Speaker(now_ns=late)
    await store.hear(camera.announce(), camera.say(Event("x", late, "before")))
    for number in range(3):
        health = Health("door", "boot-1", late + number * SECOND, "running")
        arrived = NOW + number * SECOND
        await store.hear(Arrival("door", topic, encode_control(health), arrived))
    measure = Measure("line.count", "door", late, late + SECOND, 2.0, data={"direction": "in"})
    await store.hear(camera.say(Event("x", late, "after"), measure))
    found = await store.database.read(partial(events_page, wanted=Wanted(), limit=10))
    events = {row.event.name: row.event for row in found}
    assert events["view"].kind == "view.clock"
    assert events["view"].data["ahead_s"] == -300
    assert events["before"].data == {}
    assert events["after"].data == {"valid": False}
    (told,) = await store.database.read(partial(measures_page, wanted=Wanted(), limit=10))
    assert told.measure.data["invalid"] == 1.0


async def test_a_mad_clock_does_not_scatter_frames_over_the_ages(store: Store) -> None:
    camera = Speaker(now_ns=5)
    await store.hear(arrival(camera.announce(), NOW), arrival(camera.frames([1]), NOW))
    (row,) = await store.database.read(partial(rows, tail))
    assert (row["hour"], row["first_ns"]) == (NOW // (3600 * SECOND), 5)


async def test_listeners_hear_what_was_stored(store: Store, door: Speaker) -> None:
    health = Health("door", "boot-1", NOW, "running")
    with (
        store.feed.listen(EventsStored) as events_heard,
        store.feed.listen(FramesStored, "door") as frames_heard,
        store.feed.listen(HealthStored) as health_heard,
    ):
        await store.hear(door.announce(), door.say(CROSSED), door.frames([2]))
        topic = topics.up("door", "health")
        await store.hear(Arrival("door", topic, encode_control(health), NOW))
        assert (await anext(aiter(events_heard))).events[0].name == "door"
        frames = await anext(aiter(frames_heard))
        assert frames.header == door.header
        assert len(frames.blocks[0].objects) == 2
        assert (await anext(aiter(health_heard))).health == health


async def test_keepers_store_in_the_same_transaction(tmp_path: Path) -> None:
    kept: list[Any] = []

    def keep(connection: Connection, items: Any) -> None:
        kept.extend(items)
        raise ValueError("a keeper with a fault")

    reported = encode_control(Reported(3, "applied", {}))
    async with open_store(tmp_path, keepers={ReportedArrived: keep}) as store:
        await store.hear(
            Arrival("door", topics.up("door", "reported"), reported, NOW), Speaker().say(CROSSED)
        )
        assert kept[0].reported.version == 3
        (refused,) = await store.database.read(partial(rows, refusals))
        assert "cannot be stored" in refused["reason"]
        assert await store.database.read(counted(events)) == 1


async def test_nothing_is_answered_while_the_disk_is_full(tmp_path: Path) -> None:
    full = True

    def room() -> None:
        if full:
            raise StoreFull

    async with open_store(tmp_path, room=room) as store:
        answer = store.ingest.deliver(arrival(Speaker().say(CROSSED)))
        while not store.ingest.trouble:
            await asyncio.sleep(0.01)
        assert not answer.done()
        assert "disk is full" in store.ingest.trouble
        assert await store.database.read(counted(events)) == 0
        full = False
        await asyncio.wait_for(answer, 30)
        assert await store.database.read(counted(events)) == 1
        assert store.ingest.trouble == ""


async def test_who_waits_at_the_end_is_told_that_nothing_was_stored(tmp_path: Path) -> None:
    def room() -> None:
        raise StoreFull

    async with open_store(tmp_path, room=room) as store:
        answer = store.ingest.deliver(arrival(Speaker().say(CROSSED)))
        await asyncio.sleep(0.05)
    assert answer.exception() is not None
