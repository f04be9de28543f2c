"""Which sources a camera looks at on its hub's word.

Those of the camera's own (usb:, imx500:, scene:) and addresses of cameras in the network:
rtsp://, rtsps://, http://, https://. Private networks are allowed, because cameras live there;
this machine itself, link-local addresses and metadata services of clouds are not. A name is
resolved once and the address put in its place, so that what was checked is what is spoken to
(under TLS the name stays, because the certificate is for the name). Redirects over HTTP are
followed here, each step checked, and what is handed on leads nowhere else.

What is named at the keyboard of the camera itself is not checked.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from sightline.errors import ConfigError
from sightline.source import redact

_OWN = re.compile(r"usb:\d{1,3}|imx500:[A-Za-z0-9?=&_.,-]*|scene:[A-Za-z0-9?=&_.,:-]*")
_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
_METADATA = {ip_address("100.100.100.200"), ip_address("fd00:ec2::254"), ip_address("192.0.0.192")}
_MOST_REDIRECTS = 4
_PATIENCE_S = 10.0


def checked(uri: str) -> str:
    """The address to look at. Raises ConfigError. Blocks while names are resolved."""
    if _OWN.fullmatch(uri):
        return uri
    for _ in range(_MOST_REDIRECTS):
        pinned, parts = _pinned(uri)
        if parts.scheme not in ("http", "https"):
            return pinned
        onward = _redirected(pinned, parts)
        if onward is None:
            return pinned
        uri = urljoin(uri, onward)
    raise ConfigError(f"source: {redact(uri)} is redirected in circles")


def _pinned(uri: str) -> tuple[str, SplitResult]:
    try:
        parts = urlsplit(uri)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise ConfigError("source: the address cannot be read") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigError(
            "source: a hub may name rtsp://, rtsps://, http://, https://, usb:N, imx500: and "
            "scene:; files are named on the camera itself"
        )
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ConfigError(f"source: nobody knows the host {parts.hostname}") from None
    addresses = [ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    for address in addresses:
        _check(address, parts.hostname)
    if parts.scheme in ("rtsps", "https"):
        return uri, parts
    host = str(addresses[0])
    user = parts.netloc.rpartition("@")[0]
    place = f"[{host}]" if ":" in host else host
    netloc = (f"{user}@" if user else "") + place + (f":{parts.port}" if parts.port else "")
    return parts._replace(netloc=netloc).geturl(), parts


def _check(address: IPv4Address | IPv6Address, host: str) -> None:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    one = mapped or address
    if one.is_loopback:
        raise ConfigError(f"source: {host} is this machine itself, which no hub may name")
    if one.is_link_local or one in _METADATA:
        raise ConfigError(f"source: {host} is a link-local or metadata address")
    if one.is_multicast or one.is_unspecified or one.is_reserved:
        raise ConfigError(f"source: {host} is the address of no machine")


def _redirected(pinned: str, parts: SplitResult) -> str | None:
    """Where a server sends whoever asks; None where it answers itself or cannot be asked now."""
    import httpx

    try:
        with httpx.stream(
            "GET", pinned, headers={"Host": parts.netloc.rpartition("@")[2]},
            follow_redirects=False, timeout=_PATIENCE_S, trust_env=False,
        ) as answer:  # fmt: skip
            return answer.headers.get("Location") if answer.is_redirect else None
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
