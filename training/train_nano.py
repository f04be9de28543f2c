"""Train `sightline-nano`: people and vehicles, from rendered scenes and a few real pictures.

    python training/train_nano.py --real DATA --start src/sightline/model/builtin/scene.onnx

DATA holds coco/rep100 (trained on), coco/coco_mini79 (measured on, never trained on), videos
(labelled by the teacher) and models/yolox_nano_416.onnx (the teacher, Apache-2.0). One core
takes a little more than an hour.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from batches import BATCH, picked, stacked
from dataset import Pictures
from fit import Batch, fit
from mosaic import mosaic
from nano_data import HEIGHT, LABELS, WIDTH, annotated, joined, rendered, taught
from network import Network
from shipped import begin_from
from teacher import teacher_of

TRAINED_ON, SEED = range(20_000, 20_110), 3
VIDEOS = (
    "one-by-one-person-detection.mp4", "people-detection.gif", "person-bicycle-car-detection.gif",
    "face-demographics-walking.gif", "road_dashcam.mp4", "street_night.mp4",
)  # fmt: skip
_MOSAICS = 0.7  # of the real pictures are four in one
_STEPS = 330  # of a pass


def main() -> None:
    """From pictures to a checkpoint; `export_nano.py` makes the file of it."""
    options = _options()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    scenes = rendered(TRAINED_ON, options.work / "rendered")
    real = real_pictures(options.real, options.work / "real.npz")
    print(f"{len(scenes.images)} rendered pictures, {len(real.images)} real ones")
    network = _begun(options.start, scenes)
    feed = partial(_mixed, scenes, real)
    checkpoint = options.work / "nano.pt"
    for leg, epochs in enumerate(options.epochs):
        network = fit(feed, _STEPS, epochs, SEED + leg, print, checkpoint, network)


def _mixed(
    scenes: Pictures, real: Pictures, rng: np.random.Generator, plain: bool
) -> Iterator[Batch]:
    """Half of each batch is rendered, half is real."""
    for _ in range(_STEPS):
        rows: list[Any] = [
            picked(scenes, index, rng, plain)
            for index in rng.integers(len(scenes.images), size=BATCH // 2)
        ]
        for index in rng.integers(len(real.images), size=BATCH // 2):
            four = not plain and rng.random() < _MOSAICS
            rows.append(mosaic(real, rng) if four else picked(real, index, rng, plain))
        yield stacked(rows)


def real_pictures(data: Path, kept: Path) -> Pictures:
    """Annotated pictures, many times over, beside the frames that the teacher labelled."""
    if not kept.exists():
        coco = data / "coco"
        held_out = json.loads((coco / "coco_mini79" / "instances_val2017.json").read_text())
        without = frozenset(one["id"] for one in held_out["images"])
        own = annotated(
            coco / "rep100" / "images", coco / "rep100" / "instances_rep100_derived.json", without
        )
        teacher = teacher_of(data / "models" / "yolox_nano_416.onnx", LABELS)
        frames = taught([data / "videos" / name for name in VIDEOS], teacher)
        times = max(1, round(len(frames.images) / len(own.images)))
        np.savez(kept, **joined([frames, *[own] * times]).__dict__)
    with np.load(kept) as stored:
        return Pictures(**stored)


def _begun(start: Path | None, scenes: Pictures) -> Network:
    """A new network, or one that goes on from the shipped network `start`."""
    torch.manual_seed(SEED)
    network = Network(len(LABELS), WIDTH, HEIGHT)
    if start is not None:
        some = np.linspace(0, len(scenes.images) - 1, 128).astype(int).reshape(8, 16)
        pictures = (
            torch.from_numpy(scenes.images[rows]).permute(0, 3, 1, 2).float() for rows in some
        )
        begin_from(network, start, pictures, {0: 0})
    return network


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, required=True, help="folder of real pictures")
    parser.add_argument("--work", type=Path, default=Path("build/nano"))
    parser.add_argument("--start", type=Path, help="a shipped network to begin with")
    parser.add_argument("--epochs", type=int, nargs="+", default=[4, 4])
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
