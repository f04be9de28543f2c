"""The link to a hub over MQTT, against Mosquitto and against the hub's own gateway."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from ports import free_ports

from sightline.camera.links.base import LinkLost
from sightline.camera.links.hub import HubLink
from sightline.camera.links.mqtt import place
from sightline.errors import ConfigError
from sightline.wire import topics
from sightline.wire.control import (
    Command,
    Desired,
    Health,
    Reported,
    Result,
    Watch,
    encode_control,
)  # fmt: skip
from sightline.wire.parcel import Parcel, decode_parcel

PARCEL = Parcel("door", "b1", 0, "frames", 5, b"x" * 3000, "ab")


class Broker:
    def __init__(self, folder: Path) -> None:
        self.tcp = free_ports(2)
        self.web = self.tcp + 1
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.tcp} 127.0.0.1\nallow_anonymous true\n"
            f"listener {self.web} 127.0.0.1\nprotocol websockets\n"
        )
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["mosquitto", "-c", str(self._config)], stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.tcp), 1).close()
                return
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    if shutil.which("mosquitto") is None:
        pytest.skip("mosquitto is not installed")
    made = Broker(tmp_path)
    yield made
    made.stop()


class Peer:
    """Whoever is on the other side: hears all, says anything."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[str, bytes]] = []
        new = hasattr(paho, "CallbackAPIVersion")
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2) if new else paho.Client()
        self._client.on_message = lambda _c, _u, said: self.heard.append((said.topic, said.payload))
        self._client.connect("127.0.0.1", port)
        self._client.subscribe("sightline/#", 1)
        self._client.loop_start()

    def say(self, topic: str, payload: bytes, retain: bool = False) -> None:
        self._client.publish(topic, payload, 1, retain).wait_for_publish(5)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def peer(broker: Broker) -> Iterator[Peer]:
    made = Peer(broker.tcp)
    yield made
    made.close()


@pytest.mark.parametrize("scheme", ["mqtt", "ws"])
def test_all_that_is_said_and_heard(broker: Broker, peer: Peer, wait: Any, scheme: str) -> None:
    url = f"mqtt://127.0.0.1:{broker.tcp}" if scheme == "mqtt" else f"ws://127.0.0.1:{broker.web}/"
    peer.say(topics.down("door", "desired"), encode_control(Desired(3, {"a": 1})), retain=True)
    refused: list[str] = []

    async def run() -> None:
        async with HubLink(url, "door", lambda: "token", refused=refused.append) as link:
            heard = link.heard()
            assert await anext(heard) == Desired(3, {"a": 1})
            parcels = [link.send(PARCEL) for _ in range(100)]
            assert min(await asyncio.gather(*parcels)) > 3000
            await link.send(Health("door", "b1", 1, "running"))
            await link.send(Reported(3, "applied", {}))
            await link.send(Result("c1", True))
            peer.say(topics.down("door", "command", "c7"), b"nonsense")
            peer.say(topics.down("door", "command", "c8"), encode_control(Command("c8", "log")))
            assert await anext(heard) == Command("c8", "log")
            peer.say("sightline/v1/door/down/later", b"{}")
            peer.say(topics.down("door", "watch"), encode_control(Watch(0.1, 5.0)))
            assert await anext(heard) == Watch(0.1, 5.0)
            await wait(lambda: len(peer.heard) >= 106)

    asyncio.run(run())
    assert "is no command" in refused[0]
    said = [topic for topic, _ in peer.heard if "/up/" in topic]
    assert said[100:] == [topics.up("door", "health"), topics.up("door", "reported"),
                          topics.up("door", "result", "c1")]  # fmt: skip
    assert decode_parcel(peer.heard[1][1], "door") == PARCEL


def test_a_broker_that_dies_fails_what_is_under_way(broker: Broker) -> None:
    async def run() -> None:
        async with HubLink(f"mqtt://127.0.0.1:{broker.tcp}", "door", lambda: "t") as link:
            await link.send(PARCEL)
            broker.process.kill()
            broker.process.wait()
            with pytest.raises(LinkLost):
                await asyncio.wait_for(link.send(PARCEL), 10)
            with pytest.raises(LinkLost):
                async for _ in link.heard():
                    pass
            with pytest.raises(LinkLost):
                await link.send(PARCEL)
        with pytest.raises(LinkLost, match="refused"):
            async with HubLink(f"mqtt://127.0.0.1:{broker.tcp}", "door", lambda: "t"):
                pass
        broker.start()
        async with HubLink(f"mqtt://127.0.0.1:{broker.tcp}", "door", lambda: "t") as link:
            await link.send(PARCEL)

    asyncio.run(run())


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sightline.camera.links.mqtt._CONNECT_S", 0.3)

    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        gone.set()

    async def run() -> None:
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(LinkLost, match=r"no answer for 0\.3 s"):
            async with HubLink(f"mqtt://127.0.0.1:{port}", "door", lambda: "t"):
                pass
        await asyncio.wait_for(gone.wait(), 5)
        server.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mqtt://hub.example", "without TLS only this machine"),
        ("ws://10.0.0.1/x", "without TLS only this machine"),
        ("http://127.0.0.1", "cameras connect to"),
        ("mqtts://hub.example:x", "cameras connect to"),
    ],
)
def test_places_that_are_not_spoken_to(url: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        place(url)


def test_places_by_their_schemes() -> None:
    assert place("mqtts://hub.example").port == 8883
    assert place("wss://hub.example/mqtt").path == "/mqtt"
    assert not place("mqtt://127.0.0.1:1999").tls
