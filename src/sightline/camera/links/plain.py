"""What a camera says as JSON, for everybody who is no Sightline hub."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import msgspec

from sightline.camera.links.base import Said
from sightline.wire.codec import encode
from sightline.wire.control import Health, Reported, Result
from sightline.wire.formats.block import Block
from sightline.wire.formats.packed import unpack
from sightline.wire.frame import frame_metadata
from sightline.wire.messages import Header
from sightline.wire.parcel import Parcel

HeaderOf = Callable[[str], Awaitable[bytes | None]]

LARGEST = 200 * 1024  # bytes of one body; clouds take 256 KB with all that comes along


async def bodies(said: Said, header_of: HeaderOf) -> list[tuple[str, bytes]]:
    """Kind and JSON of each message that says it, none larger than `LARGEST`.

    Metadata: {"kind": "frames", "camera": …, "boot": …, "sequence": …, "part": 0, "items": […]},
    the items as `sightline metadata decode` shows them. Boot, sequence and part together name a
    message: who gets it twice has seen it.
    """
    match said:
        case Health():
            return [("health", msgspec.json.encode(said))]
        case Reported():
            return [("reported", msgspec.json.encode(said))]
        case Result():
            return [("result", msgspec.json.encode(said))]
    if said.kind in ("ledger", "lost"):
        items: list[bytes] = [said.body]
    elif said.kind == "frames":
        record = await header_of(said.header)
        items = list(_frames(said, record))
    else:
        items = [encode(item) for item in unpack(said.body) if not isinstance(item, Block)]
    return [(said.kind, body) for body in _parts(said, items)]


def _frames(parcel: Parcel, record: bytes | None) -> Iterator[bytes]:
    header = next((item for item in unpack(record or b"") if isinstance(item, Header)), None)
    for block in unpack(parcel.body):
        if not isinstance(block, Block):
            continue
        known = header.labels if header else ()
        most = int(block.objects.labels.max(initial=-1)) + 1
        labels = [*known, *(f"class {i}" for i in range(len(known), most))]
        for time_ns, sequence, detections, extras in block.frames():
            name = str(extras.get("name", ""))
            yield encode(
                frame_metadata(detections, labels, parcel.camera, sequence, time_ns, None, name)
            )


def _parts(parcel: Parcel, items: list[bytes]) -> Iterator[bytes]:
    held: list[msgspec.Raw] = []
    part, size = 0, 0
    for item in items:
        if held and size + len(item) > LARGEST:
            yield _body(parcel, part, held)
            part, held, size = part + 1, [], 0
        held.append(msgspec.Raw(item))
        size += len(item) + 1
    yield _body(parcel, part, held)


def _body(parcel: Parcel, part: int, items: list[Any]) -> bytes:
    return msgspec.json.encode(
        {
            "kind": parcel.kind,
            "camera": parcel.camera,
            "boot": parcel.boot,
            "sequence": parcel.sequence,
            "part": part,
            "stored_ns": parcel.stored_ns,
            "items": items,
        }
    )
