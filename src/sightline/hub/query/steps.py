"""How objects moved from frame to frame within a block of stored frames."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.wire.formats.block import Block

LONGEST_S = 1.0  # between two frames: beyond that nobody knows who was where


class Steps(NamedTuple):
    """Objects by their number in the block: where one is `now`, where it was `before`, and how
    long that took."""

    now: NDArray[np.intp]
    before: NDArray[np.intp]
    took_s: NDArray[np.float64]


def lasted_s(block: Block) -> NDArray[np.float64]:
    """For how long each object was where it is: until the next frame, if that came soon."""
    frames = np.minimum(np.diff(block.times, append=block.times[-1:]) / 1e9, LONGEST_S)
    found: NDArray[np.float64] = np.repeat(frames, np.diff(block.offsets))
    return found


def steps(block: Block) -> Steps:
    """Of all who have an identity, from each frame to the next one that they are in."""
    tracks = block.objects.track_ids
    sizes = np.diff(block.offsets)
    if tracks is None or not len(tracks):
        return _NONE
    frame = np.repeat(np.arange(len(sizes)), sizes)
    known = np.flatnonzero(np.repeat(block.tracked, sizes) & (tracks != 0))
    order = known[np.lexsort((frame[known], tracks[known]))]
    before, now = order[:-1], order[1:]
    took_s = (block.times[frame[now]] - block.times[frame[before]]) / 1e9
    real = (tracks[now] == tracks[before]) & (took_s > 0) & (took_s <= LONGEST_S)
    return Steps(now[real], before[real], took_s[real])


_NONE = Steps(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
