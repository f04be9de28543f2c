"""Secrets that are shown once and kept as what cannot be turned back."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sightline.hub.refused import Refused

SHORTEST = 12
_LONGEST = 256
_HASHER = PasswordHasher()  # argon2id with the parameters of RFC 9106, low memory
_NOBODY = _HASHER.hash(secrets.token_hex(16))  # so that unknown names take as long as known ones


def drawn(prefix: str) -> tuple[str, str]:
    """A new secret of 240 bits, and the hash that is kept of it."""
    secret = f"{prefix}_{secrets.token_urlsafe(30)}"
    return secret, hashed(secret)


def hashed(secret: str) -> str:
    """Enough for secrets that nobody chose: they cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def password_hash(password: str) -> str:
    """For what people chose themselves. Raises Refused for one that is too short or too long."""
    if not SHORTEST <= len(password) <= _LONGEST:
        raise Refused(f"a password has {SHORTEST} to {_LONGEST} characters")
    return _HASHER.hash(password)


def password_fits(kept: str, password: str) -> bool:
    """Whether this is the password; takes as long where there is none."""
    try:
        _HASHER.verify(kept or _NOBODY, password[:_LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)
