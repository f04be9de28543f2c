"""A real Mosquitto between cameras and hub: the same promise, and each camera kept apart."""

import asyncio
import signal
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hubkit import NOW, Speaker, Store, counted
from mqttpeers import camera_certificate, program, run
from ports import free_ports

from sightline.errors import ConfigError, OutputError
from sightline.hub.gateway.base import Hooks
from sightline.hub.gateway.broker import Broker, place, without_credentials
from sightline.hub.gateway.broker_config import HUB, hub_certificate, write_mosquitto
from sightline.hub.gateway.mqtt.packets import Publish
from sightline.hub.registry.authority import Authority
from sightline.hub.store.tables.events import events
from sightline.wire import topics
from sightline.wire.messages import Event
from sightline.wire.parcel import encode_parcel


class Mosquitto:
    """A broker of the site, which may be killed and started again."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.folder, self.port, self.authority = folder / "broker", free_ports(1), authority
        self.configure()

    def configure(self, withdrawn: Any = ()) -> None:
        hosts = ["localhost", "127.0.0.1"]
        write_mosquitto(self.folder, self.authority, withdrawn, hosts, self.port, "127.0.0.1")
        with (self.folder / "mosquitto.conf").open("a") as file:
            file.write("user root\n")  # tests may run as root, and the keys are theirs

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            program("mosquitto"), "-c", str(self.folder / "mosquitto.conf"),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(400):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
        pytest.fail("mosquitto does not start")

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    def client(self, camera: str) -> list[str]:
        """What mosquitto_pub and mosquitto_sub need to be a camera."""
        certificate, key = camera_certificate(self.authority, self.folder, camera)
        return [
            "-h", "localhost", "-p", str(self.port), "--cafile", str(self.folder / "ca.pem"),
            "--cert", str(certificate), "--key", str(key), "-i", camera,
        ]  # fmt: skip


@asynccontextmanager
async def broker_gateway(
    small_store: Store, mosquitto: Mosquitto, known: tuple[str, ...] = ("door", "gate")
) -> AsyncIterator[Broker]:
    folder = mosquitto.folder
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.load_cert_chain(folder / "hub.pem", folder / "hub.key")

    async def is_known(camera: str) -> bool:
        return camera in known

    async def desired(camera: str) -> bytes:
        return f"desired of {camera}".encode()

    async def admit(_: Any) -> bool:
        return False

    hooks = Hooks(admit, desired, small_store.ingest.deliver, known=is_known)
    broker = Broker(f"mqtts://localhost:{mosquitto.port}", hooks, "sightline-hub", context)
    running = asyncio.create_task(broker.run())
    try:
        while not broker.open:
            await asyncio.sleep(0.01)
        yield broker
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def mosquitto(tmp_path: Path, authority: Authority) -> AsyncIterator[Mosquitto]:
    broker = Mosquitto(tmp_path, authority)
    await broker.start()
    yield broker
    await broker.kill()


async def until(condition: Any) -> None:
    async with asyncio.timeout(30):
        while not await condition():
            await asyncio.sleep(0.02)


async def say(mosquitto: Mosquitto, folder: Path, speaker: Speaker, topic: str = "") -> Any:
    payload = folder / f"{speaker.camera}.parcel"
    payload.write_bytes(encode_parcel(speaker.say(Event("x", NOW))))
    where = topic or topics.up(speaker.camera, "events")
    command = (program("mosquitto_pub"), *mosquitto.client(speaker.camera), "-t", where)
    return await run(*command, "-q", "1", "-f", str(payload))


async def test_what_cameras_say_through_a_broker_is_stored(
    small_store: Store, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    door = Speaker()
    async with broker_gateway(small_store, mosquitto) as broker:
        for _ in range(3):
            assert (await say(mosquitto, tmp_path, door))[0] == 0
        await until(lambda: _is(small_store, 3))
        assert broker.connected("door")
        assert not broker.connected("gate")
        code, heard = await run(
            program("mosquitto_sub"), *mosquitto.client("door"), "-t", topics.listens("door"),
            "-q", "1", "-C", "1", "-W", "20",
        )  # fmt: skip
        assert (code, heard) == (0, "desired of door\n")


async def test_what_comes_while_the_hub_is_away_waits_in_the_broker(
    small_store: Store, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    door = Speaker()
    async with broker_gateway(small_store, mosquitto):
        await say(mosquitto, tmp_path, door)
        await until(lambda: _is(small_store, 1))
    for _ in range(3):
        await say(mosquitto, tmp_path, door)
    assert await small_store.database.read(counted(events)) == 1
    async with broker_gateway(small_store, mosquitto):
        await until(lambda: _is(small_store, 4))


async def test_what_is_not_stored_is_not_acknowledged_to_the_broker(
    small_store: Store, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    asked: list[Any] = []
    deliver = small_store.ingest.deliver

    def unwilling(arrival: Any) -> Any:
        asked.append(arrival)
        if len(asked) > 2:
            return deliver(arrival)
        future = asyncio.get_running_loop().create_future()
        future.set_exception(OutputError("the disk is full"))
        return future

    small_store.ingest.deliver = unwilling  # type: ignore[method-assign]
    async with broker_gateway(small_store, mosquitto):
        await say(mosquitto, tmp_path, Speaker())
        await until(lambda: _is(small_store, 1))
    assert len({item.payload for item in asked}) == 1
    assert len(asked) == 3


async def test_a_broker_that_is_killed_comes_back_with_what_it_held(
    small_store: Store, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    door = Speaker()
    async with broker_gateway(small_store, mosquitto) as broker:
        await say(mosquitto, tmp_path, door)
        await until(lambda: _is(small_store, 1))
        await mosquitto.kill()
        while broker.open:
            await asyncio.sleep(0.01)
        await mosquitto.start()
        while not broker.open:
            await asyncio.sleep(0.01)
        await say(mosquitto, tmp_path, door)
        await until(lambda: _is(small_store, 2))


async def test_the_broker_keeps_cameras_apart(
    small_store: Store, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    async with broker_gateway(small_store, mosquitto) as broker:
        for topic in (topics.up("gate", "events"), topics.down("gate", "desired")):
            await say(mosquitto, tmp_path, Speaker("door"), topic)
        await say(mosquitto, tmp_path, Speaker("gate"))
        await until(lambda: _is(small_store, 1))
        assert not broker.connected("door")
        for wanted in ("#", topics.listens("gate"), f"{topics.ROOT}/+/up/#"):
            _, heard = await run(
                program("mosquitto_sub"), *mosquitto.client("door"), "-t", wanted, "-q", "1",
                "-C", "1", "-W", "1",
            )  # fmt: skip
            assert "desired of gate" not in heard


async def test_cameras_that_nobody_knows_are_not_taken(
    small_store: Store, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    async with broker_gateway(small_store, mosquitto, known=("door",)) as broker:
        await say(mosquitto, tmp_path, Speaker("stranger"))
        await say(mosquitto, tmp_path, Speaker("door"))
        await until(lambda: _is(small_store, 1))
        assert broker.counts["unknown"] == 1
        await broker.cut("door")
        await say(mosquitto, tmp_path, Speaker("door", boot="again"))
        while broker.counts["unknown"] < 2:
            await asyncio.sleep(0.01)
        assert await small_store.database.read(counted(events)) == 1


async def test_a_withdrawn_certificate_does_not_get_to_the_broker(
    tmp_path: Path, authority: Authority
) -> None:
    from cryptography import x509

    mosquitto = Mosquitto(tmp_path, authority)
    client = mosquitto.client("door")
    certificate = x509.load_pem_x509_certificate((mosquitto.folder / "door.pem").read_bytes())
    mosquitto.configure([(f"{certificate.serial_number:x}", NOW)])
    await mosquitto.start()
    try:
        command = (program("mosquitto_pub"), *client, "-t", topics.up("door", "events"))
        code, _ = await run(*command, "-q", "1", "-m", "x")
        assert code != 0
    finally:
        await mosquitto.kill()


def _is(small_store: Store, expected: int) -> Any:
    async def check() -> bool:
        return bool(await small_store.database.read(counted(events)) == expected)

    return check()


@pytest.mark.parametrize("url", ["", "http://x", "mqtt://", "mqtt://h:99999", "broker:1883"])
def test_a_broker_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="--broker"):
        place(url)


def test_cameras_are_told_where_a_broker_is_and_no_secret() -> None:
    assert without_credentials("mqtts://hub:secret@broker.example") == "mqtts://broker.example:8883"
    assert without_credentials("mqtt://127.0.0.1") == "mqtt://127.0.0.1:1883"
    assert without_credentials("") == ""


def test_no_camera_can_be_called_as_the_hub(authority: Authority) -> None:
    assert topics.CAMERA_NAME.fullmatch(HUB) is None
    assert b"CERTIFICATE" in hub_certificate(authority)[0]


async def test_an_older_desired_state_that_was_being_read_never_comes_after_a_newer() -> None:
    broker: Broker
    topic = topics.down("door", "desired")

    async def meanwhile_changed(camera: str) -> bytes | None:
        await broker.tell(camera, topic, b"version 2", retain=True)
        return b"version 1"

    async def anybody(_: object) -> bool:
        return True

    def stored(_: object) -> asyncio.Future[None]:
        return asyncio.get_running_loop().create_future()

    hooks = Hooks(anybody, meanwhile_changed, stored, known=anybody)
    broker = Broker("mqtt://127.0.0.1:1", hooks, "hub", None)
    await broker._take(Publish(topics.up("door", "events"), b"x", 1, 1))
    [told] = broker._outbound.ready()
    assert b"version 2" in told
