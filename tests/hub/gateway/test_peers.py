"""Clients of others talk to the gateway: paho, mosquitto_pub, mosquitto_sub."""

import asyncio
import ssl
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from hubkit import NOW, Speaker, Store, counted
from mqttpeers import (
    camera_certificate,
    program,
    run,
    server_tls,
    tcp_gateway,
    websocket_gateway,
)  # fmt: skip

from sightline.errors import ConfigError
from sightline.hub.gateway.base import Hooks
from sightline.hub.gateway.mqtt.endpoint import Endpoint
from sightline.hub.gateway.mqtt.tcp import listen
from sightline.hub.registry.authority import Authority
from sightline.hub.store.tables.events import events
from sightline.wire import topics
from sightline.wire.messages import Event
from sightline.wire.parcel import encode_parcel

CROSSED = Event("line.crossed", NOW, "door")


class Camera:
    """A camera made of paho: its callbacks run in paho's thread."""

    def __init__(self, name: str = "door", clean: bool = True, **options: Any) -> None:
        self.name = name
        self.client = paho.Client(name, clean, **options)
        self.client.username_pw_set(name, f"secret of {name}")
        self.client.max_inflight_messages_set(20)
        self.heard: list[tuple[str, bytes, bool]] = []
        self.published: set[int] = set()
        self.code: int | None = None
        self._changed = threading.Condition()
        self.packets: deque[str] = deque(maxlen=60)
        self.client.on_log = lambda c, u, level, text: self.packets.append(text)
        self.client.on_message = lambda c, u, m: self._note(
            lambda: self.heard.append((m.topic, m.payload, bool(m.retain)))
        )
        self.client.on_publish = lambda c, u, mid: self._note(lambda: self.published.add(mid))
        self.client.on_connect = self._on_connect

    def _on_connect(self, client: Any, user: Any, flags: Any, code: int) -> None:
        if code == 0:
            client.subscribe(topics.listens(self.name), 1)
        self._note(lambda: setattr(self, "code", code))

    def _note(self, change: Callable[[], None]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        def wait() -> bool:
            with self._changed:
                return self._changed.wait_for(condition, 90)

        assert await asyncio.to_thread(wait), list(self.packets)

    async def connect(self, port: int) -> None:
        await asyncio.to_thread(self.client.connect, "127.0.0.1", port)
        self.client.loop_start()
        await self.until(lambda: self.code is not None)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


async def converse(small_store: Store, camera: Camera, port: int, tell: Any) -> None:
    """A camera signs in, hears what it is to be, says what it saw, and is told something."""
    await camera.connect(port)
    assert camera.code == 0
    desired = (topics.down("door", "desired"), b"desired of door", True)
    await camera.until(lambda: desired in camera.heard)
    speaker = Speaker()
    said = [encode_parcel(speaker.say(CROSSED)) for _ in range(200)]
    ids = {camera.client.publish(topics.up("door", "events"), item, 1).mid for item in said}
    await camera.until(lambda: ids <= camera.published)
    assert await small_store.database.read(counted(events)) == 200
    await tell("door", topics.down("door", "command", "c1"), b"look")
    await camera.until(
        lambda: camera.heard[-1][:2] == (topics.down("door", "command", "c1"), b"look")
    )
    await asyncio.to_thread(camera.close)


async def test_paho_over_tcp(small_store: Store) -> None:
    async with tcp_gateway(small_store) as (endpoint, _, port):
        await converse(small_store, Camera(), port, endpoint.tell)


async def test_paho_over_tls_with_a_certificate(
    small_store: Store, tmp_path: Path, authority: Authority
) -> None:
    async with tcp_gateway(small_store, server_tls(authority, tmp_path)) as (
        endpoint,
        registry,
        port,
    ):
        certificate, key = camera_certificate(authority, tmp_path, "door")
        camera = Camera()
        context = ssl.create_default_context(cafile=tmp_path / "ca.pem")
        context.load_cert_chain(certificate, key)
        camera.client.tls_set_context(context)
        await converse(small_store, camera, port, endpoint.tell)
        assert authority.vouched_for(registry.shown[-1].certificate) is not None


async def greeted(port: int, context: ssl.SSLContext) -> bytes:
    """The first byte that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        writer.write(b"\x10")
        return await reader.readexactly(1)
    finally:
        writer.close()


async def test_a_certificate_of_another_authority_does_not_get_to_the_sign_in(
    small_store: Store, tmp_path: Path, authority: Authority
) -> None:
    other = Authority.open(tmp_path / "other")
    async with tcp_gateway(small_store, server_tls(authority, tmp_path)) as (_, registry, port):
        certificate, key = camera_certificate(other, tmp_path, "door")
        context = ssl.create_default_context(cafile=tmp_path / "ca.pem")
        context.load_cert_chain(certificate, key)
        with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
            await greeted(port, context)
        assert registry.shown == []


async def test_paho_over_websocket(small_store: Store) -> None:
    async with websocket_gateway(small_store) as (endpoint, port):
        camera = Camera(transport="websockets")
        await converse(small_store, camera, port, endpoint.tell)


async def test_a_websocket_without_the_subprotocol_is_turned_away(small_store: Store) -> None:
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidHandshake

    async with websocket_gateway(small_store) as (endpoint, port):
        with pytest.raises(InvalidHandshake):
            await connect(f"ws://127.0.0.1:{port}/")
        async with connect(f"ws://127.0.0.1:{port}/", subprotocols=["mqtt"]) as socket:  # type: ignore[list-item]
            await socket.send("text")
            await asyncio.wait_for(socket.wait_closed(), 30)
        assert endpoint.counts["malformed"] == 1


async def test_paho_hears_that_it_is_not_let_in(small_store: Store) -> None:
    async with tcp_gateway(small_store) as (_, _, port):
        camera = Camera()
        camera.client.username_pw_set("door", "wrong")
        await camera.connect(port)
        assert camera.code == 5
        await asyncio.to_thread(camera.close)


async def test_a_cut_cable_loses_and_doubles_nothing(small_store: Store) -> None:
    """The hub hangs up again and again while a camera that keeps its session speaks."""
    async with tcp_gateway(small_store) as (endpoint, _, port):
        camera = Camera(clean=False)
        camera.client.reconnect_delay_set(1, 1)
        await camera.connect(port)
        await camera.until(lambda: bool(camera.heard))  # so it listens by now
        speaker, ids = Speaker(), set()
        for round in range(4):
            # paho may forget what is published while it is connecting again
            while not (camera.client.is_connected() and endpoint.connected("door")):
                await asyncio.sleep(0.01)
            for _ in range(100):
                payload = encode_parcel(speaker.say(CROSSED))
                ids.add(camera.client.publish(topics.up("door", "events"), payload, 1).mid)
            await asyncio.sleep(0.02 * round)
            session = endpoint._sessions["door"]
            if session.connection is not None:
                session.connection.wire.abort()
            await endpoint.tell("door", topics.down("door", "command", str(round)), b"x")
        await camera.until(lambda: ids <= camera.published)
        assert await small_store.database.read(counted(events)) == 400
        wanted = {topics.down("door", "command", str(round)) for round in range(4)}
        await camera.until(lambda: wanted <= {topic for topic, _, _ in camera.heard})
        await asyncio.to_thread(camera.close)


async def test_mosquitto_clients_speak_and_listen(small_store: Store) -> None:
    publisher, listener = program("mosquitto_pub"), program("mosquitto_sub")
    async with tcp_gateway(small_store) as (_, _, port):
        common = ["-h", "127.0.0.1", "-p", str(port), "-u", "door", "-P", "secret of door"]
        heard = await run(
            listener, *common, "-i", "a", "-t", topics.listens("door"), "-q", "1", "-C", "1",
            "-W", "20", "-F", "%t %p %r",
        )  # fmt: skip
        assert heard == (0, f"{topics.down('door', 'desired')} desired of door 1\n")
        code, text = await run(
            publisher, *common, "-i", "b", "-t", topics.up("door", "events"), "-q", "1",
            "-m", "no parcel at all",
        )  # fmt: skip
        assert (code, text) == (0, "")
        assert small_store.ingest.counts["refused"] == 1


async def test_mosquitto_cannot_speak_for_another(small_store: Store) -> None:
    publisher, listener = program("mosquitto_pub"), program("mosquitto_sub")
    async with tcp_gateway(small_store) as (endpoint, _, port):
        common = ["-h", "127.0.0.1", "-p", str(port), "-u", "door", "-P", "secret of door"]
        await run(
            publisher, *common, "-t", topics.up("gate", "events"), "-q", "1", "-m", "x",
        )  # fmt: skip
        assert endpoint.counts["topic"] >= 1
        _, text = await run(listener, *common, "-t", "#", "-q", "1", "-C", "1", "-W", "2")
        assert "denied" in text
        assert "desired" not in text
        assert endpoint.counts["filter"] >= 1
        assert sum(small_store.ingest.counts.values()) == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.org", "192.168.1.2"])
async def test_plain_mqtt_is_for_loopback_alone(small_store: Store, host: str) -> None:
    async def nobody(_: Any) -> bool:
        return False

    async def nothing(_: str) -> None:
        return None

    endpoint = Endpoint(Hooks(nobody, nothing, small_store.ingest.deliver))
    with pytest.raises(ConfigError, match="loopback"):
        await listen(endpoint, host, 0)
