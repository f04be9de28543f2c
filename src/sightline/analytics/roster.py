"""Who is in the picture: one slot an object, kept through gaps and changes of identity.

Trackers lose people behind each other and give them a new number afterwards. A track that
appears where another one vanished a moment ago is taken for the same object and gets its
slot, and with it whatever an analytic remembers there: its side of a line, its visit to a
zone. Nobody comes from nowhere either: a track that begins in the middle of the picture was
somewhere before, and the roster says where.

The analytics of one camera share a roster, so that this is worked out once a picture.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.clock import LONG_S, Clock
from sightline.analytics.heirs import heirs
from sightline.analytics.keeping import State, packed, unpacked
from sightline.analytics.place import label_name
from sightline.analytics.slots import Ids, Index, Slots, grown
from sightline.analytics.trails import Trails, at_edge
from sightline.geometry.boxes import Anchor, anchor_matrix
from sightline.geometry.ground import Ground
from sightline.results import Detections
from sightline.wire.messages import Event, Place

_REACH_S = 0.5  # how far beyond its ends a track is drawn out, and how long it must be for that
_BLINK_S = 0.5  # the camera may be away for so long as if it had not been
_START_S = 1.0  # what is there when the pictures begin has not just appeared

Box = NDArray[np.float64]


class Roster:
    """Slots of the objects in the picture, and of those lost a moment ago.

    aspect    width / height of the picture; places are in units of the picture's height,
              x from 0 to `aspect`, so that a distance means the same in every direction
    memory_s  how long an unseen object keeps its slot
    mend      whether tracks are joined and drawn out; else they are believed as they come

    After `update`:
    slots     intp (N,): the slot of each row of the tracks
    fresh     slots that began with this picture: forget what was remembered there
    settled   slots that began a moment ago in the middle of the picture; see `way_in`
    gone      slots whose object was given up now; they are used again from the next picture
    track, label   identity and class index, by slot

    labels    class names, so that a state still means the same under another network
    ground    the floor in metres, where it is known
    """

    def __init__(self, aspect: float = 1.0, memory_s: float = 2.0, mend: bool = True) -> None:
        self.aspect = aspect
        self.memory_s = memory_s
        self._mend = mend
        self.clock = Clock()
        self.trails = Trails()
        self.slots: Index = np.empty(0, np.intp)
        self.fresh: list[int] = []
        self.settled: list[int] = []
        self.gone: list[int] = []
        self.track: Ids = np.empty(0, np.int64)
        self.label: NDArray[np.int32] = np.empty(0, np.int32)
        self.labels: Sequence[str] = ()
        self.ground: Ground | None = None
        self._table = Slots()
        self._began_s = 0.0  # when the pictures began, or began again after a restart
        self._away_s: float | None = None  # how long the camera was away, while that matters
        self._resuming = False
        self._young: deque[tuple[float, int]] = deque()
        self._picture: tuple[Detections, int] | None = None
        self._matrices: dict[Anchor, NDArray[np.float64]] = {}
        self._places: dict[Anchor, NDArray[np.float64]] = {}
        self._floor: dict[Anchor, NDArray[np.float64]] = {}

    @property
    def capacity(self) -> int:
        """Rows that an array by slot needs."""
        return self._table.capacity

    def update(self, tracks: Detections, time_ns: int) -> None:
        """Take in one picture; the same picture given again changes nothing."""
        if self._picture is not None and tracks is self._picture[0] and time_ns == self._picture[1]:
            return
        assert tracks.track_ids is not None, "analytics need tracks"
        self._picture = (tracks, time_ns)
        self._table.free(self.gone)
        self.fresh, self.settled, self.gone = [], [], []
        self._places.clear()
        self._floor.clear()
        if self._resuming:
            self._resume(time_ns)
        self.slots, known = self._table.find(tracks.track_ids)
        self.clock.advance(time_ns, lambda: bool(known.any()))
        now_s = self.clock.now_s
        if np.count_nonzero(known) < len(known):
            self._admit(tracks, np.flatnonzero(~known))
            self.slots, _ = self._table.find(tracks.track_ids)
        self.trails.see(self.slots, tracks.boxes, now_s)
        if self._young:
            self._settle()
        if self._away_s is not None and now_s > self._began_s + self.memory_s:
            self._away_s = None
        if len(self.slots) < len(self._table.ids):
            late = self.trails.seen_s[self._table.taken] < now_s - self._patience_s
            if late.any():
                self.gone += self._table.forget(late)

    @property
    def _patience_s(self) -> float:
        return self.memory_s + (self._away_s or 0.0)

    def state(self) -> State:
        """Everybody and where they are, for `restore`, as plain JSON values."""
        return {
            "aspect": self.aspect,
            "labels": list(self.labels),
            "clock": self.clock.state(),
            "trails": self.trails.state(),
            "slots": self._table.state() | {"gone": list(self.gone)},
            "track": packed(self.track),
            "label": packed(self.label),
            "young": [[born_s, slot] for born_s, slot in self._young],
            "began_s": self._began_s,
        }

    def restore(self, state: State, same_tracks: bool = False) -> None:
        """Go on from a state, before the first picture.

        Unless they are the `same_tracks`, identities begin anew after a restart. Then a track
        that begins near where somebody was is that somebody, at the picture's edge too, for
        as long as a track's gap is mended; the others are gone since they were seen last.
        After more than a minute away nobody is known any more.
        """
        slots = state["slots"]
        table, trails, clock = Slots(), Trails(), Clock()
        table.restore(slots | {"free": slots["free"] + slots["gone"]})
        trails.restore(state["trails"])
        clock.restore(state["clock"])
        track, label = unpacked(state["track"]), _relabelled(state, self.labels)
        if not len(track) == len(label) == len(trails.seen_s) == table.capacity:
            raise ValueError("a roster of several lengths")
        self._young = deque((float(born_s), int(slot)) for born_s, slot in state["young"])
        self._began_s = float(state["began_s"])
        self._table, self.trails, self.clock, self.track, self.label = (
            table, trails, clock, track, label,
        )  # fmt: skip
        if not same_tracks:
            table.rename()
            self._resuming = True

    def _resume(self, time_ns: int) -> None:
        self._resuming = False
        away_s = self.clock.resume(time_ns)
        if away_s > LONG_S:
            self.gone += self._table.forget(np.ones(len(self._table.ids), np.bool_))
            self._young.clear()
        else:
            self._away_s = max(0.0, away_s - _BLINK_S)
        self._began_s = self.clock.now_s + min(max(0.0, away_s), LONG_S)

    def places(self, anchor: Anchor) -> NDArray[np.float64]:
        """Where the objects stand, (N, 2): x 0..aspect, y 0..1."""
        found = self._places.get(anchor)
        if found is None:
            assert self._picture is not None
            found = self._places[anchor] = self._picture[0].boxes.dot(self._matrix(anchor))
        return found

    def floor(self, anchor: Anchor) -> NDArray[np.float64]:
        """Where the objects stand in metres, (N, 2); NaN above the horizon."""
        found = self._floor.get(anchor)
        if found is None:
            assert self.ground is not None, "the floor is not known"
            found = self._floor[anchor] = self.ground.to_floor(
                self.places(anchor) / [self.aspect, 1]
            )
        return found

    def heights(self, slots: Index) -> NDArray[np.float32]:
        """Heights (L,) of the newest boxes of some objects."""
        boxes = self.trails.last(slots)
        return boxes[:, 3] - boxes[:, 1]

    def last_place(self, slot: int, anchor: Anchor) -> Place:
        """Where an object was seen last, in fractions of the picture."""
        x, y = (self.trails.last(np.array([slot])) @ anchor_matrix(anchor))[0]
        return float(x), float(y)

    def event(
        self,
        kind: str,
        slot: int,
        at_s: float,
        name: str,
        anchor: Anchor,
        labels: Sequence[str],
        data: dict[str, object],
    ) -> Event:
        """Something that an object did at a moment of the analytics' clock, where it was last
        seen; `name` is that of the place or question."""
        return Event(
            kind=kind,
            time_ns=self.clock.time_ns(at_s),
            name=name,
            track=int(self.track[slot]),
            label=label_name(labels, int(self.label[slot])),
            place=self.last_place(slot, anchor),
            data=data,
        )

    def last_places(self, slots: Index, anchor: Anchor) -> NDArray[np.float64]:
        """Where objects were seen last (L, 2), in fractions of the picture."""
        places: NDArray[np.float64] = self.trails.last(slots) @ anchor_matrix(anchor)
        return places

    def way_in(self, slot: int, anchor: Anchor) -> NDArray[np.float64]:
        """From where a settled object must have come to where it was seen first, (2, 2)."""
        first = self.trails.first[slot]
        before = first - self.trails.headings(np.array([slot]))[0] * _REACH_S
        return np.stack([before, first]) @ self._matrix(anchor)

    def way_out(self, slot: int, anchor: Anchor) -> NDArray[np.float64]:
        """From where an object that is gone was seen last to where it must have gone, (2, 2).

        Both are the same where that cannot be told: it left the picture, or was seen too
        shortly.
        """
        last = self.trails.last(np.array([slot]))
        after = last.astype(np.float64)
        seen_for = self.trails.seen_s[slot] - self.trails.born_s[slot]
        if self._mend and seen_for >= _REACH_S and not at_edge(last)[0]:
            after += self.trails.headings(np.array([slot])) * _REACH_S
        return np.concatenate([last, after]) @ self._matrix(anchor)

    def _matrix(self, anchor: Anchor) -> NDArray[np.float64]:
        if anchor not in self._matrices:
            self._matrices[anchor] = anchor_matrix(anchor) * [self.aspect, 1]
        return self._matrices[anchor]

    def _admit(self, tracks: Detections, rows: Index) -> None:
        ids = tracks.track_ids
        assert ids is not None
        now_s, table = self.clock.now_s, self._table
        born, first = np.unique(ids[rows], return_index=True)
        boxes, labels = tracks.boxes[rows[first]], tracks.labels[rows[first]]
        lost = table.taken[:0]
        if self._mend and len(table.ids):
            lost = table.taken[~np.isin(table.ids, ids)]
            lost = lost[self.trails.seen_s[lost] >= now_s - self._patience_s]
        slots = heirs(
            self.trails,
            lost,
            self.label[lost],
            boxes,
            labels,
            now_s,
            self.aspect,
            resumed=self._away_s is not None,
        )
        for number, slot in enumerate(slots):
            if slot < 0:
                slots[number] = self._begin(boxes[number])
        where = np.array(slots, np.intp)
        table.give(born, where)
        self.track[where], self.label[where] = born, labels

    def _begin(self, box: NDArray[np.float32]) -> int:
        slot, now_s = self._table.open(), self.clock.now_s
        self.track = grown(self.track, self.capacity)
        self.label = grown(self.label, self.capacity)
        self.trails.begin(slot, box, now_s, self.capacity)
        self.fresh.append(slot)
        if self._mend and now_s > self._began_s + _START_S and not at_edge(box[None])[0]:
            self._young.append((now_s, slot))
        return slot

    def _settle(self) -> None:
        now_s, trails = self.clock.now_s, self.trails
        while self._young and self._young[0][0] <= now_s - _REACH_S:
            born_s, slot = self._young.popleft()
            if trails.born_s[slot] == born_s and trails.seen_s[slot] > born_s + _REACH_S / 2:
                self.settled.append(slot)


def _relabelled(state: State, labels: Sequence[str]) -> NDArray[np.int32]:
    """Class indices by slot, by the names as they are now; -1 where a name is no more."""
    label, before = unpacked(state["label"]), list(state["labels"])
    if not labels or before == list(labels)[: len(before)]:
        return label
    now = {name: index for index, name in enumerate(labels)}
    table = np.array([*(now.get(name, -1) for name in before), -1], np.int32)
    known = (label >= 0) & (label < len(before))
    return table[np.where(known, label, len(before))]
