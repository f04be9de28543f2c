"""A message to a broker; and the same so that Home Assistant finds it by itself."""

from __future__ import annotations

import re
import ssl
from urllib.parse import unquote

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from sightline.errors import OutputError
from sightline.hub.alerts.channels.base import Notice
from sightline.hub.alerts.channels.publishing import Message, publish
from sightline.hub.outside import Outside
from sightline.hub.refused import Refused
from sightline.hub.settings import Settings

_PORTS = {"mqtt": 1883, "mqtts": 8883}


class MqttSettings(BaseModel):
    """Which broker, and under which topic: alerts are told on PREFIX/<camera>/<rule>."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(max_length=2000, repr=False)
    prefix: str = Field(default="sightline/alerts", pattern=r"^[^+#\x00]{1,200}$")


class Mqtt:
    """Tells by MQTT, retained, so that who comes later knows what is so."""

    settings = MqttSettings

    def __init__(self, given: MqttSettings, hub: Settings, outside: Outside) -> None:
        self._given, self._outside = given, outside

    async def tell(self, notice: Notice) -> str:
        try:
            place = await self._outside.place(self._given.url, _PORTS)
        except Refused as error:
            raise OutputError(str(error)) from None
        tls = ssl.create_default_context() if place.url.scheme == "mqtts" else None
        user = place.url.username
        sign_in = None if user is None else (unquote(user), unquote(place.url.password or ""))
        try:
            await publish(place, tls, sign_in, self.messages(notice))
        except OSError as error:
            raise OutputError(f"{place.host}: {str(error) or 'took too long'}") from None
        return f"{place.host} took it"

    def messages(self, notice: Notice) -> list[Message]:
        """What is published."""
        alert = notice.alert
        topic = f"{self._given.prefix}/{_word(alert.camera)}/{_word(alert.rule)}"
        payload = msgspec.json.encode(notice.plain())
        return [{"topic": topic, "payload": payload, "qos": 1, "retain": True}]


class HomeAssistantSettings(MqttSettings):
    """`discovery` is the prefix under which Home Assistant looks for things."""

    prefix: str = Field(default="sightline/alerts", pattern=r"^[^+#\x00]{1,200}$")
    discovery: str = Field(default="homeassistant", pattern=r"^[A-Za-z0-9_/-]{1,100}$")


class HomeAssistant(Mqtt):
    """Each rule of a camera is a binary sensor of that camera's device."""

    settings = HomeAssistantSettings

    def __init__(self, given: HomeAssistantSettings, hub: Settings, outside: Outside) -> None:
        super().__init__(given, hub, outside)
        self._discovery = given.discovery

    def messages(self, notice: Notice) -> list[Message]:
        alert = notice.alert
        camera, rule = _word(alert.camera), _word(alert.rule)
        state = f"{self._given.prefix}/{camera}/{rule}/state"
        described = {
            "name": alert.rule, "unique_id": f"sightline_{camera}_{rule}", "state_topic": state,
            "payload_on": "ON", "payload_off": "OFF", "device_class": "problem",
            "device": {
                "identifiers": [f"sightline_{camera}"], "name": alert.camera,
                "manufacturer": "Sightline",
            },
        }  # fmt: skip
        topic = f"{self._discovery}/binary_sensor/sightline_{camera}/{rule}/config"
        on = b"OFF" if notice.what == "cleared" else b"ON"
        return [
            {"topic": topic, "payload": msgspec.json.encode(described), "qos": 1, "retain": True},
            {"topic": state, "payload": on, "qos": 1, "retain": True},
            *super().messages(notice),
        ]


def _word(text: str) -> str:
    """A name as a level of a topic."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", text)[:64] or "_"
