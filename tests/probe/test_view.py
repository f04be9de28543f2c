"""The probe on rendered pictures, spoilt as accidents spoil them."""

from typing import Any

import numpy as np
import pytest

from sightline.geometry.warp import CORNERS, STILL, shifted, warped
from sightline.picture import Frame
from sightline.picture.grey import grey
from sightline.picture.rgb import RgbPicture
from sightline.probe.prober import Prober
from sightline.probe.view import NUMBERS, TURNED, ViewProbe, moved_by
from sightline.source import SourceConfig
from sightline.source.rendering.faults import TILT
from sightline.source.scene import SceneSource
from sightline.wire.messages import Event


def looks(fault: str = "", seconds: float = 6, scene: str = "factory") -> list[dict[str, float]]:
    spoilt = f"&fault={fault}@3-{seconds:g}" if fault else ""
    uri = f"scene:{scene}?seconds={seconds:g}&fps=5&size=320x180{spoilt}"
    frames = Prober([ViewProbe()])(SceneSource(SourceConfig(uri=uri)).frames())
    found = [item.probes for item in frames if isinstance(item, Frame) and item.probes]
    return [dict(zip([*NUMBERS, *TURNED], numbers["view"], strict=False)) for numbers in found]


def test_a_sound_view_stays_itself() -> None:
    found = looks()
    assert len(found) == 30
    assert all(one["same"] > 0.7 and one["steady"] > 0.7 for one in found)
    assert all((one["dx"], one["dy"], one["repeated"]) == (0, 0, 0) for one in found)


@pytest.mark.parametrize(
    ("fault", "key", "low", "high"),
    [
        ("covered", "same", -1, 0.2),
        ("dark", "light", 0, 0.05),
        ("blurred", "edges", 0, 0.15),
        ("frozen", "repeated", 1, 1),
        ("turned", "same", -1, 0.3),
    ],
)
def test_each_fault_shows_in_a_number(fault: str, key: str, low: float, high: float) -> None:
    found = looks(fault)
    before, after = found[5:14], found[17:]
    assert all(low <= one[key] <= high for one in after)
    assert not any(low <= one[key] <= high for one in before)


def test_by_how_much_it_was_moved_is_found_to_a_pixel() -> None:
    for one in looks("moved")[16:]:
        assert one["match"] > 0.6
        assert (one["dx"], one["dy"]) == pytest.approx((0.05, 0.035), abs=0.006)
        assert moved_by(tuple(one.values())).tolist() == shifted(one["dx"], one["dy"]).tolist()


@pytest.mark.parametrize("scene", ["queue", "entrance", "luggage"])
def test_how_a_knocked_view_lies_over_the_usual_one_is_found(scene: str) -> None:
    found = looks("tilted", scene=scene)
    assert not any("a" in one for one in found[5:14])
    for one in found[18:]:
        assert one["match"] > 0.6
        there = warped(moved_by(tuple(one.values())), CORNERS)
        assert there == pytest.approx(warped(TILT, CORNERS), abs=0.02)


@pytest.mark.parametrize("scene", ["queue", "factory", "shelf"])
def test_a_view_of_which_little_is_left_is_not_laid_over_the_usual_one(scene: str) -> None:
    for one in looks("turned", scene=scene)[16:]:
        assert "a" not in one
        assert moved_by(tuple(one.values())) is STILL


def test_no_shift_is_believed_without_a_match() -> None:
    assert moved_by(()) is STILL
    assert moved_by((0.5, 0.1, 0.2, 0.1, 0.9, 0.3, 0.3, 0.2, 0, 0)) is STILL


def test_a_picture_without_anything_in_it_is_no_trouble() -> None:
    probe, blank = ViewProbe(), RgbPicture(np.zeros((90, 160, 3), np.uint8))
    for _ in range(12):
        numbers = probe.look(blank, STILL)
    assert np.isfinite(numbers).all()


def test_it_looks_as_often_as_asked_and_passes_events_on() -> None:
    class Counting:
        name, every_s, seen = "count", 0.5, 0

        def look(self, picture: Any, shift: Any) -> list[float]:
            self.seen += 1
            return [self.seen]

    probe = Counting()
    source = SceneSource(SourceConfig(uri="scene:queue?seconds=3&fps=10&size=96x64"))
    items = list(Prober([probe])(source.frames()))
    assert [item.kind for item in items if isinstance(item, Event)] == [
        "source.connected",
        "source.ended",
    ]
    assert probe.seen == 6
    assert sum(bool(item.probes) for item in items if isinstance(item, Frame)) == 6


def test_grey_is_brightness_at_the_size_asked_for() -> None:
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[:, 40:] = 255
    small = grey(RgbPicture(pixels), (8, 6))
    assert small.shape == (6, 8)
    assert small[:, 0].max() == 0
    assert small[:, -1].min() == 255
