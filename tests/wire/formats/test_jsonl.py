from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import InputError
from sightline.results import Detections
from sightline.wire.codec import encode
from sightline.wire.formats.jsonl import JsonlReader, JsonlWriter, read_jsonl
from sightline.wire.formats.sink import Sink
from sightline.wire.messages import Event, FrameMetadata, Header, Measure, Object

FRAME = b'{"type":"frame","camera":"a","sequence":1,"time_ns":40}'


@pytest.fixture
def recording(tmp_path: Path, header: Header, seen: Callable[..., Detections]) -> Path:
    path = tmp_path / "out.jsonl"
    writer = JsonlWriter(Sink.open(path))
    writer.header(header)
    for i in range(3):
        writer.frame(seen(i, i), header.labels, i, i * 40_000_000, {"people": i}, f"{i}.jpg")
    writer.event(Event("line.crossed", 50, "door"))
    writer.measure(Measure("line.count", "door", 0, 80, 1.0))
    writer.close()
    return path


def test_what_was_written_is_read(
    recording: Path, header: Header, seen: Callable[..., Detections]
) -> None:
    reader = JsonlReader(recording.open("rb"))
    assert reader.header == header
    for i, (time_ns, detections) in enumerate(reader.frames()):
        sent = seen(i, i)
        assert time_ns == i * 40_000_000
        assert np.abs(detections.boxes - sent.boxes).max(initial=0) < 1e-5
        assert np.abs(detections.scores - sent.scores).max(initial=0) < 1e-4
        assert detections.labels.tolist() == sent.labels.tolist()
        assert detections.track_ids is not None
        assert sent.track_ids is not None
        assert detections.track_ids.tolist() == sent.track_ids.tolist()
    assert i == 2


def test_messages_stand_as_they_were_written(recording: Path, header: Header) -> None:
    messages = list(JsonlReader(recording.open("rb")).messages())
    assert messages[0] == header
    frame = messages[2]
    assert isinstance(frame, FrameMetadata)
    assert (frame.truth, frame.name, frame.camera) == ({"people": 1}, "1.jpg", "shop")
    assert messages[-2] == Event("line.crossed", 50, "door")
    assert messages[-1] == Measure("line.count", "door", 0, 80, 1.0)


def test_every_cut_leaves_the_lines_before_it(recording: Path) -> None:
    whole = recording.read_bytes()
    for cut in range(len(whole)):
        lines = whole[:cut].count(b"\n")
        read = list(read_jsonl(BytesIO(whole[:cut])))
        # The line end itself may be what was cut off.
        assert len(read) - lines in (0, 1)
        assert [encode(message) for message in read[:lines]] == whole[:cut].split(b"\n")[:lines]


def test_a_bad_line_is_named() -> None:
    with pytest.raises(InputError, match=r"shop\.jsonl, line 3"):
        list(read_jsonl(BytesIO(FRAME + b"\n\n{oops\n" + FRAME), "shop.jsonl"))


def test_labels_keep_their_numbers_when_more_come() -> None:
    def line(label: str) -> bytes:
        return encode(FrameMetadata("a", 0, 0, (Object(label, 1, (0, 0, 1, 1), 1),)))

    def head(*labels: str) -> bytes:
        return encode(Header("a", "", 1, 1, labels))

    lines = [head("car", "dog"), line("dog"), head("dog", "cat"), line("dog"), line("cow")]
    reader = JsonlReader(BytesIO(b"\n".join(lines)))
    assert [detections.labels.tolist() for _, detections in reader.frames()] == [[1], [1], [3]]
    assert reader.header.labels == ("car", "dog", "cat", "cow")


def test_untracked_frames_have_no_identities_and_empty_ones_do_not_disturb() -> None:
    plain = encode(FrameMetadata("a", 0, 0, (Object("car", 1, (0, 0, 1, 1)),)))
    (_, untracked), (_, empty) = JsonlReader(BytesIO(plain + b"\n" + FRAME)).frames()
    assert untracked.track_ids is None
    assert empty.track_ids is not None
    assert empty.boxes.shape == (0, 4)


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(b'"score":1,"box":[0,0,1,1],"track":99999999999999999999', id="huge track"),
        pytest.param(b'"score":1,"box":[0,0,1,1e999]', id="endless number"),
        pytest.param(b'"score":1,"box":[0,0,1]', id="three corners"),
        pytest.param(b'"score":"high","box":[0,0,1,1]', id="score in words"),
    ],
)
def test_objects_that_cannot_be_are_refused(item: bytes) -> None:
    line = FRAME[:-1] + b',"objects":[{"label":"car",' + item + b"}]}\n"
    with pytest.raises(InputError):
        list(JsonlReader(BytesIO(line * 2)).frames())


def test_numbers_beyond_an_array_s_reach_are_left_out() -> None:
    line = FRAME[:-1] + b',"objects":[{"label":"car","score":1,"box":[0,0,1,1e300]}]}\n'
    ((_, detections),) = JsonlReader(BytesIO(line)).frames()
    assert len(detections) == 0


@given(st.lists(st.binary(max_size=40) | st.sampled_from([FRAME, b"[" * 5000, b"\xff\xfe", b"{}"])))
def test_hostile_lines_are_refused_or_understood_but_never_worse(lines: list[bytes]) -> None:
    with suppress(InputError):
        list(JsonlReader(BytesIO(b"\n".join(lines))).frames())
