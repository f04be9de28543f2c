"""What a camera on a plan sees of it: its own calibration, laid on the plan's metres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.floor import GroundConfig
from sightline.geometry.ground import Ground
from sightline.geometry.visible import visible_polygon
from sightline.hub.plans.layout import Layout, Placed

Points = NDArray[np.float64]
Array = NDArray[np.floating[Any]]

_SIDE = 12  # points on each side of what is seen: straight on the picture, bent by rounding only


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper: metres of the plan to metres from its upper left corner, right and down."""

    low: tuple[float, float]
    size: tuple[float, float]
    upwards: bool

    @classmethod
    def of(cls, layout: Layout) -> Sheet:
        return cls(layout.origin, layout.size, layout.upwards)

    def on_paper(self, places: Array) -> Points:
        """Metres (P, 2) from the upper left corner."""
        found: Points = np.asarray(places, np.float64) - self.low
        if self.upwards:
            found[:, 1] = self.size[1] - found[:, 1]
        return found

    def in_metres(self, paper: Array) -> Points:
        """And back: the plan's metres (P, 2)."""
        found: Points = np.array(paper, np.float64)
        if self.upwards:
            found[:, 1] = self.size[1] - found[:, 1]
        return found + self.low

    @property
    def corners(self) -> Points:
        """Of the paper, in the plan's metres."""
        width, height = self.size
        return self.in_metres(np.array([[0, 0], [width, 0], [width, height], [0, height]]))


class Mirrored(ValueError):
    """A calibration in the plan's metres that sees the plan as a mirror would."""


class Sight:
    """A camera's picture and the paper: where each point of one is on the other.

    Raises Mirrored.
    """

    def __init__(self, ground: GroundConfig, placed: Placed, sheet: Sheet) -> None:
        own = ground.ground()
        handed = bool(np.linalg.det(own.slopes(own.to_picture(own.middle))[0]) < 0)
        floor = np.array(ground.floor)
        if placed.metres == "camera":
            floor = _turned(floor, placed, sheet, handed)
        elif handed != sheet.upwards:
            raise Mirrored(
                "its calibration sees this plan mirrored; let y run the other way, or check the "
                "order of its points"
            )
        self._sheet = sheet
        self._ground = Ground(np.array(ground.picture), floor, ground.error, ground.relative)

    @property
    def matrix(self) -> Points:
        """From the picture to the plan's metres (3, 3); the third is positive where floor is."""
        middle = self._ground.to_picture(self._ground.middle)[0]
        depth = self._ground.matrix[2, :2] @ middle + self._ground.matrix[2, 2]
        signed: Points = self._ground.matrix * np.sign(depth)
        return signed

    def on_paper(self, points: Array) -> Points:
        """Metres (P, 2) on the paper of points on the picture; NaN where no floor is."""
        return self._sheet.on_paper(self._ground.to_floor(points))

    def sees(self, paper: Array) -> NDArray[np.bool_]:
        """Whether places (P, 2) on the paper are on the picture."""
        x, y, depth = self._ground.homogeneous(self._sheet.in_metres(paper)).T
        within: NDArray[np.bool_] = (depth > 0) & (x >= 0) & (y >= 0) & (x <= depth) & (y <= depth)
        return within

    def outline(self) -> Points:
        """The part of the paper that it sees, as corners (P, 2); none where it sees nothing."""
        seen = visible_polygon(self._ground, self._sheet.corners)
        if seen is None:
            return np.empty((0, 2))
        shares = np.linspace(0, 1, _SIDE, endpoint=False)[:, None]
        sides = zip(seen, np.roll(seen, -1, axis=0), strict=True)
        dense = np.concatenate([a + shares * (b - a) for a, b in sides])
        paper = self.on_paper(dense)
        return paper[np.isfinite(paper).all(axis=1)].clip(0, self._sheet.size)


@lru_cache(4096)
def sight(ground: GroundConfig, placed: Placed, sheet: Sheet) -> Sight:
    """One that was made before is given again. Raises Mirrored."""
    return Sight(ground, placed, sheet)


@lru_cache(4096)
def outline(ground: GroundConfig, placed: Placed, sheet: Sheet) -> tuple[tuple[float, float], ...]:
    """What a camera sees of the plan, in the plan's metres. Raises Mirrored."""
    seen = sheet.in_metres(sight(ground, placed, sheet).outline())
    return tuple((round(x, 3), round(y, 3)) for x, y in seen.tolist())


def _turned(floor: Points, placed: Placed, sheet: Sheet, handed: bool) -> Points:
    """A camera's own metres as the plan's: looking along y is looking to the plan's top."""
    across, along = floor[:, 0], floor[:, 1] if handed else -floor[:, 1]
    turn = np.radians(placed.turn)
    cosine, sine = np.cos(turn), np.sin(turn)
    up = 1.0 if sheet.upwards else -1.0
    x = placed.x + across * cosine + along * sine
    y = placed.y + up * (along * cosine - across * sine)
    return np.stack([x, y], axis=1)
