"""A machine becomes a camera of a hub: by a token, once."""

from __future__ import annotations

import hashlib
import platform
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sightline.camera.agent.identity import (
    Identity,
    check_hub,
    own_key,
    remember,
    signing_request,
)
from sightline.camera.agent.state import StateFolder
from sightline.errors import ConfigError, InputError, MissingExtra, SourceError
from sightline.wire.control import Enrolled, Enrolment, decode_control, encode_control

_PATIENCE_S = 15.0
_FINGERPRINT = 32


def enrol(
    state: StateFolder, hub: str, token: str, name: str = "", tags: Mapping[str, str] | None = None
) -> Identity:
    """Ask the hub to let this machine in, and keep its answer.

    Raises ConfigError (an address or a token that cannot be), InputError (the hub says no),
    SourceError (it cannot be reached, or is not the one that the token is of).
    """
    from importlib.metadata import version

    hub = check_hub(hub)
    asked = Enrolment(
        token=token,
        request=signing_request(own_key(state), name),
        name=name,
        tags=dict(tags or {}),
        hardware=_hardware(),
        version=version("sightline"),
    )
    answer = _post(f"{hub}/api/v1/enroll", encode_control(asked), _trust(hub, token))
    enrolled = decode_control(Enrolled, answer, f"the hub {hub}")
    fingerprint = _fingerprint(token)
    if fingerprint and _print(ssl.PEM_cert_to_DER_cert(enrolled.authority)) != fingerprint:
        raise SourceError(f"{hub}: names another authority than the token does; nothing was kept")
    return remember(state, hub, enrolled)


def _post(url: str, body: bytes, verify: ssl.SSLContext) -> bytes:
    try:
        import httpx
    except ImportError:
        raise MissingExtra("a hub", "camera") from None
    headers = {"Content-Type": "application/json"}
    try:
        answer = httpx.post(
            url, content=body, headers=headers, verify=verify, timeout=_PATIENCE_S, trust_env=False
        )
    except httpx.HTTPError as error:
        raise SourceError(f"{url}: cannot be reached: {error}") from None
    if answer.status_code not in (200, 201):
        raise InputError(f"{url}: the hub says no: {_reason(answer)}")
    return answer.content


def _reason(answer: Any) -> str:
    try:
        told = answer.json()
        return str(told.get("detail") or told.get("title") or answer.status_code)[:300]
    except (ValueError, AttributeError):
        return f"answer {answer.status_code}"


def _trust(hub: str, token: str) -> ssl.SSLContext:
    """Of a hub with an authority of its own, that which the token names; else the system's."""
    fingerprint = _fingerprint(token)
    if not hub.startswith("https:") or not fingerprint:
        return ssl.create_default_context()
    for certificate in _shown(hub):
        if _print(certificate) == fingerprint:
            return ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(certificate))
    raise SourceError(f"{hub}: is not the hub that gave out this token")


def _fingerprint(token: str) -> str:
    parts = token.split("_")
    if len(parts) not in (2, 3) or parts[0] != "slt":
        raise ConfigError("the token is none: it begins with slt_, as the hub printed it")
    if len(parts) == 3 and len(parts[2]) != _FINGERPRINT:
        raise ConfigError("the token is cut short; take it as the hub printed it")
    return parts[2] if len(parts) == 3 else ""


def _print(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()[:_FINGERPRINT]


def _shown(hub: str) -> list[bytes]:
    """The certificates that a server shows, believed in nothing."""
    parts = urlsplit(hub)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        address = (parts.hostname or "", parts.port or 443)
        with (
            socket.create_connection(address, _PATIENCE_S) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as sock,
        ):
            # Public only from Python 3.13 on, where it gives DER at once.
            chain = getattr(sock, "get_unverified_chain", None)
            if chain is not None:
                return list(chain())
            internal: Any = sock._sslobj  # type: ignore[attr-defined]
            return [
                ssl.PEM_cert_to_DER_cert(item.public_bytes())
                for item in internal.get_unverified_chain()
            ]
    except OSError as error:
        raise SourceError(f"{hub}: cannot be reached: {error.strerror or error}") from None


def _hardware() -> dict[str, str]:
    return {
        "machine": platform.machine(),
        "system": platform.system().lower(),
        "python": platform.python_version(),
        "host": platform.node()[:64],
    }
