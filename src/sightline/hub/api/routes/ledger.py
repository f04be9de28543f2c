"""What left a camera, proven by its own signature."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from sightline.hub.api.access import Viewer, visible
from sightline.hub.api.moments import Between
from sightline.hub.api.pages import Cursor, Limit, Page, page, place_of
from sightline.hub.api.services import Parts
from sightline.hub.ledger.ledger import Egress, EntryView, egress, entries, lines

router = APIRouter(prefix="/api/v1/cameras/{name}", tags=["ledger"])

_EVER = 1 << 62
_USUAL_S = 30 * 86400.0
_AT_A_TIME = 20_000


@router.get("/ledger", summary="The egress ledger of a camera")
async def listed(
    name: str, who: Viewer, parts: Parts, limit: Limit = 100, cursor: Cursor = ""
) -> Page[EntryView]:
    """The newest entry first."""
    camera = await visible(parts, who, name)
    before = place_of(cursor, int)
    found = await parts.database.read(
        lambda c: entries(c, camera, _EVER if before is None else before, limit + 1)
    )
    return page(found, limit, lambda entry: entry.number)


@router.get("/ledger.jsonl", summary="The ledger as the camera signed it", response_class=Response)
async def signed(name: str, who: Viewer, parts: Parts, after: int = -1) -> Response:
    """For `sightline ledger verify`: entries behind number `after`, in order."""
    camera = await visible(parts, who, name)
    found = await parts.database.read(lambda c: lines(c, camera, after, _AT_A_TIME))
    body = b"".join(line + b"\n" for line in found)
    return Response(body, media_type="application/x-ndjson")


@router.get("/egress", summary="What left a camera, summed up")
async def summed(name: str, who: Viewer, parts: Parts, between: Between) -> Egress:
    """Of the last thirty days unless a range is given, with whether the ledger is whole."""
    camera = await visible(parts, who, name)
    from_ns, to_ns = between.closed(_USUAL_S)
    return await parts.database.read(lambda c: egress(c, camera, from_ns, to_ns))
