"""Sums by the minute, added to in the transaction that stores what is summed.

`store.packing` makes hours and days of them, `store.series` reads all three.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.tables.rollups import recent, series

_MOST_SERIES = 1000  # of a camera; a hostile one invents names
_MOST_KNOWN = 50_000
DOUBTS = tuple(f"doubt.{number}" for number in range(6))
"""Subjects of the series that add up what a measure's interval is made of, beside its own:
expected, variance and common error, and of a mean also those of what it is divided by."""
INVALID = {subject: f"invalid.{subject}" for subject in ("event", "measure")}
"""Subjects of the series that add up how much of those beside them was said by a camera that could
not see, or whose clock was wrong."""
_AT_A_TIME = 500  # cameras of one question


class Key(NamedTuple):
    """What is summed up; see `store.tables.rollups`."""

    camera: str
    subject: str
    kind: str
    name: str = ""
    part: str = ""


class Sum(NamedTuple):
    n: int
    total: float
    low: float
    high: float

    def plus(self, other: Sum) -> Sum:
        return Sum(
            self.n + other.n,
            self.total + other.total,
            min(self.low, other.low),
            max(self.high, other.high),
        )


class Sums:
    """Sums of one batch, by key and minute."""

    def __init__(self) -> None:
        self.minutes: dict[tuple[Key, int], Sum] = {}

    def add(self, key: Key, time_ns: int, value: Sum) -> None:
        """Count something that happened at this time."""
        at = (key, time_ns // 60_000_000_000 * 60)
        old = self.minutes.get(at)
        self.minutes[at] = value if old is None else old.plus(value)


class Rollups:
    """Adds sums to the database. Lives in the writer's thread; `refused` counts series too many."""

    def __init__(self) -> None:
        self._ids: dict[Key, int] = {}
        self.refused = 0

    def add(self, connection: Connection, sums: Sums) -> None:
        """Add what a batch brought."""
        ids = self._numbers(connection, {key for key, _ in sums.minutes})
        items = sums.minutes.items()
        rows = [(start, ids[key], *value) for (key, start), value in items if key in ids]
        insert_rows(connection, recent, _COLUMNS, rows, _greater(connection))

    def forget(self) -> None:
        """What was numbered last may have been rolled back."""
        self._ids.clear()

    def _numbers(self, connection: Connection, keys: set[Key]) -> Mapping[Key, int]:
        if len(self._ids) > _MOST_KNOWN:
            self._ids.clear()
        unknown = keys - self._ids.keys()
        wanted: dict[str, list[Key]] = defaultdict(list)
        for key in unknown:
            wanted[key.camera].append(key)
        cameras = list(wanted)
        for begin in range(0, len(cameras), _AT_A_TIME):
            some = cameras[begin : begin + _AT_A_TIME]
            self._learn(connection, {camera: wanted[camera] for camera in some})
        return self._ids

    def _learn(self, connection: Connection, wanted: Mapping[str, list[Key]]) -> None:
        known = _known(connection, list(wanted))
        counts = Counter(key.camera for key in known)
        new: list[Key] = []
        for camera, keys in wanted.items():
            missing = [key for key in keys if key not in known]
            room = max(0, _MOST_SERIES - counts[camera])
            new += missing[:room]
            self.refused += len(missing[room:])
        if new:
            insert_rows(connection, series, Key._fields, new)
            known = _known(connection, list(wanted))
        self._ids.update(known)


def _known(connection: Connection, cameras: list[str]) -> dict[Key, int]:
    rows = connection.execute(select(series).where(series.c.camera.in_(cameras)))
    return {Key(*row[1:]): row[0] for row in rows}


_COLUMNS = ("start", "series", *Sum._fields)


def _greater(connection: Connection) -> str:
    sqlite = connection.dialect.name == "sqlite"
    least, most = ("min", "max") if sqlite else ("least", "greatest")
    return (
        'ON CONFLICT ("start", "series") DO UPDATE SET '
        '"n" = recent."n" + excluded."n", "total" = recent."total" + excluded."total", '
        f'"low" = {least}(recent."low", excluded."low"), '
        f'"high" = {most}(recent."high", excluded."high")'
    )
