"""A network beside another, in numbers."""

import numpy as np
import pytest

from sightline.camera.updates.trial import Trial, likeness, verdict
from sightline.results import Detections

PEOPLE = ("person", "dog")


def seen(*boxes: tuple[float, float, float, float], label: int = 0) -> Detections:
    array = np.array(boxes, np.float32).reshape(-1, 4)
    return Detections(array, np.ones(len(boxes), np.float32), np.full(len(boxes), label, np.int32))


A, B = (0.1, 0.1, 0.3, 0.5), (0.6, 0.1, 0.8, 0.5)


def trial(
    old: Detections, new: Detections, old_ms: float = 10, new_ms: float = 10
) -> dict[str, float]:
    made = Trial(source_fps=25)
    for _ in range(20):
        made.saw(old, PEOPLE, new, PEOPLE, old_ms, new_ms)
    return made.result({}, {}, None)


@pytest.mark.parametrize(
    ("old", "new", "agreement"),
    [
        (seen(A, B), seen(A, B), 1.0),
        (seen(A, B), seen(A), 2 / 3),
        (seen(A), seen(B), 0.0),
        (seen(A), seen(A, label=1), 0.0),
        (seen(), seen(), 1.0),
        (seen(), seen(A), 0.0),
        (seen(A), seen(A, A), 2 / 3),
    ],
)
def test_agreement(old: Detections, new: Detections, agreement: float) -> None:
    assert trial(old, new)["agreement"] == pytest.approx(agreement, abs=1e-3)


def test_classes_are_compared_by_name() -> None:
    made = Trial(25)
    made.saw(seen(A), PEOPLE, seen(A, label=1), ("dog", "person"), 1, 1)
    assert made.result({}, {}, None)["agreement"] == 1


def test_a_slower_network_that_keeps_up_costs_no_frame_rate() -> None:
    found = trial(seen(), seen(), 10, 30)
    assert (found["latency_ratio"], found["fps"]) == (3, 1)
    assert trial(seen(), seen(), 10, 80)["fps"] == 0.5


def test_heat() -> None:
    made = Trial(25, 50.0)
    made.saw(seen(), PEOPLE, seen(), PEOPLE, 1, 1)
    assert made.result({}, {}, 58.5)["heat_c"] == 8.5


def test_counts_are_compared_where_they_differ_most() -> None:
    old = {"lines": {"door": {"in": 10.0, "out": 4.0}}, "zones": {}}
    assert likeness(old, old) == 1
    assert likeness(old, {"lines": {"door": {"in": 5.0, "out": 2.0}}}) == 0.5
    assert likeness(old, {}) == 0
    assert likeness({"lines": {"door": {"in": 4.0}}}, {}) == 1


@pytest.mark.parametrize(
    ("measured", "gate", "words"),
    [
        ({"agreement": 0.9}, {"agreement": 0.7}, ""),
        ({"agreement": 0.6}, {"agreement": 0.7}, "agreement is 0.6"),
        ({"latency_ratio": 2.5}, {"latency_ratio": 2.0}, "latency_ratio is 2.5"),
        ({"counts": 0.2}, {"counts": 0.5}, "counts is 0.2"),
        ({}, {"heat_c": 10}, ""),
        ({"heat_c": 11}, {"heat_c": 10}, "heat_c is 11"),
        ({"agreement": 0.0}, {}, ""),
        ({"pictures": 3.0}, {"agreement": 0.1}, "only 3 pictures"),
    ],
)
def test_the_gate(measured: dict[str, float], gate: dict[str, float], words: str) -> None:
    fault = verdict({"pictures": 100.0} | measured, gate)
    assert (words in fault) if words else fault == ""
