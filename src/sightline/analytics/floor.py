"""The floor in metres, as a configuration gives it."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from sightline.analytics.place import Point, check_inside
from sightline.analytics.roster import Roster
from sightline.errors import ConfigError
from sightline.geometry.ground import Ground

Points = Annotated[tuple[Point, ...], Field(min_length=4)]


class GroundConfig(BaseModel):
    """Where the camera sees the floor: four points or more, each on the picture and in metres.

    picture   x, y in fractions of the picture
    floor     the same points on the floor or floor plan, in metres
    error     how well the points are known on the picture, in fractions of it
    relative  how well distances are known as a share of them; automatic calibration says it
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    picture: Points
    floor: Points
    error: FiniteFloat = Field(default=0.005, ge=0, le=0.5)
    relative: FiniteFloat = Field(default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _sound(self) -> GroundConfig:
        check_inside("ground", self.picture)
        self.ground()
        return self

    def ground(self) -> Ground:
        """Picture to floor and back."""
        return Ground(np.array(self.picture), np.array(self.floor), self.error, self.relative)


def need_ground(what: str, roster: Roster) -> Ground:
    """The floor that the roster knows. Raises ConfigError where it knows none."""
    if roster.ground is None:
        raise ConfigError(
            f"{what} counts in metres, and nobody said where they are: give `ground`, which "
            "`sightline calibrate` finds"
        )
    return roster.ground
