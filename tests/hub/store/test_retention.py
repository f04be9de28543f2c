"""What is too old goes; what somebody wished to keep stays."""

from functools import partial
from typing import Any

import pytest
from hubkit import NOW, SECOND, Speaker, Store, arrival
from sqlalchemy import func, select

from sightline.errors import InputError
from sightline.hub.store.packing import pack_some
from sightline.hub.store.retention import DEFAULTS, KINDS, Retention, days, keep
from sightline.hub.store.tables.events import events
from sightline.hub.store.tables.frames import segments, tail
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


def count(table: Any, camera: str = "") -> Any:
    query = select(func.count()).select_from(table)
    if camera:
        query = query.where(table.c.camera == camera)
    return lambda connection: connection.execute(query).scalar_one()


async def test_each_kind_and_camera_by_its_own_limit(store: Store) -> None:
    await filled(store)
    left: list[str] = []
    for camera, kind, limit in (
        ("", "frames", 7), ("door", "frames", 12), ("", "events", 3), ("gate", "events", 0),
        ("", "minutes", 2),
    ):  # fmt: skip
        await store.database.write(partial(keep, camera=camera, kind=kind, days=limit))
    before = await store.database.read(count(packed))
    await Retention(store.database, left.extend, lambda: NOW / 1e9).enforce()
    assert await store.database.read(count(segments, "door")) == 3
    assert await store.database.read(count(segments, "gate")) == 2
    assert await store.database.read(count(tail)) == 0
    assert len(left) == 1
    assert left[0].startswith("gate/")
    assert await store.database.read(count(events, "door")) == 1
    assert await store.database.read(count(events, "gate")) == 3
    assert 0 < await store.database.read(count(packed)) < before


async def test_without_a_wish_the_usual_holds(store: Store) -> None:
    assert await store.database.read(days) == DEFAULTS
    await store.database.write(partial(keep, camera="", kind="frames", days=3))
    await store.database.write(partial(keep, camera="door", kind="frames", days=9))
    assert (await store.database.read(partial(days, camera="door")))["frames"] == 9
    assert (await store.database.read(partial(days, camera="gate")))["frames"] == 3
    await store.database.write(partial(keep, camera="door", kind="frames", days=None))
    assert (await store.database.read(partial(days, camera="door")))["frames"] == 3
    assert set(DEFAULTS) == set(KINDS)


@pytest.mark.parametrize(("kind", "limit"), [("pictures", 3.0), ("frames", -1.0), ("frames", 1e9)])
async def test_what_cannot_be_kept_is_refused(store: Store, kind: str, limit: float) -> None:
    with pytest.raises(InputError, match="kept"):
        await store.database.write(partial(keep, camera="", kind=kind, days=limit))


async def test_ids_never_come_twice(store: Store) -> None:
    """Who follows events by their id must not miss any when old ones go."""
    await filled(store)
    highest = await store.database.read(lambda c: c.execute(select(func.max(events.c.id))).scalar())
    await store.database.write(partial(keep, camera="", kind="events", days=1))
    await Retention(store.database, lambda paths: None, lambda: NOW / 1e9 + 9e6).enforce()
    assert await store.database.read(count(events)) == 0
    await store.hear(Speaker("new").say(Event("x", NOW)))
    lowest = await store.database.read(lambda c: c.execute(select(func.min(events.c.id))).scalar())
    assert lowest > highest
