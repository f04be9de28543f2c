"""Leaving out what does not move changes nothing of what does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.picture import Frame
from sightline.source import SourceConfig, open_source
from sightline.wire.messages import Event

Clip = Callable[..., Path]
_FPS = 25
_STARTS, _ENDS = 10 * _FPS, 14 * _FPS  # when the block walks

_RANDOM = np.random.default_rng(7)
_ROOM = np.kron(_RANDOM.integers(60, 160, (9, 16, 3)), np.ones((20, 20, 1))).astype(np.int16)
_NOISE = _RANDOM.integers(-2, 3, (7, *_ROOM.shape), np.int16)


def visit(number: int) -> NDArray[np.uint8]:
    """A painted room with noise, through which a block walks for four seconds."""
    image = np.asarray(_ROOM + _NOISE[number % len(_NOISE)], np.uint8)
    if _STARTS <= number < _ENDS:
        x = (number - _STARTS) * 2
        image[70:130, x : x + 30] = 235
    return image


def items(path: Path, idle: str, busy: bool = False) -> tuple[list[Frame], list[Event], int]:
    with open_source(SourceConfig(uri=str(path), idle=idle)) as source:
        source.busy = busy
        seen = list(source.frames())
    frames = [item for item in seen if isinstance(item, Frame)]
    events = [item for item in seen if isinstance(item, Event)]
    return frames, events, source.counters.skipped


@pytest.fixture(scope="module", params=["plain", "b-frames", "long group", "mjpeg"])
def video(request: pytest.FixtureRequest, clip: Clip) -> Path:
    keys: dict[str, dict[str, object]] = {
        "plain": {"gop": 50},
        "b-frames": {"gop": 50, "options": {"bf": "3", "preset": "veryfast"}},
        "long group": {"gop": 150},
        "mjpeg": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    }
    name = "visit.avi" if request.param == "mjpeg" else "visit.mp4"
    return clip(name, 20 * _FPS, paint=visit, **keys[request.param])


def test_what_moves_is_decoded_bit_for_bit(video: Path) -> None:
    every, _, none_skipped = items(video, "off")
    some, events, skipped = items(video, "on")
    assert none_skipped == 0
    assert [event.kind for event in events][:2] == ["source.idle", "source.awake"]
    assert len(some) + skipped == len(every)
    assert skipped > 50
    for frame in some:
        whole = every[frame.sequence]
        assert frame.time_ns == whole.time_ns
        assert (frame.picture.rgb() == whole.picture.rgb()).all()


def test_nothing_that_moves_is_missed(video: Path) -> None:
    seen = {frame.sequence for frame in items(video, "on")[0]}
    delay = round(0.3 * _FPS)
    assert set(range(_STARTS + delay, _ENDS)) <= seen


def test_nothing_is_skipped_while_someone_is_followed(video: Path) -> None:
    frames, events, skipped = items(video, "on", busy=True)
    assert skipped == 0
    assert len(frames) == 20 * _FPS
    assert [event.kind for event in events] == ["source.ended"]


def test_a_recording_is_whole_unless_asked_otherwise(video: Path) -> None:
    assert len(items(video, "auto")[0]) == 20 * _FPS


def test_a_stream_without_stamps_is_never_gated(clip: Clip) -> None:
    frames, events, skipped = items(clip("bare.h264", 20 * _FPS, paint=visit, gop=50), "on")
    assert (len(frames), skipped) == (20 * _FPS, 0)
    assert [event.kind for event in events] == ["source.ended"]
