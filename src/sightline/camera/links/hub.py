"""The link to a Sightline hub, or to a broker that a hub listens to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Any

from sightline.camera.links.base import Heard, LinkLost, Said
from sightline.camera.links.mqtt import Mqtt, place
from sightline.errors import InputError
from sightline.wire import topics
from sightline.wire.control import (
    Command,
    Desired,
    Health,
    Reported,
    Result,
    Watch,
    decode_control,
    encode_control,
)
from sightline.wire.parcel import Parcel, encode_parcel

_DOWN: dict[str, Any] = {"desired": Desired, "command": Command, "watch": Watch}


class HubLink:
    """Signs in with a token that is made for each connection, good for an hour.

    url       where the camera's sessions go, as the hub said when it enrolled
    sign_in   makes a token
    refused   told of what the hub said that means nothing
    """

    def __init__(
        self,
        url: str,
        camera: str,
        sign_in: Callable[[], str],
        context: ssl.SSLContext | None = None,
        refused: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._where, self._camera = place(url), camera
        self._sign_in, self._context, self._refused = sign_in, context, refused
        self._mqtt: Mqtt

    async def __aenter__(self) -> HubLink:
        self._mqtt = Mqtt(self._where, self._camera, self._sign_in(), self._context)
        try:
            await self._mqtt.open()
            await self._mqtt.subscribe(topics.listens(self._camera))
        except BaseException:
            await self._mqtt.close()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._mqtt.close()

    def send(self, said: Said) -> asyncio.Future[int]:
        """Publish where its kind belongs."""
        topic, payload, retain = self._addressed(said)
        size = len(topic) + len(payload)
        sent: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def settled(published: asyncio.Future[None]) -> None:
            if sent.done():
                return
            error = published.exception()
            if error is None:
                sent.set_result(size)
            else:
                sent.set_exception(error)

        self._mqtt.publish(topic, payload, retain).add_done_callback(settled)
        return sent

    async def heard(self) -> AsyncIterator[Heard]:
        """The desired state, at once and with each change, commands, and that somebody looks on."""
        while True:
            item = await self._mqtt.messages.get()
            if isinstance(item, LinkLost):
                raise item
            topic, payload = item
            address = topics.parse(topic)
            if address is None or address.direction != "down" or not payload:
                continue
            try:
                yield decode_control(_DOWN[address.kind], payload, "the hub")
            except InputError as error:
                self._refused(str(error))

    def _addressed(self, said: Said) -> tuple[str, bytes, bool]:
        camera = self._camera
        match said:
            case Parcel():
                kind: topics.Up = "frames" if said.kind == "frames" else "events"
                return topics.up(camera, kind), encode_parcel(said), False
            case Health():
                return topics.up(camera, "health"), encode_control(said), True
            case Reported():
                return topics.up(camera, "reported"), encode_control(said), True
            case Result():
                return topics.up(camera, "result", said.id), encode_control(said), False
