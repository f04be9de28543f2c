"""Which detection is which track: three rounds, from the certain to the bold.

That weak detections may keep a track but not begin one is ByteTrack's: Zhang et al.,
"ByteTrack: Multi-Object Tracking by Associating Every Detection Box", 2022.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.track.assignment import assign
from sightline.track.base import TrackConfig
from sightline.track.overlap import affinity
from sightline.track.state import Tracks

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
Index = NDArray[np.intp]

# Least affinity of an expected box with a strong, with a weak, and with a widened detection.
STRONG = 0.2
WEAK = 0.5
WIDE = 0.45
# A track takes weak detections for this long after its last detection.
WEAK_FOR_S = 0.3
# Boxes are widened by the track's own uncertainty, at most so many heights.
WIDEST = 0.35
# A box of another class is the same object only at this affinity, and then counts half.
OTHER_CLASS = 0.5


def pair(
    tracks: Tracks, boxes: Array, seen: Detections, before_s: float, config: TrackConfig
) -> Index:
    """For every track (T,) the index of the detection that it is, or -1.

    boxes     (4, N) of the detections `seen`, as the tracks have them
    before_s  when the picture before was taken
    """
    found = np.full(tracks.count, -1, np.intp)
    if not tracks.count or not len(seen):
        return found
    strong = seen.scores >= config.high_score
    value = affinity(tracks.box, boxes)
    _weigh_classes(value, tracks.label, seen.labels)
    rows, columns = np.nonzero(value > STRONG)
    gain = value[rows, columns]
    _take(found, rows, columns, gain, strong[columns], STRONG)

    recent = (found < 0) & (tracks.id > 0) & (tracks.seen_s >= before_s - WEAK_FOR_S)
    weak = ~strong & (seen.scores >= config.low_score)
    _take(found, rows, columns, gain, recent[rows] & weak[columns] & (gain > WEAK), WEAK)

    strong[found[found >= 0]] = False
    _pair_widely(found, np.flatnonzero(strong), tracks, boxes, seen)
    return found


def _pair_widely(found: Index, free: Index, tracks: Tracks, boxes: Array, seen: Detections) -> None:
    """Tracks and strong detections that are left over may be further apart."""
    lost = np.flatnonzero(found < 0)
    if not len(lost) or not len(free):
        return
    margin = np.minimum(np.sqrt(tracks.var[lost]), WIDEST) * tracks.box[3, lost]
    value = affinity(tracks.box[:, lost], boxes[:, free], margin)
    value *= tracks.label[lost][:, None] == seen.labels[free]
    rows, columns = np.nonzero(value > WIDE)
    taken = assign(rows, columns, value[rows, columns], WIDE)
    found[lost[rows[taken]]] = free[columns[taken]]


def _take(
    found: Index, rows: Index, columns: Index, gain: Array, allowed: Bools, least: float
) -> None:
    index = np.flatnonzero(allowed)
    taken = index[assign(rows[index], columns[index], gain[index], least)]
    found[rows[taken]] = columns[taken]


def _weigh_classes(value: Array, held: Array, labels: NDArray[np.int32]) -> None:
    """A network may take an object for another class in some pictures: that is tolerated."""
    other = held[:, None] != labels
    if other.any():
        value *= np.where(other, 0.5 * (value > OTHER_CLASS), 1)
