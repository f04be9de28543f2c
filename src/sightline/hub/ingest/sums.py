"""What a batch adds to the rollups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.hub.ingest.clock import all_placed, placed
from sightline.hub.store.rollups import DOUBTS, INVALID, Key, Sum, Sums
from sightline.wire.formats.block import Block
from sightline.wire.means import OVER
from sightline.wire.messages import Event, Header, Measure

_MINUTE_NS = 60_000_000_000
_MOST = 1_000_000  # people of one interval


def add_event(sums: Sums, event: Event, arrived_ns: int) -> None:
    """One more of its kind, by direction where it has one."""
    key = Key(event.camera, "event", event.kind, event.name, _part(event))
    one = Sum(1, 1.0, 1.0, 1.0)
    sums.add(key, placed(event.time_ns, arrived_ns), one)
    if event.data.get("valid") is False:
        sums.add(key._replace(subject=INVALID["event"]), placed(event.time_ns, arrived_ns), one)


def add_measure(sums: Sums, measure: Measure, arrived_ns: int) -> None:
    """Its value, in the minute in which its interval began."""
    key = Key(measure.camera, "measure", measure.kind, measure.name, _part(measure))
    value, at_ns = float(measure.value), placed(measure.start_ns, arrived_ns)
    count, total = _people(measure) or (1, value)
    sums.add(key, at_ns, Sum(count, total, value, value))
    share = measure.data.get("invalid")
    if isinstance(share, int | float) and 0 < share <= 1:
        sums.add(key._replace(subject=INVALID["measure"]), at_ns, Sum(1, share, share, share))
    for subject, number in zip(DOUBTS, _doubt(measure), strict=False):
        sums.add(key._replace(subject=subject), at_ns, Sum(1, number, number, number))


def _people(measure: Measure) -> tuple[int, float] | None:
    """Over how many people a mean is, and what theirs add up to."""
    count, total = measure.data.get(OVER.get(measure.kind, "")), measure.data.get("total")
    if not isinstance(count, int | float) or not isinstance(total, int | float):
        return None
    return (int(count), float(total)) if 0 <= count < _MOST and isfinite(total) else None


def _doubt(measure: Measure) -> Sequence[float]:
    """What adds up to an interval of the value (`analytics.doubt`); nothing where there is none."""
    told = measure.data.get("doubt")
    if not isinstance(told, list) or len(told) not in (3, 6):
        return ()
    sound = all(isinstance(one, int | float) and isfinite(one) for one in told)
    return [float(one) for one in told] if sound else ()


class Seen(NamedTuple):
    """A block of frames, with what is needed to sum it up."""

    camera: str
    header: Header | None
    block: Block
    offset_ns: int
    arrived_ns: int


def add_frames(sums: Sums, seen: Sequence[Seen]) -> None:
    """How many objects were seen: over all (name "", one count a frame), and by class name.

    The count of a class is the number of frames that it was seen in, so a mean over time is
    its total by the count of name "". All blocks of a batch are summed up at once.
    """
    if not seen:
        return
    blocks = [item.block for item in seen]
    minutes = np.concatenate([_minutes(item) for item in seen])
    sizes = np.concatenate([np.diff(block.offsets) for block in blocks])
    owner = np.repeat(np.arange(len(blocks)), [len(block.times) for block in blocks])
    starts = np.flatnonzero(np.diff(owner, prepend=-1) | np.diff(minutes, prepend=-1))
    run = np.zeros(len(owner), np.int64)
    run[starts] = 1
    run = np.cumsum(run) - 1
    of_run, when = owner[starts].tolist(), (minutes[starts] * _MINUTE_NS).tolist()
    for at, value in enumerate(_extremes(sizes, starts)):
        sums.add(Key(seen[of_run[at]].camera, "objects", "frame"), when[at], value)
    labels = np.concatenate([block.objects.labels for block in blocks]).astype(np.int64)
    if not len(labels):
        return
    width = int(labels.max()) + 1
    pairs, counts = np.unique(np.repeat(np.arange(len(sizes)), sizes) * width + labels,
                              return_counts=True)  # fmt: skip
    places = run[pairs // width] * width + pairs % width
    order = np.argsort(places, kind="stable")
    places, counts = places[order], counts[order]
    begins = np.flatnonzero(np.diff(places, prepend=-1))
    for place, value in zip(places[begins].tolist(), _extremes(counts, begins), strict=True):
        at, label = divmod(place, width)
        item = seen[of_run[at]]
        name = class_name(item.header, label)
        sums.add(Key(item.camera, "objects", "frame", name), when[at], value)


def _minutes(item: Seen) -> NDArray[np.int64]:
    return all_placed(item.block.times + item.offset_ns, item.arrived_ns) // _MINUTE_NS


def _extremes(counts: NDArray[np.int64], starts: NDArray[np.intp]) -> Iterator[Sum]:
    """Sums of the runs that begin at these places."""
    ends = np.append(starts[1:], len(counts))
    for n, total, low, high in zip(
        (ends - starts).tolist(),
        np.add.reduceat(counts, starts).tolist(),
        np.minimum.reduceat(counts, starts).tolist(),
        np.maximum.reduceat(counts, starts).tolist(),
        strict=True,
    ):
        yield Sum(n, float(total), float(low), float(high))


def class_name(header: Header | None, label: int) -> str:
    """What a label means; its number where no header says."""
    if header is None or label >= len(header.labels):
        return f"class {label}"
    return header.labels[label]


def _part(message: Event | Measure) -> str:
    direction = message.data.get("direction", "")
    return direction if isinstance(direction, str) and len(direction) <= 32 else ""
