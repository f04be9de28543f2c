"""Ed25519 signatures: who vouches for a package.

What is signed is the list of checksums behind a prefix of its own, so that a signature made
for anything else never passes for one of a package. The list holds the manifest's checksum
and that of every other entry.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sightline.errors import ModelError

_PREFIX = b"sightline package signature 1\n"
_FIELDS = {"algorithm", "public_key", "signature"}


@dataclass(frozen=True, slots=True)
class Signature:
    """The contents of `signature.json`: an Ed25519 public key and its signature."""

    public_key: bytes
    signature: bytes

    @property
    def key_id(self) -> str:
        return key_id(self.public_key)

    def to_json(self) -> bytes:
        """The bytes of `signature.json`."""
        fields = {
            "algorithm": "ed25519",
            "public_key": base64.b64encode(self.public_key).decode(),
            "signature": base64.b64encode(self.signature).decode(),
        }
        return json.dumps(fields, indent=2).encode() + b"\n"


def key_id(public_key: bytes) -> str:
    """The short name of a key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign(checksums: bytes, key: Ed25519PrivateKey) -> Signature:
    """Vouch for a list of checksums. The same key and list give the same signature."""
    return Signature(raw(key.public_key()), key.sign(_PREFIX + checksums))


def check(signature: Signature, checksums: bytes, origin: str) -> None:
    """Raises ModelError unless the key in `signature` signed exactly these checksums."""
    try:
        key = Ed25519PublicKey.from_public_bytes(signature.public_key)
        key.verify(signature.signature, _PREFIX + checksums)
    except (InvalidSignature, ValueError):
        raise ModelError(
            f"{origin}: signature.json: the signature does not belong to this content; "
            "get the package again from where it came"
        ) from None


def parse_signature(data: bytes, origin: str) -> Signature:
    """A signature from the bytes of `signature.json`. Raises ModelError naming the field."""
    try:
        fields = json.loads(data) if len(data) <= 4096 else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or set(fields) != _FIELDS:
        raise ModelError(f"{origin}: signature.json: is not a signature")
    if fields["algorithm"] != "ed25519":
        raise ModelError(f"{origin}: signature.json: algorithm: only ed25519 is understood")
    return Signature(
        _bytes(cast("dict[str, Any]", fields), "public_key", 32, origin),
        _bytes(cast("dict[str, Any]", fields), "signature", 64, origin),
    )


def _bytes(fields: dict[str, Any], name: str, length: int, origin: str) -> bytes:
    try:
        value = base64.b64decode(fields[name], validate=True)
    except (TypeError, ValueError, binascii.Error):
        value = b""
    if len(value) != length:
        raise ModelError(f"{origin}: signature.json: {name}: is not {length} bytes in base64")
    return value
