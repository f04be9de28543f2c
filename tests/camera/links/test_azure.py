"""The link to Azure IoT Hub: Microsoft's unmodified SDK against a local endpoint."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

pytest.importorskip("azure.iot.device", reason="the extra azure is not installed")

from sightline.camera.links.azure import AzureLink
from sightline.camera.links.base import LinkLost
from sightline.results import Detections
from sightline.twin.agent import LinkConfig
from sightline.wire.control import Command, Desired, Health, Reported, Result
from sightline.wire.formats.block import PackedFrame
from sightline.wire.formats.packed import pack, pack_frames
from sightline.wire.messages import Event, Header
from sightline.wire.parcel import Parcel, digest

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

KEY = "dGhlIGtleSBvZiB0aGUgZGV2aWNlLCAzMiBieXRlcy4="
HEADER = Header("door", "scene:", 64, 48, ("person",), clock="utc", boot="b1")
RECORD = pack(HEADER)


def frames(sequence: int, count: int = 2) -> Parcel:
    boxes = np.full((count, 4), 0.25, np.float32)
    seen = Detections(
        boxes, np.ones(count, np.float32), np.zeros(count, np.int32), np.arange(count)
    )
    body = pack_frames([PackedFrame(sequence * 1000, sequence, seen)])
    return Parcel("door", "b1", sequence, "frames", 5, body, digest(RECORD))


def event(sequence: int) -> Parcel:
    body = pack(Event("line.crossed", 7, "door", "door", 3, "person", data={"direction": "in"}))
    return Parcel("door", "b1", sequence, "events", 5, body)


async def header_of(name: str) -> bytes | None:
    return RECORD if name == digest(RECORD) else None


@pytest.fixture
def config(authority: Any, tmp_path: Path) -> LinkConfig:
    (tmp_path / "device.key").write_text(KEY + "\n")
    return LinkConfig(
        kind="azure", host="localhost", key=str(tmp_path / "device.key"),
        authority=str(authority[1] / "ca.pem"), device="door",
    )  # fmt: skip


@asynccontextmanager
async def connected(config: LinkConfig) -> AsyncIterator[AzureLink]:
    async with AzureLink(config, "door", header_of) as link:
        yield link


def test_telemetry_is_json_that_names_itself(iot_hub: Any, config: LinkConfig) -> None:
    async def run() -> None:
        async with connected(config) as link:
            await asyncio.gather(*[link.send(item) for item in (event(0), frames(1), event(2))])
            await link.send(Health("door", "b1", 9, "running", fps=25.0))

    asyncio.run(run())
    device = iot_hub.device("door")
    assert [body.get("sequence") for _, body in device.telemetry] == [0, 1, 2, None]
    properties, body = device.telemetry[0]
    assert properties["$.ct"] == "application/json"
    assert properties["$.ce"] == "utf-8"
    assert properties["$.mid"] == "b1-0-0"
    assert (properties["kind"], properties["camera"]) == ("events", "door")
    assert body["items"][0]["kind"] == "line.crossed"
    _, seen = device.telemetry[1]
    assert seen["items"][0]["objects"][0]["label"] == "person"
    assert device.telemetry[3][0]["kind"] == "health"
    assert iot_hub.errors == []


def test_a_large_parcel_goes_in_parts_below_the_limit(iot_hub: Any, config: LinkConfig) -> None:
    count = 250
    boxes = np.random.default_rng(1).random((count, 4), np.float32)
    seen = Detections(
        boxes, np.ones(count, np.float32), np.zeros(count, np.int32), np.arange(count)
    )
    body = pack_frames([PackedFrame(i, i, seen) for i in range(40)])
    parcel = Parcel("door", "b1", 0, "frames", 5, body, digest(RECORD))

    async def run() -> None:
        async with connected(config) as link:
            await link.send(parcel)

    asyncio.run(run())
    bodies = [body for _, body in iot_hub.device("door").telemetry]
    assert len(bodies) > 1
    assert [body["part"] for body in bodies] == list(range(len(bodies)))
    assert sum(len(body["items"]) for body in bodies) == 40
    assert max(len(msgspec.json.encode(body)) for body in bodies) < 256 << 10
    assert iot_hub.errors == []


def test_twin_and_methods_there_and_back(iot_hub: Any, config: LinkConfig, wait: Any) -> None:
    device = iot_hub.device("door")
    device.desired = {"$version": 4, "config": {"detect": {"score": 0.4}}, "shadow_s": 3}

    async def run() -> None:
        async with connected(config) as link:
            heard = link.heard()
            first = await anext(heard)
            assert first == Desired(4, {"detect": {"score": 0.4}}, shadow_s=3)
            iot_hub.desire("door", {"config": {"lines": [], "detect": None}})
            assert await anext(heard) == Desired(5, {"lines": []}, shadow_s=3)
            await link.send(Reported(5, "pending", {"lines": [], "track": {"high_score": 0.5}}))
            await link.send(Reported(5, "applied", {"lines": []}, {"name": "scene"}))
            iot_hub.call("door", "log", "77", {"lines": 3})
            command = await anext(heard)
            assert command == Command(command.id, "log", {"lines": 3})
            await link.send(Result(command.id, True, ["a", "b"]))
            iot_hub.call("door", "dance", "78", None)
            second = await anext(heard)
            await link.send(Result(second.id, False, error="no such command"))
            await wait(lambda: "78" in device.answers)

    asyncio.run(run())
    assert device.reported["state"] == "applied"
    assert "track" not in device.reported["config"]  # null takes away what is no longer so
    assert device.reported["model"] == {"name": "scene"}
    assert device.answers["77"] == (200, {"value": ["a", "b"]})
    assert device.answers["78"] == (400, {"error": "no such command"})
    assert iot_hub.errors == []


def test_a_configuration_larger_than_a_twin_is_left_out_and_said(
    iot_hub: Any, config: LinkConfig
) -> None:
    zones = [{"name": f"zone{i}", "polygon": [[0.1, 0.2]] * 20} for i in range(200)]

    async def run() -> None:
        async with connected(config) as link:
            await link.send(Reported(1, "applied", {"zones": zones}))

    asyncio.run(run())
    reported = iot_hub.device("door").reported
    assert reported["config"] == {}
    assert "too large" in reported["error"]


def test_a_cut_is_noticed_and_nothing_that_was_not_acknowledged_counts(
    iot_hub: Any, config: LinkConfig, wait: Any
) -> None:
    device = iot_hub.device("door")

    async def run() -> None:
        async with connected(config) as link:
            iot_hub.acknowledge = False
            sent = link.send(event(0))
            await wait(lambda: device.telemetry)
            iot_hub.cut("door")
            with pytest.raises(LinkLost):
                await asyncio.wait_for(sent, 20)
            with pytest.raises(LinkLost):
                async for _ in link.heard():
                    pass
            with pytest.raises(LinkLost):
                await link.send(event(1))
        iot_hub.acknowledge = True
        async with connected(config) as link:
            await link.send(event(0))

    asyncio.run(run())
    assert [body["sequence"] for _, body in device.telemetry] == [0, 0]
    assert device.connections == 2


def test_a_refusal_is_one_sentence(iot_hub: Any, config: LinkConfig) -> None:
    iot_hub.refuse = True

    async def run() -> None:
        async with connected(config):
            raise AssertionError("it was let in")

    with pytest.raises(LinkLost, match="Azure IoT Hub"):
        asyncio.run(run())


def test_a_wrong_key_is_refused(iot_hub: Any, config: LinkConfig, tmp_path: Path) -> None:
    (tmp_path / "device.key").write_text("AAAA" + KEY[4:])

    async def run() -> None:
        async with connected(config):
            raise AssertionError("it was let in")

    with pytest.raises(LinkLost):
        asyncio.run(run())


def test_with_a_connection_string(iot_hub: Any, config: LinkConfig, tmp_path: Path) -> None:
    text = f"HostName=localhost;DeviceId=door;SharedAccessKey={KEY}"
    (tmp_path / "device.key").write_text(text)

    async def run() -> None:
        async with connected(config.model_copy(update={"host": ""})) as link:
            await link.send(event(0))

    asyncio.run(run())
    assert iot_hub.device("door").telemetry


@pytest.fixture
def x509(authority: Any, tmp_path: Path, config: LinkConfig) -> LinkConfig:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority[0].sign_camera("door", key.public_key())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "device.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "device-key.pem").write_bytes(pem)
    paths = {
        "key": None,
        "certificate": str(tmp_path / "device.pem"),
        "certificate_key": str(tmp_path / "device-key.pem"),
    }
    return config.model_copy(update=paths)


def test_with_a_certificate(iot_hub: Any, x509: LinkConfig) -> None:
    async def run() -> None:
        async with connected(x509) as link:
            await link.send(event(0))

    asyncio.run(run())
    assert iot_hub.device("door").telemetry


@pytest.mark.parametrize("by", ["key", "certificate"])
def test_by_the_provisioning_service(
    iot_hub: Any, config: LinkConfig, x509: LinkConfig, by: str
) -> None:
    chosen = config if by == "key" else x509
    update = {"host": "", "scope": "0ne00000A0A", "provisioning": "localhost"}

    async def run() -> None:
        async with connected(chosen.model_copy(update=update)) as link:
            await link.send(event(0))

    asyncio.run(run())
    assert iot_hub.device("door").telemetry
