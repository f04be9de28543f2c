"""MQTT 3.1.1 is written and read by the standard, from pieces of any size."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.hub.gateway.mqtt import packets as mqtt
from sightline.hub.gateway.mqtt.packets import encode
from sightline.hub.gateway.mqtt.reader import Malformed, Reader

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
topics = st.text(
    st.characters(exclude_characters="\0+#", exclude_categories=["Cs"]), min_size=1, max_size=40
)
filters = st.one_of(topics, topics.map(lambda t: f"{t}/#"), topics.map(lambda t: f"+/{t}"))
ids = st.integers(1, 0xFFFF)
payloads = st.binary(max_size=300)
wills = st.builds(mqtt.Will, topics, payloads, st.integers(0, 2), st.booleans())
users = st.one_of(
    st.tuples(st.none(), st.none()), st.tuples(texts, st.one_of(st.none(), st.binary(max_size=9)))
)
connects = st.builds(
    lambda client, clean, keep, user, will: mqtt.Connect(client, clean, keep, *user, will),
    texts, st.booleans(), st.integers(0, 0xFFFF), users, st.one_of(st.none(), wills),
)  # fmt: skip
publishes = st.one_of(
    st.tuples(topics, payloads, st.just(0), st.just(0), st.booleans()),
    st.tuples(topics, payloads, st.just(1), ids, st.booleans(), st.booleans()),
).map(lambda fields: mqtt.Publish(*fields))
codes = st.lists(st.sampled_from([0, 1, 2, 0x80]), min_size=1).map(tuple)
packets = st.one_of(
    connects,
    publishes,
    st.builds(mqtt.Connack, st.integers(0, 5), st.booleans()),
    st.builds(mqtt.Puback, ids),
    st.builds(
        mqtt.Subscribe,
        ids,
        st.lists(st.tuples(filters, st.integers(0, 2)), min_size=1).map(tuple),
    ),
    st.builds(mqtt.Suback, ids, codes),
    st.builds(mqtt.Unsubscribe, ids, st.lists(filters, min_size=1).map(tuple)),
    st.builds(mqtt.Unsuback, ids),
    st.builds(mqtt.Pingreq),
    st.builds(mqtt.Pingresp),
    st.builds(mqtt.Disconnect),
)


@given(st.lists(packets, max_size=5), st.lists(st.integers(1, 50), max_size=60))
def test_what_is_written_is_read_from_pieces_of_any_size(
    said: list[mqtt.Packet], sizes: list[int]
) -> None:
    data, reader, heard = b"".join(map(encode, said)), Reader(), []
    for size in [*sizes, len(data)]:
        piece, data = data[:size], data[size:]
        if piece:
            heard += reader.feed(piece)
    assert heard == said
    assert list(map(type, heard)) == list(map(type, said))
    assert not reader.waiting


@given(st.binary(max_size=400))
def test_noise_is_refused_or_waited_on(data: bytes) -> None:
    reader = Reader(limit=1000)
    try:
        heard = reader.feed(data)
    except Malformed:
        return
    for packet in heard:
        assert Reader().feed(encode(packet)) == [packet] or packet == mqtt.Connect(
            "", level=packet.level
        )


@given(packets, st.data())
def test_a_damaged_packet_never_breaks_the_reader(packet: mqtt.Packet, data: st.DataObject) -> None:
    raw = bytearray(encode(packet))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Malformed):
        Reader(limit=1000).feed(bytes(raw))


MALFORMED = {
    "a kind that is none": b"\x00\x00",
    "QoS 2": b"\x34\x05\x00\x01a\x00\x01",
    "QoS 3": b"\x36\x05\x00\x01a\x00\x01",
    "again at QoS 0": b"\x38\x03\x00\x01a",
    "a topic with a wildcard": b"\x30\x05\x00\x03a/#",
    "no topic": b"\x30\x02\x00\x00",
    "a topic beyond the packet": b"\x30\x03\x00\x09a",
    "a zero in a topic": b"\x30\x04\x00\x02a\x00",
    "a surrogate": b"\x30\x05\x00\x03\xed\xa0\x80",
    "broken UTF-8": b"\x30\x04\x00\x02\xc3\x28",
    "number 0": b"\x32\x05\x00\x01a\x00\x00",
    "no number": b"\x32\x03\x00\x01a",
    "flags of a subscription": b"\x80\x06\x00\x01\x00\x01a\x00",
    "a subscription to nothing": b"\x82\x02\x00\x01",
    "a subscription of QoS 3": b"\x82\x06\x00\x01\x00\x01a\x03",
    "a wildcard within a word": b"\x82\x08\x00\x01\x00\x03a/b#\x00",
    "a wildcard before the end": b"\x82\x08\x00\x01\x00\x03#/a\x00",
    "an end of nothing": b"\xa2\x02\x00\x01",
    "a full ping": b"\xc0\x01x",
    "a full farewell": b"\xe0\x01x",
    "a long acknowledgement": b"\x40\x03\x00\x01x",
    "an endless length": b"\x30\xff\xff\xff\xff\x7f",
    "another protocol": b"\x10\x0c\x00\x04HTTP\x04\x02\x00\x00\x00\x00",
    "a reserved flag": b"\x10\x0c\x00\x04MQTT\x04\x03\x00\x00\x00\x00",
    "a password alone": b"\x10\x0e\x00\x04MQTT\x04\x42\x00\x00\x00\x00\x00\x00",
    "a will's QoS without a will": b"\x10\x0c\x00\x04MQTT\x04\x0a\x00\x00\x00\x00",
    "a sign-in that goes on": b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x00x",
    "a sign-in that ends": b"\x10\x08\x00\x04MQTT\x04\x02",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_what_the_standard_forbids_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        Reader().feed(data)


@pytest.mark.parametrize("level", [3, 5, 4])
def test_another_version_is_heard_to_be_answered(level: int) -> None:
    name = b"\x00\x06MQIsdp" if level != 5 else b"\x00\x04MQTT"
    body = name + bytes((level, 2, 0, 0)) + b"anything"
    (packet,) = Reader().feed(bytes((0x10, len(body))) + body)
    assert isinstance(packet, mqtt.Connect)
    assert packet.level != 4


def test_nothing_larger_than_the_limit_is_held() -> None:
    reader = Reader(limit=100)
    with pytest.raises(Malformed, match="101 bytes"):
        reader.feed(b"\x30\x65")
    assert Reader(limit=101).feed(b"\x30\x65") == []


def test_a_length_may_come_in_pieces() -> None:
    packet = mqtt.Publish("a", b"x" * 20_000)
    reader, data = Reader(), encode(packet)
    assert [reader.feed(data[i : i + 1]) for i in range(4)] == [[], [], [], []]
    assert reader.feed(data[4:]) == [packet]
