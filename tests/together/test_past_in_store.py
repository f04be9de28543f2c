"""A past that was made up, in a hub's store: counted once, as if lived, and erasable."""

import asyncio
from collections import Counter
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hubkit import Store, counted, open_store
from sqlalchemy import Connection, select

from sightline.camera.evaluation import scene_config
from sightline.camera.past.days import Past
from sightline.camera.past.rhythm import SHOP
from sightline.camera.past.wave import recorded, still
from sightline.hub.gateway.base import Arrival
from sightline.hub.query.ask import answer
from sightline.hub.store.erasure import erase, of_cameras
from sightline.hub.store.series import Asked, read_series
from sightline.hub.store.tables import events, frames, rollups
from sightline.wire import topics
from sightline.wire.parcel import encode_parcel

MONDAY = date(2026, 11, 23)
START = int(datetime.combine(MONDAY, time()).timestamp())
DAY = (START, START + 86400)
SECOND = 10**9


@pytest.fixture(scope="module")
def past() -> Past:
    config = scene_config("scene:queue", "scene", name="till", view={"watch": False})
    wave = recorded(config, 1.2, 20.0, 5)
    return Past(config, SHOP, 5, ((wave, wave),), still(wave, 60, 10.0), still(wave, 600, 60.0))


async def store_it(store: Store, past: Past) -> None:
    aside = store.ingest.aside()
    storing = asyncio.create_task(aside.run())
    for parcel in past.parcels(MONDAY, *DAY):
        topic = topics.up("till", "frames" if parcel.kind == "frames" else "events")
        await aside.deliver(Arrival("till", topic, encode_parcel(parcel), parcel.stored_ns))
    storing.cancel()
    await asyncio.gather(storing, return_exceptions=True)


def crossings(connection: Connection) -> Counter[tuple[str, str]]:
    rows = connection.execute(select(events.events.c.kind, events.events.c.name))
    return Counter((kind, name) for kind, name in rows)


def sums(connection: Connection) -> Counter[tuple[str, str]]:
    reading = read_series(connection, Asked(subject="event"), *DAY, 3600)
    return Counter({(s.key.kind, s.key.name): int(s.n.sum()) for s in reading.series})


async def test_it_is_counted_once_and_as_asking_the_frames_would(
    tmp_path: Path, past: Past
) -> None:
    tree = past.config.model_dump(mode="json", exclude_defaults=True)
    asked = {key: tree[key] for key in ("zones", "queues")}
    async with open_store(tmp_path) as store:
        await store_it(store, past)
        told = await store.database.read(crossings)
        assert told[("queue.left", "queue")] > 20
        assert told == await store.database.read(sums)
        span = (DAY[0] * SECOND, DAY[1] * SECOND)
        found = await store.database.read(lambda c: answer(c, store.segments, "till", asked, *span))
        assert found.counts["queues"]["queue"]["exits"] == told[("queue.left", "queue")]
        # A zone and a queue of one name both tell who enters it.
        entries = [found.counts[kind]["queue"]["entries"] for kind in ("zones", "queues")]
        assert sum(entries) == told[("zone.entered", "queue")]
        objects = await store.database.read(counted(frames.tail))
        await store_it(store, past)
        assert await store.database.read(crossings) == told == await store.database.read(sums)
        assert await store.database.read(counted(frames.tail)) == objects


async def test_nothing_is_left_of_it_once_it_is_erased(tmp_path: Path, past: Past) -> None:
    async with open_store(tmp_path) as store:
        await store_it(store, past)
        for hour in range(DAY[0] // 3600, DAY[1] // 3600):
            await store.compaction.compact("till", hour)
        paths = await store.database.write(lambda c: erase(c, ["till"]))
        assert len(paths) > 12
        for table in (*of_cameras(), rollups.recent, rollups.packed):
            assert not await store.database.read(counted(table)), table.name


def test_what_is_of_a_camera_is_known() -> None:
    names = {table.name for table in of_cameras()}
    assert {
        "events",
        "measures",
        "tail",
        "segments",
        "health",
        "boots",
        "alerts",
        "ledger",
    } <= names
    assert "audit" not in names
