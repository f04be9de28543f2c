"""One recording per released version and form. What stands in these files decodes for ever.

A new version adds a folder; an existing one is never written again.
"""

from pathlib import Path

import numpy as np
import pytest

from sightline.wire.formats.open import open_reader
from sightline.wire.messages import Event, FrameMetadata, Header, Measure, Object

VERSIONS = sorted(path.name for path in Path(__file__).parent.iterdir() if path.name[0].isdigit())

HEADER = Header(
    camera="shop-entrance",
    source="rtsp://camera.local/stream",
    width=1920,
    height=1080,
    labels=("person", "trolley", "入口"),
    model="scene",
    fps=25.0,
    clock="utc",
    boot="5d1e8c0f9a7b4263",
    version="0.1.0",
)
FRAMES = (
    FrameMetadata("shop-entrance", 41, 1_790_000_000_000_000_000),
    FrameMetadata(
        "shop-entrance",
        42,
        1_790_000_000_040_000_000,
        (
            Object("person", 0.9216, (0.125, 0.25, 0.5, 0.98765), 7),
            Object("入口", 1.0, (-0.1, 0.0, 0.2, 1.1), 9_223_372_036_854_775_807),
        ),
        truth={"people": [{"track": 1, "box": [0.1, 0.2, 0.5, 1.0]}]},
    ),
    FrameMetadata(
        "shop-entrance",
        44,
        1_790_000_000_120_000_000,
        (Object("trolley", 0.0, (0.0, 0.0, 1.0, 1.0)),),
        name="000044.jpg",
    ),
)
EVENT = Event(
    kind="line.crossed",
    time_ns=1_790_000_000_120_000_000,
    name="door",
    camera="shop-entrance",
    track=7,
    label="person",
    place=(0.3125, 0.98765),
    data={"direction": "in"},
)
MEASURE = Measure(
    kind="line.count",
    name="door",
    start_ns=1_790_000_000_000_000_000,
    end_ns=1_790_000_060_000_000_000,
    value=12.0,
    camera="shop-entrance",
    data={"direction": "in"},
)


def _folder(version: str) -> Path:
    return Path(__file__).parent / version


@pytest.mark.parametrize("version", VERSIONS)
def test_json_lines_decode(version: str) -> None:
    messages = list(open_reader(_folder(version) / "recording.jsonl").messages())
    assert messages == [HEADER, *FRAMES, EVENT, MEASURE]


@pytest.mark.parametrize("version", VERSIONS)
def test_packed_decodes(version: str) -> None:
    messages = list(open_reader(_folder(version) / "recording.slp").messages())
    assert [messages[0], *messages[-2:]] == [HEADER, EVENT, MEASURE]
    for expected, found in zip(FRAMES, messages[1:-2], strict=True):
        assert isinstance(found, FrameMetadata)
        assert (found.camera, found.sequence, found.time_ns) == (
            expected.camera,
            expected.sequence,
            expected.time_ns,
        )
        assert (found.truth, found.name) == (expected.truth, expected.name)
        for sent, back in zip(expected.objects, found.objects, strict=True):
            assert (back.label, back.track) == (sent.label, sent.track)
            assert np.allclose(back.box, sent.box, atol=2e-5)
            assert abs(back.score - sent.score) <= 0.5 / 255 + 1e-4


def test_a_version_was_kept() -> None:
    assert "0.1.0" in VERSIONS
