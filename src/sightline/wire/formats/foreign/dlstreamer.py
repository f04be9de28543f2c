"""Intel DL Streamer's gvametaconvert: one document a picture.

{"timestamp": 1916666666, "resolution": {…}, "objects": [{"detection": {"bounding_box": {"x_min": …,
"y_min": …, "x_max": …, "y_max": …}, "confidence": 0.93, "label": "person"}, "id": 3}]}
"""

from __future__ import annotations

from typing import Any

import msgspec

from sightline.wire.formats.foreign.picture import Picture, Seen
from sightline.wire.formats.foreign.reader import ForeignReader


class _Box(msgspec.Struct):
    x_min: float
    y_min: float
    x_max: float
    y_max: float


class _Detection(msgspec.Struct):
    bounding_box: _Box
    confidence: float = 1.0
    label: str = ""


class _Object(msgspec.Struct):
    detection: _Detection
    roi_type: str = ""
    id: int | None = None


class _Record(msgspec.Struct):
    objects: list[_Object] = []
    timestamp: int | None = None


class DlStreamerReader(ForeignReader):
    """Times count from the start of the recording. `id` is what gvatrack gives."""

    FORMAT = "dlstreamer"
    CLOCK = "media"

    def picture(self, told: Any) -> Picture | None:
        """One picture; an object that stands alone is a picture of one."""
        alone = isinstance(told, dict) and "detection" in told
        record = msgspec.convert({"objects": [told]} if alone else told, _Record)
        return Picture(record.timestamp, tuple(map(_seen, record.objects)))


def _seen(one: _Object) -> Seen:
    found, box = one.detection, one.detection.bounding_box
    label = found.label or one.roi_type or "object"
    corners = (box.x_min, box.y_min, box.x_max, box.y_max)
    return Seen(label, found.confidence, corners, None if one.id is None else str(one.id))
