"""Signing in and out, and the first start."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request

from sightline.hub.api.access import COOKIE, Open, Remote, Viewer
from sightline.hub.api.address import is_encrypted
from sightline.hub.api.services import Parts, Services

router = APIRouter(prefix="/api/v1", tags=["session"])

_Short = Annotated[str, StringConstraints(max_length=256)]


class SetUp(BaseModel):
    """`token` is what the one-time link that the hub printed ends with."""

    model_config = ConfigDict(extra="forbid")

    token: _Short
    name: _Short
    password: _Short


class SignIn(BaseModel):
    """Name and password of a user."""

    model_config = ConfigDict(extra="forbid")

    name: _Short
    password: _Short


class Me(BaseModel):
    """Who is signed in. `csrf` belongs into the header X-CSRF-Token of every change."""

    name: str
    kind: str
    role: str
    scope: str
    csrf: str


@router.post("/setup", status_code=201, dependencies=[Open], summary="Make the first administrator")
async def set_up(body: SetUp, parts: Parts, remote: Remote) -> dict[str, str]:
    """Works once, with the token of the link that the hub printed when it started."""
    made = await parts.people.set_up(body.token, body.name, body.password, remote)
    return {"name": made.name, "role": made.role}


@router.post("/session", status_code=204, dependencies=[Open], summary="Sign in")
async def sign_in(
    body: SignIn, request: Request, parts: Parts, remote: Remote, response: Response
) -> None:
    """Sets the session cookie. 401 for a wrong password, 429 after too many."""
    secret = await parts.people.sign_in(body.name, body.password, remote)
    await parts.people.sign_out(request.cookies.get(COOKIE, ""))  # one session a browser
    keep(response, request, parts, secret)


@router.delete("/session", status_code=204, summary="Sign out")
async def sign_out(who: Viewer, request: Request, parts: Parts, response: Response) -> None:
    """Ends the session of this browser."""
    await parts.people.sign_out(request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path="/")


@router.get("/me", summary="Who is signed in")
async def me(who: Viewer) -> Me:
    """401 where nobody is."""
    return Me(name=who.name, kind=who.kind, role=who.role or "", scope=who.scope, csrf=who.csrf)


def keep(response: Response, request: Request, parts: Services, secret: str) -> None:
    """Put a session into the browser's cookies, out of reach of scripts and other sites."""
    response.set_cookie(
        COOKIE, secret, path="/", httponly=True, samesite="strict",
        secure=is_encrypted(request, parts.settings),
    )  # fmt: skip
