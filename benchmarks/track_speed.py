"""What a tracker costs a frame, ours and others' on the same detections, in CPU time.

    python benchmarks/track_speed.py --peer-python PATH [--peer-python PATH ...]

The peers cannot be installed side by side. Each PATH is a Python with some of them:

    pip install supervision==0.27.0
    pip install trackers==2.6.1
    pip install norfair==2.3.0 "numpy<2"

Each is run as a process of its own, in turn with ours; what is not installed is left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

SIZES = (10, 27, 50, 200)
FRAMES, WARM_UP, ROUNDS = 300, 60, 3
WIDTH, HEIGHT, FPS = 1920, 1080, 30
Step = Callable[[np.ndarray, np.ndarray], None]


def stream(count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Boxes (N, 4) in pixels and scores of people who walk about; one in ten is missed."""
    rng = np.random.default_rng(count)
    height = rng.uniform(80, 300, count) / max(1, count / 50) ** 0.5
    centre = rng.uniform((100, 150), (WIDTH - 100, HEIGHT - 150), (count, 2))
    speed = rng.normal(0, 40, (count, 2)) / FPS
    frames = []
    for number in range(FRAMES):
        at = centre + speed * number
        sides = np.stack([height * 0.4, height], axis=1)
        boxes = np.concatenate([at - sides / 2, at + sides / 2], axis=1)
        boxes += rng.normal(0, 0.02, boxes.shape) * height[:, None]
        kept = rng.random(count) > 0.1
        frames.append((boxes[kept], rng.uniform(0.5, 1, int(kept.sum()))))
    return frames


def sightline() -> Step:
    from sightline.results import Detections
    from sightline.track.tracker import Tracker

    tracker = Tracker(aspect=WIDTH / HEIGHT)
    scale = np.array([WIDTH, HEIGHT] * 2, np.float32)
    now = iter(range(0, 1 << 62, 10**9 // FPS))

    def step(boxes: np.ndarray, scores: np.ndarray) -> None:
        labels = np.zeros(len(scores), np.int32)
        found = Detections((boxes / scale).astype(np.float32), scores.astype(np.float32), labels)
        tracker.update(found, next(now))

    return step


def supervision_bytetrack() -> Step:
    import supervision as sv

    if not sv.__version__.startswith("0.27"):
        raise ImportError
    tracker = sv.ByteTrack(frame_rate=FPS)
    return lambda boxes, scores: tracker.update_with_detections(_supervised(boxes, scores))


def trackers_sort() -> Step:
    from trackers import SORTTracker

    tracker = SORTTracker()
    return lambda boxes, scores: tracker.update(_supervised(boxes, scores))


def trackers_bytetrack() -> Step:
    from trackers import ByteTrackTracker

    tracker = ByteTrackTracker()
    return lambda boxes, scores: tracker.update(_supervised(boxes, scores))


def norfair() -> Step:
    import norfair as nf

    tracker = nf.Tracker(distance_function="iou", distance_threshold=0.7)

    def step(boxes: np.ndarray, scores: np.ndarray) -> None:
        corners = boxes.reshape(-1, 2, 2)
        pairs = zip(corners, scores, strict=True)
        tracker.update([nf.Detection(box, np.array([score] * 2)) for box, score in pairs])

    return step


def _supervised(boxes: np.ndarray, scores: np.ndarray) -> Any:
    import supervision as sv

    return sv.Detections(
        xyxy=boxes.astype(np.float32), confidence=scores, class_id=np.zeros(len(scores), int)
    )


TRACKERS = {
    "sightline": sightline,
    "supervision ByteTrack": supervision_bytetrack,
    "trackers SORT": trackers_sort,
    "trackers ByteTrack": trackers_bytetrack,
    "norfair": norfair,
}


def measure(names: list[str]) -> dict[str, list[float]]:
    """Milliseconds of CPU a frame by tracker and size: the best of a few rounds."""
    found: dict[str, list[float]] = {}
    for name in names:
        try:
            found[name] = [min(cost(TRACKERS[name], size) for _ in range(ROUNDS)) for size in SIZES]
        except ImportError:
            continue
    return found


def cost(tracker: Callable[[], Step], size: int) -> float:
    step, frames = tracker(), stream(size)
    for boxes, scores in frames[:WARM_UP]:
        step(boxes, scores)
    begun = time.process_time()
    for boxes, scores in frames[WARM_UP:]:
        step(boxes, scores)
    return (time.process_time() - begun) * 1e3 / (FRAMES - WARM_UP)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer-python", action="append", default=[], metavar="PATH")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    peers = [name for name in TRACKERS if name != "sightline"]
    if arguments.json:
        print(json.dumps(measure(peers)))
        return
    ours = measure(["sightline"])["sightline"]
    others = measure(peers)
    for python in arguments.peer_python:
        command = [python, "-W", "ignore", __file__, "--json"]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        others.update(json.loads(answer.stdout.splitlines()[-1]))
        again = measure(["sightline"])["sightline"]
        ours = [min(pair) for pair in zip(ours, again, strict=True)]
    print("ms of CPU a frame, and how many times ours, at so many objects:")
    print(f"{'':24}" + "".join(f"{size:>16}" for size in SIZES))
    print(f"{'sightline':24}" + "".join(f"{ms:>9.2f} {'':6}" for ms in ours))
    for name, costs in others.items():
        cells = zip(costs, ours, strict=True)
        print(f"{name:24}" + "".join(f"{ms:>9.2f} {ms / mine:>5.1f}x" for ms, mine in cells))
    for name in sorted(set(peers) - set(others)):
        print(f"{name:24} not installed in any Python given by --peer-python", file=sys.stderr)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
