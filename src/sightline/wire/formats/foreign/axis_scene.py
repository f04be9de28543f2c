"""Axis' analytics scene description: observations of one frame, with identities.

{"frame": {"timestamp": "…Z", "observations": [{"bounding_box": {"left": …, "top": …, "right": …,
"bottom": …}, "class": {"type": "Car", "score": 0.74}, "track_id": "25", "timestamp": "…Z"}]}}
"""

from __future__ import annotations

from typing import Any

import msgspec

from sightline.wire.formats.foreign.picture import Picture, Seen, instant
from sightline.wire.formats.foreign.reader import ForeignReader


class _Box(msgspec.Struct):
    left: float
    top: float
    right: float
    bottom: float


class _Class(msgspec.Struct):
    type: str
    score: float = 1.0


class _Observation(msgspec.Struct):
    bounding_box: _Box
    track_id: str | int
    class_: _Class | None = msgspec.field(default=None, name="class")


class _Frame(msgspec.Struct):
    timestamp: str
    observations: list[_Observation] = []


class _Record(msgspec.Struct):
    frame: _Frame


class AxisSceneReader(ForeignReader):
    """Whose class is not told yet is an "object"; whose class was told keeps it."""

    FORMAT = "axis_scene"

    def picture(self, told: Any) -> Picture | None:
        """One frame."""
        frame = msgspec.convert(told, _Record).frame
        return Picture(instant(frame.timestamp), tuple(map(self._seen, frame.observations)))

    def _seen(self, one: _Observation) -> Seen:
        track, box = str(one.track_id), one.bounding_box
        if one.class_ is not None:
            self.classes[track] = one.class_.type
        label = self.classes.get(track, "object")
        score = one.class_.score if one.class_ else 1.0
        return Seen(label, score, (box.left, box.top, box.right, box.bottom), track)
