"""Keys as files: one's own, and those of others whose packages one trusts.

<config>/keys/NAME.pem      private, readable by its owner only
<config>/trusted/NAME.pem   public: packages signed with it are trusted
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from sightline.errors import ConfigError, InputError, OutputError
from sightline.model.places import config_folder
from sightline.model.signing import key_id, raw

_MAX_PEM = 16 << 10


def make_key(name: str, folder: Path | None = None) -> tuple[Path, Path]:
    """A new key pair; the private and the public file.

    Without `folder` it goes to this user's own keys, and this user trusts it at once.
    Raises ConfigError for a name that is no name or is taken, OutputError.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise ConfigError(f"{name!r}: a key's name is made of letters, digits, '.', '_' and '-'")
    private = (folder or config_folder() / "keys") / f"{name}.pem"
    public = folder / f"{name}.pub.pem" if folder else config_folder() / "trusted" / f"{name}.pem"
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    shown = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write_new(private, secret, 0o600)
    _write_new(public, shown, 0o644)
    return private, public


def private_key(named: str | None = None) -> Ed25519PrivateKey:
    """The key to sign with: a file, the name of an own key, or the only own key there is.

    Raises InputError, ConfigError.
    """
    own = config_folder() / "keys"
    if named is None:
        found = sorted(own.glob("*.pem"))
        if not found:
            raise ConfigError("there is no key to sign with; make one: sightline model keygen NAME")
        if len(found) > 1:
            names = ", ".join(path.stem for path in found)
            raise ConfigError(
                f"there are several keys to sign with; choose one with --key: {names}"
            )
        path = found[0]
    else:
        path = own / f"{named}.pem" if re.fullmatch(r"[\w.-]+", named) else Path(named)
        path = path if path.exists() else Path(named)
    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(f"{path}: is not a private key without a password, in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path}: is a key of another kind; packages are signed with Ed25519")
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """A public key from a PEM file. Raises InputError."""
    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(f"{path}: is not a public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{path}: is a key of another kind; packages are signed with Ed25519")
    return key


def trusted_keys(*more: Path) -> dict[str, str]:
    """Whom this user trusts, and `more` files: the key's id to the name it goes by.

    Raises InputError for a file that is not a public key: a list of whom to trust that is
    half read would be worse than none.
    """
    files = [*sorted((config_folder() / "trusted").glob("*.pem")), *more]
    return {key_id(raw(public_key(path))): path.stem for path in files}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_PEM)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def _write_new(path: Path, data: bytes, mode: int) -> None:
    if path.exists():
        raise ConfigError(f"{path}: there is a key of this name already; choose another")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
