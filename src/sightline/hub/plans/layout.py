"""What a floor plan says: how large it is, which walls it has, and where cameras are on it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_Place = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
_Length = Annotated[float, Field(ge=0.5, le=10_000, allow_inf_nan=False)]
_Degrees = Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)]
Point = tuple[_Place, _Place]
Wall = Annotated[tuple[Point, ...], Field(min_length=2, max_length=200)]


class Placed(BaseModel):
    """A camera on a plan.

    x, y    where it hangs, in the plan's metres
    turn    where it looks: degrees from the top of the plan, clockwise
    metres  whose its calibration (`ground`) speaks in: the plan's, or the camera's own, with
            itself at 0, 0 and looking along y, as `sightline calibrate` finds them by itself;
            then x, y and turn place it
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    camera: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    x: _Place
    y: _Place
    turn: _Degrees = 0.0
    metres: Literal["plan", "camera"] = "plan"


class Layout(BaseModel):
    """A plan as it is put.

    site     the value of the tag `site` of the cameras here; empty where there is but one place
    size     width and height in metres; `origin`: of its corner with the smallest x and y
    upwards  whether y grows towards the top of the drawing, as on a surveyor's, or down from it
    walls    drawn lines from point to point
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: Annotated[str, StringConstraints(max_length=256)] = ""
    size: tuple[_Length, _Length]
    origin: Point = (0.0, 0.0)
    upwards: bool = False
    walls: Annotated[tuple[Wall, ...], Field(max_length=500)] = ()
    cameras: Annotated[tuple[Placed, ...], Field(max_length=500)] = ()

    @model_validator(mode="after")
    def _once(self) -> Layout:
        names = [one.camera for one in self.cameras]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"the camera {twice!r} is on this plan twice")
        return self
