"""Many pictures one after another, their objects side by side as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sightline.results.detections import Detections

Probes = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """k pictures with N objects in all, which have identities.

    times    int64 (k,): nanoseconds
    offsets  int64 (k + 1,): the objects of picture i are offsets[i] to offsets[i + 1]
    objects  all N, without keypoints, masks and probes
    probes   by number of the picture: what was read off it
    """

    times: NDArray[np.int64]
    offsets: NDArray[np.int64]
    objects: Detections
    probes: Mapping[int, Probes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.times)

    def picture(self, number: int) -> Detections:
        """The objects of one picture; its arrays are views."""
        part = slice(self.offsets[number], self.offsets[number + 1])
        objects = self.objects
        assert objects.track_ids is not None
        return Detections(
            objects.boxes[part],
            objects.scores[part],
            objects.labels[part],
            objects.track_ids[part],
            probes=self.probes.get(number) if self.probes else None,
        )

    def part(self, begin: int, end: int) -> Stretch:
        """Some of the pictures."""
        first, last = self.offsets[[begin, end]].tolist()
        probes = {n - begin: told for n, told in self.probes.items() if begin <= n < end}
        offsets = self.offsets[begin : end + 1] - first
        return Stretch(self.times[begin:end], offsets, self.objects[first:last], probes)

    def only(self, kept: NDArray[np.intp]) -> Stretch:
        """The same pictures with these objects, given by row in order."""
        return replace(self, offsets=kept.searchsorted(self.offsets), objects=self.objects[kept])


def stretches(rows: Iterable[tuple[int, Detections]], most: int = 4096) -> Iterator[Stretch]:
    """Pictures (time, tracks) gathered, so many at a time."""
    held: list[tuple[int, Detections]] = []
    for row in rows:
        held.append(row)
        if len(held) >= most:
            yield _gathered(held)
            held = []
    if held:
        yield _gathered(held)


def _gathered(rows: Sequence[tuple[int, Detections]]) -> Stretch:
    seen = [tracks for _, tracks in rows]
    return Stretch(
        np.array([time_ns for time_ns, _ in rows], np.int64),
        np.cumsum([0, *map(len, seen)], dtype=np.int64),
        _together(seen),
        {number: tracks.probes for number, tracks in enumerate(seen) if tracks.probes},
    )


def _together(seen: Sequence[Detections]) -> Detections:
    ids = [one.track_ids for one in seen if one.track_ids is not None]
    assert len(ids) == len(seen), "a stretch needs tracks"
    return Detections(
        np.concatenate([one.boxes for one in seen]),
        np.concatenate([one.scores for one in seen]),
        np.concatenate([one.labels for one in seen]),
        np.concatenate(ids),
    )
