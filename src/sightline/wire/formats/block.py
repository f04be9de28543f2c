"""Frames side by side as columns: the body of a packed record of frames.

    head       varint   frames << 3 | width << 1 | extras
                        width 0, 1, 2: a label takes 1, 2, 4 bytes
    times      varint   per frame, zigzag of the difference to the one before (first: to 0)
    sequences  varint   the same
    counts     varint   per frame, objects << 1 | tracked
    boxes      uint16   per object, 4 little-endian: round(v * 43690) + 10922, clamped to
                        0..65535: v from -0.25 to 1.25 is off by less than 1.2e-5, and the
                        edges of the picture, 0 and 1, are exact
    scores     uint8    per object: round(score * 255)
    labels     uint8, uint16 or uint32 per object: index into the header's labels
    tracks     varint   per object of a tracked frame, zigzag of the difference to the one
                        before in this column (first: to 0); modulo 2^64
    extras     msgpack  {frame: {"truth": ..., "name": ..., "keypoints": ..., "masks": ...}},
                        only where the head says so; see `packed_details` for the last two

Every count is checked against the bytes at hand before memory is taken for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.results import Detections
from sightline.results.stretch import Stretch
from sightline.wire.formats import varint
from sightline.wire.formats.packed_details import packed_details, with_packed_details
from sightline.wire.formats.steps import quantise, restore
from sightline.wire.frame import finite

WIDTHS = (np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4"))
EXTRAS = msgspec.msgpack.Decoder(dict[int, dict[str, Any]])


class PackedFrame(NamedTuple):
    """One picture on its way into a block. `extras` holds truth and name where there are any."""

    time_ns: int
    sequence: int
    detections: Detections
    extras: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What came out of one: n frames, N objects in all.

    times, sequences  int64 (n,)
    offsets           int64 (n + 1,): objects of frame i are offsets[i] to offsets[i + 1]
    tracked           bool (n,)
    objects           all N with `track_ids`, which are 0 in frames that are not tracked
    extras            by number of the frame in the block
    """

    times: NDArray[np.int64]
    sequences: NDArray[np.int64]
    offsets: NDArray[np.int64]
    tracked: NDArray[np.bool_]
    objects: Detections
    extras: Mapping[int, Mapping[str, Any]]

    def frames(self) -> Iterator[PackedFrame]:
        """Frame by frame; the arrays are views. Raises InputError for details that do not fit."""
        offsets, objects = self.offsets.tolist(), self.objects
        for i, (time_ns, sequence, tracked) in enumerate(
            zip(self.times.tolist(), self.sequences.tolist(), self.tracked.tolist(), strict=True)
        ):
            part = slice(offsets[i], offsets[i + 1])
            ids = objects.track_ids[part] if tracked and objects.track_ids is not None else None
            detections = Detections(
                objects.boxes[part], objects.scores[part], objects.labels[part], ids
            )
            extras = self.extras.get(i, {})
            whole = with_packed_details(detections, extras)
            if "probes" in extras:
                whole = replace(whole, probes=_probes(extras["probes"]))
            yield PackedFrame(time_ns, sequence, whole, extras)

    def tracks(self) -> Stretch:
        """The pictures as analytics take them: without objects that have no identity."""
        probes = {
            number: _probes(told["probes"])
            for number, told in self.extras.items()
            if "probes" in told
        }
        found = Stretch(self.times, self.offsets, self.objects, probes)
        if self.tracked.all():
            return found
        return found.only(np.flatnonzero(np.repeat(self.tracked, np.diff(self.offsets))))


def encode_block(frames: Sequence[PackedFrame]) -> bytes:
    """Columns of one or more frames."""
    return encode_columns(gathered(frames))


