"""Frames as columns: one row a frame, its objects in lists. What segments hold.

boot, header   which run, and the digest of the header that the labels index
time_ns        since the epoch
sequence       number of the picture
tracked        whether objects have identities
x1 y1 x2 y2    quantised as on the wire: value * 43690 + 10922
score          0..255
label, track
extras         msgpack of what few frames have: keypoints, masks, truth, name
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.wire.formats.block import Block
from sightline.wire.formats.steps import quantise, restore

_CORNERS = ("x1", "y1", "x2", "y2")
SCHEMA = pa.schema(
    [
        ("boot", pa.dictionary(pa.int32(), pa.string())),
        ("header", pa.dictionary(pa.int32(), pa.string())),
        ("time_ns", pa.int64()),
        ("sequence", pa.int64()),
        ("tracked", pa.bool_()),
        *((name, pa.list_(pa.uint16())) for name in _CORNERS),
        ("score", pa.list_(pa.uint8())),
        ("label", pa.list_(pa.int32())),
        ("track", pa.list_(pa.int64())),
        ("extras", pa.binary()),
    ]
)
_EXTRAS = msgspec.msgpack.Decoder(dict[str, Any])


class Piece(NamedTuple):
    """A block as it came, with what is not in it."""

    boot: str
    header: str
    offset_ns: int
    block: Block


def table_of(pieces: Iterable[Piece]) -> pa.Table:
    """All of them as one table, in order of time."""
    pieces = list(pieces)
    if not pieces:
        return SCHEMA.empty_table()
    blocks = [piece.block for piece in pieces]
    frames = [len(block.times) for block in blocks]
    offsets = _offsets(blocks)
    boxes = quantise(np.concatenate([block.objects.boxes for block in blocks]))
    scores = np.concatenate([block.objects.scores for block in blocks])
    tracks = [_tracks(block) for block in blocks]
    columns = [
        _named([piece.boot for piece in pieces], frames),
        _named([piece.header for piece in pieces], frames),
        pa.array(np.concatenate([piece.block.times + piece.offset_ns for piece in pieces])),
        pa.array(np.concatenate([block.sequences for block in blocks])),
        pa.array(np.concatenate([block.tracked for block in blocks])),
        *(pa.ListArray.from_arrays(offsets, np.ascontiguousarray(boxes[:, i])) for i in range(4)),
        pa.ListArray.from_arrays(offsets, np.rint(scores * 255).astype(np.uint8)),
        pa.ListArray.from_arrays(offsets, np.concatenate([b.objects.labels for b in blocks])),
        pa.ListArray.from_arrays(offsets, np.concatenate(tracks)),
        pa.array([extra for block in blocks for extra in _extras(block)], pa.binary()),
    ]
    return in_order(pa.table(columns, schema=SCHEMA))


def in_order(table: pa.Table) -> pa.Table:
    """By time and sequence."""
    times = table["time_ns"].to_numpy()
    if (np.diff(times) > 0).all():
        return table
    return table.sort_by([("time_ns", "ascending"), ("sequence", "ascending")])


def pieces_of(table: pa.Table) -> Iterator[Piece]:
    """A table as blocks again, one a run of rows with one boot and header; arrays are views."""
    table = table.combine_chunks()
    if not table.num_rows:
        return
    columns = [table[name].chunk(0) for name in ("boot", "header")]
    rows = [column.indices.to_numpy() for column in columns]
    names = [column.dictionary.to_pylist() for column in columns]
    changes = np.flatnonzero((np.diff(rows[0]) != 0) | (np.diff(rows[1]) != 0)) + 1
    for begin, end in pairwise([0, *changes.tolist(), table.num_rows]):
        boot, header = (known[row[begin]] for known, row in zip(names, rows, strict=True))
        yield Piece(boot, header, 0, _block(table.slice(begin, end - begin)))


def _block(table: pa.Table) -> Block:
    columns = {name: table[name].combine_chunks() for name in SCHEMA.names[2:]}
    score = columns["score"]
    offsets = score.offsets.to_numpy()[: table.num_rows + 1].astype(np.int64)
    boxes = np.stack([columns[name].flatten().to_numpy() for name in _CORNERS], axis=1)
    objects = Detections(
        restore(boxes),
        columns["score"].flatten().to_numpy().astype(np.float32) / np.float32(255),
        columns["label"].flatten().to_numpy(),
        columns["track"].flatten().to_numpy(),
    )
    told = columns["extras"]
    extras = {
        i: _EXTRAS.decode(value) for i, value in enumerate(told.to_pylist()) if value is not None
    } if told.null_count < len(told) else {}  # fmt: skip
    return Block(
        columns["time_ns"].to_numpy(),
        columns["sequence"].to_numpy(),
        offsets - offsets[0],
        columns["tracked"].to_numpy(zero_copy_only=False),
        objects,
        extras,
    )


def _offsets(blocks: list[Block]) -> NDArray[np.int32]:
    sizes = np.concatenate([np.diff(block.offsets) for block in blocks])
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)


def _tracks(block: Block) -> NDArray[np.int64]:
    tracks = block.objects.track_ids
    return np.zeros(len(block.objects), np.int64) if tracks is None else tracks


def _named(names: list[str], frames: list[int]) -> pa.DictionaryArray:
    known, indices = np.unique(names, return_inverse=True)
    rows = np.repeat(indices.astype(np.int32), frames)
    return pa.DictionaryArray.from_arrays(pa.array(rows), pa.array(known.tolist()))


def _extras(block: Block) -> list[bytes | None]:
    if not block.extras:
        return [None] * len(block.times)
    told = (block.extras.get(i) for i in range(len(block.times)))
    return [None if not item else msgspec.msgpack.encode(item) for item in told]
