"""Where things were: a grid over a camera's picture."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from sightline.hub.api.access import Viewer, visible
from sightline.hub.api.moments import Between
from sightline.hub.api.services import Parts
from sightline.hub.query.heat import HeatMap, heat_map

router = APIRouter(prefix="/api/v1/heatmaps", tags=["history"])

_AT_ONCE = asyncio.Semaphore(2)  # a day of frames takes a core for seconds
_USUAL_S = 3600.0


@router.get("", summary="Where things were")
async def shown(
    camera: Annotated[str, Query(min_length=1, max_length=64)],
    who: Viewer,
    parts: Parts,
    between: Between,
    label: Annotated[
        list[str] | None, Query(max_length=100, description="Of these classes; else of all.")
    ] = None,
    columns: Annotated[int, Query(ge=2, le=256, description="Cells across the picture.")] = 64,
) -> HeatMap:
    """Seconds of presence by cell over the last hour of stored frames, unless a range is given."""
    name = await visible(parts, who, camera)
    from_ns, to_ns = between.closed(_USUAL_S)
    labels = tuple(label or ())
    async with _AT_ONCE:
        return await parts.database.read(
            lambda c: heat_map(c, parts.segments, name, labels, columns, from_ns, to_ns)
        )
