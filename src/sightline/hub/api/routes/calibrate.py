"""Where a camera sees the floor: worked out and judged, not saved."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from sightline.hub.api.access import Operator, visible
from sightline.hub.api.leaving import Leaving
from sightline.hub.api.moments import Range, moment_ns
from sightline.hub.api.services import Parts
from sightline.hub.query.calibrate import Calibration, by_people, by_points

router = APIRouter(prefix="/api/v1/cameras/{name}/calibrate", tags=["history"], route_class=Leaving)

_AT_ONCE = asyncio.Semaphore(1)  # a grid of cameras is weighed, on a core of its own
_USUAL_S = 3600.0

OnPicture = tuple[
    Annotated[FiniteFloat, Field(ge=-0.01, le=1.01)],
    Annotated[FiniteFloat, Field(ge=-0.01, le=1.01)],
]
OnFloor = tuple[
    Annotated[FiniteFloat, Field(ge=-1e5, le=1e5)],
    Annotated[FiniteFloat, Field(ge=-1e5, le=1e5)],
]


class KnownPoints(BaseModel):
    """Four points or more, each on the picture (fractions) and on the floor (metres)."""

    model_config = ConfigDict(extra="forbid")

    picture: list[OnPicture] = Field(max_length=32)
    floor: list[OnFloor] = Field(max_length=32)
    error: float = Field(default=0.005, ge=1e-6, le=0.5)


class PeopleSeen(BaseModel):
    """Over which time to look at people, who they are, and how tall on average (metres)."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    begin: str = Field(default="", alias="from", max_length=64)
    end: str = Field(default="", alias="to", max_length=64)
    classes: tuple[str, ...] = Field(default=("person",), max_length=20)
    person_m: float = Field(default=1.7, ge=0.3, le=3)


@router.post("/points", summary="The floor from known points")
async def points(name: str, body: KnownPoints, who: Operator, parts: Parts) -> Calibration:
    """With the error to expect. Nothing is saved; put `ground` into the twin for that."""
    await visible(parts, who, name)
    return await asyncio.to_thread(by_points, body.picture, body.floor, body.error)


@router.post("/people", summary="The floor from people's heights")
async def people(name: str, body: PeopleSeen, who: Operator, parts: Parts) -> Calibration:
    """Over the last hour of stored frames, unless a range is given. Nothing is saved."""
    camera = await visible(parts, who, name)
    span = Range(moment_ns(body.begin, "from"), moment_ns(body.end, "to")).closed(_USUAL_S)
    async with _AT_ONCE:
        return await parts.database.read(
            lambda c: by_people(c, parts.segments, camera, span, body.classes, body.person_m),
            long=True,
        )
