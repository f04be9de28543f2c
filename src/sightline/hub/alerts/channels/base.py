"""The contract of a channel, and which there are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from sightline.hub.alerts.records import Alert
from sightline.hub.outside import Outside
from sightline.hub.settings import Settings

TABLE = {
    "webhook": "sightline.hub.alerts.channels.webhook:Webhook",
    "email": "sightline.hub.alerts.channels.email:Email",
    "mqtt": "sightline.hub.alerts.channels.mqtt:Mqtt",
    "home-assistant": "sightline.hub.alerts.channels.mqtt:HomeAssistant",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told: an alert, and what became of it: raised, cleared or escalated.

    delivery  its number: the same one when it is tried again
    """

    alert: Alert
    what: str
    delivery: int

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {"what": self.what, "delivery": self.delivery, "alert": asdict(self.alert)}

    def line(self) -> str:
        """As one line for people."""
        begin = {"raised": "", "cleared": "over: ", "escalated": "nobody has looked: "}[self.what]
        return f"[{self.alert.level}] {begin}{self.alert.camera}: {self.alert.message}"


class Channel(Protocol):
    """Built from its settings; `settings` is their model."""

    settings: type[BaseModel]

    def __init__(self, given: Any, hub: Settings, outside: Outside) -> None: ...

    async def tell(self, notice: Notice) -> str:
        """Tell somebody; what came of it in a few words. Raises OutputError where it did not."""
        ...
