"""The only door through which pixels leave a camera.

Pictures and metadata are different types. Whatever writes or sends pixels takes a
`Published` and nothing else, and only `Privacy.publish` makes one, given the policy:

none      no pixel leaves; drawings are made on a blank canvas
redacted  the whole picture, with the boxes of the named classes made unrecognisable
roi       only the boxes of the named classes, everything else blank
full      the whole picture as it is
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.picture import Picture
from sightline.results import Detections
from sightline.twin.privacy import Policy, PrivacyConfig

_DOOR = object()
_MOSAIC = 8  # cells along the short side of a redacted box: too few to know a face
_MARGIN = 0.08  # of the box on each side, because boxes cut hair and elbows


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """Pixels that the policy has released: uint8 (H, W, 3) RGB, writable, never shared."""

    rgb: NDArray[np.uint8]
    policy: Policy
    door: object

    def __post_init__(self) -> None:
        if self.door is not _DOOR:
            raise TypeError("only Privacy.publish makes a picture publishable")


class Privacy:
    """Applies one policy and counts what it let out."""

    def __init__(self, config: PrivacyConfig, labels: tuple[str, ...]) -> None:
        self.policy = config.policy
        self.released = 0
        self._concerned = np.array(
            [i for i, name in enumerate(labels) if name in config.classes], np.int32
        )
        # A model that cannot name what must be hidden can hide nothing: every box counts.
        self._everything = len(self._concerned) == 0

    def publish(
        self, picture: Picture | None, detections: Detections, size: tuple[int, int]
    ) -> Published:
        """What may be seen of `picture`; a blank canvas of `size` (width, height) where nothing.

        `detections` are all that the network saw, with low scores too, not only what is
        reported: hiding errs on the side of hiding.
        """
        if self.policy == "none" or picture is None:
            return Published(_blank(size), "none", _DOOR)
        rgb = np.array(picture.rgb())
        if self.policy != "full":
            rects = self._rects(detections, rgb.shape[1], rgb.shape[0])
            if self.policy == "redacted":
                _mosaic(rgb, rects)
            else:
                rgb = _only(rgb, rects)
        self.released += 1
        return Published(rgb, self.policy, _DOOR)

    def _rects(self, detections: Detections, width: int, height: int) -> NDArray[np.int64]:
        chosen = (
            np.ones(len(detections), bool)
            if self._everything
            else np.isin(detections.labels, self._concerned)
        )
        boxes = detections.boxes[chosen].astype(np.float64)
        margin = (boxes[:, 2:] - boxes[:, :2]) * _MARGIN
        boxes[:, :2] -= margin
        boxes[:, 2:] += margin
        pixels = boxes.clip(0, 1) * [width, height, width, height]
        pixels[:, :2] = np.floor(pixels[:, :2])
        pixels[:, 2:] = np.ceil(pixels[:, 2:])
        whole = pixels.astype(np.int64)
        return whole[(whole[:, 2] > whole[:, 0]) & (whole[:, 3] > whole[:, 1])]


def _blank(size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), 24, np.uint8)


def _mosaic(rgb: NDArray[np.uint8], rects: NDArray[np.int64]) -> None:
    """Coarse cells destroy what a blur would only soften and a deconvolution could restore."""
    import cv2

    for x1, y1, x2, y2 in rects.tolist():
        part = rgb[y1:y2, x1:x2]
        height, width = part.shape[:2]
        cell = max(1, min(height, width) // _MOSAIC)
        small = (max(1, width // cell), max(1, height // cell))
        coarse = cv2.resize(part, small, interpolation=cv2.INTER_AREA)
        part[:] = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST)


def _only(rgb: NDArray[np.uint8], rects: NDArray[np.int64]) -> NDArray[np.uint8]:
    shown = _blank((rgb.shape[1], rgb.shape[0]))
    for x1, y1, x2, y2 in rects.tolist():
        shown[y1:y2, x1:x2] = rgb[y1:y2, x1:x2]
    return shown
