"""Cameras to be, with keys of their own."""

from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection, insert

from sightline.hub.registry import properties
from sightline.hub.store.tables.registry import cameras

MakeRequest = Callable[..., str]
AddCamera = Callable[..., None]


@pytest.fixture
def make_request() -> MakeRequest:
    """make_request(key, "wished name") gives a signing request in PEM."""

    def make(key: ec.EllipticCurvePrivateKey, name: str = "anything") -> str:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        names = x509.SubjectAlternativeName([x509.DNSName("hub.example")])
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
        ca = x509.BasicConstraints(ca=True, path_length=None)
        request = builder.add_extension(names, critical=False).add_extension(ca, critical=True)
        return request.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()

    return make


@pytest.fixture
def add_camera(connection: Connection) -> AddCamera:
    """add_camera("door", tags={...}, model="scene", connected=True) puts one into the registry."""

    def add(name: str, tags: dict[str, str] | None = None, **values: object) -> None:
        row = {
            "name": name, "public_key": "", "fingerprint": name, "serial": "", "enrolled_ns": 1,
            "enrolled_by": "test", "connected": False, "condition": "", "seen_ns": 0, "model": "",
            "version": "", "note": "", "keeps": "{}",
        }  # fmt: skip
        connection.execute(insert(cameras).values(row | values))
        properties.give(connection, name, "tag", tags or {})

    return add
