"""The fleet in numbers, however large it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from sightline.hub.api.access import Viewer
from sightline.hub.api.services import Parts
from sightline.hub.registry.cameras import FleetView

router = APIRouter(prefix="/api/v1/fleet", tags=["cameras"])


@router.get("", summary="The fleet in numbers")
async def shown(
    who: Viewer, parts: Parts, q: Annotated[str, Query(max_length=1000)] = ""
) -> FleetView:
    """How many cameras are in which state, and when one of them last said something."""
    return await parts.registry.fleet(who.within(q))
