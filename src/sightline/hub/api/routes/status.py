"""Whether the hub lives, and whether it can do its work."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy import text

from sightline.errors import SightlineError
from sightline.hub.api.access import Open
from sightline.hub.api.services import Parts

router = APIRouter(tags=["status"], dependencies=[Open])


@router.get("/healthz", summary="The process lives")
async def healthz() -> dict[str, str]:
    """Answers as long as the process can answer anything."""
    return {"status": "alive"}


@router.get("/readyz", summary="The hub can store and answer")
async def readyz(parts: Parts, response: Response) -> dict[str, str]:
    """503 where the database cannot be read, or nothing from cameras can be stored."""
    try:
        await parts.database.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
    except (SightlineError, OSError) as error:
        response.status_code = 503
        return {"status": "not ready", "detail": str(error)}
    if parts.ingest.trouble:
        response.status_code = 503
        return {"status": "not ready", "detail": parts.ingest.trouble}
    return {"status": "ready"}
