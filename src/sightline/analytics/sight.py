"""How well an object is seen at the moment that it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.roster import Roster
from sightline.results.stretch import Stretch
from sightline.wire.messages import Place

if TYPE_CHECKING:
    from sightline.analytics.slots import Index

Sight = Literal["clear", "crowded", "faint", "hidden", "fresh"]

_FAINT = 0.6  # a score below this is a detector in doubt
_CROWDED = 0.3  # of the box, that other boxes lie over
_FRESH_S = 1.0  # nobody has been followed for less
_SIGHTS: tuple[Sight, ...] = ("hidden", "faint", "crowded", "clear")


class Glimpse(NamedTuple):
    """One object of a picture that is shown ahead of its time: where it stands, how it is seen."""

    slot: int
    place: Place
    sight: Sight


def sight(roster: Roster, slot: int) -> Sight:
    """hidden: nobody saw it, the tracker expected it there; faint: by a detector that is not sure;
    crowded: other boxes lie over its own; fresh: for less than a second; else clear."""
    if not roster.mends:
        return "clear"
    glimpse = roster.glimpse
    how = glimpse.sight if glimpse is not None and glimpse.slot == slot else _seen(roster, slot)
    if how != "clear":
        return how
    young = roster.clock.now_s - roster.trails.born_s[slot] < _FRESH_S
    return "fresh" if young and roster.appeared(slot) else "clear"


def _seen(roster: Roster, slot: int) -> Sight:
    """How well it is seen in the newest picture."""
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
    return "crowded" if _covered(tracks.boxes, row) > _CROWDED else "clear"


def _covered(boxes: NDArray[np.float32], row: int) -> float:
    """The share of a box that the one which covers most of it covers."""
    x1, y1, x2, y2 = boxes[row]
    wide = np.minimum(boxes[:, 2], x2) - np.maximum(boxes[:, 0], x1)
    high = np.minimum(boxes[:, 3], y2) - np.maximum(boxes[:, 1], y1)
    shared = np.maximum(wide, 0) * np.maximum(high, 0)
    shared[row] = 0
    whole = max(float((x2 - x1) * (y2 - y1)), 1e-12)
    return float(shared.max()) / whole


def sights(film: Stretch, frames: Index, rows: Index) -> list[Sight]:
    """The same of many objects of a recording, given with their pictures, but for "fresh"."""
    scores = film.objects.scores[rows].astype(np.float64)
    crowded = _all_covered(film, frames, rows) > _CROWDED
    how = np.select([scores <= 0, scores < _FAINT, crowded], [0, 1, 2], 3)
    return [_SIGHTS[number] for number in how.tolist()]


def _all_covered(film: Stretch, frames: Index, rows: Index) -> NDArray[np.float64]:
    """`_covered` of each."""
    boxes = film.objects.boxes
    begins = film.offsets[frames]
    counts = film.offsets[frames + 1] - begins
    owner = np.repeat(np.arange(len(rows)), counts)
    firsts = np.cumsum(counts) - counts
    others = np.arange(len(owner)) + np.repeat(begins - firsts, counts)
    one, other = boxes[rows], boxes[others]
    x1, y1, x2, y2 = one[owner].T
    wide = np.minimum(other[:, 2], x2) - np.maximum(other[:, 0], x1)
    high = np.minimum(other[:, 3], y2) - np.maximum(other[:, 1], y1)
    shared = np.maximum(wide, 0) * np.maximum(high, 0)
    shared[others == rows[owner]] = 0
    most = np.maximum.reduceat(shared, firsts) if len(rows) else shared
    whole = ((one[:, 2] - one[:, 0]) * (one[:, 3] - one[:, 1])).astype(np.float64)
    covered: NDArray[np.float64] = most.astype(np.float64) / np.maximum(whole, 1e-12)
    return covered


def began(roster: Roster, slot: int) -> Literal["present", "edge", "sprung"]:
    """How an object came into view: it was there from the first, came over the edge of the picture,
    or sprang out of nowhere."""
    if roster.appeared(slot):
        return "sprung"
    return "edge" if roster.came(slot) else "present"
