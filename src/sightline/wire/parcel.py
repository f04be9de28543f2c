"""What a camera's outbox holds and its link sends: some metadata with a number on it.

The number makes delivery safe: within one boot of a camera parcels are numbered 0, 1, 2, …
over all kinds together, so that whoever receives them drops what comes twice and sees what
never came. The payload is msgpack; `body` is packed metadata (`wire.formats.packed`):

events   headers, events and measures, each a record
frames   blocks of frames; they are read with the header whose digest `header` names, which
         went before in a parcel of events of the same boot
ledger   one entry of the egress ledger as JSON (`wire.egress`)
lost     what the outbox had to give up: JSON {"frames": n, "events": n, "measures": n,
         "first": sequence, "last": sequence}
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import msgspec

from sightline.errors import InputError

Kind = Literal["frames", "events", "ledger", "lost"]

LARGEST = 192 * 1024  # bytes of a payload; brokers and clouds refuse 256 KB


@dataclass(frozen=True, slots=True)
class Parcel:
    """Some metadata of one camera, numbered.

    camera     its name
    boot       identity of this run of the camera
    sequence   0, 1, 2, … within the boot
    kind       what the body holds
    stored_ns  when it was stored, nanoseconds since the Unix epoch by the camera's clock
    header     digest of the header that frames are read with, else empty
    """

    camera: str
    boot: str
    sequence: int
    kind: Kind
    stored_ns: int
    body: bytes
    header: str = ""


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Parcel)


def encode_parcel(parcel: Parcel) -> bytes:
    """The payload of one MQTT message."""
    return _ENCODER.encode(parcel)


def decode_parcel(payload: bytes, sender: str) -> Parcel:
    """The parcel in a payload. Raises InputError for what is none, or claims another sender."""
    try:
        parcel: Parcel = _DECODER.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"camera {sender} sent what is no parcel: {error}") from None
    if parcel.camera != sender:
        raise InputError(f"camera {sender} sent a parcel in the name of {parcel.camera!r:.80}")
    if not (0 <= parcel.sequence < 1 << 63 and 0 < len(parcel.boot) <= 64):
        raise InputError(f"camera {sender} sent a parcel with an impossible number or boot")
    return parcel


def digest(header: bytes) -> str:
    """How frames name the header record that they are read with."""
    return hashlib.sha256(header).hexdigest()[:16]
