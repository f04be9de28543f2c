"""How a camera proves who it is: a short-lived token (RFC 7519, ES256) signed with its own key.

It is the password of its MQTT session (the user name is the camera's name) and the bearer
token of its HTTP requests. The hub knows public keys only, so nothing that it stores opens
anything.
"""

from __future__ import annotations

import time

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)

_AUDIENCE = "sightline-hub"
_LIFETIME_S = 3600
LEEWAY_S = 900  # a Raspberry Pi without a clock of its own may be minutes off


def sign_in(camera: str, key: EllipticCurvePrivateKey, now_s: float | None = None) -> str:
    """A token that says that its bearer is `camera`, good for an hour."""
    now = int(time.time() if now_s is None else now_s)
    claims = {"sub": camera, "aud": _AUDIENCE, "iat": now, "exp": now + _LIFETIME_S}
    return jwt.encode(claims, key, algorithm="ES256")


def claimed(token: str) -> str:
    """Which camera a token speaks for, not yet verified; empty where it says nothing sound."""
    try:
        name = jwt.decode(token, options={"verify_signature": False}).get("sub", "")
    except jwt.InvalidTokenError:
        return ""
    return name if isinstance(name, str) else ""


def verified(token: str, camera: str, key: EllipticCurvePublicKey) -> bool:
    """Whether the holder of `key` signed `token` for `camera` and it is still good."""
    try:
        claims = jwt.decode(
            token, key, algorithms=["ES256"], audience=_AUDIENCE, leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "sub", "aud"]},
        )  # fmt: skip
    except jwt.InvalidTokenError:
        return False
    return bool(claims["sub"] == camera) and claims["exp"] - claims["iat"] <= _LIFETIME_S
