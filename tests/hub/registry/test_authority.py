"""What the site's authority signs, and what it does not."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from sightline.errors import InputError, OutputError
from sightline.hub.refused import Refused
from sightline.hub.registry.authority import Authority, requested_key


def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def test_it_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    first = Authority.open(tmp_path / "authority")
    again = Authority.open(tmp_path / "authority")
    assert first.certificate == again.certificate
    assert len(first.fingerprint) == 32
    assert (tmp_path / "authority" / "ca.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "authority").stat().st_mode & 0o777 == 0o700


def test_a_damaged_one_is_said_and_not_replaced(tmp_path: Path) -> None:
    Authority.open(tmp_path)
    (tmp_path / "ca.pem").write_text("no")
    with pytest.raises(InputError, match="restore it from a backup"):
        Authority.open(tmp_path)
    assert (tmp_path / "ca.pem").read_text() == "no"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        Authority.open(tmp_path / "file")


def test_a_server_certificate_is_what_tls_clients_ask_for(authority: Authority) -> None:
    _, chain = authority.server(["hub.local", "192.168.1.5", "::1"])
    leaf, ca = x509.load_pem_x509_certificates(chain)
    store = Store([x509.load_pem_x509_certificate(authority.certificate.encode())])
    for name in (x509.DNSName("hub.local"),):
        PolicyBuilder().store(store).build_server_verifier(name).verify(leaf, [ca])
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(item) for item in names.get_values_for_type(x509.IPAddress)] == [
        "192.168.1.5", "::1",
    ]  # fmt: skip


def test_server_key_and_chain_load_as_openssl_wants_them(
    authority: Authority, tmp_path: Path
) -> None:
    pem, chain = authority.server(["localhost"])
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "chain.pem").write_bytes(chain)
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
        tmp_path / "chain.pem", tmp_path / "key.pem"
    )


def test_a_camera_is_called_what_the_hub_says_and_may_sign_nothing(authority: Authority) -> None:
    owner = key()
    certificate = authority.sign_camera("door", owner.public_key())
    assert [item.value for item in certificate.subject] == ["door"]
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert not basic.ca
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    with pytest.raises(x509.ExtensionNotFound):
        certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert authority.vouched_for(certificate.public_bytes(Encoding.DER)) == certificate


def test_it_knows_its_own_signature(authority: Authority, tmp_path: Path) -> None:
    other = Authority.open(tmp_path / "other")
    foreign = other.sign_camera("door", key().public_key()).public_bytes(Encoding.DER)
    assert authority.vouched_for(foreign) is None
    assert authority.vouched_for(b"nonsense") is None


def test_withdrawn_certificates_are_listed(authority: Authority) -> None:
    lost = authority.sign_camera("door", key().public_key())
    kept = authority.sign_camera("gate", key().public_key())
    now = datetime.now(UTC)
    crl = x509.load_pem_x509_crl(authority.revocations([(f"{lost.serial_number:x}", 10**18)], now))
    ca = x509.load_pem_x509_certificate(authority.certificate.encode())
    assert crl.is_signature_valid(ca.public_key())  # type: ignore[arg-type]
    assert crl.get_revoked_certificate_by_serial_number(lost.serial_number) is not None
    assert crl.get_revoked_certificate_by_serial_number(kept.serial_number) is None


def request(owner: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.sign(owner, SHA256()).public_bytes(Encoding.PEM).decode()


def swapped() -> str:
    """A request of one key with the signature of another."""
    first, second = (
        x509.load_pem_x509_csr(request(key()).encode()).public_bytes(Encoding.DER) for _ in range(2)
    )
    body = x509.load_der_x509_csr(first)
    der = first[: len(first) - len(body.signature)] + body.signature[:-1] + b"\x01"
    try:
        broken = x509.load_der_x509_csr(der)
    except ValueError:
        return second.hex()
    return broken.public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is none"),
        ("nonsense", "is none"),
        ("x" * 20000, "is none"),
        (request(rsa.generate_private_key(65537, 2048)), "P-256"),
        (request(ec.generate_private_key(ec.SECP384R1())), "P-256"),
        (swapped(), "not signed with its own key|is none"),
    ],
)
def test_requests_that_are_refused(text: str, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        requested_key(text)
