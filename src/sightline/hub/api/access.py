"""Who may call which route. Every route says so; a test walks them all.

    @router.get("/cameras")
    async def cameras(who: Viewer, parts: Parts) -> Page[CameraView]: ...

Signs of identity, in this order: a bearer token (of a program or of a camera), then the session
cookie of a browser, which needs the header X-CSRF-Token for everything that changes something.
Pages of other sites may change nothing and listen to nothing, whatever they bring.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from sightline.hub.api.address import SAFE, refuse_foreign
from sightline.hub.api.services import Parts, Services, services
from sightline.hub.auth import api_tokens
from sightline.hub.auth.people import NotKnown
from sightline.hub.auth.principal import Principal
from sightline.hub.refused import Denied, Unknown
from sightline.hub.settings import Role

COOKIE = "sightline_session"


class Gate:
    """A dependency that lets pass who has at least this role, and with None anybody at all.

    camera  lets cameras pass too
    whole   for what concerns the whole site: not for who may see some of its cameras only
    """

    def __init__(self, role: Role | None, *, camera: bool = False, whole: bool = False) -> None:
        self.role = role
        self.camera = camera
        self.whole = whole

    async def __call__(self, connection: HTTPConnection, parts: Parts) -> Principal | None:
        if not _bearer(connection):
            refuse_foreign(connection, parts.settings)
        if self.role is None and not self.camera:
            return None
        who = await identified(connection, parts)
        if who is None:
            raise NotKnown("sign in first: there is no valid session or bearer token")
        if who.kind == "camera":
            if not self.camera:
                raise Denied("cameras have no business here")
        elif self.role is None:
            raise Denied("only cameras may do this")
        else:
            who.need(self.role)
            if self.whole and who.scope:
                raise Denied("this concerns the whole site, and you see some of its cameras only")
        return who


Viewer = Annotated[Principal, Depends(Gate("viewer"))]
Operator = Annotated[Principal, Depends(Gate("operator"))]
Admin = Annotated[Principal, Depends(Gate("admin"))]
WholeOperator = Annotated[Principal, Depends(Gate("operator", whole=True))]
WholeAdmin = Annotated[Principal, Depends(Gate("admin", whole=True))]
CameraItself = Annotated[Principal, Depends(Gate(None, camera=True))]
CameraOrOperator = Annotated[Principal, Depends(Gate("operator", camera=True))]
Open = Depends(Gate(None))  # in `dependencies=[Open]` of a route for everybody


async def identified(connection: HTTPConnection, parts: Services) -> Principal | None:
    """Who makes this request, None where nobody says so. Raises Denied without CSRF header."""
    if secret := _bearer(connection):
        if secret.startswith(api_tokens.PREFIX + "_"):
            return await parts.people.of_token(secret)
        camera = await parts.registry.bearer(secret)
        return Principal("camera", camera) if camera else None
    cookie = connection.cookies.get(COOKIE)
    if not cookie:
        return None
    who = await parts.people.of_session(cookie)
    if who is not None:
        _refuse_forgery(connection, who)
    return who


def _bearer(connection: HTTPConnection) -> str:
    """The token that a program shows, which no page of another site can bring."""
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    return secret if scheme.lower() == "bearer" else ""


def _refuse_forgery(connection: HTTPConnection, who: Principal) -> None:
    """Other sites' pages send our cookie too, but cannot know this header's value."""
    if connection.scope["type"] == "websocket":
        if "origin" not in connection.headers:  # no browser; and who it is nobody vouches for
            raise Denied("a session is for browsers; programs listen with an API token")
    elif connection.scope["method"] not in SAFE:
        said = connection.headers.get("x-csrf-token", "")
        if not compare_digest(said.encode(), who.csrf.encode()):
            raise Denied("the header X-CSRF-Token is missing or old; ask `me` for it")


def remote(connection: HTTPConnection) -> str:
    """Where a request comes from."""
    return connection.client.host if connection.client else ""


Remote = Annotated[str, Depends(remote)]


async def visible(parts: Services, who: Principal, camera: str) -> str:
    """The camera's name where this one may see it.

    Raises Unknown otherwise: what somebody may not see is not there for him.
    """
    view = await parts.registry.show(camera)
    if not await _sees(parts, who, view.name):
        raise Unknown(f"there is no camera {camera!r:.80}")
    return view.name


async def belonging(parts: Services, who: Principal, camera: str, what: str) -> None:
    """Raise Unknown, which calls it `what`, where it is of a camera that this one may not see."""
    if not await _sees(parts, who, camera):
        raise Unknown(f"there is no {what}")


async def _sees(parts: Services, who: Principal, camera: str) -> bool:
    return not who.scope or bool(await parts.registry.names(who.within(f"name={camera}")))


async def meant_cameras(
    parts: Services, who: Principal, asked: list[str] | None, query: str = ""
) -> tuple[str, ...] | None:
    """Those that were asked for, by name and by a query, and may be seen; empty for all, None
    for none. Raises Refused for a query that cannot be meant."""
    within = who.within(query)
    if not within.strip():
        return tuple(asked or ())
    seen = await parts.registry.names(within)
    return tuple(name for name in seen if not asked or name in asked) or None


async def visible_cameras(parts: Services, who: Principal) -> tuple[str, ...] | None:
    """The names of the cameras that this one may see; None where that is all of them."""
    return await parts.registry.names(who.scope) if who.scope else None


__all__ = [
    "Admin", "CameraItself", "CameraOrOperator", "Gate", "Open", "Operator", "Remote", "Viewer",
    "WholeAdmin", "WholeOperator", "belonging", "identified", "services", "visible",
    "visible_cameras",
]  # fmt: skip
