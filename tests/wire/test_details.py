"""Keypoints and masks go out and come back, in either form, and damaged ones are refused."""

from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.errors import InputError
from sightline.results import Detections
from sightline.wire.codec import decode, encode, encode_frame
from sightline.wire.formats.block import PackedFrame, decode_block, encode_block
from sightline.wire.formats.jsonl import JsonlReader
from sightline.wire.frame import detections_of, frame_metadata
from sightline.wire.labels import LabelIndex
from sightline.wire.messages import FrameMetadata, Header, Mask, Object

LABELS = ("person", "car")


def detailed(count: int, seed: int = 0, *, points: bool = True, masks: bool = True) -> Detections:
    random = np.random.default_rng(seed)
    corner = random.uniform(-0.1, 0.8, (count, 2))
    return Detections(
        np.hstack([corner, corner + 0.2]).astype(np.float32),
        random.random(count).astype(np.float32),
        random.integers(0, 2, count).astype(np.int32),
        np.arange(1, count + 1),
        random.uniform(-0.2, 1.2, (count, 17, 3)).clip(-0.2, 1).astype(np.float32)
        if points
        else None,
        random.random((count, 5, 7)) < 0.5 if masks else None,
    )


def packed_and_back(*frames: Detections) -> list[Detections]:
    block = encode_block([PackedFrame(i, i, frame) for i, frame in enumerate(frames)])
    return [frame.detections for frame in decode_block(block).frames()]


@pytest.mark.parametrize(("points", "masks"), [(True, True), (True, False), (False, True)])
def test_json_and_back(points: bool, masks: bool) -> None:
    sent = detailed(3, points=points, masks=masks)
    line = encode_frame(sent, LABELS, "shop", 0, 0)
    assert line == encode(frame_metadata(sent, LABELS, "shop", 0, 0))
    message = decode(line)
    assert message == frame_metadata(sent, LABELS, "shop", 0, 0)
    assert isinstance(message, FrameMetadata)
    index = LabelIndex()
    index.learn(LABELS)
    same(detections_of(message, index), sent, 1e-4)


def same(found: Detections, sent: Detections, within: float) -> None:
    assert (found.keypoints is None) == (sent.keypoints is None)
    if sent.keypoints is not None:
        assert found.keypoints is not None
        expected = sent.keypoints.clip([-0.25, -0.25, 0], [1.25, 1.25, 1])
        got = found.keypoints.clip([-1, -1, 0], [2, 2, 1])
        assert got == pytest.approx(expected, abs=within)
    assert (found.masks is None) == (sent.masks is None)
    if sent.masks is not None:
        assert (found.masks == sent.masks).all()


@given(st.integers(0, 5), st.integers(0, 99), st.booleans(), st.booleans())
def test_packed_and_back(count: int, seed: int, points: bool, masks: bool) -> None:
    sent = detailed(count, seed, points=points, masks=masks)
    bare = detailed(2, points=False, masks=False)
    found = packed_and_back(bare, sent, detailed(1))
    assert found[0].keypoints is None
    assert found[0].masks is None
    if count:
        same(found[1], sent, 0.5 / 255 + 1e-4)


def test_masks_that_begin_inside_follow_each_other() -> None:
    sent = detailed(4, points=False)
    assert sent.masks is not None
    sent.masks[:] = [np.ones((5, 7)), np.zeros((5, 7)), np.ones((5, 7)), np.eye(5, 7)]
    (found,) = packed_and_back(sent)
    assert found.masks is not None
    assert (found.masks == sent.masks).all()


def test_what_coasts_has_no_details_of_its_own() -> None:
    sent = detailed(2)
    assert sent.keypoints is not None
    assert sent.masks is not None
    sent.keypoints[0], sent.masks[0] = 0, False
    first, second = frame_metadata(sent, LABELS, "shop", 0, 0).objects
    assert (first.keypoints, first.mask) == (None, None)
    assert second.keypoints is not None
    assert second.mask is not None


def test_a_point_that_is_no_number_was_not_seen() -> None:
    sent = detailed(1)
    assert sent.keypoints is not None
    sent.keypoints[0, 3] = np.nan, 0.5, 0.9
    (item,) = frame_metadata(sent, LABELS, "shop", 0, 0).objects
    assert item.keypoints is not None
    assert item.keypoints[3] == (0, 0, 0)


def test_details_stay_with_their_object_when_another_is_left_out() -> None:
    sent = detailed(3)
    sent.boxes[1, 0] = np.nan
    assert sent.masks is not None
    (found,) = packed_and_back(sent)
    assert found.masks is not None
    assert (found.masks == sent.masks[[0, 2]]).all()
    objects = frame_metadata(sent, LABELS, "shop", 0, 0).objects
    assert [item.mask is not None for item in objects] == [True, True]


def test_an_older_recording_has_none() -> None:
    line = b'{"type":"frame","camera":"a","sequence":0,"time_ns":0,"objects":[{"label":"person",'
    message = decode(line + b'"score":1.0,"box":[0,0,1,1]}]}')
    assert isinstance(message, FrameMetadata)
    assert (message.objects[0].keypoints, message.objects[0].mask) == (None, None)


def test_the_header_names_the_keypoints() -> None:
    header = Header("shop", "a.mp4", 10, 10, LABELS, keypoints=("nose", "tail"))
    assert decode(encode(header)) == header


@pytest.mark.parametrize(
    ("size", "runs"),
    [
        ((2, 2), (3,)),
        ((2, 2), (-1, 5)),
        ((0, 0), ()),
        ((1 << 40, 1 << 40), (1 << 80,)),
        ((-2, -2), (4,)),
        ((2, 2), (1 << 70,)),
    ],
)
def test_a_mask_that_its_runs_do_not_fill(size: tuple[int, int], runs: tuple[int, ...]) -> None:
    item = Object("person", 1.0, (0, 0, 1, 1), mask=Mask(size, runs))
    index = LabelIndex()
    index.learn(["person"])
    with pytest.raises(InputError, match="runs that do not fill it"):
        detections_of(FrameMetadata("a", 0, 0, (item,)), index)


def test_a_damaged_mask_in_a_file_is_a_sentence() -> None:
    item = Object("person", 1.0, (0, 0, 1, 1), mask=Mask((2, 2), (9,)))
    stream = BytesIO(encode(FrameMetadata("a", 0, 0, (item,))) + b"\n")
    with pytest.raises(InputError, match="do not fill"):
        list(JsonlReader(stream, "a.jsonl").frames())


junk = st.one_of(
    st.none(), st.integers(-3, 1 << 62), st.binary(max_size=40), st.text(max_size=3), st.floats()
)


@settings(max_examples=300)
@given(st.lists(junk, max_size=4) | junk, st.lists(junk, max_size=4) | junk)
def test_any_extras_are_read_or_refused(points: object, masks: object) -> None:
    plain = detailed(2, points=False, masks=False)
    block = decode_block(encode_block([PackedFrame(0, 0, plain)]))
    told = replace(block, extras={0: {"keypoints": points, "masks": masks}})
    with suppress(InputError):
        (frame,) = told.frames()
        assert len(frame.detections) == 2


def test_masks_too_large_for_memory_are_refused() -> None:
    plain = detailed(2, points=False, masks=False)
    block = decode_block(encode_block([PackedFrame(0, 0, plain)]))
    for size in ((1 << 30, 1 << 30), (1 << 20, 2)):
        with pytest.raises(InputError, match="masks of"):
            list(replace(block, extras={0: {"masks": [*size, b"\x01"]}}).frames())
