"""Messages as JSON and back. What equals its default is left out, but in headers nothing is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import MISSING, fields
from typing import Any

import msgspec

from sightline.results import Detections
from sightline.wire.details import details
from sightline.wire.frame import columns, finite
from sightline.wire.messages import Event, FrameMetadata, Header, Measure, Message

_ENCODER = msgspec.json.Encoder()
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "header": msgspec.json.Decoder(Header),
    "frame": msgspec.json.Decoder(FrameMetadata),
    "event": msgspec.json.Decoder(Event),
    "measure": msgspec.json.Decoder(Measure),
}
_EXPECTED = ("type", "objects")
_TYPE_FIRST = re.compile(rb'\s*\{\s*"type"\s*:\s*"([a-z]+)"')


class _Typed(msgspec.Struct):
    type: str = ""


_type_of = msgspec.json.Decoder(_Typed)


def encode(message: Message) -> bytes:
    """One line of JSON, without line end."""
    record = lean(message)
    if isinstance(message, FrameMetadata):
        record["objects"] = [lean(item) for item in message.objects]
    return _ENCODER.encode(record)


def encode_frame(
    detections: Detections,
    labels: Sequence[str],
    camera: str,
    sequence: int,
    time_ns: int,
    truth: Any = None,
    name: str = "",
) -> bytes:
    """The same as `encode(frame_metadata(...))` without an object per box."""
    boxes, scores, indices, track_ids = columns(detections)
    rows = zip(indices, scores, boxes, strict=True)
    objects: list[dict[str, Any]]
    if track_ids is None:
        objects = [{"label": labels[i], "score": score, "box": box} for i, score, box in rows]
    else:
        objects = [
            {"label": labels[i], "score": score, "box": box, "track": track}
            for (i, score, box), track in zip(rows, track_ids, strict=True)
        ]
    if detections.keypoints is not None or detections.masks is not None:
        for item, more in zip(objects, details(finite(detections)), strict=True):
            item.update(more)
    record: dict[str, Any] = {"type": "frame", "camera": camera}
    record["sequence"] = sequence
    record["time_ns"] = time_ns
    record["objects"] = objects
    if truth is not None:
        record["truth"] = truth
    if name:
        record["name"] = name
    if detections.probes:
        record["probes"] = detections.probes
    return _ENCODER.encode(record)


def decode(line: bytes) -> Message | None:
    """The message in one line of JSON; None for a type that this version does not know.

    Unknown fields are ignored. Raises msgspec.MsgspecError for what is no message.
    """
    found = _TYPE_FIRST.match(line)
    kind = found[1].decode() if found else _type_of.decode(line).type
    decoder = _DECODERS.get(kind)
    if decoder is None:
        msgspec.json.decode(line)
        return None
    message: Message = decoder.decode(line)
    return message


def lean(value: Any) -> dict[str, Any]:
    """The fields of a message that say more than their default, and those that readers expect."""
    record = {}
    for item in fields(value):
        held = getattr(value, item.name)
        default = item.default_factory() if item.default_factory is not MISSING else item.default
        if item.name in _EXPECTED or held != default or isinstance(value, Header):
            record[item.name] = held
    return record
