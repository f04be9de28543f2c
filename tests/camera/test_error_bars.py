"""The truth of rendered scenes lies within the intervals, whoever looks: from a good detector to a
bad one. docs/analytics.md has the same for many more (`python -m benchmarks.error_bars`)."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sightline.analytics.asking import ask
from sightline.camera.evaluation import scene_config
from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.results import Detections
from sightline.sensor.base import Capture
from sightline.sensor.truth import LABELS, TruthSensor, parse_truth
from sightline.source.rendering.truth import truth_counts
from sightline.source.scene import truths
from sightline.track.base import TrackConfig
from sightline.track.tracker import Tracker
from sightline.twin.questions import bounds, counts, questions

PICTURE = RgbPicture(np.zeros((9, 16, 3), np.uint8))
DETECTORS = ("weak=0.5", "weak=1&ghosts=5", "weak=1.5")
COUNTED = ("in", "out", "entries", "exits", "visits")


def answers(
    scene: str, told: list[tuple[int, Any]], keys: str, exact: bool = False
) -> tuple[Any, Any]:
    asked = questions(scene_config(f"scene:{scene}", "truth"), LABELS, 16 / 9, exact=exact)
    frames = [Frame(PICTURE, at, number, truth=now) for number, (at, now) in enumerate(told)]
    tracker = Tracker(TrackConfig(), 16 / 9)
    for capture in TruthSensor(frames, parse_truth(f"truth?{keys}")).captures():
        assert isinstance(capture, Capture)
        seen = Detections(*capture.tensors)
        tracks = seen if exact else tracker.update(replace(seen, track_ids=None), capture.time_ns)
        ask(asked, tracks, capture.time_ns)
    for one in asked:
        one.finish()
    return counts(asked), bounds(asked)


@pytest.mark.parametrize("scene", ["ceiling", "queue"])
def test_the_truth_is_within(scene: str) -> None:
    config = scene_config(f"scene:{scene}", "truth")
    lines = {one.name: [c for point in one.points for c in point] for one in config.lines}
    zones = {one.name: one.polygon for one in (*config.zones, *config.queues)}
    held, off = [], []
    for seed in range(3):
        told = list(truths(f"scene:{scene}?seed={seed + 300}&seconds=40&fps=8"))
        true = truth_counts(told, lines, zones) | {
            "paths": answers(scene, told, "track=0", True)[0]["paths"]
        }
        for keys in DETECTORS:
            ours, intervals = answers(scene, told, f"{keys}&seed={seed}")
            for kind, named in intervals.items():
                for name, between in named.items():
                    truth = true[kind if kind in true else "zones"][name]
                    counted = truth.keys() if kind == "paths" else set(between) & set(COUNTED)
                    for what in counted:
                        low, high = between.get(what, (0, 0))  # a way that nobody was seen to go
                        held.append(low <= truth[what] <= high)
                        off.append(ours[kind][name].get(what, 0) != truth[what])
    assert np.mean(held) >= 0.9
    assert np.mean(off) > 1.5 * (1 - np.mean(held))  # it is not that nothing went wrong
