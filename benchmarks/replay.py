"""A camera-day through analytics once more: CPU seconds of one core, question by question.

python -m benchmarks.replay [--share 0.1] [--only speeds,hazards]

Ten people who never stand still, five pictures a second, 432,000 pictures in all; a share of
the day is replayed, and what a whole one would take is told.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sightline.analytics.replay import Replay
from sightline.results import Detections
from sightline.results.stretch import Stretch
from sightline.twin.config import parse_config
from sightline.twin.questions import questions

PEOPLE, FPS, DAY_S, PART = 10, 5, 86_400, 4096
ASPECT = 16 / 9
_SQUARE = [[0.4, 0.3], [0.6, 0.3], [0.6, 0.7], [0.4, 0.7]]
_DOOR = {"name": "door", "points": [[0.5, 0], [0.5, 1]]}
_PLACES = [
    {"name": f"p{i}", "polygon": [[x, 0.2], [x + 0.2, 0.2], [x + 0.2, 0.8], [x, 0.8]]}
    for i, x in enumerate((0.05, 0.3, 0.55, 0.8))
]
ASKED: dict[str, dict[str, Any]] = {
    "a line at the edge": {"lines": [{"name": "edge", "points": [[0.04, 0], [0.04, 1]]}]},
    "a line in the middle": {"lines": [_DOOR]},
    "a zone": {"zones": [{"name": "middle", "polygon": _SQUARE}]},
    "a heat map": {"heatmaps": [{"name": "floor"}]},
    "dwell": {"dwell": [{"name": "stay", "polygon": _SQUARE, "loiter_s": 60}]},
    "people": {"people": [{"name": "shop", "entrances": [_DOOR]}]},
    "a queue": {"queues": [{"name": "till", "polygon": _SQUARE, "path": [[0.5, 0.3]]}]},
    "paths": {"paths": [{"name": "ways", "places": _PLACES}]},
    "distances": {"distances": [{"name": "near", "limit_m": 1.0}]},
    "a crowd": {"crowds": [{"name": "square"}]},
    "speeds": {"speeds": [{"name": "fast", "limit": 3.0}]},
    "a hazard": {
        "hazards": [{"name": "aisle", "polygon": _SQUARE, "run": 1.5, "way": [1, 0], "down_s": 1}]
    },
    "things left": {"left": [{"name": "bags"}]},
}
_GROUND = {
    "picture": [[0, 1], [1, 1], [1, 0], [0, 0]],
    "floor": [[0, 0], [16, 0], [16, 9], [0, 9]],
}


def film(pictures: int, seed: int = 1) -> Iterator[Stretch]:
    """People who walk to and fro, part by part."""
    random = np.random.default_rng(seed)
    at, pace = random.uniform(0.1, 0.9, (PEOPLE, 2)), random.normal(0, 0.02, (PEOPLE, 2))
    half, ids = np.array([0.015, 0.08]), np.arange(1, PEOPLE + 1)
    for begin in range(0, pictures, PART):
        count = min(PART, pictures - begin)
        centres = np.empty((count, PEOPLE, 2))
        for i in range(count):
            at = at + pace
            pace = np.where((at < 0.1) & (pace < 0) | (at > 0.9) & (pace > 0), -pace, pace)
            centres[i] = at
        centres += random.normal(0, 0.001, centres.shape)
        boxes = np.concatenate([centres - half, centres + half], axis=2).reshape(-1, 4)
        labels = np.zeros(len(boxes), np.int32)
        objects = Detections(
            boxes.astype(np.float32), np.full(len(boxes), 0.9, np.float32), labels,
            np.tile(ids, count),
        )  # fmt: skip
        times = np.arange(begin, begin + count) * (10**9 // FPS)
        yield Stretch(times, np.arange(count + 1) * PEOPLE, objects)


def spent(asked: dict[str, Any], parts: list[Stretch]) -> tuple[float, int]:
    """CPU seconds, and how many events there were."""
    config = parse_config({"source": "film", "ground": _GROUND, **asked}, "benchmark")
    replay = Replay(questions(config, ["person"], ASPECT), ["person"])
    began = time.process_time()
    events = sum(map(len, replay.run(parts)))
    return time.process_time() - began, events


def main() -> None:
    """Measure, and print what a day takes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.add_argument("--share", type=float, default=0.05, help="of a day")
    parser.add_argument("--only", default="", help="some of the questions")
    given = parser.parse_args()
    parts = list(film(round(DAY_S * FPS * given.share)))
    together: dict[str, Any] = {}
    for asked in ASKED.values():
        for kind, those in asked.items():
            together[kind] = [*together.get(kind, []), *those]
    load = os.getloadavg()[0]
    title = f"a camera-day once more, {given.share:g} of it replayed; load {load:.1f}"
    table = Table("asked", "CPU seconds a day", "events a day", title=title)
    for what, asked in {**ASKED, "all of these at once": together}.items():
        if given.only and not any(one in what for one in given.only.split(",")):
            continue
        seconds, events = spent(asked, parts)
        table.add_row(what, f"{seconds / given.share:.1f}", f"{events / given.share:,.0f}")
    Console(width=None if os.isatty(1) else 100).print(table)


if __name__ == "__main__":
    main()
