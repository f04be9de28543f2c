"""Scores of classes to the few candidates that are worth a box."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.nms import MOST, suppress
from sightline.results import Detections
from sightline.results.detections import Boxes

_FARTHEST = np.float32(1000)  # in tensors; a damaged network may point anywhere
_EVERY = 1 << 20


class Selection:
    """Keeps what the configuration asks for; shared by the decoders of one camera.

    wanted  indices of the classes to keep; None keeps all
    count   of classes that have a name; None where it does not matter
    """

    def __init__(
        self, config: DecodeConfig, wanted: frozenset[int] | None, count: int | None = None
    ) -> None:
        self.score = np.float32(config.score)
        self._iou = config.iou
        self._limit = config.limit
        self._every_class = config.every_class
        self._count = count or _EVERY
        self._wanted = None if wanted is None else np.array(sorted(wanted), np.intp)
        self._looked_at: dict[int, slice | NDArray[np.intp]] = {}

    def peaks(self, planes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of class scores (C, N): the best of the wanted classes of each cell."""
        peaks: NDArray[np.float32] = planes[self._columns(len(planes))].max(0, initial=-np.inf)
        return peaks

    def best(
        self, scores: NDArray[np.float32], weights: NDArray[np.float32] | None = None
    ) -> tuple[NDArray[np.intp], Detections]:
        """Of class scores (N, C): the rows that score high enough, and their best class.

        weights  (N, 1), multiplied with the scores
        The detections have no boxes yet (all zero); `finish` adds them, and drops NaN.
        """
        columns = self._columns(scores.shape[1])
        scores = scores[:, columns]
        if weights is not None:
            scores = scores * weights
        rows, labels = self._passing(scores)
        peaks = scores[rows, labels]
        if len(rows) > MOST:  # the rest would not be compared anyway, and needs no boxes
            top = np.sort(np.argpartition(-peaks, MOST)[:MOST])
            rows, labels, peaks = rows[top], labels[top], peaks[top]
        labels = labels + columns.start if isinstance(columns, slice) else columns[labels]
        boxes = np.zeros((len(rows), 4), np.float32)
        return rows, Detections(boxes, peaks, labels.astype(np.int32))

    def _passing(self, scores: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Row and column of what is reported; most rows hold nothing and are looked at once."""
        rows, labels = np.divmod((scores >= self.score).ravel().nonzero()[0], scores.shape[1] or 1)
        if self._every_class or scores.shape[1] < 2:
            return rows, labels
        rows = np.concatenate([rows[:1], rows[1:][rows[1:] != rows[:-1]]])
        return rows, scores[rows].argmax(1)

    def _columns(self, classes: int) -> slice | NDArray[np.intp]:
        """Which of so many classes are looked at: a slice, and so no copy, where they adjoin."""
        found = self._looked_at.get(classes)
        if found is None:
            every = np.arange(min(classes, self._count))
            chosen = every if self._wanted is None else np.intersect1d(self._wanted, every)
            adjoin = len(chosen) > 0 and chosen[-1] - chosen[0] == len(chosen) - 1
            found = slice(int(chosen[0]), int(chosen[-1]) + 1) if adjoin else chosen
            self._looked_at[classes] = found
        return found

    def keep(self, detections: Detections) -> Detections:
        """Of ready detections those that score high enough and are of a wanted class."""
        labels = detections.labels
        mask = (detections.scores >= self.score) & (labels >= 0) & (labels < self._count)
        if self._wanted is not None:
            mask &= np.isin(labels, self._wanted)
        found = self._sound(detections[mask])
        return found[np.argsort(-found.scores, kind="stable")[: self._limit]]

    def finish(self, boxes: Boxes, found: Detections) -> Detections:
        """`found` with `boxes`, after suppression; what is not finite or has no area goes."""
        if not len(found):
            return found
        whole = self._sound(replace(found, boxes=boxes))
        return whole[suppress(whole.boxes, whole.scores, whole.labels, self._iou, self._limit)]

    def _sound(self, detections: Detections) -> Detections:
        """Those whose box is near, finite and has an area, with scores of at most 1."""
        boxes, scores = detections.boxes, detections.scores
        low, high = boxes[:, :2], boxes[:, 2:]
        sound = ((high > low) & (low > -_FARTHEST) & (high < _FARTHEST)).all(1)
        sound &= scores >= self.score
        over = scores > 1
        if over.any():
            detections = replace(detections, scores=np.where(over, np.float32(1), scores))
        return detections if sound.all() else detections[sound]
