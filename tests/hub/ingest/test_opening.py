"""Whatever bytes come, they are understood or refused, and nothing else happens."""

import pytest
from hubkit import NOW, Speaker, arrival
from hypothesis import given
from hypothesis import strategies as st

from sightline.hub.gateway.base import Arrival
from sightline.hub.ingest.opening import Frames, Refused, Said, opened
from sightline.wire import topics
from sightline.wire.formats.packed import pack
from sightline.wire.messages import Event, Header
from sightline.wire.parcel import digest, encode_parcel

KINDS = ["frames", "events", "health", "reported", "result/x"]


@given(st.sampled_from(KINDS), st.binary(max_size=300))
def test_noise_is_refused(kind: str, data: bytes) -> None:
    content = opened(Arrival("door", f"sightline/v1/door/up/{kind}", data, NOW))
    assert isinstance(content, Refused)
    assert len(content.reason) <= 300


@given(st.data())
def test_damaged_parcels_are_refused_or_sound(data: st.DataObject) -> None:
    door = Speaker()
    parcel = data.draw(
        st.sampled_from([door.frames([2, 0, 3]), door.announce(), door.say(Event("a", NOW, "b"))])
    )
    raw = bytearray(encode_parcel(parcel))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    content = opened(arrival(parcel, payload=bytes(raw)))
    assert isinstance(content, (Refused, Frames, Said))


def test_a_header_is_named_by_the_bytes_it_came_in() -> None:
    door = Speaker()
    content = opened(arrival(door.announce()))
    assert isinstance(content, Said)
    [(name, header)] = content.headers
    assert name == digest(pack(door.header))
    assert header == door.header


@pytest.mark.parametrize(
    "labels", [("x" * 200,), ("a\0b",), ("x",) * 30_000], ids=["long", "zero", "many"]
)
def test_a_header_that_fills_the_disk_is_refused(labels: tuple[str, ...]) -> None:
    door = Speaker()
    door.header = Header("door", "x", 1, 1, labels)
    assert isinstance(opened(arrival(door.announce())), Refused)


def test_frames_over_the_ages_are_refused() -> None:
    door = Speaker()
    body = b"".join(door.frames([1], NOW + i * 60 * 10**9).body for i in range(300))
    content = opened(arrival(door.parcel("frames", body, "a" * 16)))
    assert isinstance(content, Refused)


def test_what_is_said_elsewhere_means_nothing() -> None:
    for topic in (topics.down("door", "desired"), "x", ""):
        assert isinstance(opened(Arrival("door", topic, b"{}", NOW)), Refused)
