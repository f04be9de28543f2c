"""The packets of MQTT 3.1.1 (OASIS, 2014) as values, and how they are written.

Ours, because no library serves: of those that speak 3.1.1, mqtt-codec is from 2019 and no longer
builds, paho, gmqtt and zmqtt are clients through and through, amqtt's packets read from its own
streams; mqttproto, mqtt5 and moat-lib-mqtt speak MQTT 5 alone. QoS 2 is left out: cameras need
none of it, and Azure IoT Hub has none either.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

LARGEST = 268_435_455  # what the length field can say

ACCEPTED, BAD_PROTOCOL, BAD_CLIENT, UNAVAILABLE, BAD_CREDENTIALS, NOT_ALLOWED = range(6)
REFUSED = 0x80  # in a Suback


class Will(NamedTuple):
    """What is to be said in the client's name when it vanishes."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False


class Connect(NamedTuple):
    client: str
    clean: bool = True
    keep_alive: int = 0
    user: str | None = None
    password: bytes | None = None
    will: Will | None = None
    level: int = 4


class Connack(NamedTuple):
    code: int
    present: bool = False


class Publish(NamedTuple):
    """`id` is 0 at QoS 0."""

    topic: str
    payload: bytes
    qos: int = 0
    id: int = 0
    retain: bool = False
    again: bool = False


class Puback(NamedTuple):
    id: int


class Subscribe(NamedTuple):
    id: int
    filters: tuple[tuple[str, int], ...]


class Suback(NamedTuple):
    id: int
    codes: tuple[int, ...]


class Unsubscribe(NamedTuple):
    id: int
    filters: tuple[str, ...]


class Unsuback(NamedTuple):
    id: int


class Pingreq(NamedTuple):
    pass


class Pingresp(NamedTuple):
    pass


class Disconnect(NamedTuple):
    pass


Packet: TypeAlias = (
    Connect | Connack | Publish | Puback | Subscribe | Suback | Unsubscribe | Unsuback
    | Pingreq | Pingresp | Disconnect
)  # fmt: skip


def encode(packet: Packet) -> bytes:
    """The bytes of a packet."""
    match packet:
        case Publish():
            return publish(*packet)
        case Puback(id):
            return puback(id)
        case Connect():
            return _framed(0x10, _connect(packet))
        case Connack(code, present):
            return bytes((0x20, 2, present, code))
        case Subscribe(id, filters):
            body = b"".join(_string(item) + bytes((qos,)) for item, qos in filters)
            return _framed(0x82, id.to_bytes(2, "big") + body)
        case Suback(id, codes):
            return _framed(0x90, id.to_bytes(2, "big") + bytes(codes))
        case Unsubscribe(id, names):
            return _framed(0xA2, id.to_bytes(2, "big") + b"".join(map(_string, names)))
        case Unsuback(id):
            return b"\xb0\x02" + id.to_bytes(2, "big")
        case Pingreq():
            return b"\xc0\x00"
        case Pingresp():
            return b"\xd0\x00"
        case Disconnect():
            return b"\xe0\x00"


def publish(
    topic: str, payload: bytes, qos: int = 0, id: int = 0, retain: bool = False, again: bool = False
) -> bytes:
    """The bytes of a Publish."""
    number = id.to_bytes(2, "big") if qos else b""
    return _framed(0x30 | again << 3 | qos << 1 | retain, _string(topic) + number + payload)


def puback(id: int) -> bytes:
    """The bytes of a Puback."""
    return b"\x40\x02" + id.to_bytes(2, "big")


def _framed(head: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes((head, size)) + body
    if size > LARGEST:
        raise ValueError("larger than MQTT can say")
    lengths = bytearray((head,))
    while size >= 0x80:
        lengths.append(size & 0x7F | 0x80)
        size >>= 7
    lengths.append(size)
    return bytes(lengths) + body


def _string(text: str) -> bytes:
    return _binary(text.encode())


def _binary(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _connect(packet: Connect) -> bytes:
    flags = packet.clean << 1
    parts = [_string(packet.client)]
    if packet.will is not None:
        flags |= 0x04 | packet.will.qos << 3 | packet.will.retain << 5
        parts += [_string(packet.will.topic), _binary(packet.will.payload)]
    if packet.user is not None:
        flags |= 0x80
        parts.append(_string(packet.user))
    if packet.password is not None:
        flags |= 0x40
        parts.append(_binary(packet.password))
    head = b"\x00\x04MQTT" + bytes((packet.level, flags)) + packet.keep_alive.to_bytes(2, "big")
    return head + b"".join(parts)
