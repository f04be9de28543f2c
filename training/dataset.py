"""Pictures and boxes of rendered scenes, as arrays on disk that training maps into memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering.entrance import ENTRANCE
from sightline.source.rendering.stage import Stage

LABELS = ("person", "trolley")
WIDTH, HEIGHT = 384, 224
MOST = 48  # objects a picture that are kept

# As an ordinary run renders them; all are then scaled to the network's input.
SIZES = ((640, 360), (1280, 720), (640, 360), (960, 540))
LIGHTS = ("day", "cycle", "night")
PICTURES_A_WORLD = 40
APART_S = 1.13


@dataclass(frozen=True)
class Pictures:
    """N pictures and what is in them.

    images   uint8 (N, HEIGHT, WIDTH, 3) RGB
    boxes    float32 (N, MOST, 4): x1, y1, x2, y2 in fractions
    labels   int32 (N, MOST), -1 where there is no object
    visible  float32 (N, MOST), 0..1
    light    of each picture: "day", "dusk", "night"
    """

    images: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    labels: NDArray[np.int32]
    visible: NDArray[np.float32]
    light: NDArray[np.str_]


def world(seed: int, pictures: int = PICTURES_A_WORLD) -> Pictures:
    """Pictures of one seeded world, more than a second apart; size, light and crowd by seed."""
    size, light = SIZES[seed % len(SIZES)], LIGHTS[seed % len(LIGHTS)]
    busy = (0.7, 1.0, 1.6, 2.4)[(seed // 3) % 4]
    stage = Stage(ENTRANCE, size, seed, light, PICTURES_A_WORLD * APART_S, busy)
    images = np.empty((pictures, HEIGHT, WIDTH, 3), np.uint8)
    boxes = np.zeros((pictures, MOST, 4), np.float32)
    labels = np.full((pictures, MOST), -1, np.int32)
    visible = np.zeros((pictures, MOST), np.float32)
    lights = []
    for i in range(pictures):
        image, truth = stage.frame(round(i * APART_S * 1e9))
        cv2.resize(image, (WIDTH, HEIGHT), dst=images[i], interpolation=cv2.INTER_LINEAR)
        for j, item in enumerate(truth["objects"][:MOST]):
            boxes[i, j] = item["box"]
            labels[i, j] = LABELS.index(item["label"])
            visible[i, j] = item["visible"]
        lights.append(truth["light"])
    return Pictures(images, boxes, labels, visible, np.array(lights))


def gather(seeds: range, folder: Path) -> Pictures:
    """The pictures of many worlds, rendered once and kept in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for seed in seeds:
        path = folder / f"{seed}.npz"
        if not path.exists():
            made = world(seed)
            np.savez(path, **made.__dict__)
        with np.load(path) as stored:
            found.append(Pictures(**stored))
    return Pictures(
        **{name: np.concatenate([getattr(f, name) for f in found]) for name in found[0].__dict__}
    )
