"""Readouts as parcels: headers before what is read with them, frames side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sightline.camera.agent.mailbox import Seen
from sightline.camera.outbox.draft import Draft, Losses
from sightline.errors import OutputError
from sightline.wire.formats.block import PackedFrame
from sightline.wire.formats.packed import pack, pack_frames
from sightline.wire.messages import Event, Header, Measure
from sightline.wire.parcel import LARGEST, digest

_ROOM = LARGEST - 1024  # for what a parcel adds to its body
_MOST_FRAMES = 64


@dataclass(slots=True)
class Packed:
    """What one transaction of the outbox takes."""

    drafts: list[Draft] = field(default_factory=list)
    headers: dict[str, bytes] = field(default_factory=dict)


class Packer:
    """Says a header once a run, and again when it changes.

    frames  whether metadata of every picture is sent, or only events and measures
    """

    def __init__(self) -> None:
        self._header: Header | None = None
        self._digest = ""
        self.frames = True
        self.too_large = 0

    def pack(self, seen: Sequence[Seen], measures: Iterable[Measure] = ()) -> Packed:
        """Parcels of these, in order."""
        packed = Packed()
        start = 0
        for place, item in enumerate(seen):
            if item.header != self._header:
                self._add(packed, seen[start:place])
                start = place
                self._announce(packed, item.header)
        self._add(packed, seen[start:])
        records = [pack(replace(one, camera=one.camera or self._camera)) for one in measures]
        for body, count in _joined(records):
            holds = Losses(measures=count)
            packed.drafts.append(Draft("measures", "events", body, holds=holds))
        return packed

    @property
    def _camera(self) -> str:
        return self._header.camera if self._header else ""

    def _announce(self, packed: Packed, header: Header) -> None:
        record = pack(header)
        self._header, self._digest = header, digest(record)
        packed.headers[self._digest] = record
        packed.drafts.append(Draft("events", "events", record))

    def _add(self, packed: Packed, seen: Sequence[Seen]) -> None:
        readouts = [item.readout for item in seen]
        frames = [
            PackedFrame(
                one.time_ns, one.sequence, one.detections, {"name": one.name} if one.name else {}
            )
            for one in readouts
            if one.sequence is not None and self.frames
        ]
        for first in range(0, len(frames), _MOST_FRAMES):
            packed.drafts += self._of_frames(frames[first : first + _MOST_FRAMES])
        events: list[Event] = [event for one in readouts for event in one.events]
        for body, count in _joined([pack(event) for event in events]):
            packed.drafts.append(Draft("events", "events", body, holds=Losses(events=count)))

    def _of_frames(self, frames: Sequence[PackedFrame]) -> Iterator[Draft]:
        try:
            body = pack_frames(frames)
        except OutputError:
            body = bytes(_ROOM + 1)
        if len(body) <= _ROOM:
            holds = Losses(frames=len(frames))
            yield Draft("frames", "frames", body, self._digest, holds)
        elif len(frames) > 1:
            half = len(frames) // 2
            yield from self._of_frames(frames[:half])
            yield from self._of_frames(frames[half:])
        else:
            self.too_large += 1


def _joined(records: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
    """Records together as far as they fit into a parcel, with how many they are."""
    held: list[bytes] = []
    size = 0
    for record in records:
        if held and size + len(record) > _ROOM:
            yield b"".join(held), len(held)
            held, size = [], 0
        held.append(record)
        size += len(record)
    if held:
        yield b"".join(held), len(held)
