"""The one value that every stage between network and analytics takes and returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.fit import Placement

Boxes = NDArray[np.float32]
Scores = NDArray[np.float32]
Labels = NDArray[np.int32]
TrackIds = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """N objects of one picture, as a struct of arrays with one row an object.

    boxes      float32 (N, 4): x1, y1, x2, y2, fractions of the full sensor image, origin top
               left. May reach beyond 0..1 where an object is cut by the edge.
    scores     float32 (N,), 0..1
    labels     int32 (N,), an index into the model's list of class names
    track_ids  int64 (N,), positive, or None before tracking
    keypoints  float32 (N, K, 3): x, y (fractions as above), score; or None
    masks      bool (N, H, W) over the box of each object; or None
    probes     numbers that were read off the same picture, by what they are called; or None

    Index it as NumPy does: `detections[detections.scores > 0.5]`, `detections[[0, 2]]`.
    An integer gives a value of one row. Arrays are not copied on the way in.
    """

    boxes: Boxes
    scores: Scores
    labels: Labels
    track_ids: TrackIds | None = None
    keypoints: NDArray[np.float32] | None = None
    masks: NDArray[np.bool_] | None = None
    probes: Mapping[str, Sequence[float]] | None = None

    @classmethod
    def empty(cls, tracked: bool = False) -> Detections:
        """No object at all; `tracked` gives it an (empty) array of track ids."""
        return cls(
            np.empty((0, 4), np.float32),
            np.empty(0, np.float32),
            np.empty(0, np.int32),
            np.empty(0, np.int64) if tracked else None,
        )

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, index: Any) -> Detections:
        if isinstance(index, (int, np.integer)):
            index = [index]
        columns = (self.boxes, self.scores, self.labels)
        optional = (self.track_ids, self.keypoints, self.masks)
        boxes, scores, labels = (column[index] for column in columns)
        tracks, points, masks = (None if one is None else one[index] for one in optional)
        return Detections(boxes, scores, labels, tracks, points, masks, self.probes)

    def placed(self, placement: Placement) -> Detections:
        """The same objects, given as fractions of a tensor, as fractions of the sensor image."""
        points = self.keypoints
        return replace(
            self,
            boxes=placement.to_sensor(self.boxes),
            keypoints=None if points is None else placement.points_to_sensor(points),
        )

    def with_tracks(self, track_ids: TrackIds) -> Detections:
        """The same objects with identities."""
        return replace(self, track_ids=track_ids)
