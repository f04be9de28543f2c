"""MQTT 3.1.1 by paho (1.6 or 2.x) under one asyncio face: no thread of its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as paho

from sightline.camera.links.base import LinkLost
from sightline.errors import ConfigError

_PORTS = {"mqtt": 1883, "mqtts": 8883, "ws": 80, "wss": 443}
_KEEPALIVE_S = 30
_CONNECT_S = 15.0
_REFUSED = {
    1: "it does not speak MQTT 3.1.1",
    2: "it does not like the camera's name",
    3: "it is not ready",
    4: "it does not know this camera, or not its key",
    5: "it does not let this camera in",
}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session goes. `path` is of WebSockets."""

    host: str
    port: int
    tls: bool
    path: str = ""


def place(url: str) -> Place:
    """A place from mqtt://, mqtts://, ws:// or wss://. Raises ConfigError.

    Without TLS only this machine itself is spoken to.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise ConfigError(f"{url}: cameras connect to mqtts://, wss://, mqtt:// or ws://") from None
    tls = parts.scheme in ("mqtts", "wss")
    host = parts.hostname or ""
    if not tls and host not in _LOOPBACK:
        raise ConfigError(f"{url}: without TLS only this machine itself is spoken to")
    web = parts.scheme in ("ws", "wss")
    return Place(host, port, tls, (parts.path or "/") if web else "")


class Mqtt:
    """One session. `messages` gives (topic, payload), and at the end the reason as LinkLost."""

    def __init__(
        self, where: Place, name: str, password: str, context: ssl.SSLContext | None = None
    ) -> None:
        self._where = where
        self._loop = asyncio.get_running_loop()
        self._acks: dict[int, asyncio.Future[None]] = {}
        self._subscribed: dict[int, asyncio.Future[None]] = {}
        self._admitted: asyncio.Future[None] = self._loop.create_future()
        self.messages: asyncio.Queue[tuple[str, bytes] | LinkLost] = asyncio.Queue()
        self._lost: LinkLost | None = None
        self._misc: asyncio.Task[None] | None = None
        self._client = client = _client(name, "websockets" if where.path else "tcp")
        client.username_pw_set(name, password)
        client.max_inflight_messages_set(0xFFFF)
        if where.path:
            client.ws_set_options(path=where.path)
        if where.tls:
            client.tls_set_context(context or ssl.create_default_context())
        client.on_socket_open = self._on_open
        client.on_socket_close = self._on_close
        client.on_socket_register_write = self._on_writing
        client.on_socket_unregister_write = self._on_written
        client.on_connect = lambda _c, _u, _flags, code, *_: self._on_connect(code)
        client.on_disconnect = lambda *_: self._end("it closed the connection")
        client.on_publish = lambda _c, _u, mid, *_: self._settle(self._acks, mid)
        client.on_subscribe = lambda _c, _u, mid, *_: self._settle(self._subscribed, mid)
        client.on_message = lambda _c, _u, said: self.messages.put_nowait(
            (said.topic, bytes(said.payload))
        )

    async def open(self) -> None:
        """Connect and sign in. Raises LinkLost."""
        try:
            async with asyncio.timeout(_CONNECT_S):
                await asyncio.to_thread(
                    self._client.connect, self._where.host, self._where.port, _KEEPALIVE_S
                )
                self._misc = asyncio.create_task(self._keep_alive(), name="mqtt keep-alive")
                await self._admitted
        except TimeoutError:
            raise LinkLost(f"no answer for {_CONNECT_S:g} s") from None
        except ssl.SSLError as error:
            raise LinkLost(f"TLS failed: {error.reason or error}") from None
        except (OSError, paho.WebsocketConnectionError) as error:
            raise LinkLost((getattr(error, "strerror", "") or str(error)).lower()) from None

    async def subscribe(self, topic: str) -> None:
        """Listen. Raises LinkLost."""
        _, mid = self._client.subscribe(topic, qos=1)
        future: asyncio.Future[None] = self._loop.create_future()
        if mid is None or self._lost:
            raise self._lost or LinkLost("the connection ended")
        self._subscribed[mid] = future
        await future

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> asyncio.Future[None]:
        """Send with QoS 1; the future is done when it is acknowledged."""
        future: asyncio.Future[None] = self._loop.create_future()
        if self._lost is None:
            self._acks[self._client.publish(topic, payload, qos=1, retain=retain).mid] = future
        else:
            future.set_exception(self._lost)
        return future

    async def close(self) -> None:
        """Say goodbye."""
        if self._misc:
            self._misc.cancel()
        with suppress(ValueError, OSError):
            self._client.disconnect()
        self._end("closed")

    async def _keep_alive(self) -> None:
        while self._client.loop_misc() == paho.MQTT_ERR_SUCCESS:
            await asyncio.sleep(1)
        self._end("it fell silent")

    def _on_connect(self, code: Any) -> None:
        number = int(getattr(code, "value", code))
        if self._admitted.done():
            return
        if number == 0:
            self._admitted.set_result(None)
        else:
            self._admitted.set_exception(LinkLost(_REFUSED.get(number, f"it says {code}")))

    def _end(self, reason: str) -> None:
        if self._lost is not None:
            return
        self._lost = LinkLost(reason)
        futures = [self._admitted, *self._acks.values(), *self._subscribed.values()]
        self._acks, self._subscribed = {}, {}
        for future in futures:
            if not future.done():
                future.set_exception(self._lost)
            if not future.cancelled():
                future.exception()  # whoever waits sees it; nobody has to
        self.messages.put_nowait(self._lost)

    @staticmethod
    def _settle(waiting: dict[int, asyncio.Future[None]], mid: int) -> None:
        future = waiting.pop(mid, None)
        if future is not None and not future.done():
            future.set_result(None)

    # paho opens the socket in another thread, and everything after in the event loop.

    def _on_open(self, _client: Any, _user: Any, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) if hasattr(
            sock, "setsockopt"
        ) else None
        self._loop.call_soon_threadsafe(self._loop.add_reader, sock.fileno(), self._read, sock)

    def _on_close(self, _client: Any, _user: Any, sock: socket.socket) -> None:
        file = sock.fileno()
        if file >= 0:
            self._loop.call_soon_threadsafe(self._forget, file)
            self._forget(file)

    def _forget(self, file: int) -> None:
        with suppress(OSError, ValueError, RuntimeError):
            self._loop.remove_reader(file)
            self._loop.remove_writer(file)

    def _on_writing(self, client: Any, _user: Any, sock: socket.socket) -> None:
        self._loop.call_soon_threadsafe(self._write_when_ready, sock)

    def _write_when_ready(self, sock: socket.socket) -> None:
        if sock.fileno() >= 0:
            self._loop.add_writer(sock.fileno(), self._client.loop_write)

    def _on_written(self, _client: Any, _user: Any, sock: socket.socket) -> None:
        if sock.fileno() >= 0:
            self._loop.call_soon_threadsafe(self._loop.remove_writer, sock.fileno())

    def _read(self, sock: Any) -> None:
        self._client.loop_read()
        # What TLS has decrypted already makes no socket readable.
        while self._lost is None and getattr(sock, "pending", int)() > 0:
            self._client.loop_read()


def _client(name: str, transport: str) -> Any:
    arguments: dict[str, Any] = {
        "client_id": name,
        "clean_session": False,
        "transport": transport,
        "protocol": paho.MQTTv311,
    }
    if hasattr(paho, "CallbackAPIVersion"):
        arguments["callback_api_version"] = paho.CallbackAPIVersion.VERSION2
    return paho.Client(**arguments)
