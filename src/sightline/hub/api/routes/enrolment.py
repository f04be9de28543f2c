"""How a machine becomes a camera: tokens that are given out, and the request that uses them."""

from __future__ import annotations

from shlex import quote
from typing import Annotated

import segno
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sightline.hub.api.access import Open, Remote, WholeOperator
from sightline.hub.api.address import address, came_by_url
from sightline.hub.api.pages import Page
from sightline.hub.api.services import Parts
from sightline.hub.auth.audit import note
from sightline.hub.registry.tokens import Grant
from sightline.wire.control import Enrolled, Enrolment, decode_control

router = APIRouter(prefix="/api/v1", tags=["enrolment"])

_LARGEST = 64 << 10


class NewEnrolmentToken(BaseModel):
    """`camera` limits it to one name, also where that name is taken; `source` is what the command
    is to say that the machine looks at."""

    model_config = ConfigDict(extra="forbid")

    tags: dict[str, str] = Field(default_factory=dict, max_length=32)
    uses: int = Field(default=1, ge=1, le=100_000)
    expires_s: float = Field(default=3600, gt=0, allow_inf_nan=False)
    camera: Annotated[str, StringConstraints(max_length=64)] = ""
    source: Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)] = ""


class GivenEnrolmentToken(BaseModel):
    """The token and the command that uses it; both are shown this once.

    qr  the command as a QR code: a data URI of an SVG picture
    """

    id: int
    token: str
    command: str
    qr: str


@router.get("/enrollment-tokens", summary="Enrolment tokens")
async def listed(who: WholeOperator, parts: Parts) -> Page[Grant]:
    """Without what opens anything."""
    return Page(items=await parts.registry.tokens())


@router.post("/enrollment-tokens", status_code=201, summary="Give out an enrolment token")
async def given(
    body: NewEnrolmentToken, who: WholeOperator, request: Request, parts: Parts, remote: Remote
) -> GivenEnrolmentToken:
    """The answer is the only time that it is shown."""
    asked = body.model_dump(exclude={"source"})
    token, number = await parts.registry.give_out(who.actor, **asked)
    await parts.database.write(
        lambda connection: note(
            connection, who.actor, "enrolment.token", f"enrolment token {number}",
            {"tags": body.tags, "uses": body.uses, "camera": body.camera}, remote,
        )
    )  # fmt: skip
    hub = address(request, parts.settings)
    source = quote(body.source) if body.source else "SOURCE"
    command = f"sightline camera --hub {hub} --token {token} {source}"
    qr = segno.make(command, micro=False).svg_data_uri(scale=4, border=2, light="white")
    return GivenEnrolmentToken(id=number, token=token, command=command, qr=qr)


@router.delete("/enrollment-tokens/{number}", status_code=204, summary="Withdraw a token")
async def withdrawn(number: int, who: WholeOperator, parts: Parts, remote: Remote) -> None:
    """At once."""
    await parts.registry.withdraw_token(number)
    await parts.database.write(
        lambda connection: note(
            connection, who.actor, "enrolment.withdrawn", f"enrolment token {number}", remote=remote
        )
    )


@router.post(
    "/enroll", status_code=201, dependencies=[Open], summary="Become a camera",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {
        "type": "object", "required": ["token", "request"],
        "properties": {
            "token": {"type": "string"}, "request": {"type": "string"},
            "name": {"type": "string"}, "version": {"type": "string"},
            "tags": {"type": "object", "additionalProperties": {"type": "string"}},
            "hardware": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    }}}}},
)  # fmt: skip
async def enrolled(request: Request, parts: Parts, remote: Remote) -> Enrolled:
    """With a token and a certificate signing request; see `sightline.wire.control`."""
    asked = decode_control(Enrolment, await request.body(), f"somebody at {remote}")
    let_in = await parts.registry.enrol(asked)
    await parts.database.write(
        lambda connection: note(
            connection, f"camera {let_in.camera}", "camera.enrolled", f"camera {let_in.camera}",
            {"again": let_in.again, "version": asked.version[:64]}, remote,
        )
    )  # fmt: skip
    pinned = parts.settings.tls.self_signed or parts.settings.broker.startswith("mqtts:")
    authority = parts.registry.authority.certificate if pinned else ""
    outside = came_by_url(request, parts.settings) and parts.mqtt_outside
    return Enrolled(let_in.camera, let_in.certificate, outside or parts.mqtt, authority)
