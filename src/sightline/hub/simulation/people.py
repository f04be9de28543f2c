"""People who walk through the pictures of many cameras, all moved at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_AWAY_S = 6.0  # on average, between one person and the next of a place in the picture
_HEIGHT, _WIDTH = 0.34, 0.13  # of a person in the middle of the picture, as fractions of it

Floats = NDArray[np.float32]


class People:
    """`places` people a camera at most, each crossing the picture at a pace of his own.

    x, y    where his feet are, float32 (cameras, places)
    track   his identity, int64
    here    whether he is in the picture
    """

    def __init__(self, cameras: int, places: int, seed: int = 0) -> None:
        shape = (cameras, places)
        self._random = np.random.default_rng(seed)
        self.x: Floats = self._random.random(shape, dtype=np.float32)
        self.y: Floats = 0.45 + 0.5 * self._random.random(shape, dtype=np.float32)
        self.track = np.tile(np.arange(1, places + 1, dtype=np.int64), (cameras, 1))
        self.here = np.ones(shape, bool)
        self._speed = self._speeds(shape)
        self._sway = self._random.random(shape, dtype=np.float32) * 6.28
        self._away = np.zeros(shape, np.float32)
        self._next = places + 1

    def step(self, which: NDArray[np.intp], seconds: float) -> NDArray[np.int8]:
        """Move the people of some cameras on. 1 where one crossed the middle to the right, -1 to
        the left, as int8 (cameras, places)."""
        before = self.x[which]
        after = before + self._speed[which] * np.float32(seconds) * self.here[which]
        here = self.here[which]
        crossed = (np.sign(after - 0.5) - np.sign(before - 0.5)) / 2 * here
        self.x[which] = after
        gone = here & ((after < -0.05) | (after > 1.05))
        self._away[which] -= np.float32(seconds)
        back = ~here & (self._away[which] <= 0)
        if gone.any():
            self._leave(which, gone)
        if back.any():
            self._come(which, back)
        steps: NDArray[np.int8] = np.trunc(crossed).astype(np.int8)
        return steps

    def boxes(self, which: NDArray[np.intp], at_s: float) -> Floats:
        """Boxes of everybody, here or not: float32 (cameras, places, 4)."""
        x, y = self.x[which], self.y[which]
        scale = 0.4 + 0.9 * y
        half = _WIDTH / 2 * scale * (1 + 0.1 * np.sin(5 * at_s + self._sway[which]))
        return np.stack([x - half, y - _HEIGHT * scale, x + half, y], axis=-1).astype(np.float32)

    def _leave(self, which: NDArray[np.intp], gone: NDArray[np.bool_]) -> None:
        rows, places = which[np.nonzero(gone)[0]], np.nonzero(gone)[1]
        self.here[rows, places] = False
        self._away[rows, places] = self._random.exponential(_AWAY_S, len(rows))

    def _come(self, which: NDArray[np.intp], back: NDArray[np.bool_]) -> None:
        rows, places = which[np.nonzero(back)[0]], np.nonzero(back)[1]
        speed = self._speeds((len(rows),))
        self._speed[rows, places] = speed
        self.x[rows, places] = np.where(speed > 0, -0.04, 1.04)
        self.y[rows, places] = 0.45 + 0.5 * self._random.random(len(rows))
        self.here[rows, places] = True
        self.track[rows, places] = self._next + np.arange(len(rows))
        self._next += len(rows)

    def _speeds(self, shape: tuple[int, ...]) -> Floats:
        pace = 0.06 + 0.08 * self._random.random(shape, dtype=np.float32)
        speeds: Floats = pace * self._random.choice(np.array([-1, 1], np.float32), shape)
        return speeds
