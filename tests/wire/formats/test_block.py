from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.results import Detections
from sightline.wire.formats.block import PackedFrame, decode_block, encode_block

BOX_ERROR = 1.2e-5
SCORE_ERROR = 0.5 / 255 + 1e-6


@st.composite
def frames(draw: st.DrawFn) -> PackedFrame:
    count = draw(st.integers(0, 5))
    whole = st.integers(-(2**63), 2**63 - 1)
    coordinate = st.floats(-0.25, 1.25, width=32)
    tracks = st.lists(st.integers(1, 2**63 - 1), min_size=count, max_size=count)
    extras: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        [{}, {"truth": {"people": 3}}, {"name": "a.jpg", "truth": [1, None]}]
    )
    boxes = draw(st.lists(st.tuples(*[coordinate] * 4), min_size=count, max_size=count))
    scores = draw(st.lists(st.floats(0, 1, width=32), min_size=count, max_size=count))
    labels = draw(st.lists(st.integers(0, 2**31 - 1), min_size=count, max_size=count))
    ids = draw(st.none() | tracks)
    return PackedFrame(
        draw(whole),
        draw(whole),
        Detections(
            np.array(boxes, np.float32).reshape(-1, 4),
            np.array(scores, np.float32),
            np.array(labels, np.int32),
            None if ids is None else np.array(ids, np.int64),
        ),
        draw(extras),
    )


@given(st.lists(frames(), min_size=1, max_size=6))
def test_frames_come_back(sent: list[PackedFrame]) -> None:
    received = list(decode_block(encode_block(sent)).frames())
    assert len(received) == len(sent)
    for before, after in zip(sent, received, strict=True):
        assert (after.time_ns, after.sequence) == (before.time_ns, before.sequence)
        assert after.extras == before.extras
        assert np.abs(after.detections.boxes - before.detections.boxes).max(initial=0) < BOX_ERROR
        gap = np.abs(after.detections.scores - before.detections.scores)
        assert gap.max(initial=0) <= SCORE_ERROR
        assert after.detections.labels.tolist() == before.detections.labels.tolist()
        ids = before.detections.track_ids
        if ids is None:
            assert after.detections.track_ids is None
        else:
            assert after.detections.track_ids is not None
            assert after.detections.track_ids.tolist() == ids.tolist()


def test_boxes_far_outside_are_clamped_and_broken_ones_left_out() -> None:
    boxes = np.array([[-3, 0, 7, 1], [0, 0, np.nan, 1], [0, 0, 1, 1]], np.float32)
    detections = Detections(boxes, np.array([2, 0.5, -1], np.float32), np.zeros(3, np.int32))
    (frame,) = decode_block(encode_block([PackedFrame(0, 0, detections)])).frames()
    clamped = np.array([[-0.25, 0, 1.25, 1], [0, 0, 1, 1]])
    assert np.allclose(frame.detections.boxes, clamped, atol=BOX_ERROR)
    assert frame.detections.scores.tolist() == [1.0, 0.0]


def test_neighbouring_places_keep_their_order() -> None:
    steps = np.linspace(-0.25, 1.25, 4001, dtype=np.float32)
    boxes = np.stack([steps[:-1], steps[:-1], steps[1:], steps[1:]], -1)
    detections = Detections(boxes, np.ones(4000, np.float32), np.zeros(4000, np.int32))
    back = decode_block(encode_block([PackedFrame(0, 0, detections)])).objects.boxes
    assert (back[:, 2:] > back[:, :2]).all()
    assert np.abs(back - boxes).max() < BOX_ERROR


def test_the_edges_of_the_picture_are_exact() -> None:
    whole = Detections(
        np.array([[0, 0, 1, 1]], np.float32), np.ones(1, np.float32), np.zeros(1, np.int32)
    )
    (frame,) = decode_block(encode_block([PackedFrame(0, 0, whole)])).frames()
    assert frame.detections.boxes.tolist() == [[0, 0, 1, 1]]


@given(st.binary(max_size=300))
def test_hostile_bytes_are_refused_or_understood_but_never_worse(payload: bytes) -> None:
    with suppress(ValueError):
        list(decode_block(payload).frames())


@given(st.lists(frames(), min_size=1, max_size=3), st.data())
def test_damaged_blocks_are_refused_or_understood_but_never_worse(
    sent: list[PackedFrame], data: st.DataObject
) -> None:
    payload = bytearray(encode_block(sent))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ValueError):
        list(decode_block(bytes(payload[: data.draw(st.integers(0, len(payload)))])).frames())


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"\xf8\xff\xff\xff\xff\xff\xff\xff\x7f", id="2^58 frames"),
        pytest.param(b"\x08\x00\x00\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", id="2^63 objects"),
        pytest.param(b"\x0e\x00\x00\x00", id="labels of an unknown width"),
        pytest.param(b"\x0c\x00\x00\x02" + bytes(9) + b"\xff" * 4, id="a label beyond 31 bits"),
    ],
)
def test_no_memory_is_taken_for_what_is_not_there(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"more|label|early"):
        decode_block(payload)
