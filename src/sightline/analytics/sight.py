"""How well an object is seen at the moment that it is counted."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.roster import Roster

Sight = Literal["clear", "crowded", "faint", "hidden", "fresh"]

_FAINT = 0.6  # a score below this is a detector in doubt
_CROWDED = 0.3  # of the box, that other boxes lie over
_FRESH_S = 1.0  # nobody has been followed for less


def sight(roster: Roster, slot: int) -> Sight:
    """hidden: nobody saw it, the tracker expected it there; faint: by a detector that is not sure;
    crowded: other boxes lie over its own; fresh: for less than a second; else clear."""
    if not roster.mends:
        return "clear"
    slots, tracks = roster.seen()
    rows = np.flatnonzero(slots == slot)
    if not len(rows):
        return "hidden"
    row = int(rows[0])
    score = float(tracks.scores[row])
    if score <= 0:
        return "hidden"
    if score < _FAINT:
        return "faint"
    if _covered(tracks.boxes, row) > _CROWDED:
        return "crowded"
    if roster.clock.now_s - roster.trails.born_s[slot] < _FRESH_S and roster.appeared(slot):
        return "fresh"
    return "clear"


def _covered(boxes: NDArray[np.float32], row: int) -> float:
    """The share of a box that the one which covers most of it covers."""
    x1, y1, x2, y2 = boxes[row]
    wide = np.minimum(boxes[:, 2], x2) - np.maximum(boxes[:, 0], x1)
    high = np.minimum(boxes[:, 3], y2) - np.maximum(boxes[:, 1], y1)
    shared = np.maximum(wide, 0) * np.maximum(high, 0)
    shared[row] = 0
    whole = max(float((x2 - x1) * (y2 - y1)), 1e-12)
    return float(shared.max()) / whole


def began(roster: Roster, slot: int) -> Literal["present", "edge", "sprung"]:
    """How an object came into view: it was there from the first, came over the edge of the picture,
    or sprang out of nowhere."""
    if roster.appeared(slot):
        return "sprung"
    return "edge" if roster.came(slot) else "present"
