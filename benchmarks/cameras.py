"""Many live cameras with one network on two cores: who is served, what is dropped, what it costs.

Each camera decodes its own video at the pace of a clock, through the same grabber and mailbox
as a stream from the network, and runs the whole pipeline.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.base import Findings, Row, Skipped
from benchmarks.inputs import HOW, Inputs
from sightline.camera.camera import Camera
from sightline.camera.together import Together
from sightline.twin.config import parse_config

CORES, SECONDS, WARM_UP = 2, 8.0, 1.5
CLAIM = "cameras of 5 fps on two cores"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What several cameras did in `SECONDS`: pictures by camera, and CPU seconds in all."""

    seen: list[int]
    dropped: list[int]
    cpu_s: float
    network_ms: float

    @property
    def fairness(self) -> float:
        """The camera that is served least, as a share of the one served most."""
        return min(self.seen) / max(1, max(self.seen))

    @property
    def cost_ms(self) -> float:
        """CPU time a picture."""
        return self.cpu_s * 1e3 / max(1, sum(self.seen))


def rows(inputs: Inputs) -> Findings:
    """1, 2, 4 and 8 cameras of 5 fps; and 8 of 30 fps, which is more than the network can do."""
    if not inputs.network or not inputs.video:
        yield Skipped(CLAIM, f"needs YOLOX-nano and a video of people: {HOW}")
        return
    few: dict[int, Outcome] = {}
    for count in (1, 2, 4, 8):
        few[count] = _run(inputs.video, inputs.network, count, 5)
    eight = few[8]
    due = 8 * 5 * SECONDS
    yield Row(f"eight {CLAIM}: share seen", sum(eight.seen) / due, "", target=0.97, at_least=True)
    share = sum(eight.dropped) / due
    yield Row(f"eight {CLAIM}: share dropped", share, "", target=0.0)
    yield Row("  least / most served camera", eight.fairness, "", target=0.9, at_least=True)
    for count in (2, 4, 8):
        cost, alone = few[count].cost_ms, few[1].cost_ms
        claim = f"  CPU a picture with {count} cameras"
        yield Row(claim, cost, "ms", "one camera", alone, cost / alone, 1.1)
    many = _run(inputs.video, inputs.network, 8, 30)
    yield Row("eight of 30 fps: least / most served", many.fairness, "", target=0.9, at_least=True)
    forced = sum(many.seen) * many.network_ms / 1e3 / (CORES * SECONDS)
    yield Row("  share of both cores in the network", forced, "")


def _run(video: Path, network: Path, count: int, fps: float) -> Outcome:
    """In a process of its own, on two cores."""
    command = [sys.executable, "-m", "benchmarks.cameras", video, network, str(count), str(fps)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Outcome(**json.loads(done.stdout))


def work(video: str, network: str, count: int, fps: float) -> Outcome:
    """Run the cameras in this process."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    configs = [
        parse_config(
            {
                "name": f"camera{number}",
                "source": f"paced://{video}?fps={fps}&offset={number / fps / count}",
                "model": network,
                "detect": {"classes": ["person"]},
                "lines": [{"name": "door", "points": [[0.5, 0], [0.5, 1]]}],
                "output": {"metadata": os.devnull, "format": "jsonl"},
            },
            "benchmark",
        )
        for number in range(count)
    ]
    with Together(configs) as together:
        cameras = [running.camera for running in together.cameras]
        time.sleep(WARM_UP)
        before = [_state(camera) for camera in cameras]
        begun = time.process_time()
        time.sleep(SECONDS)
        spent = time.process_time() - begun
        after = [_state(camera) for camera in cameras]
    change = np.array(after) - np.array(before)
    seen, dropped, network_ns = change.T.tolist()
    return Outcome(seen, dropped, spent, sum(network_ns) / 1e6 / max(1, sum(seen)))


def _state(camera: Camera) -> tuple[int, int, int]:
    return camera.tally.captures, camera.dropped, camera.tally.spent_ns["network"]


def main() -> None:
    """Called by `_run`, with the source registered as another package would do it."""
    with tempfile.TemporaryDirectory() as name:
        plugin = Path(name) / "paced-1.dist-info"
        plugin.mkdir()
        (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: paced\nVersion: 1\n")
        (plugin / "entry_points.txt").write_text(
            "[sightline.source]\npaced = benchmarks.paced:PacedSource\n"
        )
        sys.path.append(name)
        video, network, count, fps = sys.argv[1:]
        outcome = work(video, network, int(count), float(fps))
    print(json.dumps({name: getattr(outcome, name) for name in Outcome.__slots__}))


if __name__ == "__main__":
    main()
