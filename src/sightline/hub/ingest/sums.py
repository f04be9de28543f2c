"""What a batch adds to the rollups."""

from __future__ import annotations

import numpy as np

from sightline.hub.ingest.clock import all_placed, placed
from sightline.hub.store.rollups import Key, Sum, Sums
from sightline.wire.formats.block import Block
from sightline.wire.messages import Event, Header, Measure

_MINUTE_NS = 60_000_000_000


def add_event(sums: Sums, event: Event, arrived_ns: int) -> None:
    """One more of its kind, by direction where it has one."""
    key = Key(event.camera, "event", event.kind, event.name, _part(event))
    sums.add(key, placed(event.time_ns, arrived_ns), Sum(1, 1.0, 1.0, 1.0))


def add_measure(sums: Sums, measure: Measure, arrived_ns: int) -> None:
    """Its value, in the minute in which its interval began."""
    key = Key(measure.camera, "measure", measure.kind, measure.name, _part(measure))
    value = float(measure.value)
    sums.add(key, placed(measure.start_ns, arrived_ns), Sum(1, value, value, value))


def add_frames(
    sums: Sums, camera: str, header: Header | None, block: Block, offset_ns: int, arrived_ns: int
) -> None:
    """How many objects were seen: over all (name "", one count a frame), and by class name.

    The count of a class is the number of frames that it was seen in, so a mean over time is
    its total by the count of name "".
    """
    sizes = np.diff(block.offsets)
    minutes = all_placed(block.times + offset_ns, arrived_ns) // _MINUTE_NS
    owner = np.repeat(np.arange(len(sizes)), sizes)
    labels = block.objects.labels
    for minute in np.unique(minutes).tolist():
        inside = minutes == minute
        _add(sums, Key(camera, "objects", "frame"), minute, sizes[inside])
        of_minute = labels[inside[owner]]
        for label in np.unique(of_minute).tolist():
            counts = np.bincount(owner[labels == label], minlength=len(sizes))[inside]
            key = Key(camera, "objects", "frame", class_name(header, label))
            _add(sums, key, minute, counts[counts > 0])


def class_name(header: Header | None, label: int) -> str:
    """What a label means; its number where no header says."""
    if header is None or label >= len(header.labels):
        return f"class {label}"
    return header.labels[label]


def _add(sums: Sums, key: Key, minute: int, counts: np.typing.NDArray[np.int64]) -> None:
    value = Sum(len(counts), float(counts.sum()), float(counts.min()), float(counts.max()))
    sums.add(key, minute * _MINUTE_NS, value)


def _part(message: Event | Measure) -> str:
    direction = message.data.get("direction", "")
    return direction if isinstance(direction, str) and len(direction) <= 32 else ""
