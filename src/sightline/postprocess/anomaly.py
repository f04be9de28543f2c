"""What does not look like any good picture: networks made by `sightline model learn-normal`.

The network puts out 1 x 1 x rows x columns, how far each patch is from the nearest normal one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import DecoderError
from sightline.model.recipe import Recipe
from sightline.model.signature import Signature
from sightline.picture.opencv import opencv
from sightline.postprocess.base import Decoder
from sightline.postprocess.selection import Selection
from sightline.results import Detections
from sightline.results.masks import stacked

LABELS = ("anomaly", "anomalous part")
AT_THRESHOLD = 0.3  # score at the end of what is normal: the score from which cameras report


class _Anomaly:
    name = "anomaly"

    def recognise(self, signature: Signature) -> Recipe | None:
        return None

    def recipe(self, signature: Signature) -> Recipe:
        raise DecoderError(
            "no network says by its form what is normal; make a package with "
            "`sightline model learn-normal`, and run that"
        )

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(float(recipe.parameters["threshold"]), selection)


FAMILY = _Anomaly()


class _Decoder:
    def __init__(self, threshold: float, selection: Selection) -> None:
        if not 0 < threshold < np.inf:
            raise ValueError("a threshold above 0")
        self._square = np.float32(threshold**2 * (1 / AT_THRESHOLD - 1))
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        """The picture as a whole, and around each part that is not normal a box with its mask."""
        square = (
            np.nan_to_num(tensors[0][0, 0].astype(np.float32), posinf=1e9, neginf=0).clip(0) ** 2
        )
        scores = square / (square + self._square)
        unlike = (scores >= max(AT_THRESHOLD, float(self._selection.score))).astype(np.uint8)
        count, parts, stats, _ = opencv().connectedComponentsWithStats(unlike, connectivity=8)
        peaks = np.zeros(count, np.float32)
        np.maximum.at(peaks, parts.reshape(-1), scores.reshape(-1))
        peaks[0] = scores.max()
        corners = np.concatenate([stats[:, :2], stats[:, :2] + stats[:, 2:4]], 1)
        corners[0] = 0, 0, *scores.shape[::-1]
        boxes = corners / np.array(scores.shape[::-1] * 2)
        labels = np.minimum(np.arange(count), 1).astype(np.int32)
        found = Detections(boxes.astype(np.float32), peaks, labels, np.arange(count))
        return _with_masks(self._selection.keep(found), parts, corners)


def _with_masks(
    kept: Detections, parts: NDArray[np.int32], corners: NDArray[np.int64]
) -> Detections:
    """The number of each part passed the selection in place of an identity; 0 is the picture."""
    assert kept.track_ids is not None
    masks: list[NDArray[np.bool_] | None] = [
        parts[y1:y2, x1:x2] == part if part else None
        for part, (x1, y1, x2, y2) in zip(
            kept.track_ids.tolist(), corners[kept.track_ids].tolist(), strict=True
        )
    ]
    return Detections(kept.boxes, kept.scores, kept.labels, masks=stacked(masks))
