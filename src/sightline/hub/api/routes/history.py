"""What cameras said: events, measures, frames and health."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
from fastapi import APIRouter, Query
from numpy.typing import NDArray
from sqlalchemy import Connection

from sightline.hub.api.access import Viewer, meant_cameras, visible
from sightline.hub.api.asked import Fleet, Names
from sightline.hub.api.leaving import Leaving
from sightline.hub.api.moments import Between
from sightline.hub.api.pages import Cursor, Limit, Page, page, place_of
from sightline.hub.api.services import Parts, Services
from sightline.hub.auth.principal import Principal
from sightline.hub.query.bands import Band, Numbers, read_bands, read_invalid
from sightline.hub.store import events as stored
from sightline.hub.store import frames as kept
from sightline.hub.store import series
from sightline.hub.store.frame_messages import Reading
from sightline.hub.store.rollups import DOUBTS, INVALID
from sightline.hub.store.series import Asked
from sightline.wire.control import Health
from sightline.wire.messages import Event, FrameMetadata, Measure

router = APIRouter(prefix="/api/v1", tags=["history"], route_class=Leaving)

Over = Literal["camera", "name", "part"]
_EVER = 1 << 62
_SPANS = {"minute": 60, "hour": 3600, "day": 86400}
_USUAL_S = 86400.0
_BESIDE = {*DOUBTS, *INVALID.values()}  # series that tell about others


@dataclass(frozen=True, slots=True)
class EventItem(Event):
    """An event as it is stored. `id` grows in the order of storing."""

    id: int = 0
    arrived_ns: int = 0


@dataclass(frozen=True, slots=True)
class MeasureItem(Measure):
    """A measure as it is stored."""

    id: int = 0
    arrived_ns: int = 0


@dataclass(frozen=True, slots=True)
class HealthItem:
    """A health report; `skew_ns` is the camera's clock minus the hub's."""

    arrived_ns: int
    skew_ns: int
    health: Health


@dataclass(frozen=True, slots=True)
class SeriesItem:
    """One series: a value an interval. Where `n` is 0, nothing was.

    A measure that knows its errors has a band as well: the truth is from `lower` to `upper` in
    95 of 100 cases. Of a count that is the number in the interval; of a mean, such as a dwell,
    the mean over it. `doubt` holds what adds up to that over time, places and cameras: expected
    value, variance and common error, and of a mean also those of what it is divided by.

    `invalid`, where there is some, is the share 0..1 of each interval's events, or of the time of
    its measures, in which the camera could not see or its clock was wrong.
    """

    camera: str
    subject: str
    kind: str
    name: str
    part: str
    n: list[int]
    total: list[float]
    low: list[float]
    high: list[float]
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    doubt: list[list[float]] = field(default_factory=list)
    invalid: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SeriesKind:
    """A kind of events, measures or objects of which there are sums."""

    subject: str
    kind: str


@dataclass(frozen=True, slots=True)
class SeriesAnswer:
    """Sums over a range: `starts` (seconds since 1970) are those of every series."""

    resolution_s: int
    starts: list[int]
    series: list[SeriesItem]


@router.get("/events", summary="Events")
async def events(
    who: Viewer,
    parts: Parts,
    between: Between,
    camera: Names = None,
    kind: Names = None,
    name: Names = None,
    q: Fleet = "",
    newest: Annotated[bool, Query(description="The newest first.")] = True,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Page[EventItem]:
    """In order of time, by the cameras' clocks."""
    wanted = await _wanted(parts, who, between, (camera, kind, name), q, newest)
    if wanted is None:
        return Page(items=[])
    after = place_of(cursor, stored.After)
    rows = await parts.database.read(lambda c: stored.events_page(c, wanted, limit + 1, after))
    items = [
        EventItem(**_plain(row.event), id=row.at.id, arrived_ns=row.arrived_ns) for row in rows
    ]
    return page(items, limit, lambda item: (item.time_ns, item.id))


