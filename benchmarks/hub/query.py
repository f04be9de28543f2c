"""A day of minutes over 100 cameras, beside 100 million stored detections."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from sqlalchemy import Connection

from benchmarks.base import Finding, Row
from benchmarks.linked import link_frames
from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.database import Database
from sightline.hub.store.frames import newest
from sightline.hub.store.packing import pack_some
from sightline.hub.store.segments import Segments
from sightline.hub.store.series import Asked, read_series
from sightline.hub.store.tables.rollups import recent, series

_CAMERAS, _DAYS = 100, 2
_FILES = 50  # of each camera: 100 cameras x 50 files x 10,000 frames x 2 objects are 100 million
_BEGIN = 1_780_000_000 // 86400 * 86400
_ROUNDS = 15
_SERIES = [("objects", "frame", ""), ("objects", "frame", "person"), ("event", "line.crossed", "d")]


async def run(folder: Path) -> list[Finding]:
    """The store alone, on the disk that holds the temporary folder."""
    folder.mkdir(parents=True)
    store = Segments(folder / "frames")
    async with Database(f"sqlite:///{folder}/hub.db") as database:
        await database.write(_minutes)
        while await database.write(partial(pack_some, before=1 << 40)):
            pass
        names = [_name(i) for i in range(_CAMERAS)]
        begins = [_BEGIN + file * 1000 for file in range(_FILES)]
        detections = await database.write(lambda c: link_frames(c, store, names, begins))
        asked = Asked(tuple(names), "objects", names=("",))
        begin = _BEGIN + 1800

        def each(connection: Connection) -> int:
            reading = read_series(connection, asked, begin, begin + 86400, 60)
            return sum(len(item.cells) for item in reading.series)

        def together(connection: Connection) -> int:
            return len(read_series(connection, asked, begin, begin + 86400, 60).summed())

        cells = await database.read(each)
        assert cells == _CAMERAS * 1440
        stored = f"{detections / 1e6:.0f} million detections stored"
        return [
            Row(f"{stored}: a day of minutes of {_CAMERAS} cameras ({cells} sums)",
                await _time(database, each), "ms", target=100),
            Row(f"{stored}: the same summed over the cameras",
                await _time(database, together), "ms", target=100),
            Row(f"{stored}: the newest 5 frames of a camera, from a file",
                await _time(database, lambda c: newest(c, store, _name(3), 5)), "ms"),
        ]  # fmt: skip


async def _time(database: Database, work: object) -> float:
    spent = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        await database.read(work)  # type: ignore[arg-type]
        spent.append((time.perf_counter() - began) * 1e3)
    return median(spent)


def _name(number: int) -> str:
    return f"camera-{number:03d}"


def _minutes(connection: Connection) -> None:
    """What ingest leaves: three series a camera, every minute of some days."""
    chance = np.random.default_rng(1)
    keys = [
        (_name(i), subject, kind, name, "")
        for i in range(_CAMERAS)
        for subject, kind, name in _SERIES
    ]  # fmt: skip
    insert_rows(connection, series, ("camera", "subject", "kind", "name", "part"), keys)
    for minute in range(_DAYS * 1440):
        totals = chance.random(len(keys)) * 1200
        rows = [
            (_BEGIN + minute * 60, number + 1, 600, float(total), 0.0, 5.0)
            for number, total in enumerate(totals)
        ]
        insert_rows(connection, recent, ("start", "series", "n", "total", "low", "high"), rows)
