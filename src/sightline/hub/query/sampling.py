"""Which parts of a long range are looked at, so that any range is answered soon."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, select

from sightline.hub.store.tables.frames import segments, tail

_MOST_WINDOWS = 150
_LEAST_NS = 600 * 10**9
_GOLDEN = 0.6180339887  # steps of it fall into no rhythm of a day


class Sample(NamedTuple):
    """Stretches of time, and by how much what is found in them stands for the whole."""

    windows: Sequence[tuple[int, int]]
    scale: float


def sample(connection: Connection, camera: str, from_ns: int, to_ns: int, most: int) -> Sample:
    """All of a range where it holds no more objects than `most`, else windows spread over it."""
    objects, first, last = 0, to_ns, from_ns
    for table in (segments, tail):
        here = and_(table.c.camera == camera, table.c.last_ns >= from_ns, table.c.first_ns < to_ns)
        count = func.coalesce(func.sum(table.c.objects), 0)
        query = select(count, func.min(table.c.first_ns), func.max(table.c.last_ns)).where(here)
        more, begin, end = connection.execute(query).one()
        if begin is not None:
            objects += int(more)
            first, last = min(first, begin), max(last, end)
    first, last = max(first, from_ns), min(last + 1, to_ns)
    if objects <= most:
        return Sample([(from_ns, to_ns)], 1.0)
    return spread(first, last, most / objects)


def spread(first_ns: int, last_ns: int, share: float) -> Sample:
    """Windows that together are that share of a span, one in each of its equal slots."""
    slot = max(_LEAST_NS, -(-(last_ns - first_ns) // _MOST_WINDOWS))
    width = max(1, int(slot * share))
    windows = []
    for number, begin in enumerate(range(first_ns, last_ns, slot)):
        at = begin + int((number * _GOLDEN % 1.0) * (slot - width))
        if at < last_ns:
            windows.append((at, min(at + width, last_ns)))
    looked = sum(end - begin for begin, end in windows)
    return Sample(windows, (last_ns - first_ns) / looked)
