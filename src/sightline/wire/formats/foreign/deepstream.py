"""NVIDIA DeepStream's messages, the full schema (one object each) and the minimal one.

{"@timestamp": "…Z", "sensor": {"id": …}, "object": {"id": …, "vehicle": {…}, "bbox": {…}}, …}
{"@timestamp": "…Z", "sensorId": …, "objects": ["3|570.6|478.0|602.4|535.4|Vehicle|…", …]}

Boxes are pixels.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sightline.wire.formats.foreign.picture import Picture, Seen, instant, pixels
from sightline.wire.formats.foreign.reader import ForeignReader

_KINDS = ("vehicle", "person", "face", "bag", "bicycle", "roadsign")
_UNTRACKED = str((1 << 64) - 1)
_NOBODY = "empty"  # the event of a place where nothing stands


class _Box(msgspec.Struct):
    topleftx: float
    toplefty: float
    bottomrightx: float
    bottomrighty: float


class _Sensor(msgspec.Struct):
    id: str


class _Happening(msgspec.Struct):
    type: str = ""


class _Full(msgspec.Struct):
    time: str = msgspec.field(name="@timestamp")
    sensor: _Sensor
    object: dict[str, Any]
    event: _Happening = msgspec.field(default_factory=_Happening)


class _Minimal(msgspec.Struct):
    time: str = msgspec.field(name="@timestamp")
    sensor: str = msgspec.field(name="sensorId")
    objects: list[str]


class DeepStreamReader(ForeignReader):
    """Messages of one instant and sensor are one picture."""

    FORMAT = "deepstream"
    IN_PIXELS = True

    def picture(self, told: Any) -> Picture | None:
        """One message."""
        if isinstance(told, dict) and "objects" in told:
            some = msgspec.convert(told, _Minimal)
            seen = tuple(map(self._written, some.objects))
            return Picture(instant(some.time), seen, some.sensor)
        one = msgspec.convert(told, _Full)
        if one.event.type == _NOBODY:
            return None
        return Picture(instant(one.time), (self._seen(one.object),), one.sensor.id)

    def _seen(self, told: dict[str, Any]) -> Seen:
        box = msgspec.convert(told.get("bbox"), _Box)
        label = next((kind for kind in _KINDS if kind in told), "object")
        confidence = told[label].get("confidence") if isinstance(told.get(label), dict) else None
        # The messages of the day-2 schema leave the score at zero, which means that none was given.
        score = float(confidence) if isinstance(confidence, int | float) and confidence else 1.0
        corners = (box.topleftx, box.toplefty, box.bottomrightx, box.bottomrighty)
        named = told.get("id")
        return Seen(label, score, pixels(*corners, self.size), str(named) if named else None)

    def _written(self, text: str) -> Seen:
        parts = text.split("|")
        if len(parts) < 6:
            raise ValueError(f"{text[:60]!r} is no id|left|top|right|bottom|class")
        track, *edges = parts[:5]
        x1, y1, x2, y2 = map(float, edges)
        named = None if track == _UNTRACKED else track
        return Seen(parts[5], 1.0, pixels(x1, y1, x2, y2, self.size), named)
