import json
from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from sightline.results import Detections
from sightline.wire.codec import decode, encode, encode_frame
from sightline.wire.frame import frame_metadata
from sightline.wire.messages import Event, FrameMetadata, Header, Measure, Message, Object

LABELS = ("person", "car", "shopping trolley")

MESSAGES: list[Message] = [
    Header("shop", "shop.mp4", 1280, 720, LABELS),
    Header("shop", "rtsp://cam/1", 1280, 720, (), "yolox", 25.0, "utc", "b00t", "0.1.0"),
    FrameMetadata("shop", 0, 0),
    FrameMetadata("shop", 7, 280_000_000, (Object("car", 0.5, (0.0, 0.1, 0.2, 0.3)),)),
    FrameMetadata("shop", 8, 1, (Object("car", 1.0, (0.0, 0.0, 1.0, 1.0), 2**63 - 1),), {"a": [1]}),
    Event("source.lost", 5),
    Event("line.crossed", 5, "door", "shop", 3, "person", (0.5, 0.25), {"direction": "in"}),
    Measure("line.count", "door", 0, 10, 3.0, "shop", {"direction": "out"}),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_every_message_survives_json(message: Message) -> None:
    assert decode(encode(message)) == message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_the_type_comes_first_and_nothing_is_null(message: Message) -> None:
    record = json.loads(encode(message))
    assert next(iter(record)) == "type"
    assert None not in record.values()


def test_what_readers_expect_is_always_there() -> None:
    assert json.loads(encode(FrameMetadata("shop", 0, 0)))["objects"] == []
    header = json.loads(encode(Header("shop", "", 1, 1, ())))
    assert (header["schema"], header["clock"]) == ("sightline/1", "media")


@pytest.mark.parametrize("tracked", [True, False])
@pytest.mark.parametrize("count", [0, 1, 20])
def test_arrays_are_written_as_the_message_that_they_make(
    seen: Callable[..., Detections], count: int, tracked: bool
) -> None:
    arguments = (seen(count, 1, tracked), LABELS, "shop", 4, 160_000_000, {"people": 2}, "a.jpg")
    assert encode_frame(*arguments) == encode(frame_metadata(*arguments))
    assert decode(encode_frame(*arguments)) == frame_metadata(*arguments)


def test_coordinates_and_scores_are_rounded_for_reading() -> None:
    third = np.float32(1 / 3)
    detections = Detections(
        np.full((1, 4), third), np.array([third]), np.zeros(1, np.int32), np.array([9])
    )
    (item,) = json.loads(encode_frame(detections, LABELS, "shop", 0, 0))["objects"]
    assert item == {"label": "person", "score": 0.3333, "box": [0.33333] * 4, "track": 9}


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_a_number_is_never_written(seen: Callable[..., Detections], bad: float) -> None:
    detections = seen(3)
    detections.boxes[1, 2] = bad
    detections.scores[2] = bad
    line = encode_frame(detections, LABELS, "shop", 0, 0)
    frame = decode(line)
    assert isinstance(frame, FrameMetadata)
    assert [item.track for item in frame.objects] == detections.track_ids[:1].tolist()  # type: ignore[index]


def test_fields_and_types_of_later_versions_are_passed_over() -> None:
    later = b'{"type":"event","kind":"x","time_ns":1,"mood":"fine"}'
    assert decode(later) == Event("x", 1)
    assert decode(b'{"type":"thought","of":"you"}') is None
    assert decode(b'{"kind":"x","time_ns":1,"type":"event"}') == Event("x", 1)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"type":"frame"}',
        b'{"type":"thought",',
        b'{"type":"header","camera":7}',
        b'{"type":"frame","camera":"a","sequence":0,"time_ns":0,"objects":[{"box":[1,2]}]}',
    ],
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode(line)


def test_times_convert_to_seconds() -> None:
    assert FrameMetadata("shop", 0, 1_500_000_000).seconds == 1.5
    assert Event("x", 250_000_000).seconds == 0.25
