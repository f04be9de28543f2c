"""A machine becomes a camera: token and signing request in, identity out.

A name belongs to a key. Who comes again with the same key keeps his name, also where the answer
was lost and the token is used up; with a new key only with a token that was given out for that
name. A camera that was revoked stays out until it is restored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, Row, insert, select, update

from sightline.hub.refused import Denied, Refused, Taken
from sightline.hub.registry import properties, tokens
from sightline.hub.registry.authority import Authority, requested_key
from sightline.hub.store.tables.registry import cameras, withdrawn
from sightline.wire.control import Enrolment
from sightline.wire.topics import CAMERA_NAME


@dataclass(frozen=True, slots=True)
class Admission:
    """Who was let in, with a certificate (PEM). `again`: it was known before."""

    camera: str
    certificate: str
    again: bool


def enrol(connection: Connection, asked: Enrolment, authority: Authority, now_ns: int) -> Admission:
    """Let a camera in. Raises Denied, Taken, Refused; then nothing has changed."""
    grant = tokens.recognised(connection, asked.token, now_ns)
    key = requested_key(asked.request)
    if grant.camera and asked.name not in ("", grant.camera):
        raise Denied(f"this token was given out for the camera {grant.camera} alone")
    print_ = fingerprint(key)
    name = asked.name or grant.camera or _own_name(connection, print_)
    if not CAMERA_NAME.fullmatch(name):
        raise Refused(
            f"{name!r:.80} is no name of a camera: 1 to 64 letters, digits, '.', '_' and '-'"
        )
    known = connection.execute(select(cameras).where(cameras.c.name == name)).one_or_none()
    same_key = known is not None and known.fingerprint == print_
    if known is not None:
        _may_come_again(known, same_key, grant)
    if not same_key:
        tokens.spend(connection, grant)
    certificate = authority.sign_camera(name, key)
    _keep(connection, name, key, certificate, grant, known, asked, now_ns)
    pem = certificate.public_bytes(Encoding.PEM).decode()
    return Admission(name, pem, known is not None)


def fingerprint(key: EllipticCurvePublicKey) -> str:
    """What tells one key from another: SHA-256 of its DER."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _own_name(connection: Connection, print_: str) -> str:
    """The name that this key has already, or one that comes from the key."""
    row = connection.execute(
        select(cameras.c.name).where(cameras.c.fingerprint == print_).order_by(cameras.c.name)
    ).first()
    return row.name if row else f"camera-{print_[:8]}"


def _may_come_again(known: Row[tuple[object, ...]], same_key: bool, grant: tokens.Grant) -> None:
    if known.revoked_ns is not None:
        raise Denied(f"the camera {known.name} was revoked; an administrator can restore it")
    if not same_key and grant.camera != known.name:
        raise Taken(
            f"there is a camera {known.name} with another key; choose another name, or enrol with "
            f"a token for that name (tokens enroll --camera {known.name})"
        )


def _keep(
    connection: Connection,
    name: str,
    key: EllipticCurvePublicKey,
    certificate: x509.Certificate,
    grant: tokens.Grant,
    known: Row[tuple[object, ...]] | None,
    asked: Enrolment,
    now_ns: int,
) -> None:
    row = {
        "public_key": key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "fingerprint": fingerprint(key),
        "serial": f"{certificate.serial_number:x}",
        "version": asked.version[:64],
    }
    if known is None:
        fresh = {
            "name": name, "enrolled_ns": now_ns, "enrolled_by": f"token {grant.id}",
            "connected": False, "condition": "", "seen_ns": 0, "model": "", "note": "",
            "keeps": "{}",
        }  # fmt: skip
        connection.execute(insert(cameras).values(fresh | row))
        properties.give(connection, name, "tag", {**asked.tags, **grant.tags})
    else:
        withdraw(connection, name, known.serial, now_ns)
        connection.execute(update(cameras).where(cameras.c.name == name).values(row))
    properties.give(connection, name, "hardware", asked.hardware)


def withdraw(connection: Connection, camera: str, serial: str, now_ns: int) -> None:
    """Put a certificate on the list of those that no longer count."""
    held = select(withdrawn.c.serial).where(withdrawn.c.serial == serial)
    if serial and connection.execute(held).first() is None:
        row = {"serial": serial, "camera": camera, "withdrawn_ns": now_ns}
        connection.execute(insert(withdrawn).values(row))


def withdrawn_serials(connection: Connection) -> list[tuple[str, int]]:
    """Certificates that no longer count, and since when."""
    rows = connection.execute(select(withdrawn.c.serial, withdrawn.c.withdrawn_ns))
    return [(row.serial, row.withdrawn_ns) for row in rows]
