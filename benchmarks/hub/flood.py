"""As many messages as go through: the hub, which stores them, and Mosquitto, whose subscriber
writes nothing. The same messages, the same senders, in one run."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

from benchmarks.base import Finding, Row, Skipped
from benchmarks.hub.process import free_port, hub
from sightline.hub.gateway.mqtt.packets import (
    Connack,
    Connect,
    Puback,
    Publish,
    Suback,
    Subscribe,
    encode,
    puback,
    publish,
)  # fmt: skip
from sightline.hub.gateway.mqtt.reader import Reader
from sightline.hub.simulation.identity import identities
from sightline.hub.simulation.simulation import Simulation
from sightline.wire import topics
from sightline.wire.credential import sign_in

_CAMERAS, _EACH, _WINDOW = 50, 1000, 100


class Sender(asyncio.Protocol):
    """Sends its messages as fast as they are acknowledged."""

    def __init__(self, connect: Connect, messages: list[bytes]) -> None:
        self._connect, self._messages = connect, messages
        self._reader, self._next, self._left = Reader(), 0, len(messages)
        self.ready, self.done = asyncio.Event(), asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(encode(self._connect))

    def data_received(self, data: bytes) -> None:
        acknowledged = 0
        for packet in self._reader.feed(data):
            if isinstance(packet, Connack):
                assert packet.code == 0
                self.ready.set()
            acknowledged += isinstance(packet, Puback)
        self._left -= acknowledged
        if acknowledged:
            self.go(acknowledged)
        if not self._left:
            self.done.set()

    def go(self, count: int) -> None:
        """Send so many more."""
        part = self._messages[self._next : self._next + count]
        self._next += len(part)
        self._transport.write(b"".join(part))

    def close(self) -> None:
        self._transport.close()


class Listener(asyncio.Protocol):
    """The subscriber that writes nothing."""

    def __init__(self) -> None:
        self._reader = Reader(1 << 20)
        self.heard, self.ready = 0, asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(encode(Connect("listener")))

    def data_received(self, data: bytes) -> None:
        answers = []
        for packet in self._reader.feed(data):
            if isinstance(packet, Publish):
                self.heard += 1
                answers.append(puback(packet.id))
            elif isinstance(packet, Connack):
                self._transport.write(encode(Subscribe(1, (("sightline/v1/+/up/#", 1),))))
            elif isinstance(packet, Suback):
                self.ready.set()
        if answers:
            self._transport.write(b"".join(answers))


async def run(folder: Path) -> list[Finding]:
    """Messages of about 300 bytes, each a second of a camera."""
    names = [f"sim-{i:03d}" for i in range(_CAMERAS)]
    async with hub(folder / "hub") as process:
        token = await process.token("enroll", "--uses", str(_CAMERAS))
        known = await identities(process.url, token, names, folder / "keys")
        messages = await asyncio.to_thread(_messages, known)
        port = int(known[0].mqtt.rpartition(":")[2])
        senders = [
            Sender(Connect(k.camera, True, 60, k.camera, sign_in(k.camera, k.key).encode()), part)
            for k, part in zip(known, messages, strict=True)
        ]
        before = process.cpu
        ours = await _flood(senders, port)
        cpu = (process.cpu - before) / (_CAMERAS * _EACH)
    size = sum(map(len, messages[0])) / _EACH
    row = Row(
        f"flood of {_CAMERAS * _EACH} messages ({size:.0f} bytes, 10 frames each): "
        "messages stored and acknowledged a second", ours, "/s",
    )  # fmt: skip
    theirs = await _mosquitto(folder, names, messages)
    if theirs is None:
        return [row, Skipped("Mosquitto beside it", "install mosquitto")]
    return [
        Row(row.claim, ours, "/s", "Mosquitto, nothing written", theirs, ours / theirs),
        Row("the same: frames stored a second", 10 * ours, "/s"),
        Row("the same: processor of the hub a message", cpu * 1e6, "us"),
    ]


async def _flood(senders: list[Sender], port: int) -> float:
    loop = asyncio.get_running_loop()
    for sender in senders:
        await loop.create_connection(lambda sender=sender: sender, "127.0.0.1", port)  # type: ignore[misc]
        await sender.ready.wait()
    began = time.monotonic()
    for sender in senders:
        sender.go(_WINDOW)
    await asyncio.gather(*(sender.done.wait() for sender in senders))
    rate = len(senders) * _EACH / (time.monotonic() - began)
    for sender in senders:
        sender.close()
    return rate


async def _mosquitto(folder: Path, names: list[str], messages: list[list[bytes]]) -> float | None:
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if program is None:
        return None
    port = free_port()
    config = folder / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 1000\n"
        "max_queued_messages 0\n"
    )
    process = await asyncio.create_subprocess_exec(
        program, "-c", str(config), stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        listener, loop = Listener(), asyncio.get_running_loop()
        for _ in range(200):
            try:
                await loop.create_connection(lambda: listener, "127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                break
        await listener.ready.wait()
        senders = [Sender(Connect(n), part) for n, part in zip(names, messages, strict=True)]
        rate = await _flood(senders, port)
        while listener.heard < len(names) * _EACH:
            await asyncio.sleep(0.01)
        return rate
    finally:
        process.terminate()
        await process.wait()


def _messages(known: list[object]) -> list[list[bytes]]:
    """What simulated cameras would say in a while, as packets."""
    simulation = Simulation(known)  # type: ignore[arg-type]
    simulation.ahead(_EACH)
    found = []
    for camera in simulation.cameras:
        said = [item for item in camera.session.unsent if item[0].endswith(("frames", "events"))]
        found.append(
            [
                publish(topic, payload, 1, i % 0xFFFF + 1)
                for i, (topic, payload, _) in enumerate(said[:_EACH])
            ]
        )
        assert topics.parse(said[0][0]) is not None
    return found
