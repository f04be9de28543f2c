"""What a camera is to be, and what it is: desired and reported state."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response

from sightline.hub.api.access import Operator, Remote, Viewer, visible
from sightline.hub.api.etags import IfMatch, tag, version_of
from sightline.hub.api.pages import Page
from sightline.hub.api.services import Parts, Services
from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.twin.twins import Author, Change, TwinView

router = APIRouter(prefix="/api/v1/cameras/{name}/twin", tags=["twin"])

Tree = Annotated[dict[str, Any], Body(max_length=200)]


@router.get("", summary="The twin of a camera")
async def shown(name: str, who: Viewer, parts: Parts, response: Response) -> TwinView:
    """Without credentials. The ETag is for If-Match."""
    view = await parts.twins.show(await visible(parts, who, name))
    return _tagged(view, response)


@router.put("", summary="Replace the desired configuration")
async def replaced(
    name: str,
    body: Tree,
    who: Operator,
    parts: Parts,
    remote: Remote,
    response: Response,
    if_match: IfMatch = None,
) -> TwinView:
    """422 names each key that is wrong; nothing is changed then."""
    name = await visible(parts, who, name)
    view = await parts.twins.put(name, body, _author(who), version_of(if_match))
    await _noted(parts, who, remote, name, "twin.replaced", {"version": view.version})
    return _tagged(view, response)


@router.patch("", summary="Change some of the desired configuration")
async def patched(
    name: str,
    body: Tree,
    who: Operator,
    parts: Parts,
    remote: Remote,
    response: Response,
    if_match: IfMatch = None,
) -> TwinView:
    """A JSON merge patch (RFC 7396): keys that are not named stay, null removes one."""
    name = await visible(parts, who, name)
    view = await parts.twins.patch(name, body, _author(who), version_of(if_match))
    told = {"version": view.version, "keys": sorted(body)[:50]}
    await _noted(parts, who, remote, name, "twin.changed", told)
    return _tagged(view, response)


@router.get("/history", summary="What was asked of a camera")
async def history(
    name: str,
    who: Viewer,
    parts: Parts,
    before: Annotated[int, Query(ge=0, le=1 << 53, description="Versions below this one.")] = 0,
) -> Page[Change]:
    """The newest first, a hundred at a time."""
    return Page(items=await parts.twins.history(await visible(parts, who, name), before))


@router.post("/revert", summary="Make an earlier version the next one")
async def reverted(
    name: str,
    version: Annotated[int, Query(ge=0, le=1 << 53)],
    who: Operator,
    parts: Parts,
    remote: Remote,
    response: Response,
) -> TwinView:
    """404 for a version that is not kept."""
    name = await visible(parts, who, name)
    view = await parts.twins.revert(name, version, _author(who))
    told = {"version": view.version, "to": version}
    await _noted(parts, who, remote, name, "twin.reverted", told)
    return _tagged(view, response)


def _author(who: Principal) -> Author:
    return Author(who.actor, time.time_ns())


def _tagged(view: TwinView, response: Response) -> TwinView:
    tag(response, view.version)
    return view


async def _noted(
    parts: Services, who: Principal, remote: str, name: str, action: str, told: dict[str, Any]
) -> None:
    await parts.database.write(
        lambda connection: note(connection, who.actor, action, f"camera {name}", told, remote)
    )
