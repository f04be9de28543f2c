"""Shelves over time, cell by cell."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query

from sightline.hub.api.access import Viewer, visible
from sightline.hub.api.leaving import Leaving
from sightline.hub.api.moments import Between
from sightline.hub.api.services import Parts
from sightline.hub.query.shelf import ShelfStory, shelf_story

router = APIRouter(prefix="/api/v1/cameras", tags=["history"], route_class=Leaving)

Shelf = Annotated[str, Query(min_length=1, max_length=64, description="The name of one of them.")]
Steps = Annotated[int, Query(ge=1, le=1000, description="Equal parts of the range.")]

_USUAL_S = 86400.0


@router.get("/{name}/shelves", summary="A shelf over time")
async def shown(
    name: str, shelf: Shelf, who: Viewer, parts: Parts, between: Between, steps: Steps = 120
) -> ShelfStory:
    """How full its cells were and when they were out of stock; of the last day unless a range is
    given. `GET series` with `kind=shelf.fill` names the shelves that there are."""
    camera = await visible(parts, who, name)
    span = between.closed(_USUAL_S)
    return await parts.database.read(
        lambda c: shelf_story(c, camera, shelf, span, steps, time.time_ns())
    )
