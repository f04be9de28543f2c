"""What outlives a connection of a camera: what it listens for, and what it has to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sightline.hub.gateway.mqtt.outbound import Outbound
from sightline.hub.gateway.mqtt.packets import Publish
from sightline.hub.gateway.mqtt.subtree import selects

if TYPE_CHECKING:
    from sightline.hub.gateway.mqtt.connection import Connection


@dataclass(slots=True)
class Session:
    """Of one camera. One with `clean` ends with its connection.

    wanted  how often it was told what it is to be
    """

    camera: str
    clean: bool
    connection: Connection | None = None
    filters: dict[str, int] = field(default_factory=dict)
    outbound: Outbound = field(default_factory=Outbound)
    wanted: int = 0

    def listens(self, topic: str) -> int | None:
        """The QoS at which it wants what is said there; None where it does not."""
        granted = [qos for item, qos in self.filters.items() if selects(item, topic)]
        return max(granted, default=None)

    def tell(self, topic: str, payload: bytes, retain: bool) -> bool:
        """Queue something for the camera, and send it if it is there."""
        qos = self.listens(topic)
        if qos is None:
            return False
        self.wanted += retain
        self.outbound.put(Publish(topic, payload, qos, retain=retain))
        self.pump()
        return True

    def pump(self) -> None:
        """Send what may be sent."""
        if self.connection is not None:
            for data in self.outbound.ready():
                self.connection.send(data)
