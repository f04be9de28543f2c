"""Sessions over WebSocket (subprotocol `mqtt`), as an ASGI application for the hub's own port."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sightline.hub.gateway.mqtt.connection import Connection
from sightline.hub.gateway.mqtt.endpoint import Endpoint

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_SUBPROTOCOL = "mqtt"
_POLICY, _GOING_AWAY = 1008, 1001


class WebSocketWire:
    """One WebSocket as a `Wire`: two tasks, one that reads and one that writes."""

    def __init__(self, remote: str, receive: Receive, send: Send) -> None:
        self.remote = remote
        self.certificate = b""
        self._receive, self._send = receive, send
        self._out: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._unread = 0
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._closed = asyncio.Event()

    async def serve(self, connection: Connection) -> None:
        """Until either side ends it."""
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._reading(connection))
            writing = group.create_task(self._writing())
            closing = group.create_task(self._closed.wait())
            await asyncio.wait((reading, writing, closing), return_when=asyncio.FIRST_COMPLETED)
            connection.end()
            for task in (reading, writing, closing):
                task.cancel()

    async def _reading(self, connection: Connection) -> None:
        while True:
            await self._may_read.wait()
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return
            data = message.get("bytes")
            if data is None:
                connection.refuse("malformed", "text where MQTT is binary")
                return
            connection.received(data)

    async def _writing(self) -> None:
        while (data := await self._out.get()) is not None:
            await self._send({"type": "websocket.send", "bytes": data})
            self._unread -= len(data)
        await self._send({"type": "websocket.close", "code": _GOING_AWAY})

    def write(self, data: bytes) -> None:
        self._unread += len(data)
        self._out.put_nowait(data)

    def close(self) -> None:
        self._out.put_nowait(None)

    def abort(self) -> None:
        self._closed.set()

    def pause(self) -> None:
        self._may_read.clear()

    def resume(self) -> None:
        self._may_read.set()

    def unread(self) -> int:
        return self._unread


class MqttOverWebSocket:
    """The ASGI application. Who does not ask for the subprotocol is turned away."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await send({"type": "http.response.start", "status": 426, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await receive()  # websocket.connect
        if _SUBPROTOCOL not in scope.get("subprotocols", ()):
            await send({"type": "websocket.close", "code": _POLICY})
            return
        host, port = scope.get("client") or ("", 0)
        wire = WebSocketWire(f"{host}:{port}", receive, send)
        connection = self._endpoint.accept(wire)
        if connection is None:
            await send({"type": "websocket.close", "code": _POLICY})
            return
        await send({"type": "websocket.accept", "subprotocol": _SUBPROTOCOL})
        await wire.serve(connection)
