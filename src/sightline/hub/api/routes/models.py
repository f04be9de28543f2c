"""Packages: what cameras can be told to run."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from sightline.hub.api.access import CameraOrOperator, Operator, Remote, Viewer, WholeAdmin
from sightline.hub.api.pages import Page
from sightline.hub.api.services import Parts
from sightline.hub.api.unchanged import Unchanged
from sightline.hub.models.models import ModelView

router = APIRouter(prefix="/api/v1/models", tags=["models"], route_class=Unchanged)

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("", summary="Packages")
async def listed(who: Viewer, parts: Parts) -> Page[ModelView]:
    """By name, the newest version first."""
    return Page(items=await parts.models.list())


@router.post("", status_code=201, summary="Upload a package", openapi_extra=_BODY)
async def uploaded(request: Request, who: Operator, parts: Parts, remote: Remote) -> ModelView:
    """The body is the file (.slm). It is opened and checked before it is taken in; 409 where
    another package has that name and version."""
    return await parts.models.take(request.stream(), who, remote)


@router.get("/{name}/{version}", summary="One package")
async def shown(name: str, version: str, who: Viewer, parts: Parts) -> ModelView:
    """404 where there is none."""
    return await parts.models.show(name, version)


@router.get("/{name}/{version}/package", summary="The file itself", response_class=FileResponse)
async def package(name: str, version: str, who: CameraOrOperator, parts: Parts) -> FileResponse:
    """For cameras, with their own credential, and operators. Ranges are served."""
    view = await parts.models.show(name, version)
    return FileResponse(
        parts.models.path(view.sha256), media_type="application/octet-stream",
        filename=f"{view.name}-{view.version}.slm",
        headers={"ETag": f'"{view.sha256}"', "Cache-Control": "private, max-age=31536000"},
    )  # fmt: skip


@router.delete("/{name}/{version}", status_code=204, summary="Forget a package")
async def removed(name: str, version: str, who: WholeAdmin, parts: Parts, remote: Remote) -> None:
    """Cameras that run it keep it."""
    await parts.models.remove(name, version, who, remote)
