"""People who walk from one camera into the next stay one person: by place and time on the floor.

Each camera's tracks are put on the shared floor. A new track is compared with everybody who is not
followed by that camera already: where they are now, where several cameras see the same floor; or
where they were lost and which way they walked, where cameras do not meet. The nearest in shares of
what the errors and the gap allow goes on as the same person, closest first; where networks give
appearance vectors, those who look different are not taken for each other, and the vectors go no
further than here. Who drifts apart from what another camera says was mistaken, and becomes two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.ground import Ground
from sightline.results import Detections

Place = NDArray[np.float64]
Key = tuple[str, int]

_SETTLE_S = 0.4  # a new track is looked at for so long before it is somebody
_FRESH_S = 0.5  # what was seen longer ago is not seen now
_BODY_M = 0.3  # a box's foot is as sure as that, whatever the calibration
_SIGMAS = 3.0
_STRAY_MPS = 0.8  # how much the walk of who is not seen may differ from what it was
_AHEAD_S = 1.5  # for so long they are thought to walk on as they did
_UNLIKE = 0.5  # cosine distance of appearances from which on they are others
_APART_S = 1.0
_PACE_S = 1.0  # a pace is taken over so long
_TALL_M, _WIDE_M = 1.7, 0.6


@dataclass(slots=True)
class _Track:
    """One camera's view of somebody."""

    label: int
    begun_s: float
    at_s: float
    place: Place
    error_m: float
    pace: Place
    vector: NDArray[np.float32] | None = None
    person: int | None = None
    apart_s: float = 0.0
    past: list[tuple[float, float, float]] = field(default_factory=list)


@dataclass(slots=True)
class _Person:
    label: int
    at_s: float
    place: Place
    error_m: float
    pace: Place
    tracks: dict[str, int]
    vector: NDArray[np.float32] | None = None


