"""Who is let in, under which name, and who is not."""

from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, select

from sightline.hub.gateway.base import Credentials
from sightline.hub.refused import Denied, Refused, Taken, Unknown
from sightline.hub.registry import cameras, tokens
from sightline.hub.registry.admission import admitted, bearer
from sightline.hub.registry.authority import Authority
from sightline.hub.registry.cameras import CameraChange
from sightline.hub.registry.enrolment import Admission, enrol
from sightline.hub.store.tables.registry import enrolment_tokens, withdrawn
from sightline.wire.control import Enrolment
from sightline.wire.credential import sign_in

NOW = 1_000_000_000_000_000_000
Enrol = Callable[..., Admission]
GiveOut = Callable[..., str]


@pytest.fixture
def give_out(connection: Connection) -> GiveOut:
    def give(**how: object) -> str:
        return tokens.give_out(connection, now_ns=NOW, by="test", **how)[0]  # type: ignore[arg-type]

    return give


@pytest.fixture
def let_in(connection: Connection, authority: Authority, make_request: Callable[..., str]) -> Enrol:
    def ask(
        token: str, key: ec.EllipticCurvePrivateKey, name: str = "", now: int = NOW, **more: object
    ) -> Admission:
        asked = Enrolment(token, make_request(key), name, **more)  # type: ignore[arg-type]
        return enrol(connection, asked, authority, now)

    return ask


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def other() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def test_a_camera_gets_its_name_tags_and_certificate(
    connection: Connection, give_out: GiveOut, let_in: Enrol, key: ec.EllipticCurvePrivateKey
) -> None:
    token = give_out(tags={"site": "oslo"})
    asked = {"tags": {"site": "rome", "floor": "2"}, "hardware": {"arch": "arm64"}}
    admission = let_in(token, key, "door", version="0.1", **asked)
    assert (admission.camera, admission.again) == ("door", False)
    certificate = x509.load_pem_x509_certificate(admission.certificate.encode())
    assert [item.value for item in certificate.subject] == ["door"]
    view = cameras.shown(connection, "door")
    assert view.tags == {"site": "oslo", "floor": "2"}  # the token's word counts
    assert (view.hardware, view.version, view.state) == ({"arch": "arm64"}, "0.1", "offline")


def test_without_a_wish_the_name_comes_from_the_key_and_stays(
    give_out: GiveOut, let_in: Enrol, key: ec.EllipticCurvePrivateKey
) -> None:
    token = give_out(uses=2)
    first = let_in(token, key)
    assert first.camera.startswith("camera-")
    assert let_in(token, key).camera == first.camera


def test_a_token_is_not_kept_in_the_clear(connection: Connection, give_out: GiveOut) -> None:
    token = give_out(fingerprint="f" * 32)
    assert token.endswith("_" + "f" * 32)
    row = connection.execute(select(enrolment_tokens)).one()
    assert token.split("_")[1] not in str(tuple(row))
    assert token.split("_")[1] not in str(tokens.listed(connection))


@pytest.mark.parametrize(
    "token", ["", "slt_", "slt_" + "0" * 40, "slt_" + "0" * 40 + "_" + "0" * 32, "x' or 1=1", "é"]
)
def test_unknown_tokens_are_denied(
    let_in: Enrol, key: ec.EllipticCurvePrivateKey, give_out: GiveOut, token: str
) -> None:
    give_out()
    with pytest.raises(Denied, match="unknown, used up or has expired"):
        let_in(token, key, "door")


def test_a_token_expires(give_out: GiveOut, let_in: Enrol, key: ec.EllipticCurvePrivateKey) -> None:
    token = give_out(expires_s=60)
    with pytest.raises(Denied):
        let_in(token, key, "door", now=NOW + 60_000_000_000)
    assert let_in(token, key, "door", now=NOW + 59_000_000_000).camera == "door"


def test_a_used_token_is_good_for_nobody_else(
    connection: Connection,
    give_out: GiveOut,
    let_in: Enrol,
    key: ec.EllipticCurvePrivateKey,
    other: ec.EllipticCurvePrivateKey,
) -> None:
    token = give_out(uses=1)
    let_in(token, key, "door")
    with pytest.raises(Denied):
        let_in(token, other, "gate")
    with pytest.raises(Unknown):
        cameras.shown(connection, "gate")
    # The answer was lost: the same key asks again and is who it was.
    assert let_in(token, key, "door").again
    assert [grant.used for grant in tokens.listed(connection)] == [1]


