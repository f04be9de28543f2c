"""A sensor that needs no network: it puts out what moves before a still background.

For views that no network was trained for, such as cars from straight above. Everything that moves
is an `object`; who stands still for long becomes background.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter_ns
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.fit import Placement
from sightline.picture import Frame, Picture
from sightline.picture.grey import grey
from sightline.picture.opencv import opencv
from sightline.sensor.base import Capture
from sightline.wire.messages import Event

LABELS = ("object",)

_WIDTH = 256  # pixels of the copy that is looked at
_CHANGED = 18.0  # of 255, from the background
_OVER_NOISE = 5.0
_FOLLOW, _FOLLOW_MOVING = 0.02, 0.002  # share of a picture in the background
_FIRST = 12  # pictures that make it
_SMALLEST = 0.004  # of the picture
_JOIN = 0.02  # of its width: parts of one thing are no farther apart


class MotionSensor:
    """Frames to captures: boxes, scores, labels. A score is how much of a box has changed."""

    labels: ClassVar = LABELS

    def __init__(self, frames: Iterable[Frame | Event], pictures: bool = False) -> None:
        self._frames = frames
        self._pictures = pictures
        self._first: list[NDArray[np.float32]] = []
        self._ground: NDArray[np.float32] | None = None
        self._noise: Any = 2.0

    def __enter__(self) -> MotionSensor:
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def captures(self) -> Iterator[Capture | Event]:
        """One capture a picture, in order."""
        for item in self._frames:
            yield item if isinstance(item, Event) else self._capture(item)

    def _capture(self, frame: Frame) -> Capture:
        begun = perf_counter_ns()
        tensors = self._find(frame.picture)
        return Capture(
            tensors=tensors,
            time_ns=frame.time_ns,
            sequence=frame.sequence,
            placement=Placement(),
            size=(frame.picture.width, frame.picture.height),
            picture=frame.picture if self._pictures else None,
            truth=frame.truth,
            name=frame.name,
            decode_ns=frame.decode_ns,
            network_ns=perf_counter_ns() - begun,
            probes=frame.probes,
            probe_ns=frame.probe_ns,
        )

    def _find(self, picture: Picture) -> list[NDArray[Any]]:
        cv2 = opencv()
        height = max(16, round(_WIDTH * picture.height / picture.width))
        now = cv2.GaussianBlur(grey(picture, (_WIDTH, height)), (3, 3), 0).astype(np.float32)
        if self._ground is None or self._ground.shape != now.shape:
            self._first.append(now)
            if len(self._first) < _FIRST:
                return _tensors([])
            self._ground = np.median(np.array(self._first), axis=0).astype(np.float32)
            self._first = []
        change = now - self._ground
        change -= np.median(change)  # light that is the same everywhere is no motion
        away = np.abs(change)
        moving = away > np.maximum(_CHANGED, _OVER_NOISE * self._noise)
        self._noise = self._noise + 0.02 * (np.where(moving, self._noise, away) - self._noise)
        self._ground += np.where(moving, _FOLLOW_MOVING, _FOLLOW) * (now - self._ground)
        side = max(3, round(_WIDTH * _JOIN)) | 1
        kernel = np.ones((side, side), np.uint8)
        solid = cv2.morphologyEx(moving.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
        _, _, parts, _ = cv2.connectedComponentsWithStats(solid)
        size = np.array([_WIDTH, height] * 2)
        rows = []
        for x, y, wide, high, area in parts[1:].tolist():
            if area >= _SMALLEST * now.size:
                box = np.array([x, y, x + wide, y + high]) / size
                rows.append((box.tolist(), min(1.0, area / (wide * high) + 0.3)))
        return _tensors(rows)


def _tensors(rows: list[tuple[list[float], float]]) -> list[NDArray[Any]]:
    boxes = np.array([box for box, _ in rows], np.float32).reshape(-1, 4)
    scores = np.array([score for _, score in rows], np.float32)
    return [boxes, scores, np.zeros(len(rows), np.int32)]
