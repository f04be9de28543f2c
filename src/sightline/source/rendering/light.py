"""How light it is, from day to night, and what the sensor makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sightline.picture.opencv import opencv

Image = NDArray[np.uint8]
LightName = Literal["day", "night", "cycle"]

KEYS = ("day", "dusk", "night")
_CYCLE_S = 60.0
_NOISE_TILE = 384
_NOISE = (1.6, 3.2, 6.5)  # standard deviation of the sensor's noise, of 255


@dataclass(frozen=True, slots=True)
class Light:
    """`level` 0 is day, 1 dusk, 2 night; between them is between them."""

    level: float

    @property
    def name(self) -> str:
        """The nearest of day, dusk and night."""
        return KEYS[round(self.level)]

    def blend(self, values: tuple[float, ...] | NDArray[np.float64]) -> NDArray[np.float64]:
        """What lies between the values for day, dusk and night."""
        low = min(int(self.level), 1)
        share = self.level - low
        held = np.asarray(values, np.float64)
        mixed: NDArray[np.float64] = held[low] * (1 - share) + held[low + 1] * share
        return mixed


def light_at(name: LightName, seconds: float, length: float | None) -> Light:
    """The light of a scene at a time; a cycle goes from day to night and back once."""
    if name == "cycle":
        turn = 2 * np.pi * seconds / (length or _CYCLE_S)
        return Light(float(1 - np.cos(turn)))
    return Light(2.0 if name == "night" else 0.0)


def tone(colour: NDArray[Any]) -> NDArray[Any]:
    """What the sensor makes of a colour in light: a soft shoulder instead of burnt-out whites."""
    return 288 * (1 - np.exp(colour / -165))


class Noise:
    """Sensor noise for pictures of one size, the same for the same seed and time."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        rng = np.random.default_rng([seed, 77])
        grain = rng.normal(0, 34, (_NOISE_TILE, _NOISE_TILE, 1))
        colour = rng.normal(0, 14, (_NOISE_TILE, _NOISE_TILE, 3))
        tile = np.clip(128 + grain + colour, 0, 255).astype(np.uint8)
        repeat = (height // _NOISE_TILE + 2, width // _NOISE_TILE + 2, 1)
        self._field = np.tile(tile, repeat)
        self._seed = seed

    def add(self, canvas: Image, light: Light, time_ns: int) -> None:
        """Add the noise of this instant, in place."""
        y, x = np.random.default_rng([self._seed, time_ns]).integers(0, _NOISE_TILE, 2).tolist()
        height, width = canvas.shape[:2]
        part = self._field[y : y + height, x : x + width]
        gain = float(light.blend(_NOISE)) / 34
        opencv().addWeighted(canvas, 1, part, gain, -128 * gain, dst=canvas)
