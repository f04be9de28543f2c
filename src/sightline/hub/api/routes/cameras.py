"""The cameras of the fleet."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sightline.hub.api.access import Admin, Operator, Remote, Viewer, visible
from sightline.hub.api.pages import Cursor, Limit, Page, page, place_of
from sightline.hub.api.services import Parts
from sightline.hub.api.unchanged import Unchanged
from sightline.hub.auth.audit import note
from sightline.hub.registry.cameras import CameraChange, CameraView

router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"], route_class=Unchanged)

Question = Annotated[
    str,
    Query(max_length=1000, description="A fleet query: site=oslo and not state=offline"),
]


class ChangedCamera(BaseModel):
    """What is to change; what is left out stays. `tags` replaces them all."""

    model_config = ConfigDict(extra="forbid")

    tags: dict[str, str] | None = Field(default=None, max_length=32)
    note: Annotated[str, StringConstraints(max_length=2000)] | None = None
    keeps: dict[str, float] | None = None


@router.get("", summary="The cameras that a query means")
async def listed(
    who: Viewer, parts: Parts, q: Question = "", limit: Limit = 100, cursor: Cursor = ""
) -> Page[CameraView]:
    """By name."""
    after = place_of(cursor, str) or ""
    found = await parts.registry.list(who.within(q), after=after, limit=limit + 1)
    return page(found, limit, lambda camera: camera.name)


@router.get("/{name}", summary="One camera")
async def shown(name: str, who: Viewer, parts: Parts) -> CameraView:
    """404 where there is none, or none that one may see."""
    return await parts.registry.show(await visible(parts, who, name))


@router.patch("/{name}", summary="Change tags, note or retention")
async def changed(
    name: str, body: ChangedCamera, who: Operator, parts: Parts, remote: Remote
) -> CameraView:
    """The twin has routes of its own."""
    name = await visible(parts, who, name)
    view = await parts.registry.change(name, CameraChange(**body.model_dump()))
    told = body.model_dump(exclude_none=True)
    await parts.database.write(
        lambda connection: note(
            connection, who.actor, "camera.changed", f"camera {name}", told, remote
        )
    )
    return view


@router.delete("/{name}", summary="Revoke a camera")
async def revoked(name: str, who: Admin, parts: Parts, remote: Remote) -> CameraView:
    """It is cut off at once; what it said stays."""
    name = await visible(parts, who, name)
    view = await parts.registry.revoke(name)
    await parts.database.write(
        lambda connection: note(
            connection, who.actor, "camera.revoked", f"camera {name}", remote=remote
        )
    )
    return view


@router.post("/{name}/restore", summary="Let a revoked camera in again")
async def restored(name: str, who: Admin, parts: Parts, remote: Remote) -> CameraView:
    """With the key that it had."""
    name = await visible(parts, who, name)
    view = await parts.registry.restore(name)
    await parts.database.write(
        lambda connection: note(
            connection, who.actor, "camera.restored", f"camera {name}", remote=remote
        )
    )
    return view
