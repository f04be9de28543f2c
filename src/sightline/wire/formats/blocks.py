"""Many blocks of frames taken apart at once, for reading a day as fast as it can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.wire.formats import varint
from sightline.wire.formats.block import EXTRAS, WIDTHS, Block, decode_block
from sightline.wire.formats.steps import restore

Numbers = NDArray[np.int64]

_MOST = 1 << 22  # bytes of a block, and so more than the objects of any frame


def decode_blocks(payloads: Sequence[bytes]) -> Block:
    """What `decode_block` gives for each, as one. Raises ValueError as it does."""
    try:
        return _decoded(payloads)
    except _Odd:
        return _joined([decode_block(payload) for payload in payloads])


class _Odd(Exception):
    """Something that only looking at each block alone can say what it is."""


def _decoded(payloads: Sequence[bytes]) -> Block:
    whole = b"".join(payloads)
    data = np.frombuffer(whole, np.uint8)
    edges = np.cumsum([0, *map(len, payloads)])
    numbers, heads, body = _numbers(data, edges[:-1], edges[1:])
    counts = heads >> 3
    width = WIDTHS[int(heads[0]) >> 1 & 3] if (heads >> 1 & 3 == heads[0] >> 1 & 3).all() else None
    if width is None:
        raise _Odd
    first = np.cumsum(3 * counts) - 3 * counts
    each, blocks = _ranges(first, counts), np.repeat(np.arange(len(payloads)), counts)
    times = _sums(numbers[each], blocks)
    sequences = _sums(numbers[each + counts[blocks]], blocks)
    told = numbers[each + 2 * counts[blocks]]
    sizes, tracked = (told >> np.uint64(1)).astype(np.int64), (told & np.uint64(1)).astype(bool)
    if sizes.max(initial=0) > _MOST:
        raise _Odd
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    cuts = np.concatenate(([0], np.cumsum(counts)))
    objects = np.diff(offsets[cuts])
    tracks = body + objects * (9 + width.itemsize)
    if (tracks > edges[1:]).any():
        raise _Odd
    parts = list(zip(body.tolist(), objects.tolist(), strict=True))
    boxes = b"".join([whole[at : at + 8 * n] for at, n in parts])
    scores = b"".join([whole[at + 8 * n : at + 9 * n] for at, n in parts])
    wide = width.itemsize
    labels = b"".join([whole[at + 9 * n : at + (9 + wide) * n] for at, n in parts])
    ids, ends = _tracks(data, tracks, edges[1:], sizes, tracked, blocks)
    named = np.frombuffer(labels, width)
    if named.max(initial=0) > np.iinfo(np.int32).max:
        raise _Odd
    return Block(
        times,
        sequences,
        offsets,
        tracked,
        Detections(
            restore(np.frombuffer(boxes, "<u2").reshape(-1, 4)),
            np.frombuffer(scores, np.uint8).astype(np.float32) / np.float32(255),
            named.astype(np.int32),
            ids,
        ),
        {
            int(cuts[block]) + number: more
            for block in np.flatnonzero(heads & 1).tolist()
            for number, more in EXTRAS.decode(whole[ends[block] : edges[block + 1]]).items()
        },
    )


def _numbers(
    data: NDArray[np.uint8], starts: Numbers, edges: Numbers
) -> tuple[NDArray[np.uint64], Numbers, Numbers]:
    """Times, sequences and counts of each block in turn, the heads, and where objects begin."""
    ends = np.flatnonzero(data < 0x80)
    head = ends.searchsorted(starts)
    if head.max(initial=-1) >= len(ends) or (ends[head] - starts > 2).any():
        raise _Odd
    heads = varint.at(data, starts, ends[head]).astype(np.int64)
    counts = 3 * (heads >> 3)
    last = head + counts
    if last.max(initial=-1) >= len(ends) or (ends[last] >= edges).any() or not counts.all():
        raise _Odd
    these = _ranges(head + 1, counts)
    return varint.at(data, ends[these - 1] + 1, ends[these]), heads, ends[last] + 1


def _tracks(
    data: NDArray[np.uint8],
    starts: Numbers,
    edges: Numbers,
    sizes: Numbers,
    tracked: NDArray[np.bool_],
    blocks: NDArray[np.intp],
) -> tuple[Numbers, Numbers]:
    """Identities of all objects, 0 where they have none, and where those of each block end."""
    owned = np.where(tracked, sizes, 0)
    counts = np.bincount(blocks, owned, len(starts)).astype(np.int64)
    lengths = edges - starts
    places = _ranges(starts, lengths)
    stops = places[data[places] < 0x80]
    first = stops.searchsorted(starts)
    last = first + counts
    after = starts.copy()
    some = counts > 0
    if last[some].max(initial=0) > len(stops) or (stops[last[some] - 1] >= edges[some]).any():
        raise _Odd
    after[some] = stops[last[some] - 1] + 1
    these = _ranges(first, counts)
    before = np.concatenate(([-1], stops))[these] + 1
    before[(np.cumsum(counts) - counts)[some]] = starts[some]
    deltas = varint.at(data, before, stops[these])
    ids = np.zeros(int(sizes.sum()), np.int64)
    ids[np.repeat(tracked, sizes)] = _sums(deltas, np.repeat(np.arange(len(starts)), counts))
    return ids, after


def _sums(values: NDArray[np.uint64], blocks: NDArray[np.intp]) -> Numbers:
    """The running sums of zigzag differences, begun anew with each block."""
    steps = varint.unzigzag(values)
    total = np.cumsum(steps)
    first = np.ones(len(blocks), np.bool_)
    first[1:] = blocks[1:] != blocks[:-1]
    at = np.flatnonzero(first)
    lengths = np.diff(np.append(at, len(blocks)))
    return total - np.repeat(total[at] - steps[at], lengths)


def _ranges(starts: Numbers, counts: Numbers) -> Numbers:
    """The numbers from each start, so many, one after another."""
    shift = starts - (np.cumsum(counts) - counts)
    return np.repeat(shift, counts) + np.arange(int(counts.sum()))


def _joined(blocks: Sequence[Block]) -> Block:
    frames = np.cumsum([0, *(len(block.times) for block in blocks)]).tolist()
    objects = np.cumsum([0, *(len(block.objects) for block in blocks)]).tolist()
    offsets = [block.offsets[:-1] + at for block, at in zip(blocks, objects, strict=False)]
    extras: dict[int, Any] = {
        at + number: more
        for at, block in zip(frames, blocks, strict=False)
        for number, more in block.extras.items()
    }
    seen = [block.objects for block in blocks]
    return Block(
        np.concatenate([block.times for block in blocks]),
        np.concatenate([block.sequences for block in blocks]),
        np.concatenate([*offsets, objects[-1:]]),
        np.concatenate([block.tracked for block in blocks]),
        Detections(
            np.concatenate([one.boxes for one in seen]),
            np.concatenate([one.scores for one in seen]),
            np.concatenate([one.labels for one in seen]),
            np.concatenate([one.track_ids for one in seen if one.track_ids is not None]),
        ),
        extras,
    )
