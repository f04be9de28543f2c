"""Detections and headers to write."""

from collections.abc import Callable

import numpy as np
import pytest

from sightline.results import Detections
from sightline.wire.messages import Header

LABELS = ("person", "car", "shopping trolley")


@pytest.fixture
def header() -> Header:
    return Header("shop", "shop.mp4", 1280, 720, LABELS, model="scene", fps=25.0)


@pytest.fixture
def seen() -> Callable[..., Detections]:
    """`seen(count, seed=0, tracked=True)`: as a network would find them."""

    def make(count: int, seed: int = 0, tracked: bool = True) -> Detections:
        random = np.random.default_rng(seed)
        corner = random.uniform(-0.1, 0.9, (count, 2))
        boxes = np.hstack([corner, corner + random.uniform(0.02, 0.3, (count, 2))])
        return Detections(
            boxes.astype(np.float32),
            random.random(count).astype(np.float32),
            random.integers(0, len(LABELS), count).astype(np.int32),
            random.choice(10_000, count, replace=False).astype(np.int64) if tracked else None,
        )

    return make