def gathered(frames: Sequence[PackedFrame]) -> Block:
    """One or more frames side by side."""
    seen = [finite(frame.detections) for frame in frames]
    told = (
        {**frame.extras, **packed_details(item)} for frame, item in zip(frames, seen, strict=True)
    )
    ids = [
        np.zeros(len(item), np.int64) if item.track_ids is None else item.track_ids for item in seen
    ]
    return Block(
        np.array([frame.time_ns for frame in frames], np.int64),
        np.array([frame.sequence for frame in frames], np.int64),
        np.cumsum([0, *map(len, seen)]),
        np.array([item.track_ids is not None for item in seen]),
        Detections(
            np.concatenate([item.boxes for item in seen]),
            np.concatenate([item.scores for item in seen]),
            np.concatenate([item.labels for item in seen]),
            np.concatenate(ids),
        ),
        {i: more for i, more in enumerate(told) if more},
    )


def encode_columns(block: Block) -> bytes:
    """The body of a record."""
    objects, sizes = block.objects, np.diff(block.offsets)
    width = int(np.searchsorted([1 << 8, 1 << 16], objects.labels.max(initial=0), side="right"))
    numbers = [
        np.array([len(sizes) << 3 | width << 1 | bool(block.extras)], np.uint64),
        _differences(block.times),
        _differences(block.sequences),
        (sizes << 1 | block.tracked).astype(np.uint64),
    ]
    parts = [
        varint.encode(np.concatenate(numbers)),
        quantise(objects.boxes).tobytes(),
        np.rint(objects.scores.clip(0, 1) * 255).astype(np.uint8).tobytes(),
        objects.labels.astype(WIDTHS[width]).tobytes(),
    ]
    if block.tracked.any():
        assert objects.track_ids is not None
        parts.append(
            varint.encode(_differences(objects.track_ids[np.repeat(block.tracked, sizes)]))
        )
    if block.extras:
        parts.append(msgspec.msgpack.encode(block.extras))
    return b"".join(parts)


def decode_block(payload: bytes) -> Block:
    """Raises ValueError (msgspec's errors are some) for bytes that are no block."""
    data = np.frombuffer(payload, np.uint8)
    (head,), at = varint.decode(data, 1)
    count, width, with_extras = int(head) >> 3, int(head) >> 1 & 3, int(head) & 1
    if width >= len(WIDTHS):
        raise ValueError("labels of an unknown width")
    numbers, used = varint.decode(data[at:], 3 * count)
    times, sequences, counts = numbers.reshape(3, count)
    sizes, tracked = counts >> np.uint64(1), (counts & np.uint64(1)).astype(bool)
    label = WIDTHS[width]
    body = memoryview(payload)[at + used :]
    if sizes.max(initial=0) > len(body) or sizes.sum() * (9 + label.itemsize) > len(body):
        raise ValueError("more objects than bytes")
    offsets = np.concatenate(([0], np.cumsum(sizes.astype(np.int64))))
    total = int(offsets[-1])
    boxes = np.frombuffer(body, "<u2", total * 4).reshape(-1, 4)
    scores = np.frombuffer(body, np.uint8, total, total * 8)
    labels = np.frombuffer(body, label, total, total * 9)
    if labels.max(initial=0) > np.iinfo(np.int32).max:
        raise ValueError("a label that no list of names can hold")
    body = body[total * (9 + label.itemsize) :]
    owner = np.repeat(tracked, sizes.astype(np.int64))
    deltas, used = varint.decode(np.frombuffer(body, np.uint8), int(owner.sum()))
    track_ids = np.zeros(total, np.int64)
    track_ids[owner] = _sums(deltas)
    objects = Detections(
        restore(boxes),
        scores.astype(np.float32) / np.float32(255),
        labels.astype(np.int32),
        track_ids,
    )
    extras = EXTRAS.decode(body[used:]) if with_extras else {}
    return Block(_sums(times), _sums(sequences), offsets, tracked, objects, extras)


def _probes(value: Any) -> dict[str, tuple[float, ...]]:
    """Raises InputError for what are no numbers by name."""
    try:
        return msgspec.convert(value, dict[str, tuple[float, ...]])
    except msgspec.ValidationError as error:
        raise InputError(f"a frame has probes that are no numbers: {error}") from None


def _differences(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    return varint.zigzag(np.diff(values, prepend=np.int64(0)))


def _sums(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.cumsum(varint.unzigzag(values))
