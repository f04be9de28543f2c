"""The people of a hub."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from sightline.hub.api.access import Remote, Viewer, WholeAdmin
from sightline.hub.api.pages import Page
from sightline.hub.api.services import Parts
from sightline.hub.auth.users import User, UserChange
from sightline.hub.refused import Denied
from sightline.hub.settings import Role

router = APIRouter(prefix="/api/v1/users", tags=["people"])

_Short = Annotated[str, StringConstraints(max_length=256)]


class NewUser(BaseModel):
    """A person; without a password one who signs in through the OIDC provider."""

    model_config = ConfigDict(extra="forbid")

    name: _Short
    role: Role = "viewer"
    password: _Short = ""
    scope: _Short = ""


class ChangedUser(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    scope: _Short | None = None
    password: _Short | None = None
    disabled: bool | None = None


class OwnPassword(BaseModel):
    """One's own new password, with the old one."""

    model_config = ConfigDict(extra="forbid")

    old: _Short
    new: _Short


@router.get("", summary="Everybody")
async def listed(who: WholeAdmin, parts: Parts) -> Page[User]:
    """By name."""
    return Page(items=await parts.people.everybody())


@router.post("", status_code=201, summary="Let somebody in")
async def added(body: NewUser, who: WholeAdmin, parts: Parts, remote: Remote) -> User:
    """409 where the name is taken."""
    return await parts.people.add_user(who, remote, **body.model_dump())


@router.patch("/{name}", summary="Change somebody's role, scope or password")
async def changed(
    name: str, body: ChangedUser, who: WholeAdmin, parts: Parts, remote: Remote
) -> User:
    """Ends that person's sessions. 409 where no administrator would be left."""
    wanted = UserChange(**body.model_dump())
    return await parts.people.change_user(who, remote, name, wanted)


@router.delete("/{name}", status_code=204, summary="Let somebody in no more")
async def removed(name: str, who: WholeAdmin, parts: Parts, remote: Remote) -> None:
    """409 for the last administrator."""
    await parts.people.remove_user(who, remote, name)


@router.post("/me/password", status_code=204, summary="Change one's own password")
async def own_password(body: OwnPassword, who: Viewer, parts: Parts, remote: Remote) -> None:
    """Ends all one's sessions; 401 where the old password is wrong."""
    if who.kind != "user":
        raise Denied("only people have passwords")
    await parts.people.sign_in(who.name, body.old, remote)
    await parts.people.change_user(who, remote, who.name, UserChange(password=body.new))
