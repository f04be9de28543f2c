"""What an arrival holds, checked: from here on nothing in it can surprise the store."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.hub.gateway.base import Arrival
from sightline.wire import topics
from sightline.wire.control import Health, Reported, Result, decode_control
from sightline.wire.formats.block import Block
from sightline.wire.formats.packed import unpack
from sightline.wire.formats.record import Kind, read_records, seal
from sightline.wire.messages import Event, Header, Measure
from sightline.wire.parcel import LARGEST, Parcel, decode_parcel, digest

_LOG = logging.getLogger(__name__)
_LONGEST = 128  # letters of a name
_MOST_NS = 1 << 62  # the year 2116
_MOST_FRAMES = 4096  # in one parcel
_MOST_MINUTES = 256  # that the frames of one parcel are spread over
_MOST_LABELS = 20_000


@dataclass(frozen=True, slots=True)
class Frames:
    parcel: Parcel
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Headers by digest, events and measures, in their order."""

    parcel: Parcel
    headers: tuple[tuple[str, Header], ...]
    events: tuple[Event, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the egress ledger."""

    parcel: Parcel


class Lost(msgspec.Struct, frozen=True):
    """What an outbox gave up."""

    first: int
    last: int
    frames: int = 0
    events: int = 0
    measures: int = 0


@dataclass(frozen=True, slots=True)
class GivenUp:
    parcel: Parcel
    lost: Lost


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be taken, ever; the reason is one sentence without anything secret in it."""

    reason: str


Content: TypeAlias = Frames | Said | Entry | GivenUp | Health | Reported | Result | Refused


def opened(arrival: Arrival) -> Content:
    """What was said."""
    try:
        return _open(arrival)
    except InputError as error:
        return Refused(str(error)[:300])
    except Exception:  # bytes of a stranger: whatever they do, they do it to themselves
        _LOG.exception("camera %s sent what nobody foresaw", arrival.camera)
        return Refused(f"camera {arrival.camera} sent what cannot be read")


def _open(arrival: Arrival) -> Content:
    camera = arrival.camera
    address = topics.parse(arrival.topic)
    if address is None or address.direction != "up":
        raise InputError(f"camera {camera} spoke on a topic that means nothing")
    if len(arrival.payload) > LARGEST:
        raise InputError(f"camera {camera} sent {len(arrival.payload)} bytes at once")
    if address.kind in ("frames", "events"):
        parcel = decode_parcel(arrival.payload, camera)
        if not parcel.boot.isprintable() or abs(parcel.stored_ns) > _MOST_NS:
            raise InputError(f"camera {camera} sent a parcel of an impossible boot or time")
        content: Content = _PARCELS[parcel.kind](parcel)
        return content
    return _control(address.kind, arrival.payload, camera)


def _control(kind: str, payload: bytes, camera: str) -> Health | Reported | Result:
    if kind == "reported":
        return decode_control(Reported, payload, camera)
    if kind == "result":
        return decode_control(Result, payload, camera)
    health = decode_control(Health, payload, camera)
    if health.camera != camera:
        raise InputError(f"camera {camera} reported the health of another")
    if len(health.boot) > _LONGEST or not 0 <= health.time_ns <= _MOST_NS:
        raise InputError(f"camera {camera} reported health of an impossible boot or time")
    return health


def _frames(parcel: Parcel) -> Frames:
    blocks = []
    for item in unpack(parcel.body, f"camera {parcel.camera}"):
        if not isinstance(item, Block):
            raise InputError(f"camera {parcel.camera} sent something else among frames")
        if len(item.times):
            blocks.append(item)
    if not blocks or sum(len(block.times) for block in blocks) > _MOST_FRAMES:
        raise InputError(f"camera {parcel.camera} sent frames, but none or too many")
    times = np.concatenate([block.times for block in blocks])
    if times.min() < -_MOST_NS or times.max() > _MOST_NS or _minutes(times) > _MOST_MINUTES:
        raise InputError(f"camera {parcel.camera} sent frames of impossible times")
    if any(block.objects.labels.max(initial=0) >= _MOST_LABELS for block in blocks):
        raise InputError(f"camera {parcel.camera} sent objects of a class that nobody can name")
    if len(parcel.header) > 32 or not parcel.header.isalnum():
        raise InputError(f"camera {parcel.camera} sent frames that name no header")
    return Frames(parcel, tuple(blocks))


def _minutes(times: NDArray[np.int64]) -> int:
    return len(set((times // 60_000_000_000).tolist()))


def _said(parcel: Parcel) -> Said:
    name = f"camera {parcel.camera}"
    headers, events, measures = [], [], []
    for item in unpack(parcel.body, name):
        if isinstance(item, Header):
            headers.append(_checked_header(item, parcel.camera))
        elif isinstance(item, Event):
            events.append(replace(_checked_event(item, parcel.camera), camera=parcel.camera))
        elif isinstance(item, Measure):
            measures.append(replace(_checked_measure(item, parcel.camera), camera=parcel.camera))
        else:
            raise InputError(f"camera {parcel.camera} sent frames among events")
    named = zip(_digests(parcel.body, name) if headers else (), headers, strict=True)
    return Said(parcel, tuple(named), tuple(events), tuple(measures))


def _digests(body: bytes, name: str) -> list[str]:
    records = read_records(BytesIO(body), name)
    return [digest(seal(Kind.HEADER, data)) for kind, data in records if kind == Kind.HEADER]


def _checked_header(header: Header, camera: str) -> Header:
    if len(header.labels) > _MOST_LABELS:
        raise InputError(f"camera {camera} sent a header of {len(header.labels)} class names")
    _check(camera, *header.labels)
    return header


def _checked_event(event: Event, camera: str) -> Event:
    _check(camera, event.kind, event.name, event.label or "")
    numbers = (event.time_ns, event.track or 0)
    if any(abs(number) > _MOST_NS for number in numbers) or not all(
        math.isfinite(value) for value in event.place or ()
    ):
        raise InputError(f"camera {camera} sent an event with an impossible number")
    return event


def _checked_measure(measure: Measure, camera: str) -> Measure:
    _check(camera, measure.kind, measure.name)
    numbers = (measure.start_ns, measure.end_ns)
    if any(abs(n) > _MOST_NS for n in numbers) or not math.isfinite(measure.value):
        raise InputError(f"camera {camera} sent a measure with an impossible number")
    return measure


def _check(camera: str, *names: str) -> None:
    for text in names:
        if len(text) > _LONGEST or "\0" in text:
            raise InputError(f"camera {camera} sent a name that is none")


def _given_up(parcel: Parcel) -> GivenUp:
    try:
        lost = msgspec.json.decode(parcel.body, type=Lost)
    except msgspec.MsgspecError as error:
        raise InputError(f"camera {parcel.camera} gave up something unclear: {error}") from None
    numbers = (lost.first, lost.last, lost.frames, lost.events, lost.measures)
    if any(not 0 <= number < 1 << 40 for number in numbers):
        raise InputError(f"camera {parcel.camera} gave up an impossible number")
    return GivenUp(parcel, lost)


_PARCELS: dict[str, Callable[[Parcel], Any]] = {
    "frames": _frames,
    "events": _said,
    "ledger": Entry,
    "lost": _given_up,
}
