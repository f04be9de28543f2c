"""A hub with a large fleet behind it: a thousand cameras, a hundred million stored detections.

What ingest would have left is written into the store as it lies there: rows, packed sums, and
segments, of which a few are written and the rest are links to them. Some cameras speak.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from hubrun import KEYBOARD, RunningHub, running_hub
from sqlalchemy import Connection
from visits import PASSWORD

from benchmarks.linked import link_frames
from sightline.hub.alerts.rules import FleetRule
from sightline.hub.plans.layout import Layout
from sightline.hub.simulation.identity import identities
from sightline.hub.simulation.simulation import Simulation
from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.packing import CELL, DAY, HOUR, MINUTE, SPANS, squeezed
from sightline.hub.store.tables import events, health, registry, rollups
from sightline.hub.twin.twins import Author
from sightline.web import mount
from sightline.wire.control import Health

CAMERAS, SPEAKING = 1000, 20
_FILES = 5  # of each camera, with 20,000 detections each
_EVENTS = 1000  # of each camera
_DAYS = {MINUTE: 2, HOUR: 9, DAY: 32}
_SERIES = [
    ("objects", "frame", "", ""), ("objects", "frame", "person", ""),
    ("event", "line.crossed", "middle", "in"), ("event", "line.crossed", "middle", "out"),
    ("event", "zone.left", "floor", ""), ("measure", "zone.occupancy", "floor", ""),
]  # fmt: skip
_SECOND = 10**9
FLOOR = "shop"  # the name of the plan
_GROUND = {
    "picture": [[0.05, 0.95], [0.95, 0.95], [0.7, 0.35], [0.3, 0.35]],
    "floor": [[1, 11], [19, 11], [19, 1], [1, 1]],
}


@contextmanager
def large_place(folder: Path, cameras: int = CAMERAS) -> Iterator[RunningHub]:
    """Served until the block is left. `ada` is its administrator; some of its cameras speak."""
    with running_hub(folder / "hub", mount) as hub:
        people = hub.services.people
        secret = hub.do(people.setup_link())
        assert secret
        hub.do(people.set_up(secret, "ada", PASSWORD, ""))
        names = [f"camera-{i:04d}" for i in range(cameras)]
        write = hub.services.database.write
        _do(hub, write(lambda c: _fleet(c, names[SPEAKING:])))
        token, _ = hub.do(
            hub.services.registry.give_out("site", tags={"site": "site-0"}, uses=SPEAKING)
        )
        known = hub.do(identities(hub.url, token, names[:SPEAKING], folder / "keys"))
        now_s = int(time.time())
        _do(hub, write(lambda c: _sums(c, names, now_s)))
        _do(hub, write(lambda c: _said(c, names, now_s)))
        begins = [now_s - 7200 * ago for ago in range(_FILES, 0, -1)]
        stored = _do(hub, write(lambda c: link_frames(c, hub.services.segments, names, begins)))
        happened = f"{cameras * _EVENTS} events"
        print(f"{cameras} cameras, {stored / 1e6:.0f} million detections, {happened}")
        rule = FleetRule("slow camera", "health.fps < 5 for 2 min", "site=site-0")
        hub.do(hub.services.alerts.put_rule(rule, KEYBOARD, ""))
        stopped = asyncio.Event()
        living = hub.start(_live(known, stopped))
        time.sleep(4.0)
        try:
            yield hub
        finally:
            hub.call(stopped.set)
            living.result(30)


def floor_plan(hub: RunningHub, cameras: int = SPEAKING) -> None:
    """A plan, with some of the cameras over it, which know where they see the floor."""
    services, author = hub.services, Author("ada", time.time_ns())
    names = hub.do(services.registry.names(""))[:cameras]
    for name in names:
        hub.do(services.twins.patch(name, {"ground": _GROUND}, author))
    placed = [
        {"camera": name, "x": 2 + at % 5 * 4, "y": 2 + at // 5 * 2} for at, name in enumerate(names)
    ]
    layout = Layout.model_validate({"size": [20, 12], "cameras": placed})
    hub.do(services.plans.put(FLOOR, layout, KEYBOARD, ""))


def _do(hub: RunningHub, work: Any) -> Any:
    return hub.start(work).result(300)


async def _live(known: Any, stopped: asyncio.Event) -> None:
    async with Simulation(known, fps=5, people=4, seed=7):
        await stopped.wait()


def _fleet(connection: Connection, names: list[str]) -> None:
    columns = (
        "name", "public_key", "fingerprint", "serial", "enrolled_ns", "enrolled_by", "connected",
        "condition", "seen_ns", "model", "version", "note", "keeps",
    )  # fmt: skip
    now = time.time_ns()
    rows = [
        (name, "", f"{at:064x}", "", now, "site", False, "running", now - at * _SECOND,
         "demo-people 1.1.0", "0.1.0", "", "{}")
        for at, name in enumerate(names)
    ]  # fmt: skip
    insert_rows(connection, registry.cameras, columns, rows)
    tags = [
        (name, "tag", key, value)
        for at, name in enumerate(names)
        for key, value in (("site", f"site-{at % 10}"), ("floor", str(at % 4)))
    ]
    insert_rows(connection, registry.properties, ("camera", "kind", "key", "value"), tags)


def _sums(connection: Connection, names: list[str], now_s: int) -> None:
    """Minutes, hours and days as they are packed; the last minutes as they came."""
    keys = [(name, *series) for name in names for series in _SERIES]
    columns = ("camera", "subject", "kind", "name", "part")
    insert_rows(connection, rollups.series, columns, keys)
    ids = range(1, len(keys) + 1)
    chance = np.random.default_rng(1)
    for resolution, days in _DAYS.items():
        span, per = SPANS[resolution], SPANS[resolution] // resolution
        cells = np.zeros(per, CELL)
        cells["n"] = chance.integers(1, 40, per) * (resolution // MINUTE)
        cells["total"], cells["high"] = cells["n"] * 1.7, 5
        body = squeezed(cells)
        last = (now_s - 180) // span * span - (0 if resolution == DAY else span)
        starts = range(last, now_s - days * DAY - span, -span)
        rows = [(id, resolution, start, body) for id in ids for start in starts]
        named = ("series", "resolution", "start", "body")
        insert_rows(connection, rollups.packed, named, rows)
    minutes = [now_s // 60 * 60 - 60 * back for back in (3, 2)]
    fresh = [(start, id, 30, 50.0, 0.0, 5.0) for start in minutes for id in ids]
    columns = ("start", "series", "n", "total", "low", "high")
    insert_rows(connection, rollups.recent, columns, fresh)


def _said(connection: Connection, names: list[str], now_s: int) -> None:
    """Events of eight days and the newest health of everybody."""
    chance = np.random.default_rng(2)
    columns = (
        "camera", "kind", "name", "label", "track", "x", "y", "time_ns", "arrived_ns", "data",
    )  # fmt: skip
    ways = ('{"direction":"in"}', '{"direction":"out"}', '{"dwell_s":7.5}')
    kinds = (("line.crossed", "middle"), ("line.crossed", "middle"), ("zone.left", "floor"))
    for begin in range(0, _EVENTS, 50):
        ago = np.sort(chance.integers(0, 8 * DAY, 50 * len(names)))[::-1].tolist()
        rows = []
        for at, back_s in enumerate(ago):
            which, when = at % 3, (now_s - back_s) * _SECOND + begin
            rows.append((names[at % len(names)], *kinds[which], "person", at, 0.5, 0.8, when, when,
                         ways[which]))  # fmt: skip
        insert_rows(connection, events.events, columns, rows)
    told = [
        Health(name, "boot", now_s * _SECOND, "running", 900.0, 9.8, {"median": 12.0})
        for name in names
    ]
    reports = [
        (one.camera, one.boot, one.time_ns, one.time_ns, msgspec.json.encode(one).decode())
        for one in told
    ]
    columns = ("camera", "boot", "time_ns", "arrived_ns", "body")
    insert_rows(connection, health.health, columns, reports)
