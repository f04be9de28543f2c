"""Inference metadata of Azure's Live Video Analytics and Video Analyzer.

{"timestamp": 144567314132175, "inferences": [{"type": "entity", "entity": {"tag": {"value":
"person", "confidence": 0.9}, "box": {"l": …, "t": …, "w": …, "h": …}, "trackingId": "…"}}]}

Times count 90,000 a second from 1970. Inferences of other types say nothing of places.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sightline.wire.formats.foreign.picture import Picture, Seen
from sightline.wire.formats.foreign.reader import ForeignReader


class _Tag(msgspec.Struct):
    value: str
    confidence: float = 1.0


class _Box(msgspec.Struct):
    l: float  # noqa: E741
    t: float
    w: float
    h: float


class _Entity(msgspec.Struct):
    tag: _Tag
    box: _Box
    tracking: str | int | None = msgspec.field(default=None, name="trackingId")
    id: str | int | None = None


class _Inference(msgspec.Struct):
    type: str
    entity: _Entity | None = None


class _Record(msgspec.Struct):
    inferences: list[_Inference]
    timestamp: int | None = None


class AzureLvaReader(ForeignReader):
    """An entity with `trackingId`, or with an id of the tracker, is followed."""

    FORMAT = "azure_lva"

    def picture(self, told: Any) -> Picture | None:
        """One picture's inferences."""
        record = msgspec.convert(told, _Record)
        ticks = record.timestamp
        entities = [one.entity for one in record.inferences if one.type == "entity"]
        time_ns = None if ticks is None else ticks * 100_000 // 9
        return Picture(time_ns, tuple(_seen(one) for one in entities if one is not None))


def _seen(one: _Entity) -> Seen:
    box, track = one.box, one.id if one.tracking is None else one.tracking
    corners = (box.l, box.t, box.l + box.w, box.t + box.h)
    named = None if track is None else str(track)
    return Seen(one.tag.value, one.tag.confidence, corners, named)
