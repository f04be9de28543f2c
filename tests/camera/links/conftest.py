"""A local endpoint that speaks Azure IoT Hub's MQTT dialect over TLS.

It keeps one twin a device, merges patches, answers requests, checks SAS tokens or takes client
certificates of its authority, keeps one connection a device (the newer wins), and assigns devices
as the provisioning service does. It knows nothing of Sightline.
"""

import asyncio
import base64
import fcntl
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from waiting import until

from sightline.hub.gateway.mqtt.packets import (
    Connack,
    Connect,
    Disconnect,
    Pingreq,
    Pingresp,
    Puback,
    Publish,
    Suback,
    Subscribe,
    Unsuback,
    Unsubscribe,
    encode,
)
from sightline.hub.gateway.mqtt.reader import Reader
from sightline.hub.registry.authority import Authority

DEVICE_KEY = base64.b64encode(b"the key of the device, 32 bytes.").decode()


def merge(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


class Device:
    def __init__(self) -> None:
        self.desired: dict[str, Any] = {"$version": 1}
        self.reported: dict[str, Any] = {"$version": 1}
        self.patches: list[dict[str, Any]] = []
        self.telemetry: list[tuple[dict[str, str], Any]] = []
        self.answers: dict[str, tuple[int, Any]] = {}
        self.writer: asyncio.StreamWriter | None = None
        self.connections = 0
        self.kicked = 0


class IotHub:
    """Runs in a thread of its own; the tests speak to it by plain calls."""

    def __init__(self, context: ssl.SSLContext, port: int = 8883) -> None:
        self._context, self._port = context, port
        self.devices: dict[str, Device] = {}
        self.refuse = False
        self.acknowledge = True
        self.errors: list[str] = []
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def device(self, name: str) -> Device:
        return self.devices.setdefault(name, Device())

    def desire(self, name: str, patch: dict[str, Any]) -> None:
        """As somebody at the portal does."""
        device = self.device(name)
        version = device.desired["$version"] + 1
        device.desired = merge(device.desired, patch) | {"$version": version}
        topic = f"$iothub/twin/PATCH/properties/desired/?$version={version}"
        self._send(device, topic, patch | {"$version": version})

    def call(self, name: str, method: str, request: str, payload: Any) -> None:
        self._send(self.device(name), f"$iothub/methods/POST/{method}/?$rid={request}", payload)

    def cut(self, name: str) -> None:
        device = self.device(name)
        self.loop.call_soon_threadsafe(lambda: device.writer and device.writer.transport.abort())

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)

    def _send(self, device: Device, topic: str, payload: Any) -> None:
        data = encode(Publish(topic, json.dumps(payload).encode(), 0))
        self.loop.call_soon_threadsafe(lambda: device.writer and device.writer.write(data))

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        start = asyncio.start_server(self._serve, "127.0.0.1", self._port, ssl=self._context)
        server = self.loop.run_until_complete(start)
        self._ready.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        for device in self.devices.values():
            if device.writer:
                device.writer.transport.abort()
        self.loop.run_until_complete(asyncio.sleep(0.1))
        self.loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        packets, name, dps = Reader(300 << 10), "", False
        try:
            while data := await reader.read(65536):
                for packet in packets.feed(data):
                    match packet:
                        case Connect():
                            name, dps = self._sign_in(packet, writer)
                            if not name:
                                writer.write(encode(Connack(5)))
                                return
                            writer.write(encode(Connack(0)))
                        case Subscribe(id, filters):
                            writer.write(encode(Suback(id, tuple(qos for _, qos in filters))))
                        case Unsubscribe(id, _):
                            writer.write(encode(Unsuback(id)))
                        case Pingreq():
                            writer.write(encode(Pingresp()))
                        case Publish():
                            self._on(name, packet, writer, dps)
                        case Disconnect():
                            return
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    def _sign_in(self, packet: Connect, writer: asyncio.StreamWriter) -> tuple[str, bool]:
        user = packet.user or ""
        if self.refuse:
            return "", False
        if "/registrations/" in user:
            resource = user.split("/api-version")[0].replace("/registrations", "/registrations")
            name, dps = packet.client, True
        else:
            host, name = user.split("/")[:2]
            resource, dps = f"{host}/devices/{name}", False
            assert name == packet.client
        certificate = writer.get_extra_info("peercert")
        if packet.password:
            if not self._fits(packet.password.decode(), resource):
                return "", False
        elif not certificate or self._common_name(certificate) != name:
            return "", False
        if not dps:
            device = self.device(name)
            if device.writer and not device.writer.is_closing():
                device.kicked += 1
                device.writer.transport.abort()
            device.writer = writer
            device.connections += 1
        return name, dps

    def _fits(self, token: str, resource: str) -> bool:
        parts = dict(parse_qsl(token.removeprefix("SharedAccessSignature ")))
        encoded = token.split("sr=")[1].split("&")[0]
        if unquote(encoded) != resource or int(parts["se"]) < time.time():
            return False
        signed = f"{encoded}\n{parts['se']}".encode()
        made = hmac.new(base64.b64decode(DEVICE_KEY), signed, hashlib.sha256).digest()
        return base64.b64encode(made).decode() == parts["sig"]

    @staticmethod
    def _common_name(certificate: Any) -> str:
        return dict(item[0] for item in certificate["subject"])["commonName"]

    def _on(self, name: str, packet: Publish, writer: asyncio.StreamWriter, dps: bool) -> None:
        topic, _, query = packet.topic.partition("?")
        request = dict(parse_qsl(query)).get("$rid", "")
        if len(packet.payload) > 256 << 10:
            self.errors.append("a message is larger than 256 KB")
        device = self.device(name)
        if dps:
            self._provision(topic, name, request, writer)
        elif topic.startswith(f"devices/{name}/messages/events/"):
            if "+" in packet.topic:
                self.errors.append("a blank written as +")
            bag = packet.topic.removeprefix(f"devices/{name}/messages/events/")
            properties = {
                unquote(k): unquote(v) for k, _, v in (i.partition("=") for i in bag.split("&"))
            }
            device.telemetry.append((properties, json.loads(packet.payload)))
        elif topic == "$iothub/twin/GET/":
            twin = {"desired": device.desired, "reported": device.reported}
            self._answer(writer, 200, request, twin)
        elif topic == "$iothub/twin/PATCH/properties/reported/":
            patch = json.loads(packet.payload)
            if len(packet.payload) > 32 << 10:
                self._answer(writer, 413, request, {})
            else:
                device.patches.append(patch)
                version = device.reported["$version"] + 1
                device.reported = merge(device.reported, patch) | {"$version": version}
                self._answer(writer, 204, f"{request}&$version={version}", None)
        elif topic.startswith("$iothub/methods/res/"):
            status = int(topic.split("/")[3])
            device.answers[request] = (status, json.loads(packet.payload or b"null"))
        else:
            self.errors.append(f"a topic that is none: {packet.topic}")
        if packet.qos and self.acknowledge:
            writer.write(encode(Puback(packet.id)))

    def _provision(self, topic: str, name: str, request: str, writer: asyncio.StreamWriter) -> None:
        if topic.endswith("iotdps-register/"):
            status, body = 202, {"operationId": "op1", "status": "assigning"}
        else:
            state = {
                "registrationId": name, "assignedHub": "localhost", "deviceId": name,
                "status": "assigned", "substatus": "initialAssignment",
                "createdDateTimeUtc": "2026-11-26T00:00:00Z",
                "lastUpdatedDateTimeUtc": "2026-11-26T00:00:00Z", "etag": "x",
            }  # fmt: skip
            status = 200
            body = {"operationId": "op1", "status": "assigned", "registrationState": state}
        answer = f"$dps/registrations/res/{status}/?$rid={request}&retry-after=1"
        writer.write(encode(Publish(answer, json.dumps(body).encode(), 0)))

    @staticmethod
    def _answer(writer: asyncio.StreamWriter, status: int, request: str, body: Any) -> None:
        payload = b"" if body is None else json.dumps(body).encode()
        topic = f"$iothub/twin/res/{status}/?$rid={request}"
        writer.write(encode(Publish(topic, payload, 0)))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Path]:
    folder = tmp_path_factory.mktemp("authority")
    return Authority.open(folder), folder


@pytest.fixture
def iot_hub(authority: tuple[Authority, Path], tmp_path: Path) -> Iterator[IotHub]:
    """The SDK knows one port only, so one test at a time."""
    made, folder = authority
    key, chain = made.server(["localhost", "127.0.0.1"])
    (tmp_path / "server.key").write_bytes(key)
    (tmp_path / "server.pem").write_bytes(chain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    with Path("/tmp/sightline-test-port-8883").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            hub = IotHub(context)
        except AssertionError:
            pytest.skip("port 8883 is taken, and the SDK knows no other")
        yield hub
        hub.close()


@pytest.fixture
def wait() -> Callable[..., Any]:
    return until
