"""Scores of classes to the few candidates that are worth a box."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.nms import suppress
from sightline.results import Detections

Boxes = NDArray[np.float32]
BoxesOf = Callable[[NDArray[np.intp]], Boxes]


class Selection:
    """Keeps what the configuration asks for; shared by the decoders of one camera.

    wanted  indices of the classes to keep; None keeps all
    """

    def __init__(self, config: DecodeConfig, wanted: frozenset[int] | None) -> None:
        self.score = np.float32(config.score)
        self._iou = config.iou
        self._limit = config.limit
        self._every_class = config.every_class
        self._wanted = None if wanted is None else np.array(sorted(wanted), np.intp)

    def best(self, scores: NDArray[np.float32]) -> tuple[NDArray[np.intp], Detections]:
        """Of class scores (N, C): the rows that score high enough, and their best class.

        The detections have no boxes yet (all zero); `finish` adds them. NaN never passes.
        """
        wanted = self._wanted
        if wanted is not None:
            wanted = wanted[wanted < scores.shape[1]]
            scores = scores[:, wanted]
        if scores.shape[1] == 0:
            return np.empty(0, np.intp), Detections.empty()
        if self._every_class:
            rows, labels = np.nonzero(scores >= self.score)
        else:
            labels = scores.argmax(1)
            rows = np.flatnonzero(scores[np.arange(len(scores)), labels] >= self.score)
            labels = labels[rows]
        peaks = scores[rows, labels]
        if wanted is not None:
            labels = wanted[labels]
        boxes = np.zeros((len(rows), 4), np.float32)
        return rows, Detections(boxes, peaks, labels.astype(np.int32))

    def keep(self, detections: Detections) -> Detections:
        """Of ready detections those that score high enough and are of a wanted class."""
        mask = detections.scores >= self.score
        if self._wanted is not None:
            mask &= np.isin(detections.labels, self._wanted)
        return self.tidy(detections[mask])

    def finish(self, boxes: Boxes, found: Detections) -> Detections:
        """`found` with `boxes`, after suppression; what is not finite or has no area goes."""
        whole = self.tidy(Detections(boxes, found.scores, found.labels), sort=False)
        stay = suppress(whole.boxes, whole.scores, whole.labels, self._iou, self._limit)
        return whole[stay]

    def tidy(self, detections: Detections, *, sort: bool = True) -> Detections:
        """Only finite boxes with an area; best score first and at most the limit if `sort`."""
        boxes = detections.boxes
        sound = np.isfinite(boxes).all(1) & (boxes[:, 2:] > boxes[:, :2]).all(1)
        sound &= np.isfinite(detections.scores)
        if not sound.all():
            detections = detections[sound]
        if not sort:
            return detections
        return detections[np.argsort(-detections.scores, kind="stable")[: self._limit]]
