"""Keys as files, and whom a user trusts."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from sightline.errors import ConfigError, InputError, OutputError
from sightline.model.keys import make_key, private_key, public_key, trusted_keys
from sightline.model.signing import check, key_id, raw, sign


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def test_an_own_key_is_private_and_trusted() -> None:
    private, public = make_key("me")
    assert private.stat().st_mode & 0o777 == 0o600
    signature = sign(b"sums", private_key())
    check(signature, b"sums", "p")
    assert trusted_keys() == {signature.key_id: "me"}
    assert key_id(raw(public_key(public))) == signature.key_id


def test_a_key_in_a_folder_is_not_trusted_until_named(home: Path) -> None:
    private, public = make_key("ci", home / "elsewhere")
    assert trusted_keys() == {}
    assert list(trusted_keys(public).values()) == ["ci.pub"]
    assert raw(private_key(str(private)).public_key()) == raw(public_key(public))


def test_keys_are_chosen_by_name_file_or_because_there_is_one() -> None:
    with pytest.raises(ConfigError, match="sightline model keygen NAME"):
        private_key()
    first, _ = make_key("first")
    assert raw(private_key().public_key()) == raw(private_key("first").public_key())
    make_key("second")
    with pytest.raises(ConfigError, match="first, second"):
        private_key()
    assert raw(private_key(str(first)).public_key()) == raw(private_key("first").public_key())
    with pytest.raises(InputError, match="third"):
        private_key("third")


def test_a_name_is_taken_once_and_is_a_name(home: Path) -> None:
    make_key("me")
    with pytest.raises(ConfigError, match="already"):
        make_key("me")
    for name in ("", "../up", "a/b", "x" * 65):
        with pytest.raises(ConfigError, match="made of letters"):
            make_key(name)
    (home / "file").write_text("")
    with pytest.raises(OutputError):
        make_key("me", home / "file")


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN PUBLIC KEY-----\nAAAA\n"])
def test_files_that_are_no_keys(home: Path, content: bytes) -> None:
    path = home / "key.pem"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a public key"):
        public_key(path)
    with pytest.raises(InputError, match="not a private key"):
        private_key(str(path))


def test_keys_of_another_kind_and_locked_ones(home: Path) -> None:
    path = home / "ec.pem"
    key = generate_private_key(SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(InputError, match="another kind"):
        private_key(str(path))
    shown = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.write_bytes(shown)
    with pytest.raises(InputError, match="another kind"):
        public_key(path)


def test_a_list_of_trust_that_cannot_be_read_is_an_error(home: Path) -> None:
    _, public = make_key("me")
    public.write_text("broken")
    with pytest.raises(InputError, match=str(public)):
        trusted_keys()
