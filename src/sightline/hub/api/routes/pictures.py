"""Pictures, where the camera's policy releases them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from sightline.hub.api.access import CameraItself, Operator, Remote, belonging, visible
from sightline.hub.api.bodies import whole_body
from sightline.hub.api.pages import Cursor, Limit, Page, page, place_of
from sightline.hub.api.services import Parts
from sightline.hub.pictures.pictures import LARGEST, PictureView
from sightline.hub.refused import Denied, Refused

router = APIRouter(prefix="/api/v1", tags=["pictures"])

_EVER = 1 << 62
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class NewPicture(BaseModel):
    """Why somebody wants to look; it stands in the audit log and in the camera's own ledger."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, StringConstraints(min_length=3, max_length=200)]


@router.get("/cameras/{name}/pictures", summary="Pictures of a camera")
async def listed(
    name: str, who: Operator, parts: Parts, limit: Limit = 50, cursor: Cursor = ""
) -> Page[PictureView]:
    """The newest first, with those that were asked for and have not come."""
    camera = await visible(parts, who, name)
    found = await parts.pictures.list(camera, place_of(cursor, int) or _EVER, limit + 1)
    return page(found, limit, lambda picture: picture.asked_ns)


@router.post("/cameras/{name}/pictures", status_code=202, summary="Ask for a picture")
async def asked(
    name: str, body: NewPicture, who: Operator, parts: Parts, remote: Remote
) -> PictureView:
    """The camera's policy decides whether it comes, and what may be seen in it."""
    camera = await visible(parts, who, name)
    return await parts.pictures.ask(camera, body.reason, who, remote)


@router.post(
    "/cameras/{name}/pictures/{id}", status_code=201, summary="A camera sends a picture",
    openapi_extra=_BODY,
)  # fmt: skip
async def taken(
    name: str,
    id: str,
    request: Request,
    who: CameraItself,
    parts: Parts,
    x_picture_policy: Annotated[str, Header(max_length=20)] = "",
    x_picture_time: Annotated[str, Header(max_length=20)] = "",
) -> PictureView:
    """Only the camera itself, only what somebody asked it for, only once."""
    if who.name != name:
        raise Denied("a camera sends pictures of its own only")
    if not (x_picture_time.isascii() and x_picture_time.isdigit()):
        raise Refused("X-Picture-Time: nanoseconds since 1970")
    data = await whole_body(request, LARGEST, f"a picture has at most {LARGEST >> 20} MB")
    return await parts.pictures.take(name, id, data, x_picture_policy, int(x_picture_time))


@router.get("/pictures/{id}", summary="What is known of a picture")
async def shown(id: str, who: Operator, parts: Parts) -> PictureView:
    """404 where there is none, or none of a camera that one may see."""
    view = await parts.pictures.show(id)
    await belonging(parts, who, view.camera, f"picture {id!r:.80}")
    return view


@router.get("/pictures/{id}/image", summary="The picture itself", response_class=Response)
async def image(id: str, who: Operator, parts: Parts, remote: Remote) -> Response:
    """Every look is written into the audit log."""
    view = await parts.pictures.show(id)
    await belonging(parts, who, view.camera, f"picture {id!r:.80}")
    data = await parts.pictures.look(view, who, remote)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
