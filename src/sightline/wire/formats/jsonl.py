"""JSON Lines: one message a line, readable by anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO

import msgspec

from sightline.errors import InputError
from sightline.results import Detections
from sightline.wire.codec import decode, encode, encode_frame
from sightline.wire.formats.base import Row
from sightline.wire.formats.sink import Sink
from sightline.wire.frame import detections_of
from sightline.wire.labels import LabelIndex
from sightline.wire.messages import Event, FrameMetadata, Header, Measure, Message

_LONGEST_LINE = 1 << 24


class JsonlWriter:
    """Writes each message as it comes."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._camera = ""

    def header(self, header: Header) -> None:
        self._camera = header.camera
        self._sink.write(encode(header) + b"\n")

    def frame(
        self,
        detections: Detections,
        labels: Sequence[str],
        sequence: int,
        time_ns: int,
        truth: Any = None,
        name: str = "",
    ) -> None:
        line = encode_frame(detections, labels, self._camera, sequence, time_ns, truth, name)
        self._sink.write(line + b"\n")

    def event(self, event: Event) -> None:
        self._sink.write(encode(event) + b"\n")

    def measure(self, measure: Measure) -> None:
        self._sink.write(encode(measure) + b"\n")

    def close(self) -> None:
        self._sink.close()


def read_jsonl(stream: BinaryIO, name: str = "metadata") -> Iterator[Message]:
    """Every message of a stream, in order; lines of types unknown here are passed over.

    Raises InputError with the line's number for a line that is no message, unless it is
    the last one and was cut off. The stream is closed when this ends.
    """
    with stream:
        number = 0
        while line := stream.readline(_LONGEST_LINE):
            number += 1
            if line.isspace():
                continue
            try:
                message = decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                if not line.endswith(b"\n") and len(line) < _LONGEST_LINE:
                    return
                raise InputError(f"{name}, line {number}: is not metadata: {error}") from None
            if message is not None:
                yield message


class JsonlReader:
    """Frames of one recording as arrays. Class names that no header announced are added."""

    def __init__(self, stream: BinaryIO, name: str = "metadata") -> None:
        self.header = Header("", "", 0, 0, ())
        self._index = LabelIndex()
        self._messages = read_jsonl(stream, name)
        self._ahead = next(self._messages, None)
        if isinstance(self._ahead, Header):
            self._announce(self._ahead)

    def frames(self) -> Iterator[Row]:
        for message in self.messages():
            if isinstance(message, FrameMetadata):
                if self._index.learn(item.label for item in message.objects):
                    self.header = self._index.applied(self.header)
                yield message.time_ns, detections_of(message, self._index)

    def messages(self) -> Iterator[Message]:
        ahead, self._ahead = self._ahead, None
        for message in chain([ahead] if ahead else [], self._messages):
            if isinstance(message, Header):
                self._announce(message)
            yield message

    def _announce(self, header: Header) -> None:
        self._index.learn(header.labels)
        self.header = self._index.applied(header)
