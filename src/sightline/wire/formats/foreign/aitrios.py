"""Sony AITRIOS: detections of an edge application, FlatBuffers in base64 in JSON.

{"DeviceID": …, "Inferences": [{"T": "20261126093000123", "O": "DAAAAAAABgAKAAQA…"}]}

Boxes are pixels of the network's input: its size is what --size asks for. Nobody is followed.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

import msgspec

from sightline.wire.formats.foreign.flatbuffer import Table
from sightline.wire.formats.foreign.picture import Picture, Seen, pixels
from sightline.wire.formats.foreign.reader import ForeignReader

_DIGITS = 17  # year to millisecond


class _Inference(msgspec.Struct):
    output: str = msgspec.field(name="O")
    time: str = msgspec.field(default="", name="T")


class _Record(msgspec.Struct):
    inferences: list[_Inference] = msgspec.field(name="Inferences")
    device: str = msgspec.field(default="", name="DeviceID")


class AitriosReader(ForeignReader):
    """A record with several inferences, as none is known to have, is read by its last one."""

    FORMAT = "aitrios"
    IN_PIXELS = True

    def picture(self, told: Any) -> Picture | None:
        """One record."""
        record = msgspec.convert(told, _Record)
        if not record.inferences:
            return None
        newest = record.inferences[-1]
        try:
            data = base64.b64decode(newest.output, validate=True)
        except binascii.Error as error:
            raise ValueError(f"O is no base64: {error}") from None
        perception = Table.root(data).table(0)
        found = perception.tables(0) if perception else []
        return Picture(_time(newest.time), tuple(map(self._seen, found)), record.device)

    def _seen(self, one: Table) -> Seen:
        box = one.table(2)
        if box is None:
            raise ValueError("an object has no box: this is no object detection")
        x1, y1, x2, y2 = (box.number(side, "<i") for side in range(4))
        label = f"class {int(one.number(0, '<I'))}"
        return Seen(label, one.number(3, "<f"), pixels(x1, y1, x2, y2, self.size))


def _time(text: str) -> int | None:
    """Of a sensor whose clock was not set it is not known."""
    if len(text) != _DIGITS or not (text.isascii() and text.isdigit()):
        return None
    told = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return int(told.timestamp()) * 1_000_000_000 + int(text[14:]) * 1_000_000
