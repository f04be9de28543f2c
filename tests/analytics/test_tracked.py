"""Counts from what a detector found and our tracker followed, against ground truth."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import inf
from pathlib import Path

import pytest

from sightline.analytics.line import Line, LineConfig
from sightline.analytics.roster import Roster
from sightline.results import Detections
from sightline.track.tracker import Tracker
from sightline.wire.formats.mot import read_mot

pytestmark = pytest.mark.data

SEQUENCES = {"MOT17-02": 600, "MOT17-04": 1050, "MOT17-09": 525}
SIZE, FPS = (1920, 1080), 30
ASPECT = SIZE[0] / SIZE[1]
Counts = list[dict[str, float]]


def counted(pictures: Iterable[Detections], hysteresis: float, roster: Roster) -> Counts:
    """Of five full-height lines side by side."""
    lines = [
        Line(
            LineConfig(name=f"{k}", points=((k / 6, 0), (k / 6, 1)), hysteresis=hysteresis),
            ["person"],
            roster=roster,
        )
        for k in range(1, 6)
    ]
    for number, people in enumerate(pictures):
        for line in lines:
            line.update(people, round(number * 1e9 / FPS))
    for line in lines:
        line.finish()
    return [line.summary() for line in lines]


@cache
def true_counts(data: Path, name: str, hysteresis: float) -> Counts:
    rows = read_mot(data / f"mot/{name}/gt/gt.txt", *SIZE).frames(SEQUENCES[name])
    people = (seen[seen.labels == 0] for _, seen in rows)
    return counted(people, hysteresis, Roster(ASPECT, memory_s=inf, mend=False))


@cache
def tracked_counts(data: Path, name: str) -> Counts:
    tracker = Tracker(aspect=ASPECT)
    rows = read_mot(data / f"mot/{name}/det/det_frcnn.txt", *SIZE).frames(SEQUENCES[name])
    people = (tracker.update(seen, round((n - 1) * 1e9 / FPS)) for n, seen in rows)
    return counted(people, LineConfig.model_fields["hysteresis"].default, Roster(ASPECT))


@pytest.mark.parametrize(
    ("hysteresis", "crossings", "least"),
    [(0.0, 213, 0.70), (0.1, 195, 0.76), (0.2, 191, 0.78)],
    ids=["every change of side", "clear by 0.1 heights", "clear by 0.2 heights"],
)
def test_accuracy(data: Path, hysteresis: float, crossings: int, least: float) -> None:
    """1 - sum of |error| by line and direction / crossings."""
    errors = total = 0.0
    for name in SEQUENCES:
        truth, found = true_counts(data, name, hysteresis), tracked_counts(data, name)
        for one, other in zip(truth, found, strict=True):
            errors += sum(abs(one[way] - other[way]) for way in one)
            total += sum(one.values())
    assert total == crossings
    print(f"accuracy {1 - errors / total:.3f}")
    assert 1 - errors / total >= least
