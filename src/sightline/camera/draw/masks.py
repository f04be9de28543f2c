"""Masks: a tint over what belongs to an object, with an edge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.camera.draw.palette import Colour
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.shapes import Rgb, tint
from sightline.picture.opencv import opencv
from sightline.results import Detections

_STRENGTH = 0.42
_LARGEST = 2.0  # pictures that a box may be wide or high before its mask is left out


def masks(rgb: Rgb, scale: Scale, shown: Detections, colours: Sequence[Colour]) -> None:
    """One for each object, in its colour, into `rgb` of the scale's size."""
    if shown.masks is None:
        return
    cv2 = opencv()
    size = np.array([scale.width, scale.height] * 2)
    boxes = np.rint(shown.boxes.astype(np.float64) * size)
    sides = boxes[:, 2:] - boxes[:, :2]
    fits = (sides >= 1).all(1) & (sides <= _LARGEST * size[:2]).all(1)
    for i in np.flatnonzero(fits & shown.masks.any((1, 2))).tolist():
        x1, y1, x2, y2 = boxes[i].astype(int).tolist()
        part = _smooth(shown.masks[i], x2 - x1, y2 - y1)
        left, top = max(0, -x1), max(0, -y1)
        part = part[top : scale.height - y1, left : scale.width - x1]
        if not part.size:
            continue
        x, y = max(0, x1), max(0, y1)
        tint(rgb, x, y, part, colours[i], _STRENGTH)
        edges, _ = cv2.findContours(part, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1, offset=(x, y))
        cv2.drawContours(rgb, edges, -1, colours[i], scale.stroke, cv2.LINE_AA)


def _smooth(mask: NDArray[np.bool_], width: int, height: int) -> NDArray[np.uint8]:
    """The mask at the size of its box, 0 or 255, without the steps of its raster."""
    cv2 = opencv()
    grown = cv2.resize(mask.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_LINEAR)
    part: NDArray[np.uint8] = np.where(grown >= 128, np.uint8(255), np.uint8(0))
    return part
