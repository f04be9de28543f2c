"""How this hub is set, for whoever looks after it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from sightline.hub.api.access import WholeAdmin
from sightline.hub.api.services import Parts

router = APIRouter(prefix="/api/v1/settings", tags=["status"])

_SECRET = {
    "database": True, "broker": True, "oidc": {"client_secret": True}, "smtp": {"password": True}
}  # fmt: skip


@router.get("", summary="The hub's settings")
async def shown(who: WholeAdmin, parts: Parts) -> dict[str, Any]:
    """As they are in `hub.yaml`, without anything secret. They are changed there."""
    told = parts.settings.model_dump(mode="json", exclude=_SECRET)  # type: ignore[arg-type]
    return {**told, "database": parts.database.dialect, "broker": bool(parts.settings.broker)}
