"""Whether somebody is the camera that he claims to be."""

from __future__ import annotations

from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection, Row, select

from sightline.hub.gateway.base import Credentials
from sightline.hub.registry.authority import Authority
from sightline.hub.store.tables.registry import cameras
from sightline.wire.credential import claimed, verified


def admitted(connection: Connection, shown: Credentials, authority: Authority) -> bool:
    """By a token signed with the camera's key, or by its certificate in force, or by both.

    Whatever is shown has to be right; a certificate that is not does not fall back on the token.
    """
    row = connection.execute(
        select(cameras).where(cameras.c.name == shown.camera, cameras.c.revoked_ns.is_(None))
    ).one_or_none()
    if row is None or not (shown.password or shown.certificate):
        return False
    if shown.certificate and not _certified(row, shown.certificate, authority):
        return False
    return not shown.password or verified(shown.password, shown.camera, _key(row))


def known(connection: Connection, name: str) -> bool:
    """Whether there is such a camera, and it is not revoked."""
    query = select(cameras.c.name).where(cameras.c.name == name, cameras.c.revoked_ns.is_(None))
    return connection.execute(query).one_or_none() is not None


def bearer(connection: Connection, token: str) -> str | None:
    """The camera that this bearer token speaks for, None where it speaks for nobody."""
    name = claimed(token)
    row = connection.execute(
        select(cameras).where(cameras.c.name == name, cameras.c.revoked_ns.is_(None))
    ).one_or_none()
    return name if row is not None and verified(token, name, _key(row)) else None


def _certified(row: Row[Any], der: bytes, authority: Authority) -> bool:
    certificate = authority.vouched_for(der)
    if certificate is None or f"{certificate.serial_number:x}" != row.serial:
        return False
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return [item.value for item in names] == [row.name]


def _key(row: Row[Any]) -> EllipticCurvePublicKey:
    return cast("EllipticCurvePublicKey", load_pem_public_key(row.public_key.encode()))
