"""Which detection is which track: rounds from the certain to the bold.

That weak detections may keep a track but not begin one is ByteTrack's: Zhang et al.,
"ByteTrack: Multi-Object Tracking by Associating Every Detection Box", 2022.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.track.assignment import assign
from sightline.track.base import TrackConfig
from sightline.track.overlap import affinity, corners, within
from sightline.track.state import Tracks

Array = NDArray[np.floating[Any]]
Boxes = NDArray[np.float32]
Bools = NDArray[np.bool_]
Index = NDArray[np.intp]

# Least affinity of an expected box with a strong, with a weak, and with a widened detection.
STRONG = 0.2
WEAK = 0.5
WIDE = 0.45
# For so long after its last detection a track takes weak ones, and parts at the edge.
WEAK_FOR_S = 0.3
# A box of another class is the same object only at this affinity, and then counts half.
OTHER_CLASS = 0.5


def pair(
    tracks: Tracks,
    boxes: Boxes,
    seen: Detections,
    before_s: float,
    config: TrackConfig,
    aspect: float,
) -> tuple[Index, Index]:
    """For every track (T,) the index of the detection that it is, or -1.

    Also gives the strong detections (K,) that are no track's.
    boxes     corners (4, N) of the detections `seen`, in heights of the picture
    before_s  when the picture before was taken
    aspect    width / height of the picture
    """
    found = np.full(tracks.count, -1, np.intp)
    strong = seen.scores >= config.high_score
    if not tracks.count or not len(seen):
        return found, strong.nonzero()[0]
    # Single precision is enough to compare boxes, and half the work.
    expected = corners(tracks.box).astype(np.float32)
    value = affinity(expected, boxes)
    _weigh_classes(value, tracks.label, seen.labels)
    rows, columns = (value > STRONG).nonzero()
    gain = value[rows, columns]
    _take(found, rows, columns, gain, strong[columns], STRONG)

    recent = (found < 0) & (tracks.id > 0) & (tracks.seen_s >= before_s - WEAK_FOR_S)
    weak = ~strong & (seen.scores >= config.low_score)
    _take(found, rows, columns, gain, recent[rows] & weak[columns] & (gain > WEAK), WEAK)

    strong[found[found >= 0]] = False
    free = strong.nonzero()[0]
    lost = (found < 0).nonzero()[0]
    if len(free) and len(lost):
        # Of who leaves the picture only a part is seen, so only that part is compared.
        shown = within(expected[:, lost], aspect)
        cut = (shown != expected[:, lost]).any(axis=0)
        cut &= tracks.seen_s[lost] >= before_s - WEAK_FOR_S
        if cut.any():
            value = affinity(shown[:, cut], boxes[:, free])
            free = _claim(found, tracks, seen, lost[cut], free, value, STRONG)
            lost = (found < 0).nonzero()[0]
    if len(free) and len(lost):
        # As wide as the track is uncertain: the longer unseen, the bolder.
        margin = np.sqrt(tracks.var[lost]) * tracks.box[3, lost]
        value = affinity(expected[:, lost], boxes[:, free], margin.astype(np.float32))
        free = _claim(found, tracks, seen, lost, free, value, WIDE)
    return found, free


def _take(
    found: Index, rows: Index, columns: Index, gain: Array, allowed: Bools, least: float
) -> None:
    index = allowed.nonzero()[0]
    taken = index[assign(rows[index], columns[index], gain[index], least)]
    found[rows[taken]] = columns[taken]


def _claim(
    found: Index,
    tracks: Tracks,
    seen: Detections,
    lost: Index,
    free: Index,
    value: Array,
    least: float,
) -> Index:
    """Give `lost` tracks those of the `free` detections that fit; the detections still free."""
    value = value * (tracks.label[lost][:, None] == seen.labels[free])
    rows, columns = (value > least).nonzero()
    taken = assign(rows, columns, value[rows, columns], least)
    found[lost[rows[taken]]] = free[columns[taken]]
    return np.delete(free, columns[taken])


def _weigh_classes(value: Array, held: Array, labels: NDArray[np.int32]) -> None:
    """A network may take an object for another class in some pictures: that is tolerated."""
    other = held[:, None] != labels
    if other.any():
        value *= np.where(other, 0.5 * (value > OTHER_CLASS), 1)
