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
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.clock import LONG_S, Clock
from sightline.analytics.heirs import heirs
from sightline.analytics.keeping import State, packed, relabelled, unpacked
from sightline.analytics.place import label_name
from sightline.analytics.slots import Ids, Index, Slots, grown
from sightline.analytics.trails import Trails, at_edge
from sightline.geometry.boxes import Anchor, anchor_matrix, places
from sightline.geometry.ground import Ground
from sightline.results import Detections
from sightline.wire.messages import Event, Place

if TYPE_CHECKING:
    from sightline.analytics.ahead import Ahead
    from sightline.analytics.sight import Glimpse

REACH_S = 0.5  # how far beyond its ends a track is drawn out, and how long it must be for that
_BLINK_S = 0.5  # the camera may be away for so long as if it had not been
_START_S = 1.0  # what is there when the pictures begin has not just appeared

Box = NDArray[np.float64]
Mark: TypeAlias = tuple[State, NDArray[np.float32], NDArray[np.float64]]


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

    table     who has which slot
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
        self.table = Slots()
        self._began_s = 0.0  # when the pictures began, or began again after a restart
        self._away_s: float | None = None  # how long the camera was away, while that matters
        self._resuming = False
        self._young: deque[tuple[float, int]] = deque()
        self._picture: tuple[Detections, int] | None = None
        self._shown: tuple[Ahead, int] | None = None
        self.glimpse: Glimpse | None = None  # of somebody, shown ahead of the time
        self._sprung: dict[int, bool] = {}  # whether a slot's object began off the picture's edge
        self._ways: dict[tuple[int, str], Box] = {}  # of those who settled or are gone
        self._places: dict[Anchor, NDArray[np.float64]] = {}
        self._floor: dict[Anchor, NDArray[np.float64]] = {}

    @property
    def capacity(self) -> int:
        """Rows that an array by slot needs."""
        return self.table.capacity

    def update(self, tracks: Detections, time_ns: int) -> None:
        """Take in one picture; the same picture given again changes nothing."""
        if self._picture is not None and tracks is self._picture[0] and time_ns == self._picture[1]:
            return
        assert tracks.track_ids is not None, "analytics need tracks"
        self._picture = (tracks, time_ns)
        self.table.free(self.gone)
        self.fresh, self.settled, self.gone = [], [], []
        self._places.clear()
        self._floor.clear()
        self._ways.clear()
        if self._resuming:
            self._resume(time_ns)
        self.slots, known = self.table.find(tracks.track_ids)
        self.clock.advance(time_ns, lambda: bool(known.any()))
        now_s = self.clock.now_s
        if np.count_nonzero(known) < len(known):
            self._admit(tracks, np.flatnonzero(~known))
            self.slots, _ = self.table.find(tracks.track_ids)
        self.trails.see(self.slots, tracks.boxes, now_s)
        if self._young:
            self._settle()
        if self._away_s is not None and now_s > self._began_s + self.memory_s:
            self._away_s = None
        if len(self.slots) < len(self.table.ids):
            late = self.trails.seen_s[self.table.taken] < now_s - self._patience_s
            if late.any():
                self.gone += self.table.forget(late)

    @property
    def unsettled(self) -> bool:
        """Whether the camera was away a moment ago, so that patience changes by the picture."""
        return self._resuming or self._away_s is not None

    def follow(self, ahead: Ahead, begin: int, end: int) -> int:
        """Give objects of the next pictures their slots, as far as nobody new comes or settles.

        Returns in front of which picture that is; those before need `pass_over` only.
        """
        if self._young:
            late_s = ahead.now_s[begin:end] - REACH_S
            end = begin + int(late_s.searchsorted(self._young[0][0]))
        ids = ahead.film.objects.track_ids
        assert ids is not None
        part = slice(ahead.offsets[begin], ahead.offsets[end])
        ahead.slots[part], known = self.table.find(ids[part])
        if np.count_nonzero(known) < len(known):
            end = int(ahead.frames[part.start + known.argmin()])
        self._rest()
        return end

    def pass_over(self, ahead: Ahead, begin: int, end: int) -> None:
        """Take in pictures that `follow` allowed."""
        film = ahead.film
        part = slice(ahead.offsets[begin], ahead.offsets[end])
        self.clock.show(int(film.times[end - 1]), ahead.elapsed_ns[end - 1])
        self.trails.see_many(
            ahead.slots[part],
            film.objects.boxes[part],
            ahead.frames[part] - begin,
            ahead.now_s[begin:end],
        )
        self.show(ahead, end - 1)

    def mark(self) -> Mark:
        """Where to `go_back` to after pictures were shown ahead of their time."""
        return self.clock.state(), *self.trails.newest()

    def go_back(self, mark: Mark) -> None:
        """As if nothing had been shown since."""
        clock, newest, seen_s = mark
        self.clock.restore(clock)
        self.trails.show(np.arange(len(newest)), newest, seen_s)

    def _rest(self) -> None:
        """Nobody comes or goes."""
        self._picture = None
        self.table.free(self.gone)
        self.fresh, self.settled, self.gone = [], [], []

    def seen(self) -> tuple[Index, Detections]:
        """The objects of the newest picture: their slots, and how they were seen."""
        if self._picture is not None:
            return self.slots, self._picture[0]
        if self._shown is not None:
            ahead, number = self._shown
            part = slice(ahead.film.offsets[number], ahead.film.offsets[number + 1])
            return ahead.slots[part], ahead.film.picture(number)
        return self.slots[:0], Detections.empty()

    def show(self, ahead: Ahead, number: int) -> None:
        """Let `seen` tell of a picture ahead of its time."""
        self._shown = ahead, number

    @property
    def mends(self) -> bool:
        """Whether tracks are joined and drawn out; else they are believed as they come."""
        return self._mend

    def came(self, slot: int) -> bool:
        """Whether an object was not there yet when the pictures began."""
        return bool(self.trails.born_s[slot] > self._began_s + _START_S)

    def appeared(self, slot: int) -> bool:
        """Whether it was first seen in the middle of the picture, out of nowhere."""
        if not (self._mend and self.came(slot)):
            return False
        inside = self._sprung.get(slot)
        if inside is None:
            inside = self._sprung[slot] = not at_edge(self.trails.first[slot][None])[0]
        return inside

    def vanished(self, slot: int) -> bool:
        """Whether an object that is gone was last seen in the middle of the picture."""
        return self._mend and not at_edge(self.trails.last(np.array([slot])))[0]

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
            "slots": self.table.state() | {"gone": list(self.gone)},
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
        track = unpacked(state["track"])
        label = relabelled(unpacked(state["label"]), state["labels"], self.labels)
        if not len(track) == len(label) == len(trails.seen_s) == table.capacity:
            raise ValueError("a roster of several lengths")
        self._young = deque((float(born_s), int(slot)) for born_s, slot in state["young"])
        self._began_s = float(state["began_s"])
        self.table, self.trails, self.clock, self.track, self.label = (
            table, trails, clock, track, label,
        )  # fmt: skip
        self._sprung.clear()
        if not same_tracks:
            table.rename()
            self._resuming = True

    def _resume(self, time_ns: int) -> None:
        self._resuming = False
        away_s = self.clock.resume(time_ns)
        if away_s > LONG_S:
            self.gone += self.table.forget(np.ones(len(self.table.ids), np.bool_))
            self._young.clear()
        else:
            self._away_s = max(0.0, away_s - _BLINK_S)
        self._began_s = self.clock.now_s + min(max(0.0, away_s), LONG_S)

    def places(self, anchor: Anchor) -> NDArray[np.float64]:
        """Where the objects stand, (N, 2): x 0..aspect, y 0..1."""
        found = self._places.get(anchor)
        if found is None:
            assert self._picture is not None
            boxes = self._picture[0].boxes
            found = self._places[anchor] = places(boxes, anchor, self.aspect)
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
        if self.glimpse is not None and self.glimpse.slot == slot:
            return self.glimpse.place
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
        return self._way("in", slot, anchor, self._drawn_in)

    def _drawn_in(self, slot: int) -> Box:
        first = self.trails.first[slot]
        before = first - self.trails.headings(np.array([slot]))[0] * REACH_S
        return np.stack([before, first])

    def way_out(self, slot: int, anchor: Anchor) -> NDArray[np.float64]:
        """From where an object that is gone was seen last to where it must have gone, (2, 2).

        Both are the same where that cannot be told: it left the picture, or was seen too
        shortly.
        """
        return self._way("out", slot, anchor, self._drawn_out)

    def _drawn_out(self, slot: int) -> Box:
        last = self.trails.last(np.array([slot]))
        after = last.astype(np.float64)
        seen_for = self.trails.seen_s[slot] - self.trails.born_s[slot]
        if self._mend and seen_for >= REACH_S and not at_edge(last)[0]:
            after += self.trails.headings(np.array([slot])) * REACH_S
        return np.concatenate([last, after])

    def _way(self, end: str, slot: int, anchor: Anchor, drawn: Callable[[int], Box]) -> Box:
        boxes = self._ways.get((slot, end))
        if boxes is None:
            boxes = self._ways[slot, end] = drawn(slot)
        return places(boxes, anchor, self.aspect)

    def _admit(self, tracks: Detections, rows: Index) -> None:
        ids = tracks.track_ids
        assert ids is not None
        now_s, table = self.clock.now_s, self.table
        born, first = np.unique(ids[rows], return_index=True)
        boxes, labels = tracks.boxes[rows[first]], tracks.labels[rows[first]]
        lost = table.taken[:0]
        if self._mend and len(table.ids):
            lost = table.taken[~table.among(ids)]
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
        slot, now_s = self.table.open(), self.clock.now_s
        self.track = grown(self.track, self.capacity)
        self.label = grown(self.label, self.capacity)
        self.trails.begin(slot, box, now_s, self.capacity)
        self._sprung.pop(slot, None)
        self.fresh.append(slot)
        if self._mend and now_s > self._began_s + _START_S and not at_edge(box[None])[0]:
            self._young.append((now_s, slot))
        return slot

    def _settle(self) -> None:
        now_s, trails = self.clock.now_s, self.trails
        while self._young and self._young[0][0] <= now_s - REACH_S:
            born_s, slot = self._young.popleft()
            if trails.born_s[slot] == born_s and trails.seen_s[slot] > born_s + REACH_S / 2:
                self.settled.append(slot)
