"""What people do: a plan is a row of errands, done one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Literal

import numpy as np

from sightline.source.rendering.wardrobe import Look

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Walk:
    """Go to `place`; it is reached within `near` metres."""

    place: Place
    near: float = 0.45


@dataclass(frozen=True, slots=True)
class Stand:
    """Stay for some seconds, turned to `facing` (radians).

    action  "take" a thing out of the shelf at each stretch of the arm, or "refill" it
    spot    the standing place to give back when done
    """

    seconds: float
    facing: float
    action: Literal["", "take", "refill"] = ""
    spot: int | None = None


Errand = Walk | Stand


@dataclass(slots=True)
class Actor:
    """One person with a plan. `pace` in m/s; `down` 0 upright to 1 lying on the floor.

    waited   seconds that one has stood, or has not come nearer to where one walks
    nearest  metres left of a walk when it was the least so far
    """

    number: int
    look: Look
    pace: float
    plan: list[Errand]
    trolley: int | None = None
    group: int = -1
    goods: int = 0
    stood: float = 0.0
    waited: float = 0.0
    nearest: float = inf
    reach: float = 0.0
    down: float = 0.0
    hands: np.random.Generator = field(default_factory=np.random.default_rng)

    def begin(self) -> None:
        """With the first errand of a plan that has changed."""
        self.waited = self.reach = 0.0
        self.nearest = inf

    @property
    def stride(self) -> float:
        """Metres of two steps."""
        return 0.8 * self.look.height
