"""Floor plans: what a place is like in metres, and where its cameras are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import StringConstraints

from sightline.hub.api.access import Remote, Viewer, WholeOperator, visible_cameras
from sightline.hub.api.bodies import whole_body
from sightline.hub.api.etags import IfMatch, has, tag, version_of
from sightline.hub.api.pages import Page
from sightline.hub.api.services import Parts
from sightline.hub.plans.drawing import LARGEST
from sightline.hub.plans.layout import Layout
from sightline.hub.plans.plans import PlanView

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])

Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_FORMS = ("image/png", "image/jpeg")
_BODY = {
    "requestBody": {
        "required": True,
        "content": {form: {"schema": {"type": "string", "format": "binary"}} for form in _FORMS},
    }
}
_AS_A_PICTURE = {  # whatever a browser takes it for, it stays a picture that does nothing
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "Cache-Control": "private, no-cache",
}


@router.get("", summary="Floor plans")
async def listed(
    who: Viewer,
    parts: Parts,
    site: Annotated[
        str | None, Query(max_length=256, description="Of this site; else of all.")
    ] = None,
) -> Page[PlanView]:
    """By name, with the cameras on them as they are now. Who may see some cameras only sees the
    plans that these are on."""
    return Page(items=await parts.plans.list(await visible_cameras(parts, who), site))


@router.get("/{name}", summary="One floor plan")
async def shown(name: Name, who: Viewer, parts: Parts, response: Response) -> PlanView:
    """404 where there is none, or none that one may see. The ETag is for If-Match."""
    return _tagged(await parts.plans.show(name, await visible_cameras(parts, who)), response)


@router.put("/{name}", summary="Add or replace a floor plan")
async def put(
    name: Name,
    body: Layout,
    who: WholeOperator,
    parts: Parts,
    remote: Remote,
    response: Response,
    if_match: IfMatch = None,
) -> PlanView:
    """Its drawing stays. If-Match "0" adds one and replaces none."""
    view = await parts.plans.put(name, body, who, remote, version_of(if_match))
    return _tagged(view, response)


@router.delete("/{name}", status_code=204, summary="Remove a floor plan")
async def removed(
    name: Name, who: WholeOperator, parts: Parts, remote: Remote, if_match: IfMatch = None
) -> None:
    """With its drawing. Cameras keep their calibration."""
    await parts.plans.remove(name, who, remote, version_of(if_match))


@router.get("/{name}/drawing", summary="The drawing under a plan", response_class=Response)
async def drawing(
    name: Name,
    who: Viewer,
    parts: Parts,
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """A PNG or JPEG; 404 where the plan has none."""
    found = await parts.plans.drawing(name, await visible_cameras(parts, who))
    etag = f'"{found.view.sha256}"'
    headers = {"ETag": etag, **_AS_A_PICTURE}
    if has(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type=found.view.media_type, headers=headers)


@router.put("/{name}/drawing", summary="Lay a drawing under a plan", openapi_extra=_BODY)
async def drawn(
    name: Name,
    request: Request,
    who: WholeOperator,
    parts: Parts,
    remote: Remote,
    response: Response,
    if_match: IfMatch = None,
) -> PlanView:
    """The body is the file. Of a PNG or JPEG only the picture itself is kept: comments, places
    and whatever else was in the file are not."""
    too_large = f"a drawing has at most {LARGEST >> 20} MB; save it smaller"
    data = await whole_body(request, LARGEST, too_large)
    view = await parts.plans.draw(name, data, who, remote, version_of(if_match))
    return _tagged(view, response)


@router.delete("/{name}/drawing", summary="Take the drawing away")
async def undrawn(
    name: Name,
    who: WholeOperator,
    parts: Parts,
    remote: Remote,
    response: Response,
    if_match: IfMatch = None,
) -> PlanView:
    """A grid is shown in its place."""
    view = await parts.plans.draw(name, None, who, remote, version_of(if_match))
    return _tagged(view, response)


def _tagged(view: PlanView, response: Response) -> PlanView:
    tag(response, view.version)
    return view
