"""What a camera is asked to do once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sightline.hub.api.access import Operator, Remote, Viewer, visible
from sightline.hub.api.services import Parts
from sightline.hub.commands.commands import CommandView
from sightline.hub.refused import Refused

router = APIRouter(prefix="/api/v1/cameras/{name}/commands", tags=["commands"])

_PICTURES = "snapshot"  # has a route of its own, where a picture is asked for and accounted for


class NewCommand(BaseModel):
    """`name` is one that the camera knows: restart, log, ledger, self-test."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,40}$")]
    arguments: dict[str, Any] = Field(default_factory=dict, max_length=20)


@router.post("", status_code=202, summary="Ask a camera to do something once")
async def asked(
    name: str, body: NewCommand, who: Operator, parts: Parts, remote: Remote
) -> CommandView:
    """It expires after a minute. Its answer is found under its id."""
    if body.name == _PICTURES:
        raise Refused("pictures are asked for with POST cameras/{name}/pictures")
    camera = await visible(parts, who, name)
    return await parts.commands.send(camera, body.name, body.arguments, who, remote)


@router.get("/{id}", summary="A command and its answer")
async def shown(name: str, id: str, who: Viewer, parts: Parts) -> CommandView:
    """`ok` is null until the camera has answered."""
    return await parts.commands.show(await visible(parts, who, name), id)
