"""Where each object has been: a path that fades."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sightline.camera.draw.palette import Colour, colour_of, mixed
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.shapes import Rgb, line
from sightline.results import Detections

_LONGEST = 48  # points kept of a track
_MOST = 512  # tracks kept; the one seen longest ago goes first
_FORGET_NS = 1_500_000_000
_SHADES = 6
_SMOOTH = 0.5  # of each new point: boxes tremble, people do not


class Trails:
    """Remembers the foot of each track's box, for as long as the track is in sight."""

    def __init__(self, scale: Scale) -> None:
        self._size = np.array([scale.width, scale.height], np.float64)
        self._stroke = scale.stroke
        self._paths: dict[int, deque[NDArray[np.float64]]] = {}
        self._seen: dict[int, int] = {}

    def update(self, detections: Detections, time_ns: int) -> None:
        """Lengthen the paths of what is in the picture, forget what has gone."""
        if detections.track_ids is None:
            return
        boxes = detections.boxes.astype(np.float64)
        feet = np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], -1).clip(-1, 2) * self._size
        for track, foot in zip(detections.track_ids.tolist(), feet, strict=True):
            path = self._paths.setdefault(track, deque(maxlen=_LONGEST))
            path.append(path[-1] + (foot - path[-1]) * _SMOOTH if path else foot)
            self._seen.pop(track, None)
            self._seen[track] = time_ns
        for track, seen in list(self._seen.items()):
            if abs(time_ns - seen) <= _FORGET_NS and len(self._seen) <= _MOST:
                break
            del self._seen[track], self._paths[track]

    def draw(self, rgb: Rgb) -> None:
        """Newest part strongest."""
        for track, path in self._paths.items():
            if len(path) > 1:
                self._fade(rgb, np.array(path), colour_of(track))

    def _fade(self, rgb: Rgb, path: NDArray[np.float64], colour: Colour) -> None:
        """Thin strokes mixed with what lies under them look translucent without a blend."""
        last = len(path) - 1
        parts = min(_SHADES, last)
        pixels = path.astype(np.int64).clip(0, self._size.astype(np.int64) - 1).tolist()
        for i, (begin, end) in enumerate(pairwise(i * last // parts for i in range(parts + 1))):
            x, y = pixels[(begin + end) // 2]
            red, green, blue = rgb[y, x].tolist()
            tone = mixed(colour, (red, green, blue), 0.15 + 0.75 * (i + 1) / parts)
            line(rgb, path[begin : end + 1], tone, self._stroke)
