"""Simulated cameras come in by the door that every camera uses, and keep their keys."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
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

from sightline.errors import ConfigError, InputError
from sightline.wire.control import Enrolled, Enrolment, decode_control, encode_control

_AT_A_TIME = 8


@dataclass(frozen=True, slots=True)
class Identity:
    """A camera that was let in."""

    camera: str
    key: ec.EllipticCurvePrivateKey
    mqtt: str
    authority: str


class _Kept(msgspec.Struct):
    key: str
    enrolled: Enrolled


async def identities(
    hub: str, token: str, names: list[str], folder: Path, authority: Path | None = None
) -> list[Identity]:
    """Those that the folder holds, and the rest enrolled with the token.

    authority  certificate (PEM) of a hub's own authority
    Raises ConfigError where a token is needed and none was given, InputError where the hub
    refuses or is not there.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    gate = asyncio.Semaphore(_AT_A_TIME)
    try:
        verify = ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        raise InputError(f"{authority}: is no certificate of an authority: {error}") from None
    async with httpx.AsyncClient(base_url=hub, timeout=30, verify=verify) as client:

        async def one(name: str) -> Identity:
            async with gate:
                return _known(folder, name) or await _enrol(client, token, name, folder)

        return list(await asyncio.gather(*map(one, names)))


async def _enrol(client: httpx.AsyncClient, token: str, name: str, folder: Path) -> Identity:
    if not token:
        raise ConfigError(
            "these cameras are new to the hub: give --token, from sightline hub tokens enroll "
            "--uses N"
        )
    key = ec.generate_private_key(ec.SECP256R1())
    asked = Enrolment(token, _request(key, name), name, {"simulated": "yes"})
    try:
        answer = await client.post("/api/v1/enroll", content=encode_control(asked))
    except httpx.HTTPError as error:
        raise InputError(f"the hub at {client.base_url} does not answer: {error}") from None
    if answer.is_error:
        raise InputError(f"the hub did not let {name} in: {_reason(answer)}")
    enrolled = decode_control(Enrolled, answer.content, "the hub")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    file = folder / f"{name}.json"
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.encode(_Kept(pem, enrolled)))
    return Identity(enrolled.camera, key, enrolled.mqtt, enrolled.authority)


def _known(folder: Path, name: str) -> Identity | None:
    file = folder / f"{name}.json"
    if not file.is_file():
        return None
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Kept)
        key = load_pem_private_key(kept.key.encode(), None)
    except (msgspec.MsgspecError, ValueError) as error:
        raise InputError(f"{file}: holds no identity of a camera: {error}") from None
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    enrolled = kept.enrolled
    return Identity(enrolled.camera, key, enrolled.mqtt, enrolled.authority)


def _request(key: ec.EllipticCurvePrivateKey, name: str) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code} {answer.reason_phrase}"