class Across:
    """`see` what each camera sees, in the order of time; `people` are those on the floor now.

    grounds   by camera: where it sees the shared floor
    memory_s  who was not seen by any camera for longer is somebody new
    """

    def __init__(self, grounds: Mapping[str, Ground], memory_s: float = 10.0) -> None:
        self.memory_s = memory_s
        self._grounds = grounds
        self._tracks: dict[Key, _Track] = {}
        self._people: dict[int, _Person] = {}
        self._next = 1
        self._now_s = self._pruned_s = 0.0

    def see(
        self,
        camera: str,
        tracks: Detections,
        time_ns: int,
        vectors: NDArray[np.float32] | None = None,
    ) -> None:
        """One picture of a camera. `vectors` (N, D) are of unit length, where there are any."""
        assert tracks.track_ids is not None
        now_s = self._now_s = max(self._now_s, time_ns / 1e9)
        ground = self._grounds[camera]
        feet = tracks.boxes[:, [0, 3]].astype(np.float64)
        feet[:, 0] = (tracks.boxes[:, 0] + tracks.boxes[:, 2]) / 2
        places = ground.to_floor(feet)
        errors = np.sqrt((ground.slopes(feet) ** 2).sum(axis=(1, 2))) * ground.error + _BODY_M
        rows = np.flatnonzero(np.isfinite(places).all(axis=1))
        for row, number in zip(rows.tolist(), tracks.track_ids[rows].tolist(), strict=True):
            track = self._tracks.get((camera, number))
            if track is None or now_s - track.at_s > self.memory_s:
                track = self._tracks[camera, number] = _Track(
                    int(tracks.labels[row]), now_s, now_s, places[row], 0.0, np.zeros(2)
                )
            _follow(track, now_s, places[row], float(errors[row]))
            if vectors is not None:
                track.vector = vectors[row]
        self._join(camera)
        self._fuse()
        if now_s > self._pruned_s + self.memory_s:
            self._prune()

    def people(self, since_s: float = _FRESH_S) -> dict[int, tuple[float, float]]:
        """Where those are who were seen a moment ago, in metres, by number."""
        return {
            number: (float(person.place[0]), float(person.place[1]))
            for number, person in self._people.items()
            if self._now_s - person.at_s <= since_s
        }

    def person(self, camera: str, track: int) -> int | None:
        """Which person a camera's track is; None while that is not decided."""
        known = self._tracks.get((camera, track))
        return known.person if known else None

    def picture(self, low: Place, high: Place, flip: bool) -> Detections:
        """Everybody as a camera above would see them whose picture is the floor from low to high.

        The foot of each box is where the person stands. `flip`: y of the floor runs upwards.
        """
        here = self.people()
        numbers = list(here)
        places = (np.array([here[n] for n in numbers]).reshape(-1, 2) - low) / (high - low)
        if flip:
            places[:, 1] = 1 - places[:, 1]
        inside = ((places >= 0) & (places <= 1)).all(axis=1)
        wide, tall = np.array([_WIDE_M / 2, _TALL_M]) / (high - low)
        x, y = places[inside].T
        boxes = np.stack([x - wide, y - tall, x + wide, y], axis=1).astype(np.float32)
        kept = np.array(numbers, np.int64)[inside]
        labels = np.array([self._people[n].label for n in kept.tolist()], np.int32)
        return Detections(boxes, np.ones(len(kept), np.float32), labels, kept)

    def _join(self, camera: str) -> None:
        """Give this camera's new tracks to the people who are likeliest to be them."""
        now_s = self._now_s
        new = [
            (number, track)
            for (whose, number), track in self._tracks.items()
            if whose == camera and track.person is None and track.at_s == now_s
        ]
        ready = [(n, t) for n, t in new if now_s - t.begun_s >= _SETTLE_S]
        if not ready:
            return
        pairs = [
            (away, number, person)
            for number, track in ready
            for person in self._people
            if (away := self._away(camera, track, self._people[person])) <= 1
        ]
        taken: set[int] = set()
        for _, number, person in sorted(pairs):
            track = self._tracks[camera, number]
            if track.person is None and person not in taken:
                taken.add(person)
                self._people[person].tracks[camera] = number
                track.person = person
        for number, track in ready:
            if track.person is None:
                self._begin(camera, number, track)

    def _begin(self, camera: str, number: int, track: _Track) -> None:
        track.person, self._next = self._next, self._next + 1
        track.apart_s = 0.0
        self._people[track.person] = _Person(
            track.label, track.at_s, track.place, track.error_m, track.pace, {camera: number},
            track.vector,
        )  # fmt: skip

    def _away(self, camera: str, track: _Track, person: _Person) -> float:
        """How far a track is from a person, in shares of what may be; above 1 it is not them."""
        gap_s = max(0.0, self._now_s - person.at_s)
        held = person.tracks.get(camera)
        if held is not None and self._now_s - self._tracks[camera, held].at_s <= _FRESH_S:
            return np.inf
        if gap_s > self.memory_s or track.label != person.label:
            return np.inf
        # A person lost a while ago walked on; so may the track's own way back to then tell.
        expected = person.place + person.pace * min(gap_s, _AHEAD_S)
        allowed = _SIGMAS * np.hypot(track.error_m, person.error_m) + _STRAY_MPS * gap_s
        share = float(np.hypot(*(track.place - expected))) / float(allowed)
        if track.vector is None or person.vector is None:
            return share
        unlike = 1 - float(track.vector @ person.vector)
        return np.inf if unlike > _UNLIKE else (share + unlike / _UNLIKE) / 2

    def _fuse(self) -> None:
        """Where everybody is: the mean of what cameras say now, weighed by how sure they are."""
        now_s = self._now_s
        for number, person in list(self._people.items()):
            seen = [
                (camera, one, track)
                for camera, one in person.tracks.items()
                if now_s - (track := self._tracks[camera, one]).at_s <= _FRESH_S
            ]
            if not seen:
                if now_s - person.at_s > self.memory_s:
                    self._forget(number)
                continue
            if len(seen) > 1 and self._parted(person, seen):
                continue
            weights = np.array([track.error_m**-2 for _, _, track in seen])
            weights /= weights.sum()
            person.place = weights @ np.array([track.place for _, _, track in seen])
            person.pace = weights @ np.array([track.pace for _, _, track in seen])
            person.error_m = float(np.sqrt(weights @ [track.error_m**2 for _, _, track in seen]))
            person.at_s = max(track.at_s for _, _, track in seen)
            person.vector = next(
                (t.vector for *_, t in seen if t.vector is not None), person.vector
            )

    def _parted(self, person: _Person, seen: list[tuple[str, int, _Track]]) -> bool:
        """Whether the youngest of a person's tracks turned out to be somebody else."""
        camera, number, last = max(seen, key=lambda item: item[2].begun_s)
        others = [track for *_, track in seen if track is not last]
        gap = min(float(np.hypot(*(last.place - track.place))) for track in others)
        error = max(float(np.hypot(last.error_m, track.error_m)) for track in others)
        if gap <= _SIGMAS * error:
            last.apart_s = 0.0
            return False
        last.apart_s = last.apart_s or self._now_s
        if self._now_s - last.apart_s < _APART_S:
            return False
        del person.tracks[camera]
        self._begin(camera, number, last)
        return True

    def _prune(self) -> None:
        """Drop the tracks that ended long ago, of people who are still there too."""
        self._pruned_s = self._now_s
        for key, track in list(self._tracks.items()):
            if track.at_s < self._now_s - self.memory_s:
                del self._tracks[key]
                person = self._people.get(track.person or 0)
                if person and person.tracks.get(key[0]) == key[1]:
                    del person.tracks[key[0]]

    def _forget(self, number: int) -> None:
        for camera, track in self._people.pop(number).tracks.items():
            self._tracks.pop((camera, track), None)


def _follow(track: _Track, now_s: float, place: Place, error_m: float) -> None:
    past = track.past
    past.append((now_s, float(place[0]), float(place[1])))
    while past[0][0] < now_s - _PACE_S:
        past.pop(0)
    if now_s - past[0][0] >= _SETTLE_S / 2:
        times, *ways = np.array(past).T
        off = times - times.mean()
        track.pace = np.array([off @ way for way in ways]) / (off @ off)
    track.at_s, track.place, track.error_m = now_s, place, error_m
