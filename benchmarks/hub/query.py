"""A day of minutes over 100 cameras, beside 100 million stored detections."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from sqlalchemy import Connection, insert

from benchmarks.base import Finding, Row
from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.database import Database
from sightline.hub.store.frame_table import Piece, table_of
from sightline.hub.store.frames import newest
from sightline.hub.store.packing import pack_some
from sightline.hub.store.segments import Segments
from sightline.hub.store.series import Asked, read_series
from sightline.hub.store.tables.frames import segments
from sightline.hub.store.tables.rollups import recent, series
from sightline.results import Detections
from sightline.wire.formats.block import Block

_CAMERAS, _DAYS = 100, 2
_FRAMES, _OBJECTS = 10_000, 2  # of one file; a camera at 10 a second makes one in 17 minutes
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
        detections = await database.write(partial(_frames, store=store))
        asked = Asked(tuple(_name(i) for i in range(_CAMERAS)), "objects", names=("",))
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


def _frames(connection: Connection, store: Segments) -> int:
    """One file after another is named for each camera; a few are written and linked."""
    chance = np.random.default_rng(2)
    count, detections = _FRAMES * _OBJECTS, 0
    for file in range(_FILES):
        first_ns = (_BEGIN + file * 1000) * 10**9
        low = chance.random((count, 2), dtype=np.float32) * 0.5
        objects = Detections(
            np.concatenate([low, low + 0.2], axis=1), chance.random(count, dtype=np.float32),
            np.zeros(count, np.int32), chance.integers(1, 1000, count),
        )  # fmt: skip
        block = Block(
            first_ns + np.arange(_FRAMES) * 10**8, np.arange(_FRAMES) + file * _FRAMES,
            np.arange(_FRAMES + 1) * _OBJECTS, np.ones(_FRAMES, bool), objects, {},
        )  # fmt: skip
        table = table_of([Piece("boot", "header", 0, block)])
        row = store.write(_name(0), first_ns // (3600 * 10**9), table)
        for camera in range(_CAMERAS):
            other = row["path"].replace(_name(0), _name(camera), 1)
            target = store.folder / other
            if camera:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.hardlink_to(store.folder / row["path"])
            named = row | {"camera": _name(camera), "path": other}
            connection.execute(insert(segments).values(named))
            detections += count
    return detections
