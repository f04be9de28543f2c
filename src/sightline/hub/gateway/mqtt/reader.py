"""Bytes in, packets out: MQTT 3.1.1 read strictly, with no socket and no clock.

What the standard calls malformed raises `Malformed`, after which the connection is of no use.
Nothing larger than the limit is ever held.
"""

from __future__ import annotations

from collections.abc import Callable

from sightline.errors import InputError
from sightline.hub.gateway.mqtt.packets import (
    Connack,
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
    Will,
)  # fmt: skip


class Malformed(InputError):
    """Bytes that are no MQTT 3.1.1, or more of them than are let in."""


class Reader:
    """Puts packets together from pieces of any size.

    limit  bytes of a packet after its head
    """

    def __init__(self, limit: int = 256 << 10) -> None:
        self._limit = limit
        self._rest = bytearray()
        self._needed = 2

    @property
    def waiting(self) -> bool:
        """Whether a packet has begun and not ended."""
        return bool(self._rest)

    def limit(self, size: int) -> None:
        """From now on packets may be this large."""
        self._limit = size

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that these bytes complete."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needed:
                return []
            data = bytes(self._rest)
            self._rest.clear()
        packets = []
        at, self._needed = 0, 2
        while len(data) - at >= 2:
            length, start = self._length(data, at + 1)
            if start == 0:
                break
            end = start + length
            if end > len(data):
                self._needed = end - at
                break
            packets.append(_decode(data[at], data[start:end]))
            at = end
        if at < len(data):
            self._rest += data[at:]
        return packets

    def _length(self, data: bytes, at: int) -> tuple[int, int]:
        """The length and where the body begins; (0, 0) where more bytes are needed."""
        size = shift = 0
        for place in range(at, at + 4):
            if place >= len(data):
                return 0, 0
            byte = data[place]
            size |= (byte & 0x7F) << shift
            if byte < 0x80:
                if size > self._limit:
                    raise Malformed(f"a packet of {size} bytes; {self._limit} are let in")
                return size, place + 1
            shift += 7
        raise Malformed("a length of more than four bytes")


def _decode(head: int, body: bytes) -> Packet:
    kind = head >> 4
    if kind == 3:
        return _publish(head, body)
    flags, read = _KINDS.get(kind, (0, None))
    if read is None:
        raise Malformed(f"packets of kind {kind} are not spoken here")
    if head & 0x0F != flags:
        raise Malformed(f"a packet of kind {kind} with flags {head & 0x0F}")
    return read(body)


def _publish(head: int, body: bytes) -> Publish:
    qos = head >> 1 & 3
    if qos > 1:
        raise Malformed(f"a message of QoS {qos}; 0 and 1 are spoken here")
    again = bool(head & 8)
    if again and not qos:
        raise Malformed("a message of QoS 0 that claims to come again")
    topic, at = _string(body, 0)
    if not topic or "+" in topic or "#" in topic:
        raise Malformed("a message without a proper topic")
    if not qos:
        return Publish(topic, body[at:], 0, 0, bool(head & 1))
    return Publish(topic, body[at + 2 :], 1, _id(body, at), bool(head & 1), again)


def _connect(body: bytes) -> Connect:
    name, at = _string(body, 0)
    if len(body) < at + 4:
        raise Malformed("a sign-in that ends early")
    level, flags = body[at], body[at + 1]
    if name != "MQTT" or level != 4:
        if name not in ("MQTT", "MQIsdp"):
            raise Malformed("a sign-in for another protocol")
        return Connect("", level=level if level != 4 else 0)
    if flags & 1:
        raise Malformed("a sign-in with a reserved flag")
    keep_alive = int.from_bytes(body[at + 2 : at + 4], "big")
    client, at = _string(body, at + 4)
    will, at = _will(body, at, flags)
    user = password = None
    if flags & 0x80:
        user, at = _string(body, at)
    if flags & 0x40:
        if user is None:
            raise Malformed("a password without a user name")
        password, at = _binary(body, at)
    if at != len(body):
        raise Malformed("a sign-in with something behind it")
    return Connect(client, bool(flags & 2), keep_alive, user, password, will)


