import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import InputError
from sightline.results import Detections
from sightline.wire.codec import encode_frame
from sightline.wire.formats.block import Block, PackedFrame
from sightline.wire.formats.packed import PackedReader, PackedWriter, pack, pack_frames, unpack
from sightline.wire.formats.record import Kind, seal
from sightline.wire.formats.sink import Sink
from sightline.wire.messages import Event, FrameMetadata, Header, Measure

HEADER = Header("shop", "shop.mp4", 1280, 720, ("person", "car", "shopping trolley"))
EVENT = Event("line.crossed", 50, "door", "shop", 3, "person", (0.5, 0.25), {"direction": "in"})


def write(path: Path, header: Header, frames: list[Detections]) -> None:
    writer = PackedWriter(Sink.open(path))
    writer.header(header)
    for i, detections in enumerate(frames):
        writer.frame(detections, header.labels, i, i * 40_000_000, {"people": i}, f"{i}.jpg")
        if i == 5:
            writer.event(EVENT)
    writer.measure(Measure("line.count", "door", 0, 80, 1.0))
    writer.close()


def test_what_was_written_is_read(
    tmp_path: Path, header: Header, seen: Callable[..., Detections]
) -> None:
    sent = [seen(i % 7, i, tracked=i % 5 != 4) for i in range(100)]
    write(tmp_path / "a.slp", header, sent)
    with (tmp_path / "a.slp").open("rb") as stream:
        reader = PackedReader(stream)
        assert reader.header == header
        received = list(reader.frames())
    assert [time_ns for time_ns, _ in received] == [i * 40_000_000 for i in range(100)]
    for before, (_, after) in zip(sent, received, strict=True):
        assert np.abs(after.boxes - before.boxes).max(initial=0) < 1.2e-5
        assert (after.track_ids is None) == (before.track_ids is None)


def test_messages_are_those_of_json(
    tmp_path: Path, header: Header, seen: Callable[..., Detections]
) -> None:
    write(tmp_path / "a.slp", header, [seen(3, i) for i in range(10)])
    with (tmp_path / "a.slp").open("rb") as stream:
        messages = list(PackedReader(stream).messages())
    assert messages[0] == header
    assert messages[7] == EVENT  # in its place among the frames
    assert messages[-1] == Measure("line.count", "door", 0, 80, 1.0)
    frame = messages[4]
    assert isinstance(frame, FrameMetadata)
    assert (frame.camera, frame.sequence, frame.truth) == ("shop", 3, {"people": 3})
    assert frame.name == "3.jpg"


@pytest.mark.parametrize("rate", [1, 5, 25])
@pytest.mark.parametrize("count", [5, 10, 20])
def test_the_size_keeps_its_promise(seen: Callable[..., Detections], count: int, rate: int) -> None:
    """At most 12 bytes an object plus 24 a frame, and a fifth of the JSON."""
    sink = BytesIO()
    writer = PackedWriter(Sink(sink))
    writer.header(HEADER)
    before, json_size, frames = len(sink.getvalue()), 0, 100
    for i in range(frames):
        when = 1_790_000_000_000_000_000 + i * 1_000_000_000 // rate + i * 977
        detections = seen(count, i)
        writer.frame(detections, HEADER.labels, 9_000_000 + i, when)
        json_size += len(encode_frame(detections, HEADER.labels, "shop", 9_000_000 + i, when)) + 1
    writer.flush()
    size = len(sink.getvalue()) - before
    assert size <= frames * (12 * count + 24)
    assert size <= json_size / 5


def test_a_file_cut_anywhere_gives_its_whole_records(
    tmp_path: Path, seen: Callable[..., Detections]
) -> None:
    write(tmp_path / "a.slp", HEADER, [seen(2, i) for i in range(60)])
    whole = (tmp_path / "a.slp").read_bytes()
    counts = []
    for cut in range(len(pack(HEADER)), len(whole)):
        reader = PackedReader(BytesIO(whole[:cut]))
        counts.append(sum(1 for _ in reader.frames()))
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] == 60


def test_recordings_joined_end_to_end_are_one(seen: Callable[..., Detections]) -> None:
    other = Header("yard", "yard.mp4", 640, 480, ("car", "dog", "person"))
    detections = Detections(
        np.zeros((3, 4), np.float32), np.ones(3, np.float32), np.arange(3, dtype=np.int32)
    )
    batch = pack_frames([PackedFrame(0, 0, detections)])
    reader = PackedReader(BytesIO(pack(HEADER) + batch + pack(other) + batch))
    first, second = (row.labels.tolist() for _, row in reader.frames())
    names = reader.header.labels
    assert [names[i] for i in first] == list(HEADER.labels)
    assert [names[i] for i in second] == list(other.labels)


def test_a_payload_is_a_small_file(seen: Callable[..., Detections]) -> None:
    header, block, event = unpack(
        pack(HEADER) + pack_frames([PackedFrame(5, 1, seen(4))]) + pack(EVENT)
    )
    assert header == HEADER
    assert isinstance(block, Block)
    assert len(block.objects) == 4
    assert event == EVENT


def test_a_second_too_large_for_one_record_becomes_several(
    tmp_path: Path, seen: Callable[..., Detections]
) -> None:
    writer = PackedWriter(Sink.open(tmp_path / "a.slp"))
    writer.header(HEADER)
    for i in range(5):
        writer.frame(seen(1), HEADER.labels, i, i, truth="x" * 1_500_000)
    writer.close()
    reader = PackedReader((tmp_path / "a.slp").open("rb"))
    assert [time_ns for time_ns, _ in reader.frames()] == list(range(5))


def test_unknown_records_are_passed_over() -> None:
    later = bytearray(seal(Kind.EVENT, b"\x81"))
    later[2] = 0x1F
    later[-4:] = zlib.crc32(bytes(later[2:-4])).to_bytes(4, "little")
    assert list(unpack(pack(HEADER) + bytes(later) + pack(EVENT))) == [HEADER, EVENT]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "begin with a header"),
        (pack(EVENT), "begin with a header"),
        (b"SLAM", "file"),
        (seal(Kind.HEADER, b"\xc0"), "no HEADER"),
        (seal(Kind.HEADER, b""), "no HEADER"),
        (pack(HEADER) + seal(Kind.EVENT, b"\xd4\x01\x02"), "no EVENT"),
        (pack(HEADER) + seal(Kind.EVENT, b"\x91" * 100_000), "no EVENT"),
        (pack(HEADER) + seal(Kind.FRAMES, b"\x08\x00\x00"), "no FRAMES"),
        (pack(Event("x", 1, data={"a": msgspec.msgpack.Ext(5, b"")})), "no EVENT"),
    ],
)
def test_what_is_no_recording_is_refused(payload: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        list(PackedReader(BytesIO(payload), "file").messages())


def test_a_label_without_a_name_is_refused() -> None:
    detections = Detections(
        np.zeros((1, 4), np.float32), np.ones(1, np.float32), np.array([3], np.int32)
    )
    data = pack(HEADER) + pack_frames([PackedFrame(0, 0, detections)])
    with pytest.raises(InputError, match="label"):
        list(PackedReader(BytesIO(data)).frames())


@given(st.sampled_from(Kind), st.binary(max_size=200))
def test_hostile_bodies_are_refused_or_can_be_shown(kind: Kind, body: bytes) -> None:
    with suppress(InputError):
        for message in PackedReader(BytesIO(pack(HEADER) + seal(kind, body))).messages():
            assert json.loads(msgspec.json.encode(message))
