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

    def peaks(self, planes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of class scores (C, N): the best of the wanted classes of each cell."""
        chosen = planes[: self._count] if self._wanted is None else planes[self._within(planes)]
        peaks: NDArray[np.float32] = chosen.max(0, initial=-np.inf)
        return peaks

    def best(
        self, scores: NDArray[np.float32], weights: NDArray[np.float32] | None = None
    ) -> tuple[NDArray[np.intp], Detections]:
        """Of class scores (N, C): the rows that score high enough, and their best class.

        weights  (N, 1), multiplied with the scores
        The detections have no boxes yet (all zero); `finish` adds them, and drops NaN.
        """
        wanted = None if self._wanted is None else self._within(scores.T)
        scores = scores[:, : self._count] if wanted is None else scores[:, wanted]
        if weights is not None:
            scores = scores * weights
        rows, labels = np.divmod(np.flatnonzero(scores >= self.score), scores.shape[1] or 1)
        if not self._every_class and len(rows):
            rows = rows[np.r_[True, rows[1:] > rows[:-1]]]
            labels = scores[rows].argmax(1)
        peaks = scores[rows, labels]
        if len(rows) > MOST:  # the rest would not be compared anyway, and needs no boxes
            top = np.sort(np.argpartition(-peaks, MOST)[:MOST])
            rows, labels, peaks = rows[top], labels[top], peaks[top]
        if wanted is not None:
            labels = wanted[labels]
        boxes = np.zeros((len(rows), 4), np.float32)
        return rows, Detections(boxes, peaks, labels.astype(np.int32))

    def _within(self, planes: NDArray[np.float32]) -> NDArray[np.intp]:
        assert self._wanted is not None
        return self._wanted[self._wanted < len(planes)]

    def keep(self, detections: Detections) -> Detections:
        """Of ready detections those that score high enough and are of a wanted class."""
        labels = detections.labels
        mask = (detections.scores >= self.score) & (labels >= 0) & (labels < self._count)
        if self._wanted is not None:
            mask &= np.isin(labels, self._wanted)
        sound = self._sound(detections[mask])
        return sound[np.argsort(-sound.scores, kind="stable")[: self._limit]]

    def finish(self, boxes: Boxes, found: Detections) -> Detections:
        """`found` with `boxes`, after suppression; what is not finite or has no area goes."""
        whole = self._sound(replace(found, boxes=boxes))
        stay = suppress(whole.boxes, whole.scores, whole.labels, self._iou, self._limit)
        return whole[stay]

    def _sound(self, detections: Detections) -> Detections:
        """Those whose box is near, finite and has an area, with scores of at most 1."""
        boxes = detections.boxes
        sound = (boxes[:, 2:] > boxes[:, :2]).all(1) & (np.abs(boxes) < _FARTHEST).all(1)
        sound &= detections.scores >= self.score
        scores = np.minimum(detections.scores, np.float32(1))
        return replace(detections, scores=scores)[sound]
