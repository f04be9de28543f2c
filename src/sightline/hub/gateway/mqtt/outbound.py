"""What a session has to tell its camera: numbered, few at a time, again after a reconnection."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from sightline.hub.gateway.mqtt.packets import Publish, encode


class Outbound:
    """A bounded queue of messages. `dropped` counts what was too much for who was away.

    window  messages that are sent and not acknowledged
    """

    def __init__(self, window: int = 16, messages: int = 128, size: int = 1 << 20) -> None:
        self._window, self._most_messages, self._most_bytes = window, messages, size
        self._waiting: deque[Publish] = deque()
        self._sent: dict[int, Publish] = {}
        self._last = 0
        self._bytes = 0
        self.dropped = 0

    def put(self, message: Publish) -> None:
        """Queue it. A retained message takes the place of an older one that still waits."""
        if message.retain:
            for old in [item for item in self._waiting if item.topic == message.topic]:
                self._waiting.remove(old)
                self._bytes -= len(old.payload)
        self._waiting.append(message)
        self._bytes += len(message.payload)
        while len(self._waiting) > self._most_messages or self._bytes > self._most_bytes:
            self._bytes -= len(self._waiting.popleft().payload)
            self.dropped += 1

    def ready(self) -> Iterator[bytes]:
        """What may be sent now, as bytes."""
        while self._waiting and len(self._sent) < self._window:
            message = self._waiting.popleft()
            self._bytes -= len(message.payload)
            if message.qos:
                message = message._replace(id=self._free_id())
                self._sent[message.id] = message._replace(again=True)
            yield encode(message)

    def acknowledged(self, id: int) -> bool:
        """The camera has it; false for a number that nothing was sent under."""
        return self._sent.pop(id, None) is not None

    def again(self) -> list[bytes]:
        """What was sent over an earlier connection and not acknowledged, in its order."""
        return [encode(message) for message in self._sent.values()]

    def _free_id(self) -> int:
        while True:
            self._last = self._last % 0xFFFF + 1
            if self._last not in self._sent:
                return self._last
