"""Signing in through a provider elsewhere, where one is configured."""

from __future__ import annotations

import logging
import secrets
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.requests import Request

from sightline.hub.api.access import Open, Remote
from sightline.hub.api.address import address, is_encrypted
from sightline.hub.api.routes.session import keep
from sightline.hub.api.services import Parts, Services
from sightline.hub.auth.oidc import Provider
from sightline.hub.auth.people import NotKnown
from sightline.hub.refused import Refused, Unknown

router = APIRouter(prefix="/api/v1/signin", tags=["session"], dependencies=[Open])

_STATE = "sightline_signin"
_LASTS_S = 600
_TOLD = {403: "role", 502: "away"}
_log = logging.getLogger("sightline.hub.api")

Text = Annotated[str, Query(max_length=4096)]


class Ways(BaseModel):
    """How people sign in. `elsewhere` is what to call the provider; null where there is none."""

    elsewhere: str | None


@router.get("", summary="How people sign in here")
async def ways(parts: Parts) -> Ways:
    """For the page that asks for a password."""
    return Ways(elsewhere=parts.oidc.settings.name if parts.oidc else None)


@router.get("/elsewhere", summary="Sign in through the provider", status_code=303)
async def away(parts: Parts, request: Request) -> RedirectResponse:
    """Sends the browser there. 404 where no provider is configured."""
    provider = _provider(parts)
    try:
        address, state = await provider.begin(_back(request, parts))
    except Refused as error:
        return _in_words(request, error)
    answer = RedirectResponse(address, 303)
    # Lax, because the way back begins on the provider's page.
    answer.set_cookie(
        _STATE, state, max_age=_LASTS_S, path="/api/v1/signin", httponly=True, samesite="lax",
        secure=is_encrypted(request, parts.settings),
    )  # fmt: skip
    return answer


@router.get("/back", summary="Back from the provider", status_code=303)
async def back(
    parts: Parts,
    request: Request,
    remote: Remote,
    state: Text = "",
    code: Text = "",
    error: Text = "",
) -> RedirectResponse:
    """Begins a session. 401 where the provider says no, 403 for who has no role here.

    A browser is sent to the page for signing in instead, which says so.
    """
    provider = _provider(parts)
    held = request.cookies.get(_STATE, "")
    try:
        if not state or not secrets.compare_digest(held.encode(), state.encode()):
            raise NotKnown("this browser has not begun this sign-in; begin again")
        if error or not code:
            raise NotKnown(f"{provider.settings.name} says no: {error or 'no code'!s:.80}")
        found = await provider.finish(state, code, _back(request, parts))
        secret = await parts.people.sign_in_elsewhere(found, provider.settings.roles, remote)
    except Refused as refused:
        return _in_words(request, refused)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(_STATE, path="/api/v1/signin")
    keep(answer, request, parts, secret)
    return answer


def _in_words(request: Request, refused: Refused) -> RedirectResponse:
    """To the page that says so, for somebody who looks; a program is told as ever.

    The address holds one of a few words and nothing of what was said elsewhere.
    """
    if "text/html" not in request.headers.get("accept", ""):
        raise refused
    _log.warning("somebody could not sign in elsewhere: %r", str(refused))
    answer = RedirectResponse(f"/login?told={_TOLD.get(refused.status, 'again')}", 303)
    answer.delete_cookie(_STATE, path="/api/v1/signin")
    return answer


def _provider(parts: Services) -> Provider:
    if parts.oidc is None:
        raise Unknown("people sign in here by name and password alone")
    return parts.oidc


def _back(request: Request, parts: Services) -> str:
    return f"{address(request, parts.settings)}/api/v1/signin/back"
