"""The packed form: a tenth of the JSON, for storing and sending.

Frames are gathered and written together as columns (see `block`), about a second at a time,
in records that are checked by themselves (see `record`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any, BinaryIO, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.results import Detections
from sightline.wire.codec import lean
from sightline.wire.formats.base import Row
from sightline.wire.formats.block import Block, PackedFrame, decode_block, encode_block
from sightline.wire.formats.blocks import decode_blocks
from sightline.wire.formats.record import LARGEST, Kind, read_records, seal
from sightline.wire.formats.sink import Sink
from sightline.wire.frame import frame_metadata
from sightline.wire.labels import LabelIndex
from sightline.wire.messages import Event, FrameMetadata, Header, Measure, Message

B = TypeVar("B")
T = TypeVar("T")

_MOST_FRAMES = 64
_LONGEST_NS = 1_000_000_000


def pack(message: Header | Event | Measure) -> bytes:
    """One message as a record."""
    return seal(Kind[message.type.upper()], msgspec.msgpack.encode(lean(message)))


def pack_frames(frames: Sequence[PackedFrame]) -> bytes:
    """A batch of frames as one record; it means something only after their header's."""
    return seal(Kind.FRAMES, encode_block(frames))


def unpack(data: bytes, name: str = "metadata") -> Iterator[Header | Block | Event | Measure]:
    """What a payload holds, in order. Raises InputError for what is no packed metadata."""
    return read_packed(BytesIO(data), name)


def read_packed(
    stream: BinaryIO, name: str = "metadata"
) -> Iterator[Header | Block | Event | Measure]:
    """What a stream holds, in order, up to the last whole record. Raises InputError."""
    for kind, body in read_records(stream, name):
        if kind in _BODIES:
            yield _opened(_BODIES[kind], body, kind, name)


def read_blocks(
    stream: BinaryIO, name: str = "metadata", most: int = 1 << 20
) -> Iterator[Header | Block | Event | Measure]:
    """As `read_packed`, with blocks that follow each other as one, about so many bytes each."""
    held: list[bytes] = []
    size = 0
    for kind, body in read_records(stream, name):
        if held and (kind != Kind.FRAMES or size >= most):
            yield _opened(decode_blocks, held, Kind.FRAMES, name)
            held, size = [], 0
        if kind == Kind.FRAMES:
            held.append(body)
            size += len(body)
        elif kind in _BODIES:
            yield _opened(_BODIES[kind], body, kind, name)
    if held:
        yield _opened(decode_blocks, held, Kind.FRAMES, name)


def _opened(open_body: Callable[[B], T], body: B, kind: int, name: str) -> T:
    try:
        return open_body(body)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: holds a record that is no {Kind(kind).name}: {error}") from None


def _no_extension(code: int, data: memoryview) -> Any:
    raise ValueError(f"an extension of msgpack (type {code})")


_BODIES: dict[int, Callable[[bytes], Header | Block | Event | Measure]] = {
    Kind.FRAMES: decode_block,
    Kind.HEADER: msgspec.msgpack.Decoder(Header, ext_hook=_no_extension).decode,
    Kind.EVENT: msgspec.msgpack.Decoder(Event, ext_hook=_no_extension).decode,
    Kind.MEASURE: msgspec.msgpack.Decoder(Measure, ext_hook=_no_extension).decode,
}


class PackedWriter:
    """Holds frames back until there is a second of them, an event, or the end."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._held: list[PackedFrame] = []

    def header(self, header: Header) -> None:
        self.flush()
        self._sink.write(pack(header))

    def frame(
        self,
        detections: Detections,
        labels: Sequence[str],
        sequence: int,
        time_ns: int,
        truth: Any = None,
        name: str = "",
    ) -> None:
        extras: dict[str, Any] = {}
        if truth is not None:
            extras["truth"] = truth
        if name:
            extras["name"] = name
        if detections.probes:
            extras["probes"] = detections.probes
        held = self._held
        held.append(PackedFrame(time_ns, sequence, detections, extras))
        if len(held) >= _MOST_FRAMES or abs(time_ns - held[0].time_ns) >= _LONGEST_NS:
            self.flush()

    def event(self, event: Event) -> None:
        self.flush()
        self._sink.write(pack(event))

    def measure(self, measure: Measure) -> None:
        self.flush()
        self._sink.write(pack(measure))

    def flush(self) -> None:
        """Write the frames that are held back."""
        held, self._held = self._held, []
        self._write(held)

    def _write(self, frames: list[PackedFrame]) -> None:
        if not frames:
            return
        body = encode_block(frames)
        if len(body) > LARGEST and len(frames) > 1:
            half = len(frames) // 2
            self._write(frames[:half])
            self._write(frames[half:])
        else:
            self._sink.write(seal(Kind.FRAMES, body))

    def close(self) -> None:
        self.flush()
        self._sink.close()


class PackedReader:
    """Frames of one recording as arrays, views into about a second of them."""

    def __init__(self, stream: BinaryIO, name: str = "metadata") -> None:
        self._name = name
        self._stream = stream
        self._items = read_packed(stream, name)
        first = next(self._items, None)
        if not isinstance(first, Header):
            raise InputError(f"{name}: packed metadata has to begin with a header")
        self._index = LabelIndex()
        self._announce(first)

    def frames(self) -> Iterator[Row]:
        for item in self._items:
            if isinstance(item, Header):
                self._announce(item)
            elif isinstance(item, Block):
                for frame in self._named(item).frames():
                    yield frame.time_ns, frame.detections

    def blocks(self) -> Iterator[Block]:
        for item in read_blocks(self._stream, self._name):
            if isinstance(item, Header):
                self._announce(item)
            elif isinstance(item, Block):
                yield self._named(item)

    def messages(self) -> Iterator[Message]:
        yield self.header
        for item in self._items:
            if isinstance(item, Block):
                yield from self._expand(self._named(item))
                continue
            if isinstance(item, Header):
                self._announce(item)
            yield item

    def _expand(self, block: Block) -> Iterator[FrameMetadata]:
        for time_ns, sequence, detections, extras in block.frames():
            yield frame_metadata(
                detections,
                self.header.labels,
                self.header.camera,
                sequence,
                time_ns,
                extras.get("truth"),
                str(extras.get("name", "")),
            )

    def _announce(self, header: Header) -> None:
        self._index.learn(header.labels)
        self._own = self._index.numbers(header.labels)
        self.header = self._index.applied(header)

    def _named(self, block: Block) -> Block:
        labels: NDArray[np.int32] = block.objects.labels
        if labels.max(initial=-1) >= len(self._own):
            raise InputError(f"{self._name}: an object's label is not among the header's labels")
        return replace(block, objects=replace(block.objects, labels=self._own[labels]))
