"""People of known heights before a known camera."""

import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]
ASPECT = 16 / 9


def boxes_of(
    focal: float, tilt: float, height_m: float, count: int, seed: int, hidden: float = 0.0
) -> tuple[F, F]:
    """Boxes of people on the floor before a camera, and where they stand.

    hidden  this share of them has its feet behind something
    """
    random = np.random.default_rng(seed)
    sine, cosine = np.sin(tilt), np.cos(tilt)

    def seen(points: F) -> F:
        x, y, z = points.T
        drop = height_m - z
        depth = y * cosine + drop * sine
        return np.stack([focal * x / depth, focal * (drop * cosine - y * sine) / depth], axis=1)

    places = random.uniform([-4, 1.5], [4, 14], (count * 20, 2))
    tall = random.normal(1.7, 0.09, len(places)).clip(1.4, 2.0)
    foot = seen(np.column_stack([places, np.zeros(len(places))]))
    head = seen(np.column_stack([places, tall]))
    foot[:, 1] -= (random.random(len(places)) < hidden) * 0.4 * (foot[:, 1] - head[:, 1])
    wide = 0.15 * (foot[:, 1] - head[:, 1])
    across, top, low = (
        (foot[:, 0] + head[:, 0]) / 2 / ASPECT + 0.5,
        head[:, 1] + 0.5,
        foot[:, 1] + 0.5,
    )
    top += random.normal(0, 0.003, len(places))
    low += random.normal(0, 0.003, len(places))
    half = wide / ASPECT
    boxes = np.stack([across - half, top, across + half, low], axis=1)
    whole = (boxes.min(axis=1) > 0.02) & (boxes.max(axis=1) < 0.98)
    return boxes[whole][:count], places[whole][:count]
