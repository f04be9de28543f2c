"""One connection: what its packets mean, in which order, and how many at a time.

No socket in here: bytes come in by `received` and leave by its wire. It signs in first; then
each message is handed on, and acknowledged in the order in which it came once it is stored. It
is not read on while too much of it is on its way there.
"""

from __future__ import annotations

import time
from enum import Enum
from typing import TYPE_CHECKING

from sightline.hub.gateway.base import Arrival
from sightline.hub.gateway.mqtt.in_flight import InFlight
from sightline.hub.gateway.mqtt.packets import (
    REFUSED,
    Connect,
    Disconnect,
    Packet,
    Pingreq,
    Pingresp,
    Puback,
    Publish,
    Suback,
    Subscribe,
    Unsuback,
    Unsubscribe,
    encode,
)  # fmt: skip
from sightline.hub.gateway.mqtt.reader import Malformed, Reader
from sightline.hub.gateway.mqtt.session import Session
from sightline.hub.gateway.mqtt.subtree import may_hear, may_say
from sightline.hub.gateway.mqtt.wire import Wire

if TYPE_CHECKING:
    from sightline.hub.gateway.mqtt.endpoint import Endpoint

_PONG = encode(Pingresp())


class State(Enum):
    STRANGER = 0
    ADMITTING = 1
    OPEN = 2
    CLOSED = 3


