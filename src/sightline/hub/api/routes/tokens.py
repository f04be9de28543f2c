"""API tokens: what programs sign in with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sightline.hub.api.access import Remote, WholeAdmin
from sightline.hub.api.pages import Page
from sightline.hub.api.services import Parts
from sightline.hub.auth.api_tokens import ApiToken
from sightline.hub.settings import Role

router = APIRouter(prefix="/api/v1/tokens", tags=["tokens"])


class NewToken(BaseModel):
    """`scope` is a fleet query of the cameras that it may see; `expires_s` null is never."""

    model_config = ConfigDict(extra="forbid")

    role: Role = "viewer"
    name: Annotated[str, StringConstraints(max_length=64)] = ""
    scope: Annotated[str, StringConstraints(max_length=256)] = ""
    expires_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)


class GivenToken(BaseModel):
    """The token; it is shown this once."""

    id: int
    token: str


@router.get("", summary="API tokens")
async def listed(who: WholeAdmin, parts: Parts) -> Page[ApiToken]:
    """Without what opens anything."""
    return Page(items=await parts.people.tokens())


@router.post("", status_code=201, summary="Give out an API token")
async def given(body: NewToken, who: WholeAdmin, parts: Parts, remote: Remote) -> GivenToken:
    """The answer is the only time that it is shown."""
    secret, number = await parts.people.give_out(who, remote, **body.model_dump())
    return GivenToken(id=number, token=secret)


@router.delete("/{number}", status_code=204, summary="Make an API token worthless")
async def withdrawn(number: int, who: WholeAdmin, parts: Parts, remote: Remote) -> None:
    """At once."""
    await parts.people.withdraw_token(who, remote, number)
