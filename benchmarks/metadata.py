"""Metadata: CPU time and bytes a frame, ours beside what one would write by hand.

    python -m benchmarks.metadata

Peers: `json.dumps(asdict(...))` of the same record, and supervision's JSONSink where that is
installed. Every figure is the median of several rounds in this one run.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from sightline.results import Detections
from sightline.wire.formats.open import open_reader, open_writer
from sightline.wire.frame import frame_metadata
from sightline.wire.messages import Header

LABELS = ("person", "car", "bicycle")
HEADER = Header("shop", "shop.mp4", 1920, 1080, LABELS, fps=25.0)
FRAMES, ROUNDS = 500, 5
FORMATS = {"jsonl": "out.jsonl", "packed": "out.slp", "mot": "out.txt", "coco": "out.json"}


def moving(count: int) -> list[Detections]:
    """`count` objects that walk about, for each of the frames."""
    random = np.random.default_rng(0)
    corner = random.uniform(0, 0.8, (count, 2))
    step = random.uniform(-2e-4, 2e-4, (count, 2))
    size = random.uniform(0.03, 0.2, (count, 2))
    labels = random.integers(0, len(LABELS), count).astype(np.int32)
    ids = np.sort(random.choice(np.arange(1, 400), count, replace=False)).astype(np.int64)
    found = []
    for i in range(FRAMES):
        at = corner + i * step
        boxes = np.hstack([at, at + size]).astype(np.float32)
        scores = random.uniform(0.3, 1, count).astype(np.float32)
        found.append(Detections(boxes, scores, labels, ids))
    return found


def ours(folder: Path, seen: list[Detections], name: str) -> None:
    writer = open_writer(folder / name)
    writer.header(HEADER)
    for i, detections in enumerate(seen):
        writer.frame(detections, LABELS, i, i * 40_000_000)
    writer.close()


def by_hand(folder: Path, seen: list[Detections]) -> None:
    with (folder / "hand.jsonl").open("w") as file:
        for i, detections in enumerate(seen):
            record = frame_metadata(detections, LABELS, "shop", i, i * 40_000_000)
            file.write(json.dumps(asdict(record)) + "\n")


def by_supervision(folder: Path, seen: list[Detections]) -> None:
    import supervision

    names = np.array(LABELS)
    with supervision.JSONSink(str(folder / "sink.json")) as sink:
        for i, detections in enumerate(seen):
            theirs = supervision.Detections(
                xyxy=detections.boxes,
                confidence=detections.scores,
                class_id=detections.labels,
                tracker_id=detections.track_ids,
                data={"class_name": names[detections.labels]},
            )
            sink.append(theirs, {"frame": i, "time_ns": i * 40_000_000})


PEERS = {
    "json.dumps(asdict())": (by_hand, "hand.jsonl"),
    "supervision JSONSink": (by_supervision, "sink.json"),
}


def cpu_us(work: Callable[[], object]) -> float:
    """CPU microseconds a frame."""
    work()
    spent = []
    for _ in range(ROUNDS):
        begun = process_time()
        work()
        spent.append((process_time() - begun) / FRAMES * 1e6)
    return median(spent)


def read(path: Path) -> None:
    for _ in open_reader(path, size=(1920, 1080), fps=25).frames():
        pass


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for count in (5, 10, 20):
            _report(Path(name), moving(count), count)
    print("For comparison: an input tensor of 416 x 416 is 519,168 bytes a frame,")
    print("a picture of 1920 x 1080 is 6,220,800.")


def _report(folder: Path, seen: list[Detections], count: int) -> None:
    print(f"{count} objects a frame: at most {12 * count + 24} bytes packed")
    print(f"  {'':24}{'write us':>10}{'read us':>10}{'bytes':>10}{'of JSON':>10}")
    writing: dict[str, float] = {}
    json_size = 0.0
    for format, name in FORMATS.items():
        writing[format] = cpu_us(partial(ours, folder, seen, name))
        reading = "" if format == "coco" else f"{cpu_us(partial(read, folder / name)):.1f}"
        size = (folder / name).stat().st_size / FRAMES
        json_size = json_size or size
        print(
            f"  sightline {format:<14}{writing[format]:>10.1f}{reading:>10}"
            f"{size:>10.0f}{size / json_size:>10.2f}"
        )
    for peer, (work, name) in PEERS.items():
        try:
            spent = cpu_us(partial(work, folder, seen))
        except ImportError:
            print(f"  {peer:<24}  is not installed")
            continue
        size = (folder / name).stat().st_size / FRAMES
        print(f"  {peer:<24}{spent:>10.1f}{'':10}{size:>10.0f}{size / json_size:>10.2f}")
        print(
            f"    ours costs {writing['jsonl'] / spent:.2f} of that as jsonl, "
            f"{writing['packed'] / spent:.2f} packed"
        )


if __name__ == "__main__":
    main()