class Connection:
    """Of one client, from its first byte to its end."""

    def __init__(self, endpoint: Endpoint, wire: Wire) -> None:
        self._endpoint = endpoint
        self.wire = wire
        self._reader = Reader(endpoint.limits.packet_before_sign_in)
        self._held: list[Packet] = []
        self._in_flight = InFlight(self._settled)
        self._said: set[str] = set()  # topics that were found to be its own
        self.paused = False
        self.state = State.STRANGER
        self.session: Session | None = None
        self.sign_in: Connect | None = None
        self.opened = self._heard = endpoint.now()
        self._begun: float | None = None

    # What comes in

    def received(self, data: bytes) -> None:
        """Bytes from the other side."""
        if self.state is State.CLOSED:
            return
        now = self._endpoint.now()
        if self.state is State.STRANGER and self._begun is None and data[:1] not in (b"", b"\x10"):
            self.refuse("malformed", "no sign-in at all")
            return
        try:
            packets = self._reader.feed(data)
            if packets:
                self._heard, self._begun = now, None
            if self._reader.waiting and self._begun is None:
                self._begun = now
            self._take(packets)
        except Malformed as error:
            self.refuse("malformed", str(error))

    def _take(self, packets: list[Packet]) -> None:
        for packet in packets:
            if self.state is State.OPEN:
                self._on(packet)
            elif self.state is State.ADMITTING:
                self._held.append(packet)
            elif self.state is State.STRANGER:
                self._on_first(packet)
        if self.state is State.OPEN:
            self._weigh()

    def _on_first(self, packet: Packet) -> None:
        if not isinstance(packet, Connect):
            self.refuse("malformed", "something before the sign-in")
            return
        self.sign_in = packet
        self.state = State.ADMITTING
        self.pause()
        self._endpoint.on_sign_in(self, packet)

    def open(self, session: Session, answer: bytes) -> None:
        """It was let in: answer, and go on with what came meanwhile."""
        self.session, self.state = session, State.OPEN
        self._reader.limit(self._endpoint.limits.packet)
        self.send(answer)
        held, self._held = self._held, []
        self.resume()
        try:
            self._take(held)
        except Malformed as error:
            self.refuse("malformed", str(error))

    def _on(self, packet: Packet) -> None:
        assert self.session is not None
        match packet:
            case Publish():
                self._on_publish(packet)
            case Puback(id):
                self.session.outbound.acknowledged(id)
                self.session.pump()
            case Pingreq():
                self.send(_PONG)
            case Subscribe():
                self._on_subscribe(packet)
            case Unsubscribe(id, filters):
                for item in filters:
                    self.session.filters.pop(item, None)
                self.send(encode(Unsuback(id)))
            case Disconnect():
                self.sign_in = None  # with it goes the will
                self.close()
            case _:
                raise Malformed("a packet that only a server sends, or a second sign-in")

    def _on_publish(self, packet: Publish) -> None:
        assert self.session is not None
        camera = self.session.camera
        if packet.topic not in self._said:
            if not may_say(camera, packet.topic):
                self.refuse("topic", f"it spoke on {packet.topic!r:.100}")
                return
            if len(self._said) < 64:
                self._said.add(packet.topic)
        size = len(packet.payload)
        stored = self._endpoint.deliver(
            Arrival(camera, packet.topic, packet.payload, time.time_ns())
        )
        self._endpoint.budget.take(size)
        self._in_flight.add(packet.id, size, stored)

    def _on_subscribe(self, packet: Subscribe) -> None:
        session, most = self.session, self._endpoint.limits.filters
        assert session is not None
        codes = []
        for item, qos in packet.filters:
            known = item in session.filters or len(session.filters) < most
            if known and may_hear(session.camera, item):
                session.filters[item] = min(qos, 1)
                codes.append(min(qos, 1))
            else:
                self._endpoint.count("filter", f"{session.camera} wanted {item!r:.100}")
                codes.append(REFUSED)
        self.send(encode(Suback(packet.id, tuple(codes))))
        self._endpoint.on_listening(session)

    # What was stored

    def _settled(self, answers: bytes, freed: int, failed: bool) -> None:
        self._endpoint.budget.free(freed)
        if answers and self.state is State.OPEN:
            self.send(answers)
        if failed:
            self.close()  # so that the camera sends it again over a new connection
        self._weigh()

    def _weigh(self) -> None:
        """Read on, or not, by what is in flight."""
        limits, flying = self._endpoint.limits, self._in_flight
        if self.state is not State.OPEN:
            return
        budget = self._endpoint.budget
        if budget.full or len(flying) >= limits.messages or flying.bytes >= limits.bytes:
            self.pause()
            if budget.full:
                budget.wait(self.relieved)
        elif len(flying) <= limits.messages // 2 and flying.bytes <= limits.bytes // 2:
            self.resume()

    def relieved(self) -> None:
        """The gateway as a whole has room again."""
        self._weigh()

    # What goes out

    def send(self, data: bytes) -> None:
        if self.state is not State.CLOSED:
            self.wire.write(data)
            if self.wire.unread() > self._endpoint.limits.unread_bytes:
                self.refuse("unread", "it does not take what it is sent")

    def pause(self) -> None:
        if not self.paused:
            self.paused = True
            self.wire.pause()

    def resume(self) -> None:
        if self.paused:
            self.paused = False
            self._heard = max(self._heard, self._endpoint.now())
            self.wire.resume()

    # How it ends

    def overdue(self, now: float) -> str:
        """Why it has to be cut by now; empty where it has not."""
        limits = self._endpoint.limits
        if self.state is State.STRANGER or self.state is State.ADMITTING:
            return "slow sign-in" if now - self.opened > limits.sign_in_s else ""
        if self.paused:
            return ""
        if self._begun is not None and now - self._begun > limits.packet_s:
            return "slow packet"
        keep_alive = self.sign_in.keep_alive if self.sign_in else 0
        patience = 1.5 * keep_alive or limits.idle_s
        return "silent" if now - self._heard > patience else ""

    def refuse(self, reason: str, what: str) -> None:
        """Count and log what was wrong, and close at once."""
        name = self.session.camera if self.session else "a stranger"
        self._endpoint.count(reason, f"{name} at {self.wire.remote}: {what}")
        self.end()
        self.wire.abort()

    def close(self) -> None:
        """Close after what was written has left."""
        self.end()
        self.wire.close()

    def end(self) -> None:
        """It is over: from here, from there or by a cut."""
        if self.state is State.CLOSED:
            return
        self.state = State.CLOSED
        self._held.clear()
        self._endpoint.on_end(self)
