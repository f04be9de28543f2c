"""Who a camera is: its own key, made here and never sent, and what the hub said of it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from sightline.camera.agent.state import StateFolder
from sightline.errors import ConfigError, InputError
from sightline.wire import credential
from sightline.wire.control import Enrolled

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Identity:
    """What `identity.json` and the files beside it hold."""

    camera: str
    hub: str
    mqtt: str
    key: ec.EllipticCurvePrivateKey
    certificate: str
    authority: str

    def token(self) -> str:
        """Proof of who it is, for an hour."""
        return credential.sign_in(self.camera, self.key)


def own_key(state: StateFolder) -> ec.EllipticCurvePrivateKey:
    """The camera's key; made the first time. Raises InputError, OutputError."""
    held = state.read("key.pem")
    if held is None:
        key = ec.generate_private_key(ec.SECP256R1())
        state.write("key.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return key
    try:
        found = load_pem_private_key(held, None)
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise InputError(
            f"{state.path / 'key.pem'}: is damaged; remove the folder and enrol the camera again"
        )
    return found


def signing_request(key: ec.EllipticCurvePrivateKey, name: str) -> str:
    """PEM of a request for a certificate of this key."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name or "camera")])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def remember(state: StateFolder, hub: str, answer: Enrolled) -> Identity:
    """Keep what the hub said."""
    state.write("certificate.pem", answer.certificate.encode())
    state.write("authority.pem", answer.authority.encode())
    # Last: where it is, the rest is whole.
    state.write_json("identity.json", {"camera": answer.camera, "hub": hub, "mqtt": answer.mqtt})
    found = load_identity(state)
    assert found is not None
    return found


def load_identity(state: StateFolder) -> Identity | None:
    """Who this camera is; None where it was never enrolled. Raises InputError."""
    known: Any = state.read_json("identity.json")
    if not isinstance(known, dict):
        return None
    try:
        return Identity(
            camera=known["camera"],
            hub=known["hub"],
            mqtt=known["mqtt"],
            key=own_key(state),
            certificate=(state.read("certificate.pem") or b"").decode(),
            authority=(state.read("authority.pem") or b"").decode(),
        )
    except KeyError:
        return None


def tls(state: StateFolder, identity: Identity) -> ssl.SSLContext:
    """Trusts the site's authority alone where there is one, and shows the camera's certificate."""
    context = ssl.create_default_context(cadata=identity.authority or None)
    if identity.certificate:
        context.load_cert_chain(state.path / "certificate.pem", state.path / "key.pem")
    return context


def check_hub(url: str) -> str:
    """A hub's address without its end. Raises ConfigError: https, or http on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url.rstrip("/")
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return url.rstrip("/")
    raise ConfigError(f"{url}: a hub is reached by https://, or by http:// on this machine itself")
