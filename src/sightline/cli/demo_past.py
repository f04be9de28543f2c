"""The month before the demonstration: what its cameras would have said, stored as if they had."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial

from sightline.camera.past.days import Past
from sightline.cli.demo_cameras import SPOTS, camera_config
from sightline.hub.demo.mark import Mark, read_mark, write_mark
from sightline.hub.gateway.base import Arrival
from sightline.hub.hub import Hub
from sightline.hub.ingest.ingest import Ingest
from sightline.wire import topics
from sightline.wire.parcel import encode_parcel

_DAYS = 30
_LEAST_S = 900  # less than that is not missed
AWAY_S = 2400  # before the demonstration the camera that is off was switched off
_SEED = 5  # with it about as many come in as go out
_SAVE_EVERY_S = 0.5

Span = tuple[int, int]


def marked(hub: Hub, by: tuple[str, ...], now_s: int, seen_s: int) -> Mark:
    """The mark with the span that is to be filled now: the last month at first, later what passed
    since the cameras were seen; the last one again where it is not whole.

    seen_s  when the cameras were there last; 0 for never
    """
    folder = hub.settings.data
    mark = read_mark(folder) or Mark(tuple(SPOTS), by, _SEED)
    if not mark.spans:
        first = date.fromtimestamp(now_s) - timedelta(days=_DAYS - 1)
        begin = int(time.mktime(first.timetuple()))
        mark = replace(mark, spans=((begin, now_s),), done=0.0)
    elif mark.done >= 1:
        begin = max(seen_s, mark.spans[-1][1])
        if now_s - begin > _LEAST_S:
            mark = replace(mark, spans=(*mark.spans, (begin, now_s)), done=0.0)
    write_mark(folder, mark)
    return mark


class Backfill:
    """`run` stores the newest span of a mark beside everything else that the hub does.

    told  hears how much of it is done, 0..1
    """

    def __init__(self, hub: Hub, mark: Mark, told: Callable[[float], None]) -> None:
        self._hub, self._mark, self._told = hub, mark, told
        self._days = days_between(*mark.spans[-1])
        self._whole = len(self._days) * len(SPOTS)
        self._stored = 0
        self._saved = 0.0

    async def run(self) -> None:
        """Until it is done. What is stored already is taken once, as every parcel is."""
        if self._mark.done >= 1:
            return
        ingest: Ingest = self._hub.app.state.services.ingest.aside()
        storing = asyncio.create_task(ingest.run())
        try:
            with _workers() as pools:
                async with asyncio.TaskGroup() as group:
                    for number, name in enumerate(SPOTS):
                        pool = pools[number % len(pools)]
                        group.create_task(self._camera(pool, ingest, name))
        finally:
            storing.cancel()
            await asyncio.gather(storing, return_exceptions=True)
        self._keep(1.0)
        await self._hub.upkeep.settle()

    async def _camera(self, pool: ProcessPoolExecutor, ingest: Ingest, name: str) -> None:
        loop = asyncio.get_running_loop()
        span = _span_of(name, self._mark)
        for day in self._days:
            work = partial(day_of, name, self._mark.seed, day, span)
            said = await loop.run_in_executor(pool, work)
            if read_mark(self._hub.settings.data) is None:
                return  # somebody has removed the demo
            await asyncio.gather(*map(ingest.deliver, said))
            self._stored += 1
            self._keep(0.99 * self._stored / self._whole)

    def _keep(self, done: float) -> None:
        self._told(done)
        now = time.monotonic()
        if done < 1 and now - self._saved < _SAVE_EVERY_S:
            return
        self._saved = now
        if read_mark(self._hub.settings.data) is not None:
            write_mark(self._hub.settings.data, replace(self._mark, done=done))


def days_between(from_s: int, to_s: int) -> list[date]:
    """Every day that has a part of it, in local time."""
    first, last = date.fromtimestamp(from_s), date.fromtimestamp(to_s)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def day_of(name: str, seed: int, day: date, span: Span) -> list[Arrival]:
    """What a camera said on a day, within a span."""
    return [
        Arrival(
            name,
            topics.up(name, "frames" if parcel.kind == "frames" else "events"),
            encode_parcel(parcel),
            parcel.stored_ns,
        )
        for parcel in _past(name, seed).parcels(day, *span)
    ]


@cache
def _past(name: str, seed: int) -> Past:
    spot = SPOTS[name]
    levels = tuple(spot.busy * share for share in (0.35, 0.8, 1.3))
    return Past.of(camera_config(name), spot.rhythm, seed, levels)


def _span_of(name: str, mark: Mark) -> Span:
    begin, end = mark.spans[-1]
    if SPOTS[name].live:
        return begin, end
    return (begin, end - AWAY_S) if len(mark.spans) == 1 else (end, end)


@contextmanager
def _workers() -> Iterator[list[ProcessPoolExecutor]]:
    """Processes of their own, so that the hub goes on answering; each keeps what it recorded."""
    spawning = multiprocessing.get_context("spawn")
    count = min(2, os.cpu_count() or 1)
    pools = [ProcessPoolExecutor(1, spawning, os.nice, (5,)) for _ in range(count)]
    try:
        yield pools
    finally:
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
