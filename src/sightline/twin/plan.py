"""A floor plan that several cameras share: where each sees it, and what is asked of it.

    name: shop
    origin: [0, 0]             # of the plan's corner, in metres
    size: [12, 8]
    cameras:
      entrance: {picture: [...], floor: [...]}     # as `ground`; `sightline calibrate` writes it
      till: {picture: [...], floor: [...]}
    zones:                     # and any other analytic, in metres
      - {name: queue, polygon: [[1, 1], [4, 1], [4, 3], [1, 3]]}

For the analytics the plan is one more camera, which looks straight down on all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, PositiveFloat, ValidationError

from sightline.analytics.floor import GroundConfig
from sightline.errors import ConfigError
from sightline.geometry.ground import Ground
from sightline.twin.config import ANALYTICS, CameraConfig, parse_config, read_tree
from sightline.twin.placing import placed

_NESTED = ("entrances", "places")


class FloorPlan(BaseModel):
    """The plan's own keys; those of analytics beside them are a camera's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "plan"
    origin: tuple[FiniteFloat, FiniteFloat] = (0.0, 0.0)
    size: tuple[PositiveFloat, PositiveFloat]
    cameras: dict[str, GroundConfig] = Field(min_length=1)


class Plan:
    """A plan file, read and checked. Raises ConfigError in words."""

    def __init__(self, path: Path) -> None:
        tree = read_tree(path)
        self.path = path
        self._asked = {key: _in_metres(tree.pop(key)) for key in ANALYTICS if key in tree}
        try:
            plan = FloorPlan.model_validate(tree)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            said = str(first["msg"]).removeprefix("Value error, ")
            raise ConfigError(f"{path}: {where}: {said}") from None
        self.name = plan.name
        self.low = np.array(plan.origin)
        self.high = self.low + plan.size
        self.grounds: Mapping[str, Ground] = {n: g.ground() for n, g in plan.cameras.items()}
        self._configs = plan.cameras
        self.flip = self._handed()
        self.camera = self._as_camera()

    @property
    def aspect(self) -> float:
        """Width / height of the plan."""
        width, height = self.high - self.low
        return float(width / height)

    def ground_of(self, camera: str) -> Ground:
        """Where a camera sees the plan. Raises ConfigError where the plan does not know it."""
        if camera not in self.grounds:
            known = ", ".join(self.grounds)
            raise ConfigError(
                f"{self.path}: there is no camera {camera!r}, but {known}; name the recording "
                "after its camera, or add it"
            )
        return self.grounds[camera]

    def added_to(self, tree: dict[str, Any], camera: str) -> dict[str, Any]:
        """A camera's configuration with what the plan says of it: where it sees the floor, and
        those of the plan's analytics that lie, in part at least, where it sees."""
        ground = self.ground_of(camera)
        whole = {**tree, "ground": self._configs[camera].model_dump(mode="json")}
        for key in self._asked:
            seen = [one for one in getattr(self.camera, key) if _is_seen(one, ground)]
            whole[key] = [*(tree.get(key) or []), *(one.model_dump(mode="json") for one in seen)]
        return whole

    def _handed(self) -> bool:
        """Whether y of the floor runs upwards on the plan, seen from above."""
        ways = {
            name: bool(np.linalg.det(ground.slopes(ground.to_picture(ground.middle))[0]) < 0)
            for name, ground in self.grounds.items()
        }
        if len(set(ways.values())) > 1:
            one, other = (next(n for n, way in ways.items() if way is w) for w in (True, False))
            raise ConfigError(
                f"{self.path}: cameras {one!r} and {other!r} see the plan mirrored against each "
                "other; check the order of their points"
            )
        return next(iter(ways.values()))

    def _as_camera(self) -> CameraConfig:
        low, high = self.low.tolist(), self.high.tolist()
        top, bottom = (high[1], low[1]) if self.flip else (low[1], high[1])
        ground = {
            "picture": [[0, 0], [1, 0], [1, 1], [0, 1]],
            "floor": [[low[0], top], [high[0], top], [high[0], bottom], [low[0], bottom]],
            "error": 0.0,
        }
        tree = {"source": str(self.path), "name": self.name, "ground": ground, **self._asked}
        return parse_config(tree, str(self.path))


def _is_seen(asked: BaseModel, ground: Ground) -> bool:
    try:
        placed(asked, ground)
    except ValueError:
        return False
    return True


def _in_metres(asked: Any) -> Any:
    """Items of an analytic with `unit: metres` where they do not say another."""
    if not isinstance(asked, list):
        return asked
    return [_metric(item) if isinstance(item, dict) else item for item in asked]


def _metric(item: dict[str, Any]) -> dict[str, Any]:
    nested = {key: _in_metres(item[key]) for key in _NESTED if key in item}
    own = {} if nested else {"unit": "metres"}
    return own | item | nested
