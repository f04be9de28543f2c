"""How a number in events is spread: how long people stayed, how long they waited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import FiniteFloat

from sightline.hub.api.access import Viewer, meant_cameras
from sightline.hub.api.asked import Fleet, Names
from sightline.hub.api.leaving import Leaving
from sightline.hub.api.moments import Between
from sightline.hub.api.services import Parts
from sightline.hub.store.events import Wanted
from sightline.hub.store.spread import Spread, spread

router = APIRouter(prefix="/api/v1", tags=["history"], route_class=Leaving)

Key = Annotated[
    str,
    Query(pattern="^[a-z][a-z0-9_]{0,40}$", description="The number in `data`, such as dwell_s."),
]
Edges = Annotated[
    list[FiniteFloat] | None, Query(max_length=100, description="Between the counts, ascending.")
]

_USUAL_S = 86400.0


@router.get("/events/spread", summary="How a number in events is spread")
async def shown(
    of: Key,
    who: Viewer,
    parts: Parts,
    between: Between,
    camera: Names = None,
    kind: Names = None,
    name: Names = None,
    q: Fleet = "",
    edge: Edges = None,
) -> Spread:
    """Over all events of a range, however many they are; of the last day unless one is given."""
    edges = sorted(edge or [])
    cameras = await meant_cameras(parts, who, camera, q)
    if cameras is None:
        return Spread(0, [0] * (len(edges) + 1))
    wanted = Wanted(cameras, tuple(kind or ()), tuple(name or ()), *between.closed(_USUAL_S))
    return await parts.database.read(lambda c: spread(c, wanted, of, edges))