def test_a_withdrawn_token(
    connection: Connection, give_out: GiveOut, let_in: Enrol, key: ec.EllipticCurvePrivateKey
) -> None:
    token = give_out()
    tokens.withdraw(connection, 1)
    with pytest.raises(Denied):
        let_in(token, key)
    with pytest.raises(Unknown):
        tokens.withdraw(connection, 1)


def test_a_name_belongs_to_its_key(
    connection: Connection,
    give_out: GiveOut,
    let_in: Enrol,
    key: ec.EllipticCurvePrivateKey,
    other: ec.EllipticCurvePrivateKey,
) -> None:
    token = give_out(uses=5)
    let_in(token, key, "door")
    cameras.change(connection, "door", CameraChange(tags={"site": "bergen"}))
    with pytest.raises(Taken, match="another key"):
        let_in(token, other, "door")
    own = give_out(camera="door")
    with pytest.raises(Denied, match="door alone"):
        let_in(own, other, "gate")
    again = let_in(own, other)
    assert (again.camera, again.again) == ("door", True)
    assert cameras.shown(connection, "door").tags == {"site": "bergen"}
    assert not admitted_by(connection, "door", key)
    assert admitted_by(connection, "door", other)


def admitted_by(connection: Connection, name: str, key: ec.EllipticCurvePrivateKey) -> bool:
    return bearer(connection, sign_in(name, key)) == name


def test_a_revoked_camera_stays_out_until_restored(
    connection: Connection,
    give_out: GiveOut,
    let_in: Enrol,
    key: ec.EllipticCurvePrivateKey,
    authority: Authority,
) -> None:
    token = give_out(uses=5)
    pem = let_in(token, key, "door").certificate
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    shown = Credentials("door", sign_in("door", key), der)
    assert admitted(connection, shown, authority)
    assert cameras.revoke(connection, "door", NOW).state == "revoked"
    assert not admitted(connection, shown, authority)
    assert not admitted_by(connection, "door", key)
    assert len(connection.execute(select(withdrawn)).all()) == 1
    with pytest.raises(Denied, match="restore"):
        let_in(token, key, "door")
    cameras.revoke(connection, "door", NOW)
    cameras.restore(connection, "door")
    with pytest.raises(Taken):
        cameras.restore(connection, "door")
    assert admitted_by(connection, "door", key)
    assert not admitted(connection, shown, authority)  # its certificate stays withdrawn
    fresh = x509.load_pem_x509_certificate(let_in(token, key, "door").certificate.encode())
    der = fresh.public_bytes(Encoding.DER)
    assert admitted(connection, Credentials("door", "", der), authority)


def test_whatever_is_shown_has_to_be_right(
    connection: Connection,
    give_out: GiveOut,
    let_in: Enrol,
    key: ec.EllipticCurvePrivateKey,
    other: ec.EllipticCurvePrivateKey,
    authority: Authority,
) -> None:
    token = give_out(uses=5)
    ders = {
        name: x509.load_pem_x509_certificate(
            let_in(token, owner, name).certificate.encode()
        ).public_bytes(Encoding.DER)
        for name, owner in (("door", key), ("gate", other))
    }
    good = sign_in("door", key)
    for password, der, expected in [
        (good, b"", True),
        (good, ders["door"], True),
        ("", ders["door"], True),
        ("", b"", False),
        ("nonsense", b"", False),
        (sign_in("gate", other), b"", False),
        (sign_in("door", other), b"", False),
        (good, ders["gate"], False),
        (good, b"nonsense", False),
        ("nonsense", ders["door"], False),
    ]:
        assert admitted(connection, Credentials("door", password, der), authority) == expected
    assert not admitted(connection, Credentials("nobody", good), authority)
    assert bearer(connection, "nonsense") is None


@pytest.mark.parametrize("name", ["../up", "a b", "x" * 65, "a/b", "+", "#", ".hidden", "a\n"])
def test_names_that_are_none(
    give_out: GiveOut, let_in: Enrol, key: ec.EllipticCurvePrivateKey, name: str
) -> None:
    with pytest.raises(Refused, match="no name of a camera"):
        let_in(give_out(), key, name)


@pytest.mark.parametrize(
    "how",
    [
        {"uses": 0},
        {"uses": 10**9},
        {"expires_s": 0},
        {"expires_s": 1e9},
        {"camera": "../x"},
        {"tags": {"a b": "c"}},
        {"tags": {"a": ""}},
        {"tags": {"a": 'x"'}},
        {"tags": {"a": "x\ny"}},
        {"tags": {f"k{i}": "v" for i in range(65)}},
    ],
)
def test_tokens_that_cannot_be_meant(give_out: GiveOut, how: dict[str, object]) -> None:
    with pytest.raises(Refused):
        give_out(**how)
