"""The site's own certificate authority: it vouches for the hub to cameras, and the other way.

<data>/authority/
    ca.key   the authority's key, readable by its owner only, never leaves this machine
    ca.pem   its certificate; cameras pin it when they enrol

Made on first start. What it signs for a camera says the camera's name and nothing else,
whatever was asked for.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sightline.errors import InputError, OutputError
from sightline.hub.refused import Refused

_CA_DAYS = 20 * 365
_CAMERA_DAYS = 10 * 365
_SERVER_DAYS = 397  # what TLS clients accept at most
_LARGEST_REQUEST = 16 << 10
_EARLIER = timedelta(days=1)  # clocks of cameras go wrong


class Authority:
    """Signs for one site.

    certificate  its own, PEM
    fingerprint  the first 32 hexadecimal digits of the SHA-256 of that certificate's DER
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate
        self.certificate = certificate.public_bytes(Encoding.PEM).decode()
        self.fingerprint = fingerprint(certificate)

    @classmethod
    def open(cls, folder: Path) -> Authority:
        """The authority kept in this folder; made where there is none yet.

        Raises InputError where it is damaged, OutputError where it cannot be written.
        """
        if not (folder / "ca.key").exists():
            _make(folder)
        try:
            key = load_pem_private_key((folder / "ca.key").read_bytes(), None)
            certificate = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise InputError(
                f"{folder}: holds no sound certificate authority ({error}); restore it from a "
                f"backup: cameras trust no other"
            ) from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise InputError(f"{folder}/ca.key: is a key of another kind than the hub makes")
        return cls(key, certificate)

    def sign_camera(self, name: str, key: ec.EllipticCurvePublicKey) -> x509.Certificate:
        """A certificate that says that `key` is the camera `name`, for TLS clients."""
        builder = self._builder(name, key, _CAMERA_DAYS)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        return self._signed(builder.add_extension(usage, critical=False))

    def server(self, hosts: Sequence[str]) -> tuple[bytes, bytes]:
        """A fresh key and a certificate chain (both PEM) for a hub reached by these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(hosts[0][:64], key.public_key(), _SERVER_DAYS)
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        leaf = self._signed(
            builder.add_extension(names, critical=False).add_extension(usage, critical=False)
        )
        return _pem(key), leaf.public_bytes(Encoding.PEM) + self.certificate.encode()

    def revocations(self, withdrawn: Iterable[tuple[str, int]], now: datetime) -> bytes:
        """The list of certificates that no longer count (PEM), for outside brokers.

        withdrawn  serial in hexadecimal, and when, in nanoseconds since the Unix epoch
        """
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(now - _EARLIER)
            .next_update(now + timedelta(days=30))
        )
        for serial, time_ns in withdrawn:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(int(serial, 16))
                .revocation_date(datetime.fromtimestamp(time_ns // 10**9, UTC))
                .build()
            )
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self._key, SHA256()).public_bytes(Encoding.PEM)

    def vouched_for(self, der: bytes) -> x509.Certificate | None:
        """The certificate in these bytes if this authority signed it, else None."""
        try:
            certificate = x509.load_der_x509_certificate(der)
            certificate.verify_directly_issued_by(self._certificate)
        except (ValueError, TypeError, InvalidSignature):
            return None
        return certificate

    def _builder(
        self, name: str, key: ec.EllipticCurvePublicKey, days: int
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        own = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)
        return (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(self._certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _EARLIER)
            .not_valid_after(min(now + timedelta(days=days), self._certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(issuer, critical=False)
        )

    def _signed(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        return builder.sign(self._key, SHA256())


def requested_key(request: str) -> ec.EllipticCurvePublicKey:
    """The key that a signing request (PEM) is made with; all else that it asks is left aside.

    Raises Refused for what is no request, was not signed with its key, or has another key than
    P-256.
    """
    try:
        if len(request) > _LARGEST_REQUEST:
            raise ValueError("is too long")
        parsed = x509.load_pem_x509_csr(request.encode())
        key = parsed.public_key()
        sound = parsed.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Refused("the signing request is none: it has to be PKCS #10 in PEM") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Refused("the signing request has a key of another kind; cameras use P-256")
    if not sound:
        raise Refused("the signing request was not signed with its own key")
    return key


def fingerprint(certificate: x509.Certificate) -> str:
    """How an enrolment token names the authority: 32 hexadecimal digits."""
    return certificate.fingerprint(SHA256()).hex()[:32]


def _make(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    name = _name(f"Sightline site {identifier.digest.hex()[:8]}")
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=_CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, SHA256())
    )
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The key last: where it is, the certificate is whole.
        _write(folder / "ca.pem", certificate.public_bytes(Encoding.PEM), 0o644)
        _write(folder / "ca.key", _pem(key), 0o600)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None


def _write(path: Path, data: bytes, mode: int) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
