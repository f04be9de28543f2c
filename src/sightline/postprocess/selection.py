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
        self._wanted = None if wanted is None else np.array(sorted(wanted), np.intp)

    def best(self, scores: NDArray[np.float32]) -> tuple[NDArray[np.intp], Detections]:
        """Of class scores (N, C): rows at or above the score, and their best class.

        The detections have no boxes yet (all zero); `place` adds them. NaN never passes.
        """
        kept = scores if self._wanted is None else self._columns(scores)
        if kept.shape[1] == 0:
            return np.empty(0, np.intp), Detections.empty()
        labels = kept.argmax(1)
        peaks = kept[np.arange(len(kept)), labels]
        rows = np.flatnonzero(peaks >= self.score)
        labels = labels[rows]
        if self._wanted is not None:
            labels = self._wanted[self._wanted < scores.shape[1]][labels]
        found = Detections(
            np.zeros((len(rows), 4), np.float32), peaks[rows], labels.astype(np.int32)
        )
        return rows, found

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

    def _columns(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        assert self._wanted is not None
        return scores[:, self._wanted[self._wanted < scores.shape[1]]]
