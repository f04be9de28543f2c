"""Which pixels the cameras of the fleet let out."""

from __future__ import annotations

from fastapi import APIRouter

from sightline.hub.api.access import Viewer
from sightline.hub.api.moments import Between
from sightline.hub.api.pages import Cursor, Limit, Page, page, place_of
from sightline.hub.api.routes.cameras import Question
from sightline.hub.api.services import Parts
from sightline.hub.ledger.policies import PolicyView, policies

router = APIRouter(prefix="/api/v1/privacy", tags=["privacy"])

_USUAL_S = 30 * 86400.0


@router.get("", summary="The privacy of the cameras that a query means")
async def listed(
    who: Viewer,
    parts: Parts,
    between: Between,
    q: Question = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Page[PolicyView]:
    """By name; pictures are those of the last thirty days, unless a range is given."""
    from_ns, _ = between.closed(_USUAL_S)
    after = place_of(cursor, str) or ""
    found = await parts.registry.list(who.within(q), after=after, limit=limit + 1)
    names = [camera.name for camera in found]
    told = await parts.database.read(lambda c: policies(c, names, from_ns))
    return page(told, limit, lambda one: one.camera)
