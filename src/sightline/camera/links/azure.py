"""The link to Azure IoT Hub, by Microsoft's own SDK.

What the camera says    telemetry: JSON, one message a parcel (see `plain`), with the application
                        properties kind and camera; health likewise
What it is to be        desired properties: {"config": {...}, "shadow_s": ..., ...}, the fields of
                        `wire.control.Desired`; the version is the twin's own
What it is              reported properties, the fields of `wire.control.Reported`
What it does once       direct methods by the name of the command: log, ledger, restart, ...

Reconnecting is the camera's business, as with every link, so the SDK's own is turned off.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from sightline.camera.links.azure_twin import Twin
from sightline.camera.links.base import Heard, LinkLost, Said
from sightline.camera.links.plain import HeaderOf, bodies
from sightline.camera.links.queued import Queue
from sightline.errors import ConfigError, InputError, MissingExtra
from sightline.twin.agent import LinkConfig
from sightline.wire.control import Command, Reported, Result
from sightline.wire.parcel import Parcel

_CONNECT_S = 45.0
_SEND_S = 60.0


class AzureLink:
    """One connection of one device."""

    def __init__(self, config: LinkConfig, camera: str, header_of: HeaderOf) -> None:
        self._config, self._camera, self._header_of = config, camera, header_of
        self._twin = Twin(camera)
        self._heard: asyncio.Queue[Heard | LinkLost] = asyncio.Queue()
        self._methods: dict[str, Any] = {}
        self._session = uuid.uuid4().hex[:8]
        self._client: Any = None
        self._loop = asyncio.get_running_loop()
        self._queue: Queue
        self._begun = False

    async def __aenter__(self) -> AzureLink:
        try:
            async with asyncio.timeout(_CONNECT_S):
                self._client = await _client(self._config, self._camera)
                self._client.on_connection_state_change = self._here(self._changed)
                self._client.on_background_exception = lambda error: None
                await self._client.connect()
                # Each subscribes, and blocks until that is confirmed.
                await asyncio.to_thread(self._listen)
                self._twin.begin(await self._client.get_twin())
        except _errors() as error:
            await self._end()
            raise LinkLost(_words(error)) from None
        except BaseException:
            await self._end()
            raise
        self._queue = Queue(self._deliver)
        self._begun = True
        wanted = self._twin.desired()
        if wanted is not None:
            self._heard.put_nowait(wanted)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._queue.close()
        await self._end()

    def send(self, said: Said) -> asyncio.Future[int]:
        """As telemetry, as reported properties, or as the answer to a method."""
        return self._queue.send(said)

    async def heard(self) -> AsyncIterator[Heard]:
        """Desired properties and direct methods."""
        while True:
            item = await self._heard.get()
            if isinstance(item, LinkLost):
                raise item
            yield item

    async def _deliver(self, said: Said) -> int:
        try:
            async with asyncio.timeout(_SEND_S):
                match said:
                    case Reported():
                        return await self._report(said)
                    case Result():
                        return await self._answer(said)
                return await self._telemetry(said)
        except _errors() as error:
            raise LinkLost(_words(error)) from None

    async def _telemetry(self, said: Said) -> int:
        from azure.iot.device import Message

        size = 0
        for part, (kind, body) in enumerate(await bodies(said, self._header_of)):
            message = Message(body, content_encoding="utf-8", content_type="application/json")
            if isinstance(said, Parcel):
                message.message_id = f"{said.boot}-{said.sequence}-{part}"
            message.custom_properties["kind"] = kind
            message.custom_properties["camera"] = self._camera
            await self._client.send_message(message)
            size += len(body)
        return size

    async def _report(self, said: Reported) -> int:
        patch = self._twin.reported_patch(said)
        if patch:
            await self._client.patch_twin_reported_properties(patch)
        return len(msgspec.json.encode(patch))

    async def _answer(self, said: Result) -> int:
        from azure.iot.device import MethodResponse

        request = self._methods.pop(said.id, None)
        if request is None:
            return 0
        payload = {"value": said.value} if said.ok else {"error": said.error}
        response = MethodResponse.create_from_method_request(
            request, 200 if said.ok else 400, payload
        )
        await self._client.send_method_response(response)
        return len(msgspec.json.encode(payload))

    def _listen(self) -> None:
        patched, method = self._here(self._patched), self._here(self._method)
        self._client.on_twin_desired_properties_patch_received = patched
        self._client.on_method_request_received = method

    def _here(self, handler: Callable[..., None]) -> Callable[..., None]:
        """The SDK calls in a thread of its own; what it says is heard in this loop."""

        def hand_over(*said: Any) -> None:
            self._loop.call_soon_threadsafe(handler, *said)

        return hand_over

    def _method(self, request: Any) -> None:
        # Azure counts requests anew on each connection; a command is done once an id.
        id = f"{self._session}-{request.request_id}"
        self._methods[id] = request
        given = request.payload if isinstance(request.payload, dict) else {}
        self._heard.put_nowait(Command(id, request.name, given))

    def _patched(self, patch: dict[str, Any]) -> None:
        wanted = self._twin.patched(patch)
        if wanted is not None:
            self._heard.put_nowait(wanted)

    def _changed(self) -> None:
        if self._begun and not self._client.connected:
            lost = LinkLost("Azure IoT Hub closed the connection, or the network did")
            self._heard.put_nowait(lost)
            self._queue.fail(lost)

    async def _end(self) -> None:
        if self._client is not None:
            self._client.on_connection_state_change = None
            with suppress(Exception):
                await self._client.shutdown()


async def _client(config: LinkConfig, camera: str) -> Any:
    """A client of the hub that the configuration names, or that the provisioning service does."""
    try:
        from azure.iot.device import X509
        from azure.iot.device.aio import IoTHubDeviceClient as Device
    except ImportError:
        raise MissingExtra("the link to Azure IoT Hub", "azure") from None
    how: dict[str, Any] = {
        "websockets": config.websocket,
        "connection_retry": False,
        "auto_connect": False,
        "ensure_desired_properties": False,
    }
    if config.authority:
        how["server_verification_cert"] = _text(config.authority, "authority")
    secret = _text(config.key, "key").strip() if config.key else ""
    if secret.startswith("HostName="):
        return Device.create_from_connection_string(secret, **how)
    certificate = None
    if config.certificate and config.certificate_key:
        certificate = X509(config.certificate, config.certificate_key)
    elif not secret:
        raise ConfigError("link: Azure wants a key, or a certificate and a certificate_key")
    host, device = config.host, config.device or camera
    if config.scope:
        host, device = await _assigned(config, device, secret, certificate)
    if not host:
        raise ConfigError("link.host: is missing: NAME.azure-devices.net, or scope instead")
    if certificate is not None:
        return Device.create_from_x509_certificate(certificate, host, device, **how)
    return Device.create_from_symmetric_key(secret, host, device, **how)


async def _assigned(
    config: LinkConfig, device: str, secret: str, certificate: Any
) -> tuple[str, str]:
    """Hub and device id, by the device provisioning service."""
    from azure.iot.device.aio import ProvisioningDeviceClient as Provisioning

    how: dict[str, Any] = {"websockets": config.websocket}
    if config.authority:
        how["server_verification_cert"] = _text(config.authority, "authority")
    where = (config.provisioning, device, config.scope)
    client = (
        Provisioning.create_from_x509_certificate(*where, certificate, **how)
        if certificate is not None
        else Provisioning.create_from_symmetric_key(*where, secret, **how)
    )
    try:
        result = await client.register()
    except _errors() as error:
        raise LinkLost(_words(error)) from None
    if result.status != "assigned":
        raise LinkLost(f"the provisioning service says {result.status}")
    return result.registration_state.assigned_hub, result.registration_state.device_id


def _errors() -> tuple[type[BaseException], ...]:
    """What the SDK raises where a connection fails or ends."""
    try:
        from azure.iot.device import exceptions
    except ImportError:
        return (TimeoutError,)
    known = (exceptions.ClientError, exceptions.ServiceError, exceptions.OperationCancelled)
    return (TimeoutError, *known, OSError, ValueError)


def _words(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "Azure IoT Hub does not answer"
    cause = error.__cause__ or error
    return f"Azure IoT Hub: {type(cause).__name__}: {str(cause)[:150]}".rstrip(": ")


def _text(path: str, key: str) -> str:
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or "is not text"
        raise InputError(f"link.{key}: {path}: cannot be read: {reason}") from None
