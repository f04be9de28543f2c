"""Who changed what, when and from where."""

from __future__ import annotations

from fastapi import APIRouter

from sightline.hub.api.access import WholeAdmin
from sightline.hub.api.pages import Cursor, Limit, Page, page, place_of
from sightline.hub.api.services import Parts
from sightline.hub.auth.audit import AuditEntry

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])


@router.get("", summary="The audit log")
async def listed(
    who: WholeAdmin, parts: Parts, limit: Limit = 100, cursor: Cursor = ""
) -> Page[AuditEntry]:
    """The newest first."""
    found = await parts.people.audit(place_of(cursor, int), limit + 1)
    return page(found, limit, lambda entry: entry.id)
