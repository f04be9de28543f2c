"""What is too old goes; what somebody wished to keep stays."""

from functools import partial
from typing import Any

from hubkit import NOW, SECOND, Speaker, Store, arrival
from sqlalchemy import Connection, func, insert, select

from sightline.hub.store.packing import pack_some
from sightline.hub.store.retention import Retention
from sightline.hub.store.tables.events import events
from sightline.hub.store.tables.frames import segments, tail
from sightline.hub.store.tables.registry import cameras
from sightline.hub.store.tables.rollups import packed
from sightline.wire.messages import Event

DAY = 86400 * SECOND


async def filled(store: Store) -> None:
    """Two cameras, five days apart each time, compacted and packed."""
    for name in ("door", "gate"):
        camera = Speaker(name)
        for i in range(3):
            camera.now_ns = NOW - i * 5 * DAY
            said = (camera.say(Event("x", camera.now_ns)), camera.frames([1], camera.now_ns))
            await store.hear(*map(arrival, said))
            await store.compaction.compact(name, camera.now_ns // (3600 * SECOND))
    await store.database.write(partial(pack_some, before=1 << 40))


def wish(connection: Connection, camera: str, keeps: str) -> None:
    columns = cameras.c
    row = {column.name: "" for column in columns} | {"name": camera, "keeps": keeps}
    row |= {"enrolled_ns": 0, "seen_ns": 0, "connected": False, "revoked_ns": None}
    connection.execute(insert(cameras).values(row))


def count(table: Any, camera: str = "") -> Any:
    query = select(func.count()).select_from(table)
    if camera:
        query = query.where(table.c.camera == camera)
    return lambda connection: connection.execute(query).scalar_one()


async def test_each_kind_and_camera_by_its_own_limit(store: Store) -> None:
    await filled(store)
    left: list[str] = []
    usual = {"frames": 7, "events": 3, "minutes": 2}
    await store.database.write(partial(wish, camera="door", keeps='{"frames": 12}'))
    await store.database.write(partial(wish, camera="gate", keeps='{"events": 100}'))
    before = await store.database.read(count(packed))
    await Retention(store.database, left.extend, usual, lambda: NOW / 1e9).enforce()
    assert await store.database.read(count(segments, "door")) == 3
    assert await store.database.read(count(segments, "gate")) == 2
    assert await store.database.read(count(tail)) == 0
    assert len(left) == 1
    assert left[0].startswith("gate/")
    assert await store.database.read(count(events, "door")) == 1
    assert await store.database.read(count(events, "gate")) == 3
    assert 0 < await store.database.read(count(packed)) < before


async def test_ids_never_come_twice(store: Store) -> None:
    """Who follows events by their id must not miss any when old ones go."""
    await filled(store)
    highest = await store.database.read(lambda c: c.execute(select(func.max(events.c.id))).scalar())
    later = lambda: NOW / 1e9 + 9e6  # noqa: E731
    await Retention(store.database, lambda paths: None, {"events": 1}, later).enforce()
    assert await store.database.read(count(events)) == 0
    await store.hear(Speaker("new").say(Event("x", NOW)))
    lowest = await store.database.read(lambda c: c.execute(select(func.min(events.c.id))).scalar())
    assert lowest > highest
