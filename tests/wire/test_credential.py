"""A token says who somebody is, for an hour, and only who holds the key can make it."""

import base64
import hashlib
import hmac
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sightline.wire.credential import LEEWAY_S, claimed, sign_in, verified

KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())
HOUR = 3600


def test_the_holder_of_the_key_is_who_he_says() -> None:
    token = sign_in("door", KEY)
    assert claimed(token) == "door"
    assert verified(token, "door", KEY.public_key())


def test_nobody_else_is() -> None:
    token = sign_in("door", KEY)
    assert not verified(token, "gate", KEY.public_key())
    assert not verified(token, "door", OTHER.public_key())
    assert not verified(sign_in("door", OTHER), "door", KEY.public_key())


@pytest.mark.parametrize(
    ("age", "good"),
    [
        (0, True), (HOUR - 60, True), (HOUR + LEEWAY_S - 60, True), (HOUR + LEEWAY_S + 60, False),
        (-LEEWAY_S + 60, True), (-LEEWAY_S - 60, False),
    ],
)  # fmt: skip
def test_it_is_good_for_an_hour_with_some_leeway_for_clocks(age: float, good: bool) -> None:
    token = sign_in("door", KEY, time.time() - age)
    assert verified(token, "door", KEY.public_key()) is good


def forged(**claims: Any) -> str:
    """A token with these claims; times are seconds from now, None leaves a claim out."""
    now = int(time.time())
    if claims.get("exp"):
        claims["exp"] += now
    said = {"sub": "door", "aud": "sightline-hub", "iat": now, "exp": now + HOUR} | claims
    return jwt.encode({k: v for k, v in said.items() if v is not None}, KEY, algorithm="ES256")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 10 * HOUR}, {"exp": None}, {"iat": None}, {"sub": None},
        {"aud": "elsewhere"}, {"aud": None}, {"sub": ["door"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_of_another_shape_is_none(claims: dict[str, Any]) -> None:
    assert not verified(forged(**claims), "door", KEY.public_key())


def test_other_ways_of_signing_are_none() -> None:
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    now = int(time.time())
    claims = {"sub": "door", "aud": "sightline-hub", "iat": now, "exp": now + HOUR}
    unsigned = jwt.encode(claims, None, algorithm="none")
    assert not verified(unsigned, "door", KEY.public_key())
    header, body, _ = unsigned.split(".")
    head = _base64(b'{"alg": "HS256"}')
    text = f"{head}.{body}"
    confused = f"{text}.{_base64(hmac.new(public, text.encode(), hashlib.sha256).digest())}"
    assert header
    assert not verified(confused, "door", KEY.public_key())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "x" * 5000, "\0", "é.é.é"])
def test_nonsense_claims_nothing(token: str) -> None:
    assert claimed(token) == ""
    assert not verified(token, "door", KEY.public_key())