@router.get("/measures", summary="Measures one by one")
async def measures(
    who: Viewer,
    parts: Parts,
    between: Between,
    camera: Names = None,
    kind: Names = None,
    name: Names = None,
    q: Fleet = "",
    newest: Annotated[bool, Query(description="The newest first.")] = True,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Page[MeasureItem]:
    """In order of their begin. `GET series` has them summed up by minute, hour or day."""
    wanted = await _wanted(parts, who, between, (camera, kind, name), q, newest)
    if wanted is None:
        return Page(items=[])
    after = place_of(cursor, stored.After)
    rows = await parts.database.read(lambda c: stored.measures_page(c, wanted, limit + 1, after))
    items = [
        MeasureItem(**_plain(row.measure), id=row.at.id, arrived_ns=row.arrived_ns) for row in rows
    ]
    return page(items, limit, lambda item: (item.start_ns, item.id))


@router.get("/series", summary="Sums by minute, hour or day")
async def sums(
    who: Viewer,
    parts: Parts,
    between: Between,
    camera: Names = None,
    subject: Annotated[
        Literal["", "event", "measure", "objects"], Query(description="Of what; empty for all.")
    ] = "",
    kind: Names = None,
    name: Names = None,
    part: Annotated[
        list[str] | None, Query(max_length=100, description="Such as a direction: in, out.")
    ] = None,
    q: Fleet = "",
    over: Annotated[
        list[Over] | None,
        Query(max_length=3, description="What to add up over."),
    ] = None,
    resolution: Literal["auto", "minute", "hour", "day"] = "auto",
) -> SeriesAnswer:
    """Kept while data comes in, so that a year is as quick as an hour.

    Objects are those seen in frames: of name "" over all, else by class; `total / n` is the mean
    number in a frame. What is added up `over` is empty in the answer.
    """
    from_ns, to_ns = between.closed(_USUAL_S)
    cameras = await meant_cameras(parts, who, camera, q)
    if cameras is None:
        return SeriesAnswer(0, [], [])
    from_s, to_s = from_ns // 10**9, -(-to_ns // 10**9)
    span = _SPANS.get(resolution) or series.fitting(from_s, to_s)
    asked = Asked(
        cameras, subject, tuple(kind or ()), tuple(name) if name else None,
        tuple(part) if part else None,
    )  # fmt: skip
    if (to_s - from_s) // span > 50_000:
        span = series.fitting(from_s, to_s)
    return await parts.database.read(
        lambda c: _answer(c, asked, tuple(over or ()), from_s, to_s, span)
    )


@router.get("/series/kinds", summary="What is counted at all")
async def kinds(who: Viewer, parts: Parts, camera: Names = None, q: Fleet = "") -> Page[SeriesKind]:
    """Of these cameras, whenever that was: at once, however much is stored."""
    cameras = await meant_cameras(parts, who, camera, q)
    if cameras is None:
        return Page(items=[])
    found = await parts.database.read(lambda c: series.kinds(c, cameras))
    return Page(items=[SeriesKind(*one) for one in found])


@router.get("/cameras/{name}/frames", summary="Frames of metadata")
async def frames(
    name: str,
    who: Viewer,
    parts: Parts,
    between: Between,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Page[FrameMetadata]:
    """Without `from` the newest, the newest first; with `from` in order of time."""
    camera = await visible(parts, who, name)
    place = place_of(cursor, int)

    def forward(connection: Connection) -> list[FrameMetadata]:
        begin = (between.from_ns or 0) if place is None else place
        end = _EVER if between.to_ns is None else between.to_ns
        tables = kept.between(connection, parts.segments, camera, begin, end)
        reading = Reading(connection, camera)
        return list(islice((one for t in tables for one in reading.messages(t)), limit + 1))

    def backward(connection: Connection) -> list[FrameMetadata]:
        before = place if place is not None else between.to_ns
        table: pa.Table = kept.newest(
            connection, parts.segments, camera, limit + 1, _EVER if before is None else before
        )
        return list(Reading(connection, camera).messages(table))[::-1]

    if between.from_ns is not None:
        found = await parts.database.read(forward)
        return page(found, limit, lambda frame: frame.time_ns + 1)
    return page(await parts.database.read(backward), limit, lambda frame: frame.time_ns)


@router.get("/cameras/{name}/health", summary="Health reports")
async def health(
    name: str, who: Viewer, parts: Parts, between: Between, limit: Limit = 100
) -> Page[HealthItem]:
    """The newest first; of the last day unless a range is given."""
    camera = await visible(parts, who, name)
    from_ns, to_ns = between.closed(_USUAL_S)
    rows = await parts.database.read(
        lambda c: stored.health_page(c, camera, from_ns, to_ns + 10**9, limit)
    )
    return Page(items=[HealthItem(*row) for row in rows])


async def _wanted(
    parts: Services,
    who: Principal,
    between: Between,
    named: tuple[list[str] | None, list[str] | None, list[str] | None],
    query: str,
    newest: bool,
) -> stored.Wanted | None:
    camera, kind, name = named
    cameras = await meant_cameras(parts, who, camera, query)
    if cameras is None:
        return None
    return stored.Wanted(
        cameras, tuple(kind or ()), tuple(name or ()), between.from_ns, between.to_ns, newest
    )


def _plain(message: Event | Measure) -> dict[str, Any]:
    return {key: getattr(message, key) for key in message.__dataclass_fields__}


def _answer(
    connection: Connection, asked: Asked, over: tuple[Over, ...], from_s: int, to_s: int, span: int
) -> SeriesAnswer:
    reading = series.read_series(connection, asked, from_s, to_s, span, over)
    bands = read_bands(connection, asked, over, from_s, to_s, span)
    invalid = read_invalid(connection, asked, over, from_s, to_s, span)
    found = [
        SeriesItem(
            **item.key._asdict(),
            n=item.n.tolist(), total=item.total.tolist(),
            low=item.cells["low"].tolist(), high=item.cells["high"].tolist(),
            **_band(bands.get(item.key)),
            invalid=_shares(invalid.get(item.key), item.n),
        )
        for item in reading.series
        if item.key.subject not in _BESIDE
    ]  # fmt: skip
    return SeriesAnswer(reading.resolution, reading.starts.tolist(), found)


def _shares(part: Numbers | None, n: NDArray[np.uint32]) -> list[float]:
    return [] if part is None else (part / np.maximum(n, 1)).clip(0, 1).tolist()


def _band(band: Band | None) -> dict[str, Any]:
    if band is None:
        return {}
    doubt = [numbers.tolist() for numbers in band.doubt]
    return {"lower": band.low.tolist(), "upper": band.high.tolist(), "doubt": doubt}
