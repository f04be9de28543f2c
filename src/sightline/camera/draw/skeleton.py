"""Keypoints and the bones between them, of those that the network is sure of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.camera.draw.palette import INK, SHADE, Colour, mixed
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.shapes import Rgb, stroke
from sightline.picture.opencv import opencv
from sightline.results import Detections

SEEN = 0.2  # score from which a keypoint is drawn; MoveNet's own examples use the same
_FAR = 2.0  # fractions of the picture beyond which no coordinate goes
_SMALL = 48  # pixels of a box in which dots with an edge would hide what they mark
_SHIFT = 4

# Of COCO's seventeen, see results.keypoints; of others only the points are known.
_BONES = {
    17: np.array(
        [
            *[(0, 1), (0, 2), (1, 3), (2, 4), (5, 6), (5, 7), (7, 9), (6, 8), (8, 10)],
            *[(5, 11), (6, 12), (11, 12), (11, 13), (13, 15), (12, 14), (14, 16)],
        ]
    )
}


def skeletons(rgb: Rgb, scale: Scale, shown: Detections, colours: Sequence[Colour]) -> None:
    """One for each object, in its colour, into `rgb` of the scale's size."""
    if shown.keypoints is None:
        return
    size = [scale.width, scale.height]
    places = shown.keypoints[:, :, :2].astype(np.float64).clip(-_FAR, _FAR) * size
    scores = np.nan_to_num(shown.keypoints[:, :, 2])
    spans = np.abs(shown.boxes[:, 2:] - shown.boxes[:, :2]).clip(0, _FAR) * size
    for points, seen, span, colour in zip(places, scores >= SEEN, spans, colours, strict=True):
        # What is small in the picture is drawn thinly, so that it stays to be seen.
        width = max(1, min(scale.stroke, round(float(span.max()) / 60)))
        small = span.max() < _SMALL
        bones = _BONES.get(len(points), np.empty((0, 2), np.intp))
        for pair in bones[seen[bones].all(1)]:
            stroke(rgb, points[pair], colour, width)
        _dots(rgb, points[seen], colour, 0.5 if small else 0.9 * width + 0.6, edged=not small)


def _dots(
    rgb: Rgb, points: NDArray[np.float64], colour: Colour, radius: float, *, edged: bool
) -> None:
    cv2 = opencv()
    inner, outer = (round(size * (1 << _SHIFT)) for size in (radius, radius * 1.5 + 0.5))
    light = mixed(INK, colour, 0.7)
    for x, y in np.rint(points * (1 << _SHIFT)).astype(int).tolist():
        if edged:
            cv2.circle(rgb, (x, y), outer, SHADE, -1, cv2.LINE_AA, _SHIFT)
        cv2.circle(rgb, (x, y), inner, light, -1, cv2.LINE_AA, _SHIFT)
