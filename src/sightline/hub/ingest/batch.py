"""Rows that a batch is made of, gathered and then written table by table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from sightline.hub.ingest.feed import LedgerArrived, News, ReportedArrived, ResultArrived
from sightline.hub.ingest.sums import Seen
from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.rollups import Sums
from sightline.hub.store.tables import delivery, events, frames, health
from sightline.wire.messages import Event, Measure

Keeper = Callable[[Connection, Sequence[Any]], None]
Kept = type[ReportedArrived] | type[ResultArrived] | type[LedgerArrived]
Keepers = Mapping[Kept, Keeper]

_EVENT = (
    "camera", "kind", "name", "label", "track", "x", "y", "time_ns", "arrived_ns", "data",
)  # fmt: skip
_MEASURE = ("camera", "kind", "name", "start_ns", "end_ns", "value", "arrived_ns", "data")
_TAIL = (
    "camera", "boot", "digest", "hour", "first_ns", "last_ns", "offset_ns", "frames", "objects",
    "body",
)  # fmt: skip
_HEALTH = ("camera", "boot", "time_ns", "arrived_ns", "body")
_REFUSAL = ("camera", "count", "last_ns", "reason")
_REFUSED_AGAIN = (
    'ON CONFLICT ("camera") DO UPDATE SET "count" = refusals."count" + excluded."count", '
    '"last_ns" = excluded."last_ns", "reason" = excluded."reason"'
)


class Grown(NamedTuple):
    """A part of the tail got larger."""

    camera: str
    hour: int
    bytes: int


@dataclass(slots=True)
class Outcome:
    """What came of a batch: what to tell listeners, what was counted, where the tail grew."""

    news: list[News] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    grown: list[Grown] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """Everything that one transaction adds."""

    events: list[tuple[Any, ...]] = field(default_factory=list)
    measures: list[tuple[Any, ...]] = field(default_factory=list)
    tail: list[tuple[Any, ...]] = field(default_factory=list)
    health: list[tuple[Any, ...]] = field(default_factory=list)
    refusals: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)
    kept: dict[Kept, list[Any]] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)

    def event(self, event: Event, arrived_ns: int) -> None:
        x, y = event.place or (None, None)
        data = msgspec.json.encode(event.data).decode()
        what = (event.camera, event.kind, event.name, event.label, event.track)
        self.events.append((*what, x, y, event.time_ns, arrived_ns, data))

    def measure(self, measure: Measure, arrived_ns: int) -> None:
        data = msgspec.json.encode(measure.data).decode()
        when = (measure.start_ns, measure.end_ns)
        what = (measure.camera, measure.kind, measure.name)
        self.measures.append((*what, *when, float(measure.value), arrived_ns, data))

    def refuse(self, camera: str, reason: str, arrived_ns: int) -> None:
        count, _, _ = self.refusals.get(camera, (0, 0, ""))
        self.refusals[camera] = (count + 1, arrived_ns, reason)
        self.outcome.counts["refused"] += 1

    def keep(self, item: ReportedArrived | ResultArrived | LedgerArrived) -> None:
        """For the keeper of its kind, in this transaction, and then for listeners."""
        self.kept.setdefault(type(item), []).append(item)
        self.outcome.news.append(item)

    def write(self, connection: Connection, keepers: Keepers) -> None:
        """Everything but runs and rollups, which know their own tables."""
        insert_rows(connection, events.events, _EVENT, self.events)
        insert_rows(connection, events.measures, _MEASURE, self.measures)
        insert_rows(connection, frames.tail, _TAIL, self.tail)
        nothing = "ON CONFLICT DO NOTHING"
        insert_rows(connection, health.health, _HEALTH, self.health, nothing)
        refused = [(camera, *what) for camera, what in self.refusals.items()]
        insert_rows(connection, delivery.refusals, _REFUSAL, refused, _REFUSED_AGAIN)
        for kind, items in self.kept.items():
            if kind in keepers:
                keepers[kind](connection, items)
