"""Who is in the picture: one slot an object, kept through gaps and changes of identity.

Trackers lose people behind each other and give them a new number afterwards. A track that
appears where another one vanished a moment ago is taken for the same object and gets its
slot, and with it whatever an analytic remembers there: its side of a line, its visit to a
zone. The analytics of one camera share a roster, so that this is worked out once a picture.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.clock import Clock
from sightline.analytics.heirs import heirs
from sightline.geometry.boxes import Anchor, anchor_matrix
from sightline.results import Detections
from sightline.wire.messages import Place

Index = NDArray[np.intp]
T = TypeVar("T", bound=np.generic)

_HISTORY = 8  # observations kept of each object, to know where it was heading
_NEVER = -np.inf


class Roster:
    """Slots of the objects in the picture, and of those lost a moment ago.

    aspect    width / height of the picture; places are in units of the picture's height,
              x from 0 to `aspect`, so that a distance means the same in every direction
    memory_s  how long an unseen object keeps its slot

    After `update`:
    slots     intp (N,): the slot of each row of the tracks
    fresh     slots that began with this picture: forget what was remembered there
    gone      slots whose object was given up now; they are used again from the next picture
    """

    def __init__(self, aspect: float = 1.0, memory_s: float = 2.0) -> None:
        self.aspect = aspect
        self.memory_s = memory_s
        self.clock = Clock()
        self.capacity = 0
        self.slots: Index = np.empty(0, np.intp)
        self.height: NDArray[np.float32] = np.empty(0, np.float32)
        self.fresh: list[int] = []
        self.gone: list[int] = []
        self.track: NDArray[np.int64] = np.empty(0, np.int64)
        self.label: NDArray[np.int32] = np.empty(0, np.int32)
        self.seen_s: NDArray[np.float64] = np.empty(0)
        self._boxes: NDArray[np.float32] = np.empty((0, _HISTORY, 4), np.float32)
        self._times: NDArray[np.float64] = np.empty((0, _HISTORY))
        self._known: NDArray[np.int64] = np.empty(0, np.int64)
        self._slot_of: Index = np.empty(0, np.intp)
        self._free: list[int] = []
        self._tracks: Detections | None = None
        self._column = 0
        self._matrices: dict[Anchor, NDArray[np.float64]] = {}
        self._anchors: dict[Anchor, NDArray[np.float64]] = {}

    def update(self, tracks: Detections, time_ns: int) -> None:
        """Take in one picture; the same tracks given again change nothing."""
        if tracks is self._tracks:
            return
        assert tracks.track_ids is not None, "analytics need tracks"
        self._tracks = tracks
        self._free += self.gone
        self.fresh, self.gone = [], []
        self._anchors.clear()
        self.clock.advance(time_ns)
        self._column = (self._column + 1) % _HISTORY
        self.slots = self._place(tracks)
        boxes = tracks.boxes
        self.height[self.slots] = boxes[:, 3] - boxes[:, 1]
        self._boxes[self.slots, self._column] = boxes
        self._times[self.slots, self._column] = self.clock.now_s
        self.seen_s[self.slots] = self.clock.now_s
        if len(self.slots) < len(self._known):
            self._expire()

    def places(self, anchor: Anchor) -> NDArray[np.float64]:
        """Where the objects stand, (N, 2): x 0..aspect, y 0..1."""
        found = self._anchors.get(anchor)
        if found is None:
            assert self._tracks is not None
            if anchor not in self._matrices:
                self._matrices[anchor] = anchor_matrix(anchor) * [self.aspect, 1]
            found = self._anchors[anchor] = self._tracks.boxes @ self._matrices[anchor]
        return found

    def last_place(self, slot: int, anchor: Anchor) -> Place:
        """Where an object was seen last, in fractions of the picture."""
        box = self._boxes[slot, self._times[slot].argmax()]
        x, y = box @ anchor_matrix(anchor)
        return float(x), float(y)

    def _place(self, tracks: Detections) -> Index:
        ids = tracks.track_ids
        assert ids is not None
        at = self._known.searchsorted(ids)
        if len(self._known):
            known = self._known.take(at, mode="clip") == ids
            if known.all():
                return self._slot_of[at]
        elif not len(ids):
            return self._slot_of[:0]
        else:
            known = np.zeros(len(ids), np.bool_)
        self._admit(tracks, ids, known)
        return self._slot_of[self._known.searchsorted(ids)]

    def _admit(self, tracks: Detections, ids: NDArray[np.int64], known: NDArray[np.bool_]) -> None:
        born, first = np.unique(ids[~known], return_index=True)
        rows = np.flatnonzero(~known)[first]
        lost = self._slot_of[~np.isin(self._known, ids)]
        lost = lost[self.seen_s[lost] >= self.clock.now_s - self.memory_s]
        taken = heirs(
            self._boxes[lost],
            self._times[lost],
            self.label[lost],
            tracks.boxes[rows],
            tracks.labels[rows],
            self.clock.now_s,
            self.aspect,
        )
        slots = np.array([lost[i] if i >= 0 else self._open() for i in taken], np.intp)
        self._forget(slots)
        known_ids = np.concatenate([self._known, born])
        order = known_ids.argsort()
        self._known = known_ids[order]
        self._slot_of = np.concatenate([self._slot_of, slots])[order]
        self.track[slots] = born
        self.label[slots] = tracks.labels[rows]

    def _open(self) -> int:
        if not self._free:
            self._grow()
        slot = self._free.pop()
        self._times[slot] = _NEVER
        self.fresh.append(slot)
        return slot

    def _grow(self) -> None:
        before, self.capacity = self.capacity, max(16, 2 * self.capacity)
        self._free += range(self.capacity - 1, before - 1, -1)
        for name in ("track", "label", "seen_s", "height", "_boxes", "_times"):
            setattr(self, name, grown(getattr(self, name), self.capacity))

    def _expire(self) -> None:
        live = self._slot_of
        late = self.seen_s[live] < self.clock.now_s - self.memory_s
        if late.any():
            self.gone = live[late].tolist()
            self._known, self._slot_of = self._known[~late], live[~late]

    def _forget(self, slots: Index) -> None:
        kept = ~np.isin(self._slot_of, slots)
        self._known, self._slot_of = self._known[kept], self._slot_of[kept]


def grown(array: NDArray[T], rows: int) -> NDArray[T]:
    """The array with zeros added below until it has `rows` rows."""
    wider = np.zeros((rows, *array.shape[1:]), array.dtype)
    wider[: len(array)] = array
    return wider
