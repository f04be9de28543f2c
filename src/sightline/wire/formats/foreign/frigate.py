"""Frigate's events (topic frigate/events): one tracked object before and after a change.

{"type": "update", "before": {…}, "after": {"id": …, "camera": …, "frame_time": …,
"label": "person", "score": 0.88, "box": [x1, y1, x2, y2], …}}

Boxes are pixels of the picture that Frigate detects in. Frigate tells of changes, not of every
picture, so tracks have holes.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sightline.wire.formats.foreign.picture import Picture, Seen, pixels
from sightline.wire.formats.foreign.reader import ForeignReader


class _Tracked(msgspec.Struct):
    id: str
    camera: str
    frame_time: float
    label: str
    box: tuple[float, float, float, float]
    score: float = 1.0
    false_positive: bool = False


class _Record(msgspec.Struct):
    type: str
    after: _Tracked | None = None


class FrigateReader(ForeignReader):
    """What Frigate holds for no object, and other messages of it, are passed over."""

    FORMAT = "frigate"
    IN_PIXELS = True

    def picture(self, told: Any) -> Picture | None:
        """One event."""
        record = msgspec.convert(told, _Record)
        one = record.after
        if one is None or one.false_positive or record.type == "end":
            return None
        seen = Seen(one.label, one.score, pixels(*one.box, self.size), one.id)
        return Picture(round(one.frame_time * 1e9), (seen,), one.camera)
