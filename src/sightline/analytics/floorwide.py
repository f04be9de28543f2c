"""Several cameras' tracks as those of one camera that looks down on the floor."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.across import Across
from sightline.results import Detections

Rows = Iterable[tuple[int, Detections]]

_EVERY_NS = 100_000_000


def floorwide(
    across: Across,
    recordings: Mapping[str, Rows],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    flip: bool,
) -> Iterator[tuple[int, Detections]]:
    """Time and everybody on the floor, ten times a second while any recording lasts.

    recordings  by camera: time in nanoseconds and tracks, picture by picture, all by one clock
    low, high   the corners of the floor; `flip`: y runs upwards
    """

    def told(camera: str, rows: Rows) -> Iterator[tuple[int, str, Detections]]:
        for time_ns, tracks in rows:
            yield time_ns, camera, tracks

    merged = heapq.merge(
        *(told(camera, rows) for camera, rows in recordings.items()), key=lambda row: row[:2]
    )
    due_ns: int | None = None
    for time_ns, camera, tracks in merged:
        due_ns = time_ns if due_ns is None else due_ns
        while time_ns > due_ns:
            yield due_ns, across.picture(low, high, flip)
            due_ns = max(due_ns + _EVERY_NS, time_ns - _EVERY_NS)
        across.see(camera, tracks, time_ns)
    if due_ns is not None:
        yield due_ns, across.picture(low, high, flip)
