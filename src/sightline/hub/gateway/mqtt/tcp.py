"""Sessions over TCP and TLS."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl

from sightline.errors import ConfigError, OutputError
from sightline.hub.gateway.mqtt.connection import Connection
from sightline.hub.gateway.mqtt.endpoint import Endpoint

_BACKLOG = 1024
_BUFFER = 64 << 10


class TcpWire(asyncio.BufferedProtocol):
    """One socket: an asyncio protocol on one side, a `Wire` on the other.

    buffer  what was read lies here until it is handed on, at once, so all sockets share one; a
            buffer for each reading, as asyncio makes else, leaves the memory in shreds
    """

    _transport: asyncio.Transport
    _connection: Connection | None = None

    def __init__(self, endpoint: Endpoint, buffer: memoryview) -> None:
        self._endpoint = endpoint
        self._buffer = buffer
        self.remote = ""
        self.certificate = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        host, port, *_ = transport.get_extra_info("peername") or ("", 0)
        self.remote = f"{host}:{port}"
        if tls := transport.get_extra_info("ssl_object"):
            self.certificate = tls.getpeercert(binary_form=True) or b""
        if raw := transport.get_extra_info("socket"):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._connection = self._endpoint.accept(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._connection is not None:
            self._connection.received(bytes(self._buffer[:nbytes]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            self._connection.end()

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def close(self) -> None:
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def pause(self) -> None:
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def unread(self) -> int:
        return self._transport.get_write_buffer_size()


async def listen(
    endpoint: Endpoint, host: str, port: int, tls: ssl.SSLContext | None = None
) -> asyncio.Server:
    """Accept connections there. Raises ConfigError for plain MQTT outside loopback."""
    if tls is None and not _is_loopback(host):
        raise ConfigError(
            f"plain MQTT is for loopback only, not for {host}: give a certificate (--tls-cert and "
            f"--tls-key) or --tls self-signed"
        )
    buffer = memoryview(bytearray(_BUFFER))
    try:
        return await asyncio.get_running_loop().create_server(
            lambda: TcpWire(endpoint, buffer), host, port, ssl=tls, backlog=_BACKLOG,
            ssl_handshake_timeout=None if tls is None else endpoint.limits.sign_in_s,
        )  # fmt: skip
    except OSError as error:
        raise OutputError(
            f"cameras cannot be awaited at {host}:{port}: {error.strerror or error}"
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
