"""Which addresses outside may be spoken to on somebody's word: webhooks, sources, brokers.

Public addresses may; private ones and this machine only where the hub's owner allowed them;
link-local ones, cloud metadata services and what is no single machine never. A name is resolved
once, every address that it has must be allowed, and the connection goes to that very address.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from sightline.errors import ConfigError
from sightline.hub.refused import Refused

Address: TypeAlias = IPv4Address | IPv6Address

_WORDS = {
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    "loopback": ("127.0.0.0/8", "::1/128"),
}
_METADATA = {ip_address("100.100.100.200"), ip_address("fd00:ec2::254"), ip_address("192.0.0.192")}
_NAT64 = IPv6Network("64:ff9b::/96")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """A URL that may be spoken to, and the addresses that its host has."""

    url: SplitResult
    host: str
    port: int
    addresses: tuple[str, ...]


class Outside:
    """The rules of one hub.

    allow  networks that may be spoken to although they are private: "192.168.0.0/16", or
           "private", "loopback" for all of a kind
    Raises ConfigError for what is no network.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        try:
            self._allowed = [
                ip_network(network) for word in allow for network in _WORDS.get(word, (word,))
            ]
        except ValueError as error:
            raise ConfigError(
                f"{error}: allowed networks are written as 192.168.0.0/16, 'private' or 'loopback'"
            ) from None

    def check(self, address: Address, host: str) -> None:
        """Raises Refused unless this address may be spoken to."""
        for one in (address, *_within(address)):
            if one.is_link_local or one in _METADATA:
                raise Refused(f"{host}: {one} is a link-local or metadata address")
            if one.is_multicast or one.is_unspecified or _is_reserved(one):
                raise Refused(f"{host}: {one} is the address of no machine")
            if not one.is_global and not any(one in network for network in self._allowed):
                raise Refused(
                    f"{host}: {one} is a private address; the hub's owner may allow its network"
                )

    async def place(self, text: str, ports: dict[str, int]) -> Place:
        """Where a URL leads. `ports` are the schemes that may be, with their usual ports.

        Raises Refused for what may not be spoken to, or has a name that nobody knows.
        """
        url, host, port = split(text, ports)
        addresses = await self.resolve(host, port)
        if not addresses:
            raise Refused(f"{host}: no address is known for this name")
        return Place(url, host, port, addresses)

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """All addresses of a host, each allowed; none where the name is not known here."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return ()
        addresses = dict.fromkeys(str(item[4][0]).partition("%")[0] for item in found)
        for address in addresses:
            self.check(ip_address(address), host)
        return tuple(addresses)


def split(text: str, ports: dict[str, int]) -> tuple[SplitResult, str, int]:
    """A URL, its host and its port. Raises Refused for what two readers could read differently."""
    if len(text) > _LONGEST or any(c <= " " or c == "\\" or c == "\x7f" for c in text):
        raise Refused("a URL has no blanks, control characters or backslashes, and is short")
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise Refused(
            "the URL cannot be read; a password with '/', '?', '#' or '@' has to be percent-encoded"
        ) from None
    if url.scheme not in ports:
        raise Refused(f"{url.scheme or 'nothing'}: is no scheme for this; use {', '.join(ports)}")
    if not url.hostname or url.netloc.count("@") > 1:
        raise Refused(f"{url.scheme}: the URL names no host")
    return url, url.hostname, port if port is not None else ports[url.scheme]


def _within(address: Address) -> list[Address]:
    """Addresses of IPv4 that an address of IPv6 stands for."""
    if isinstance(address, IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour]
    if address.teredo:
        found.append(address.teredo[1])
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def _is_reserved(address: Address) -> bool:
    return address.is_reserved and address not in _NAT64 and not address.is_loopback
