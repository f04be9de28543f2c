"""The egress ledger: what left a camera, signed by it, each entry chained to the one before.

One line an entry: {"entry": {...}, "signature": "..."}. What is signed and chained are the very
bytes of the entry, so that an old ledger verifies for ever. Entries follow each other without a
gap: where one ends the next begins, whether the camera ran in between or not. So who holds the
last entry can tell that nothing was taken out, and whether a picture left since a given time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from sightline.errors import InputError

_PREFIX = b"sightline egress ledger 1\n"
LARGEST = 64 * 1024  # bytes of one line


@dataclass(frozen=True, slots=True)
class Sent:
    """How much of one class of data left in an interval."""

    messages: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class SentPicture:
    """One picture that left, entered before its first byte did.

    policy  privacy policy that released it; sha256 is of the encoded picture
    reason  who or what asked for it
    """

    id: str
    time_ns: int
    bytes: int
    sha256: str
    policy: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What left a camera from `start_ns` to `end_ns`, by the camera's clock.

    number    0, 1, 2, …
    policies  every privacy policy that was in force
    sent      by class of data: frames, events, measures, health, reported, result, ledger, lost
    pictures  each one that left
    unclean   the camera was killed or lost power since the entry before: of the last seconds
              before that some metadata may be missing in `sent`, but never a picture
    previous  digest of the entry before, empty in the first
    key       the camera's public key, base64 of DER
    """

    camera: str
    number: int
    start_ns: int
    end_ns: int
    policies: tuple[str, ...]
    sent: dict[str, Sent] = field(default_factory=dict)
    pictures: tuple[SentPicture, ...] = ()
    unclean: bool = False
    previous: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as it stands in a ledger. `digest` is what the next one calls `previous`."""

    entry: Entry
    digest: str
    line: bytes


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    entry: msgspec.Raw
    signature: str


def public(key: EllipticCurvePublicKey) -> str:
    """A key as entries name it."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def seal(entry: Entry, key: EllipticCurvePrivateKey) -> Sealed:
    """Sign an entry; its `key` is filled in."""
    whole = replace(entry, key=public(key.public_key()))
    raw = msgspec.json.encode(whole)
    signature = base64.b64encode(key.sign(_PREFIX + raw, ECDSA(SHA256()))).decode()
    line = msgspec.json.encode(_Line(msgspec.Raw(raw), signature))
    return Sealed(whole, hashlib.sha256(raw).hexdigest(), line)


def open_sealed(line: bytes, origin: str) -> Sealed:
    """An entry whose signature fits the key that it names. Raises InputError naming `origin`."""
    if len(line) > LARGEST:
        raise InputError(f"{origin}: an entry of {len(line)} bytes is none of a ledger")
    try:
        found = msgspec.json.decode(line, type=_Line)
        raw = bytes(found.entry)
        entry = msgspec.json.decode(raw, type=Entry)
        signature = base64.b64decode(found.signature, validate=True)
    except (msgspec.MsgspecError, binascii.Error, ValueError, RecursionError) as error:
        raise InputError(f"{origin}: is no entry of a ledger: {error}") from None
    try:
        _key(entry.key).verify(signature, _PREFIX + raw, ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        raise InputError(
            f"{origin}: entry {entry.number} does not carry its camera's signature; it was changed"
        ) from None
    return Sealed(entry, hashlib.sha256(raw).hexdigest(), line)


def follows(entry: Sealed, before: Sealed | None, origin: str) -> None:
    """Raises InputError unless `entry` is the one after `before` (None: the first of all)."""
    now = entry.entry
    if before is None:
        if now.number or now.previous:
            raise InputError(f"{origin}: begins with entry {now.number}; those before are missing")
    else:
        last = before.entry
        if now.number != last.number + 1:
            raise InputError(f"{origin}: after entry {last.number} comes {now.number}")
        if now.previous != before.digest:
            raise InputError(f"{origin}: entry {now.number} does not follow what stands before it")
        if (now.camera, now.key) != (last.camera, last.key):
            raise InputError(f"{origin}: entry {now.number} is of another camera or key")
        if now.start_ns != last.end_ns:
            raise InputError(f"{origin}: entry {now.number} leaves a time out before it")
    if now.end_ns < now.start_ns:
        raise InputError(f"{origin}: entry {now.number} ends before it begins")


def verify(lines: Iterable[bytes], origin: str, key: str = "") -> list[Sealed]:
    """Every entry of a whole ledger. Raises InputError at the first that is not as it was made.

    key  the camera's (`public`), where it is known from elsewhere; else the ledger's own word
         is taken for it
    """
    found: list[Sealed] = []
    for line in lines:
        entry = open_sealed(line, origin)
        if key and entry.entry.key != key:
            raise InputError(f"{origin}: entry {entry.entry.number} is signed with another key")
        follows(entry, found[-1] if found else None, origin)
        found.append(entry)
    return found


def pictures_since(ledger: Iterable[Sealed], since_ns: int) -> list[SentPicture]:
    """Pictures of every entry that reaches to `since_ns` or beyond: rather one too many."""
    reaching = (sealed.entry for sealed in ledger if sealed.entry.end_ns >= since_ns)
    return [picture for entry in reaching for picture in entry.pictures]


def _key(text: str) -> EllipticCurvePublicKey:
    key = load_der_public_key(base64.b64decode(text, validate=True))
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("a key of another kind")
    return key
