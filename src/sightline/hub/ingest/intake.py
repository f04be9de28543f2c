"""What arrivals become in the database: one transaction a batch, each parcel once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from sqlalchemy import Connection

from sightline.errors import InputError
from sightline.hub.gateway.base import Arrival
from sightline.hub.ingest.batch import Batch, Grown, Keepers, Outcome
from sightline.hub.ingest.clock import placed
from sightline.hub.ingest.drift import Drift
from sightline.hub.ingest.feed import (
    EventsStored,
    FramesStored,
    HealthStored,
    LedgerArrived,
    MeasuresStored,
    ReportedArrived,
    ResultArrived,
)  # fmt: skip
from sightline.hub.ingest.headers import Headers
from sightline.hub.ingest.opening import Content, Entry, Frames, GivenUp, Refused, Said
from sightline.hub.ingest.runs import Run, Runs
from sightline.hub.ingest.sums import Seen, add_event, add_frames, add_measure
from sightline.hub.store.deliveries import Verdict
from sightline.hub.store.rollups import Rollups
from sightline.wire.control import Health, Reported, Result
from sightline.wire.messages import Header

_HOUR_NS = 3600 * 10**9
_SURELY_AHEAD_NS = 5 * 10**9


class Intake:
    """Lives in the writer's thread. Where a transaction fails, `forget` before the next."""

    def __init__(self, keepers: Keepers) -> None:
        self._keepers = keepers
        self._runs = Runs()
        self._headers = Headers()
        self._rollups = Rollups()
        self._drift = Drift()

    def store(self, connection: Connection, arrivals: Sequence[tuple[Arrival, Content]]) -> Outcome:
        """Write them all."""
        batch = Batch()
        self._drift.begin()
        for arrival, content in arrivals:
            self._take(connection, batch, arrival, content)
        add_frames(batch.sums, batch.seen)
        batch.write(connection, self._keepers)
        self._rollups.add(connection, batch.sums)
        self._runs.save(connection)
        return batch.outcome

    def forget(self) -> None:
        """Nothing that was learned since the last commit is true."""
        self._runs.forget()
        self._headers.forget()
        self._rollups.forget()
        self._drift.undo()

    def _take(
        self, connection: Connection, batch: Batch, arrival: Arrival, content: Content
    ) -> None:
        camera, now = arrival.camera, arrival.arrived_ns
        match content:
            case Refused(reason):
                batch.refuse(camera, reason, now)
            case Health():
                self._health(connection, batch, content, now)
            case Reported():
                batch.keep(ReportedArrived(camera, content))
            case Result():
                batch.keep(ResultArrived(camera, content))
            case _:
                self._parcel(connection, batch, content, now)

    def _parcel(
        self,
        connection: Connection,
        batch: Batch,
        content: Frames | Said | Entry | GivenUp,
        now: int,
    ) -> None:
        parcel = content.parcel
        run = self._runs.get(connection, parcel.camera, parcel.boot, now)
        try:
            verdict = run.take(parcel.sequence, now)
        except InputError as error:
            batch.refuse(parcel.camera, f"camera {parcel.camera}: {error}", now)
            return
        batch.outcome.counts[verdict.value] += 1
        if verdict is Verdict.DUPLICATE:
            return
        if parcel.stored_ns - now > _SURELY_AHEAD_NS:
            run.skew_ns = parcel.stored_ns - now
        match content:
            case Frames():
                self._frames(connection, batch, run, content, now)
            case Said():
                self._said(connection, batch, run, content, now)
            case Entry():
                batch.keep(LedgerArrived(parcel.camera, parcel.boot, parcel.body))
            case GivenUp(_, lost):
                run.deliveries.give_up(lost.first, lost.last)
                run.lost_frames += lost.frames
                run.lost_events += lost.events
                run.lost_measures += lost.measures

    def _frames(
        self, connection: Connection, batch: Batch, run: Run, content: Frames, now: int
    ) -> None:
        parcel, blocks, offset = content.parcel, content.blocks, run.offset_ns
        header = self._headers.get(connection, parcel.camera, parcel.header)
        first = min(int(block.times.min()) for block in blocks) + offset
        last = max(int(block.times.max()) for block in blocks) + offset
        objects = sum(len(block.objects) for block in blocks)
        count = sum(len(block.times) for block in blocks)
        hour = placed(first, now) // _HOUR_NS
        what = (parcel.camera, parcel.boot, parcel.header, hour)
        batch.tail.append((*what, first, last, offset, count, objects, parcel.body))
        batch.seen += [Seen(parcel.camera, header, block, offset, now) for block in blocks]
        batch.outcome.counts["frames"] += count
        batch.outcome.counts["objects"] += objects
        batch.outcome.grown.append(Grown(parcel.camera, hour, len(parcel.body)))
        named = (parcel.boot, parcel.sequence, parcel.header)
        batch.outcome.news.append(FramesStored(parcel.camera, header, blocks, offset, *named))

    def _said(
        self, connection: Connection, batch: Batch, run: Run, content: Said, now: int
    ) -> None:
        camera = content.parcel.camera
        for digest, header in content.headers:
            self._headers.learn(connection, camera, digest, header, now)
            run.offset_ns = _offset(header, content.parcel.stored_ns)
        shift = run.offset_ns
        said = tuple(replace(e, time_ns=e.time_ns + shift) for e in content.events)
        measured = tuple(
            replace(m, start_ns=m.start_ns + shift, end_ns=m.end_ns + shift)
            for m in content.measures
        )
        if self._drift.wrong(camera):
            said = tuple(replace(e, data={**e.data, "valid": False}) for e in said)
            measured = tuple(replace(m, data={**m.data, "invalid": 1.0}) for m in measured)
        for event in said:
            batch.event(event, now)
            add_event(batch.sums, event, now)
        for measure in measured:
            batch.measure(measure, now)
            add_measure(batch.sums, measure, now)
        batch.outcome.counts["events"] += len(said)
        batch.outcome.counts["measures"] += len(measured)
        if said:
            batch.outcome.news.append(EventsStored(camera, said))
        if measured:
            batch.outcome.news.append(MeasuresStored(camera, measured))

    def _health(self, connection: Connection, batch: Batch, health: Health, now: int) -> None:
        body = msgspec.json.encode(health).decode()
        batch.health.append((health.camera, health.boot, health.time_ns, now, body))
        batch.outcome.counts["health"] += 1
        batch.outcome.news.append(HealthStored(health.camera, health, now))
        run = self._runs.get(connection, health.camera, health.boot, now)
        run.skew_ns, run.last_ns = health.time_ns - now, now
        told = self._drift.hear(health.camera, health.time_ns, now)
        if told is not None:
            batch.event(told, now)
            add_event(batch.sums, told, now)
            batch.outcome.counts["events"] += 1
            batch.outcome.news.append(EventsStored(health.camera, (told,)))


def _offset(header: Header, stored_ns: int) -> int:
    """What makes times of this header times since the epoch."""
    return stored_ns if header.clock == "media" else 0
