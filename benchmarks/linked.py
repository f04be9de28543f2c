"""Millions of stored detections in no time: a few segments are written, the rest are links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from sqlalchemy import Connection, insert

from sightline.hub.store.frame_table import Piece, table_of
from sightline.hub.store.segments import Segments
from sightline.hub.store.tables.frames import segments
from sightline.results import Detections
from sightline.wire.formats.block import Block

_FRAMES, _OBJECTS = 10_000, 2  # of one file; a camera at 10 a second makes one in 17 minutes
_SECOND = 10**9


def link_frames(
    connection: Connection, store: Segments, names: Sequence[str], begins_s: Iterable[int]
) -> int:
    """A file of every camera for each begin; how many detections that makes.

    What is written is the first camera's; the others' are hard links to it.
    """
    chance = np.random.default_rng(2)
    count, detections = _FRAMES * _OBJECTS, 0
    for file, begin_s in enumerate(begins_s):
        low = chance.random((count, 2), dtype=np.float32) * 0.5
        objects = Detections(
            np.concatenate([low, low + 0.2], axis=1), chance.random(count, dtype=np.float32),
            np.zeros(count, np.int32), chance.integers(1, 1000, count),
        )  # fmt: skip
        block = Block(
            begin_s * _SECOND + np.arange(_FRAMES) * 10**8, np.arange(_FRAMES) + file * _FRAMES,
            np.arange(_FRAMES + 1) * _OBJECTS, np.ones(_FRAMES, bool), objects, {},
        )  # fmt: skip
        row = store.write(names[0], begin_s // 3600, table_of([Piece("boot", "header", 0, block)]))
        rows = []
        for name in names:
            other = row["path"].replace(names[0], name, 1)
            if name != names[0]:
                target = store.folder / other
                target.parent.mkdir(parents=True, exist_ok=True)
                target.hardlink_to(store.folder / row["path"])
            rows.append(row | {"camera": name, "path": other})
            detections += count
        connection.execute(insert(segments), rows)
    return detections
