"""Which addresses may be spoken to."""

import asyncio
import socket
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import ConfigError
from sightline.hub.outside import Outside, split
from sightline.hub.refused import Refused

WEB = {"http": 80, "https": 443}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254", "0.0.0.0",
        "255.255.255.255", "224.0.0.1", "100.64.0.1", "100.100.100.200", "192.0.0.192", "::1",
        "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2002:c0a8:1::1", "240.0.0.1",
    ],
)  # fmt: skip
def test_addresses_that_are_refused_by_default(address: str) -> None:
    with pytest.raises(Refused):
        Outside().check(ip_address(address), "host")


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111"])
def test_public_addresses_pass(address: str) -> None:
    Outside().check(ip_address(address), "host")


def test_private_networks_pass_where_the_owner_allows_them() -> None:
    outside = Outside(["192.168.0.0/16", "loopback"])
    outside.check(ip_address("192.168.7.7"), "host")
    outside.check(ip_address("127.0.0.1"), "host")
    outside.check(ip_address("::1"), "host")
    with pytest.raises(Refused, match="private"):
        outside.check(ip_address("10.0.0.1"), "host")


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "fe80::1", "224.0.0.1"])
def test_what_nobody_can_allow(address: str) -> None:
    with pytest.raises(Refused):
        Outside(["private", "loopback", "0.0.0.0/0", "::/0"]).check(ip_address(address), "host")


def test_networks_that_are_none() -> None:
    with pytest.raises(ConfigError, match=r"192\.168\.0\.0/16"):
        Outside(["everything"])


async def test_every_address_of_a_name_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a public and a private address does not pass for its better half."""

    async def both(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (ip, 80)) for ip in ("1.1.1.1", "169.254.169.254")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    with pytest.raises(Refused, match="metadata"):
        await Outside().place("https://rebound.example/x", WEB)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://127.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/",
        "http://0177.0.0.1/", "http://169.254.169.254/latest", "http://[fe80::1%25eth0]/",
    ],
)  # fmt: skip
async def test_however_it_is_spelt(url: str) -> None:
    with pytest.raises(Refused):
        await Outside().place(url, WEB)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://x/", "", "http://", "http:///x", "http://a b/",
        "http://a\r\nHost: b/", "http://good\\@evil/", "http://a@b@c/", "http://x:99999/",
        "http://u:pa/ss@h/", "http://[/", "javascript:alert(1)", "http://" + "x" * 3000,
    ],
)  # fmt: skip
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        split(url, WEB)


async def test_a_place_is_pinned() -> None:
    place = await Outside(["loopback"]).place("https://127.0.0.1:8443/hook?x=1", WEB)
    assert (place.host, place.port, place.addresses) == ("127.0.0.1", 8443, ("127.0.0.1",))


@given(st.text(max_size=40))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    for candidate in (text, f"http://{text}"):
        try:
            _, host, port = split(candidate, WEB)
        except Refused:
            continue
        assert host
        assert 0 <= port < 65536