def _will(body: bytes, at: int, flags: int) -> tuple[Will | None, int]:
    qos = flags >> 3 & 3
    if not flags & 4:
        if flags & 0x38:
            raise Malformed("flags of a will without a will")
        return None, at
    topic, at = _string(body, at)
    payload, at = _binary(body, at)
    if qos > 2 or not topic or "+" in topic or "#" in topic:
        raise Malformed("an improper will")
    return Will(topic, payload, qos, bool(flags & 0x20)), at


def _subscribe(body: bytes) -> Subscribe:
    number, at = _id(body, 0), 2
    filters = []
    while at < len(body):
        item, at = _filter(body, at)
        if at >= len(body) or body[at] > 2:
            raise Malformed("a subscription without a proper QoS")
        filters.append((item, body[at]))
        at += 1
    if not filters:
        raise Malformed("a subscription to nothing")
    return Subscribe(number, tuple(filters))


def _unsubscribe(body: bytes) -> Unsubscribe:
    number, at = _id(body, 0), 2
    filters = []
    while at < len(body):
        item, at = _filter(body, at)
        filters.append(item)
    if not filters:
        raise Malformed("an end of no subscription")
    return Unsubscribe(number, tuple(filters))


def _filter(body: bytes, at: int) -> tuple[str, int]:
    text, at = _string(body, at)
    levels = text.split("/")
    for place, level in enumerate(levels):
        last = place == len(levels) - 1
        if ("+" in level and level != "+") or ("#" in level and (level != "#" or not last)):
            raise Malformed("a subscription with a wildcard where none may stand")
    if not text:
        raise Malformed("a subscription to an empty name")
    return text, at


def _connack(body: bytes) -> Connack:
    if len(body) != 2 or body[0] > 1 or body[1] > 5:
        raise Malformed("an improper answer to a sign-in")
    return Connack(body[1], bool(body[0]))


def _suback(body: bytes) -> Suback:
    codes = tuple(body[2:])
    if not codes or not set(codes) <= {0, 1, 2, 0x80}:
        raise Malformed("an improper answer to a subscription")
    return Suback(_id(body, 0), codes)


def _numbered(make: Callable[[int], Packet]) -> Callable[[bytes], Packet]:
    def read(body: bytes) -> Packet:
        if len(body) != 2:
            raise Malformed("an acknowledgement of the wrong length")
        return make(_id(body, 0))

    return read


def _empty(make: Callable[[], Packet]) -> Callable[[bytes], Packet]:
    def read(body: bytes) -> Packet:
        if body:
            raise Malformed("something in a packet that holds nothing")
        return make()

    return read


def _id(body: bytes, at: int) -> int:
    number = int.from_bytes(body[at : at + 2], "big")
    if len(body) < at + 2 or not number:
        raise Malformed("a packet without a number")
    return number


def _binary(body: bytes, at: int) -> tuple[bytes, int]:
    start = at + 2
    end = start + int.from_bytes(body[at:start], "big")
    if len(body) < start or len(body) < end:
        raise Malformed("a string that is longer than its packet")
    return body[start:end], end


def _string(body: bytes, at: int) -> tuple[str, int]:
    data, at = _binary(body, at)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Malformed("a string that is not UTF-8") from None
    if "\0" in text:
        raise Malformed("a string with a zero in it")
    return text, at


_KINDS: dict[int, tuple[int, Callable[[bytes], Packet]]] = {
    1: (0, _connect),
    2: (0, _connack),
    4: (0, _numbered(Puback)),
    8: (2, _subscribe),
    9: (0, _suback),
    10: (2, _unsubscribe),
    11: (0, _numbered(Unsuback)),
    12: (0, _empty(Pingreq)),
    13: (0, _empty(Pingresp)),
    14: (0, _empty(Disconnect)),
}
